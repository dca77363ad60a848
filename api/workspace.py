"""The workspace: one home folder opened, and everything a person can do in it.

Pages, JSON routes and, through them, the command line call these methods and nothing
below. Each takes the principal it acts for; the scope is applied in the store.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from api import (
    account_handover,
    accounts,
    audit,
    books,
    chat_completing,
    chat_view,
    coverage_adopting,
    coverage_preview,
    coverage_rules,
    deciding,
    differences,
    doctor,
    exporting,
    findings,
    findings_in_force,
    inbox,
    movements,
    planning,
    questions,
    retention,
    revising,
    sources,
    usage,
    whitespace,
)
from api.chat_running import ChatRuns
from api.cycle_desk import CycleDesk
from api.locks import KeyedLocks
from api.model_of import ModelDesk
from api.people import People, Person, people_of
from api.reading import Reading, Readings
from api.running import PlanDesk
from api.scenario_desk import ScenarioDesk
from api.settings import Settings
from domain.chat import Thread, Turn
from domain.decision import Decision, DecisionRequest
from domain.plan import PlanVersion, SectionKey
from domain.principal import Principal
from domain.question import QuestionAnswer

if TYPE_CHECKING:
    from agent.chat.completion import Completion
    from agent.chat.context import ChatLimits
    from agent.handover.pack import HandoverPack
    from agent.model.protocol import ChatModel
    from agent.view import PlanView
    from store.home import Home
    from store.store import Store
    from store.usage import UsageGroup


class Workspace:
    """One open home. Use it as a context manager, or call `close`.

    Attributes
    ----------
    settings
        Where things are and which model may be asked.
    store
        What is kept.
    readings
        The current book read under the current coverage model, cached.
    desk
        The plan runs.
    grounds
        What the list of plans shows of each version, by plan hash.
    models
        The model that drafts and chats ask, where one is set.
    scenarios
        Everything a person can do with scenarios.
    cycle
        Everything a person can do with territory plans and reviews.
    chats
        The chat runs.
    housekeeping
        Removes what is old, at the opening and once a day.
    chat_model, chat_limits
        Another model for chat than the settings name, and other limits of a turn; None
        for those of the settings.
    running
        One lock per thing that is being changed: two drafts of one account wait for each
        other, two accounts do not.
    """

    def __init__(
        self, settings: Settings, home: Home, store: Store, desk: PlanDesk, held: ExitStack
    ) -> None:
        self.settings = settings
        self.home = home
        self.store = store
        self.desk = desk
        self.readings = Readings(store, lambda person: self.people.name(person))
        self.grounds: dict[str, planning.Ground] = {}
        self.models = ModelDesk(settings, home, store)
        held.callback(self.models.close)
        self.scenarios = ScenarioDesk(self)
        self.cycle = CycleDesk(self)
        self.running = KeyedLocks()
        self.chats = ChatRuns(self)
        self.housekeeping = retention.Housekeeping(self)
        self.chat_model: ChatModel | None = None
        self.chat_limits: ChatLimits | None = None
        self._held = held

    @classmethod
    def open(cls, settings: Settings) -> Workspace:
        """Own the home folder, open its store and finish what a crash left undone.

        Raises
        ------
        HomeBusy
            When another process owns the home; its address is among the facts.
        """
        from api.opening import open_workspace

        return open_workspace(cls, settings)

    def close(self) -> None:
        """Release the home; chat runs under way are left for the next start."""
        self.housekeeping.close()
        self.chats.close()
        self._held.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Who is asking

    @property
    def people(self) -> People:
        """Everyone who may sign in."""
        return people_of(self.home.path)

    def principal(self, person: str | None = None) -> Principal:
        """Return the principal of a person; of the RevOps person when none is named.

        NotFound, naming who there is, when nobody bears that id.
        """
        return self.people.principal(person)

    # Books and rules

    def reading(self, principal: Principal) -> Reading:
        """Return the current book under the current rules; NotFound while there is none.

        It is whole: cut what is shown of it to the principal's scope.
        """
        return self.readings.current(principal)

    def import_folder(
        self,
        principal: Principal,
        folder: Path,
        *,
        mapping: Path | None = None,
        as_of: date | None = None,
        dry_run: bool = False,
        strict: bool = False,
    ) -> books.ImportResult:
        """Import an export folder as the current book; `dry_run` only reports."""
        return books.import_folder(
            self, principal, folder, mapping=mapping, as_of=as_of, dry_run=dry_run, strict=strict
        )

    def load_example(self, principal: Principal) -> books.ImportResult:
        """Import the example book that comes with Cadastre, with its rules and people."""
        return books.load_example(self, principal)

    def quality(self, principal: Principal) -> books.QualityAnswer:
        """Return what is doubtful in the current book, as far as the person may see rows."""
        return books.quality(self, principal)

    def coverage_show(self, principal: Principal) -> coverage_rules.CoverageAnswer:
        """Return the current coverage model, parsed and as it was written."""
        return coverage_rules.show(self, principal)

    def coverage_check(
        self, principal: Principal, text: str | None = None, *, source: str = "coverage.toml"
    ) -> coverage_rules.CoverageCheck:
        """Check a coverage model (the current one when `text` is None) against the book."""
        return coverage_rules.check(self, principal, text, source=source)

    def coverage_preview(
        self, principal: Principal, text: str, *, source: str = "coverage.toml"
    ) -> coverage_preview.CoveragePreview:
        """Return what a changed coverage model would do on the current book, within scope."""
        return coverage_preview.preview(self, principal, text, source=source)

    def coverage_adopt(
        self, principal: Principal, text: str, *, reason: str, source: str = "coverage.toml"
    ) -> coverage_adopting.Adoption:
        """Make a text the current coverage model, by a person's decision with a reason."""
        return coverage_adopting.adopt(self, principal, text, reason=reason, source=source)

    # Accounts

    def rank(
        self,
        principal: Principal,
        *,
        top: int | None = None,
        territory: str | None = None,
        explain: bool = False,
    ) -> list[accounts.RankedAccount]:
        """Return the accounts in scope, best first; `explain` adds the parts of each score."""
        return accounts.rank(self, principal, top=top, territory=territory, explain=explain)

    def account(self, principal: Principal, account_id: str) -> accounts.AccountRecord:
        """Return one account with its score, whitespace and plan; NotFound outside scope."""
        return accounts.account(self, principal, account_id)

    def handover(self, principal: Principal, account_id: str) -> HandoverPack:
        """Return the pack for whoever takes an account over; NotFound outside scope."""
        return account_handover.handover(self, principal, account_id)

    def moved(self, principal: Principal) -> movements.MovementAnswer:
        """Return what moved since the last book within the scope, with its causes."""
        return movements.moved(self, principal)

    def whitespace(
        self, principal: Principal, asked: whitespace.Asked
    ) -> whitespace.WhitespaceAnswer:
        """Return what could be sold besides, of the four kinds, within the scope."""
        return whitespace.whitespace(self, principal, asked)

    # Plans

    def draft_plan(self, principal: Principal, account_id: str, remark: str = "") -> PlanVersion:
        """Draft the plan of an account up to its review, heeding a remark where one is given.

        Drafting again on the same book, rules and remarks returns the version there is.
        """
        return planning.draft_plan(self, principal, account_id, remark)

    def revise(
        self,
        principal: Principal,
        plan_id: str,
        *,
        section: SectionKey | None = None,
        text: str | None = None,
        remark: str = "",
        base_version: int | None = None,
    ) -> PlanVersion:
        """Make a new version: a section rewritten by a person, or a redraft with a remark."""
        return revising.revise(
            self,
            principal,
            plan_id,
            section=section,
            text=text,
            remark=remark,
            base_version=base_version,
        )

    def add_finding(
        self, principal: Principal, plan_id: str, request: findings.FindingRequest
    ) -> PlanVersion:
        """Make a new version with a finding more, or with one said anew."""
        return findings.add(self, principal, plan_id, request)

    def remove_finding(
        self, principal: Principal, plan_id: str, number: int, *, base_version: int | None = None
    ) -> PlanVersion:
        """Make a new version without the finding of that number."""
        return findings.remove(self, principal, plan_id, number, base_version=base_version)

    def findings(self, principal: Principal) -> list[findings_in_force.FindingLine]:
        """Return what approved plans found out in scope, and what followed from it."""
        return findings_in_force.findings(self, principal)

    def plans(self, principal: Principal) -> list[planning.PlanLine]:
        """Return the plans in scope, the latest change first."""
        return planning.plans(self, principal)

    def plan_version(
        self, principal: Principal, plan_id: str, version: int | None = None
    ) -> PlanVersion:
        """Return one stored version, the newest when none is named."""
        return planning.plan_version(self, principal, plan_id, version)

    def plan_view(self, principal: Principal, plan_id: str, version: int | None = None) -> PlanView:
        """Return a version as a reader sees it, with what needs a re-check."""
        return planning.plan_view(self, principal, plan_id, version)

    def decisions(self, principal: Principal, plan_id: str) -> list[Decision]:
        """Return the decisions on a plan, oldest first."""
        return planning.decisions(self, principal, plan_id)

    def diff(
        self, principal: Principal, plan_id: str, a: int | None = None, b: int | None = None
    ) -> differences.PlanDiff:
        """Compare two versions sentence by sentence; by default the newest with the one before."""
        return differences.diff(self, principal, plan_id, a, b)

    def decide(self, principal: Principal, plan_id: str, request: DecisionRequest) -> Decision:
        """Record a manager's verdict on the version read, and make it effective."""
        return deciding.decide(self, principal, plan_id, request)

    def may_decide(self, principal: Principal, plan_id: str) -> deciding.MayDecide:
        """Say whether this person may decide on the newest version, and if not, who can."""
        return deciding.may_decide(self, principal, plan_id)

    def export(
        self,
        principal: Principal,
        plan_id: str,
        format: exporting.Format = "md",
        *,
        version: int | None = None,
        draft: bool = False,
    ) -> exporting.Export:
        """Write the approved version (or, marked DRAFT, any version) as Markdown or JSON."""
        return exporting.export(self, principal, plan_id, format, version=version, draft=draft)

    # Questions

    def answer(
        self, principal: Principal, question_id: str, request: questions.AnswerRequest
    ) -> QuestionAnswer:
        """Store a person's answer; the account's next draft carries it."""
        return questions.answer(self, principal, question_id, request)

    def questions(self, principal: Principal) -> list[questions.QuestionLine]:
        """Return what notes that disagree make to ask in scope, with what was answered."""
        return questions.questions(self, principal)

    # Chat

    def create_thread(self, principal: Principal) -> Thread:
        """Begin an empty thread of this person."""
        return self.store.threads.create(principal)

    def threads(self, principal: Principal) -> list[Thread]:
        """Return the person's threads, the latest used first."""
        return self.store.threads.list(principal)

    def thread(self, principal: Principal, thread_id: str) -> chat_view.ThreadAnswer:
        """Return a thread of this person with every turn written out."""
        return chat_view.thread_answer(self, principal, thread_id)

    def delete_thread(self, principal: Principal, thread_id: str) -> None:
        """Remove a thread with its turns and events; a run under way in it ends quietly."""
        self.chats.delete(principal, thread_id)

    def ask(
        self,
        principal: Principal,
        thread_id: str,
        text: str | None,
        *,
        parent: str | Literal["last"] | None = "last",
        retry_of: str | None = None,
        edit_of: str | None = None,
    ) -> Turn:
        """Take a question and have it answered in the background; return its turn at once."""
        return self.chats.start(
            principal, thread_id, text, parent=parent, retry_of=retry_of, edit_of=edit_of
        )

    def chat_run(self, principal: Principal, run_id: str) -> chat_view.RunAnswer:
        """Return a chat run of this person with its turn written out."""
        return chat_view.run_answer(self, principal, run_id)

    def stop(self, principal: Principal, run_id: str) -> Turn:
        """Have a chat run stop as soon as it can; what it found by then is kept."""
        return self.chats.cancel(principal, run_id)

    def complete(
        self, principal: Principal, text: str, thread_id: str | None = None
    ) -> list[Completion]:
        """Return what a text being typed could be completed to, best first."""
        return chat_completing.complete(self, principal, text, thread_id)

    # Evidence, inbox, trail, health

    def evidence(self, principal: Principal, evidence_id: str) -> sources.EvidenceCard:
        """Return one fact with the document around it and where it was seen."""
        return sources.evidence(self, principal, evidence_id)

    def inbox(self, principal: Principal) -> inbox.Inbox:
        """Return what waits for this person, and the accounts that have no plan yet."""
        return inbox.inbox(self, principal)

    def audit_log(
        self, principal: Principal, *, since: date | None = None
    ) -> list[audit.AuditEntry]:
        """Return who did what and when, newest last."""
        return audit.log(self, principal, since=since)

    def audit_verify(self, principal: Principal) -> audit.AuditVerdict:
        """Recompute the chain of decisions and name the first row that does not fit."""
        return audit.verify(self, principal)

    def retention(
        self, principal: Principal, *, dry_run: bool = False
    ) -> retention.RetentionAnswer:
        """Remove old events, threads and bookmarks now, or only count them."""
        return retention.retention(self, principal, dry_run=dry_run)

    def usage(
        self, principal: Principal, month: str | None = None, by: UsageGroup = "thread"
    ) -> usage.UsageAnswer:
        """Return what models used in a month: one's own calls, or all for who sees everything."""
        return usage.usage(self, principal, month, by)

    def probe_model(self, principal: Principal) -> list[doctor.Examined]:
        """Ask the model endpoint what it understands; ModelUnavailable when it gives no answer."""
        self.models.probe(principal)
        return doctor.model_lines(self, principal)

    def doctor(self, principal: Principal) -> list[doctor.Examined]:
        """Look at versions, home, book, rules, index, model, port and browser."""
        return doctor.examine(self, principal)

    def person(self, person: str) -> Person:
        """Return one person; NotFound when there is none of that id."""
        return self.people.person(person)

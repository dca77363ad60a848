"""Drafting, revising and reading plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from api.accounts import no_such_account
from api.running import run_id_for
from domain.decision import Decision
from domain.errors import InvalidInput, NotFound, PlanSuperseded
from domain.period import planning_period
from domain.plan import PlanStatus, PlanVersion, Remark
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from agent.context import PlanningContext
    from agent.run_events import Progress
    from agent.runs import PlanRuns
    from agent.view import PlanView
    from api.workspace import Workspace
    from store.plans import PlanSummary


LONGEST_REMARK = 2_000


class VersionStored(Record):
    """A version as the answer to drafting or revising: where it stands, what blocks it."""

    plan_id: str
    version: int
    base_version: int | None
    status: PlanStatus
    account_id: str
    account_name: str
    owner_id: str
    plan_hash: str
    blockers: tuple[str, ...]
    omissions: int
    writer: str
    notice: str

    @classmethod
    def of(cls, version: PlanVersion) -> VersionStored:
        """Summarise a stored version."""
        content = version.content
        return cls(
            plan_id=version.plan_id,
            version=version.version,
            base_version=version.base_version,
            status=version.status,
            account_id=content.account_id,
            account_name=content.account_name,
            owner_id=content.owner_id,
            plan_hash=content.plan_hash,
            blockers=tuple(blocker.message for blocker in content.report.blockers),
            omissions=len(content.report.omissions),
            writer=content.writer.writer,
            notice=content.writer.notice,
        )


class PlanLine(Record):
    """One line of the list of plans: its newest version.

    `edited` says that people typed into it since it was drafted, `stale` that a newer
    book or other rules have become current since.
    """

    plan_id: str
    account_id: str
    account_name: str
    owner_id: str
    owner_name: str
    tier: str
    version: int
    approved_version: int | None
    status: PlanStatus
    blockers: int
    stale: bool
    changed_at: str
    changed_by: str
    edited: bool = False
    coverage_hash: str = ""


class Ground(NamedTuple):
    """What the list of plans needs of a version's content, kept by its hash."""

    book_id: str
    coverage_hash: str
    blockers: int
    typed: bool
    findings_hash: str = ""
    answers_hash: str = ""

    @property
    def rests_on(self) -> tuple[str, str, str]:
        """Book, rules and findings of other plans, each by its hash."""
        return self.book_id, self.coverage_hash, self.findings_hash


def draft_plan(
    workspace: Workspace,
    principal: Principal,
    account_id: str,
    remark: str = "",
    progress: Progress | None = None,
) -> PlanVersion:
    """Draft an account's plan up to its review; the same ground gives the same version.

    A `remark` says what the plan should heed; where there is a plan, it makes a new version.
    `progress` hears the steps of the run, if one is needed.

    Raises
    ------
    NotFound
        No such account within the scope.
    NoPlanForAccount
        The account is unowned, or its tier gets no plan.
    """
    reading = workspace.reading(principal)
    owners = reading.book.owners
    if account_id not in owners or not principal.scope.covers(owners[account_id]):
        raise no_such_account(account_id)
    plan_id = _plan_id(workspace, principal, account_id)
    with workspace.running(f"plan:{plan_id}"):
        newest = _newest(workspace, principal, plan_id)
        if remark.strip():
            wish = asked_by(principal, remark)
            return redraft(workspace, principal, account_id, plan_id, newest, (wish,), progress)
        ground = workspace.readings.ground(principal, plan_id)
        answers = workspace.store.questions.hashes(principal).get(account_id, "")
        if newest is not None and _on(newest, ground, answers):
            return newest
        return redraft(workspace, principal, account_id, plan_id, newest, (), progress)


def asked_by(principal: Principal, remark: str) -> Remark:
    """Return what a person asks of a plan; InvalidInput where it is too long to be read."""
    if len(remark) > LONGEST_REMARK:
        raise InvalidInput(
            f"The remark has {len(remark):,} characters; at most {LONGEST_REMARK:,} are read.",
            hint="Say it shorter, or edit a section's text.",
        )
    return Remark(
        person=principal.person,
        person_name=principal.name,
        section=None,
        text=" ".join(remark.split()),
    )


def plans(workspace: Workspace, principal: Principal) -> list[PlanLine]:
    """Return the plans in scope, the latest change first."""
    try:
        workspace.store.books.current_id(principal)
        workspace.readings.rules(principal)
    except NotFound:
        return []
    lines = []
    answers = workspace.store.questions.hashes(principal)
    for kept in workspace.store.plans.list(principal):
        ground = ground_of(workspace, principal, kept)
        lines.append(
            PlanLine(
                plan_id=kept.plan_id,
                account_id=kept.account_id,
                account_name=kept.account_name,
                owner_id=kept.owner_id,
                owner_name=kept.owner_name,
                tier=kept.tier,
                version=kept.version,
                approved_version=kept.approved_version,
                status=kept.status,
                blockers=ground.blockers,
                edited=ground.typed,
                coverage_hash=ground.coverage_hash,
                stale=ground.rests_on != workspace.readings.ground(principal, kept.plan_id)
                or ground.answers_hash != answers.get(kept.account_id, ""),
                changed_at=kept.created_at,
                changed_by=workspace.people.name(kept.created_by),
            )
        )
    return lines


def ground_of(workspace: Workspace, principal: Principal, kept: PlanSummary) -> Ground:
    """Return what a listed version rests on; reading a whole plan takes milliseconds."""
    known = workspace.grounds.get(kept.plan_hash)
    if known is None:
        content = workspace.store.plans.version(principal, kept.plan_id, kept.version).content
        known = workspace.grounds[kept.plan_hash] = Ground(
            book_id=content.book_id,
            coverage_hash=content.coverage_hash,
            blockers=len(content.report.blockers),
            typed=content.writer.writer == "person",
            findings_hash=content.findings_hash,
            answers_hash=content.answers_hash,
        )
    return known


def plan_version(
    workspace: Workspace, principal: Principal, plan_id: str, version: int | None
) -> PlanVersion:
    """Return one stored version, the newest when none is named."""
    return workspace.store.plans.version(principal, plan_id, version)


def decisions(workspace: Workspace, principal: Principal, plan_id: str) -> list[Decision]:
    """Return the decisions on a plan, oldest first; NotFound outside the scope."""
    workspace.store.plans.version(principal, plan_id)
    return workspace.store.decisions.on(principal, "plan", plan_id)


def superseded(plan_id: str, version: int, newest: int) -> PlanSuperseded:
    """Say that a newer version exists, and where it is."""
    return PlanSuperseded(
        f"Version {version} of plan {plan_id} is superseded: version {newest} is the newest.",
        hint=f"Read version {newest} and repeat what you want on it.",
        plan_id=plan_id,
        newest_version=newest,
        link=f"/plans/{plan_id}?v={newest}",
    )


def _plan_id(workspace: Workspace, principal: Principal, account_id: str) -> str:
    """Return the plan whose period is not over yet, else the id of one for the coming period."""
    from store.plans import plan_id_for

    reading = workspace.reading(principal)
    as_of = reading.book.as_of
    kept = workspace.store.plans.list(principal, account_id=account_id)
    running = [plan for plan in kept if plan.period_end >= as_of]
    if running:
        return max(running, key=lambda plan: (plan.period_end, plan.plan_id)).plan_id
    period = planning_period(as_of, reading.coverage.planning.period_days)
    return plan_id_for(principal.workspace, account_id, period)


def redraft(
    workspace: Workspace,
    principal: Principal,
    account_id: str,
    plan_id: str,
    newest: PlanVersion | None,
    remarks: tuple[Remark, ...],
    progress: Progress | None = None,
) -> PlanVersion:
    """Run a draft on the current reading, carrying earlier remarks and `remarks`."""
    reading = workspace.readings.for_plan(principal, plan_id)
    carried = _without_repeats((*(newest.content.remarks if newest else ()), *remarks))
    base = newest.version if newest else None
    told = [remark.model_dump(mode="json") for remark in carried]
    found = newest.content.plan_findings if newest else ()
    ground = reading.ground if reading.findings_hash else reading.ground[:2]
    answers = workspace.store.questions.hashes(principal).get(account_id)
    said = (answers,) if answers else ()

    def begin(runs: PlanRuns, context: PlanningContext, run_id: str) -> object:
        return runs.start(
            context,
            run_id,
            plan_id,
            account_id,
            base,
            carried,
            findings=found,
            progress=progress,
        )

    workspace.desk.drive(
        workspace,
        principal,
        run_id_for("draft", plan_id, base, *ground, *said, told),
        kind="draft",
        account_id=account_id,
        plan_id=plan_id,
        begin=begin,
    )
    return workspace.store.plans.version(principal, plan_id)


def _newest(workspace: Workspace, principal: Principal, plan_id: str) -> PlanVersion | None:
    try:
        return workspace.store.plans.version(principal, plan_id)
    except NotFound:
        return None


def _on(version: PlanVersion, ground: tuple[str, str, str], answers: str) -> bool:
    return version.content.ground == ground and version.content.answers_hash == answers


def _without_repeats(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    return tuple(dict.fromkeys(remarks))


def plan_view(
    workspace: Workspace, principal: Principal, plan_id: str, version: int | None
) -> PlanView:
    """Return a version as a reader sees it, with what needs a re-check."""
    from api.viewing import view_of

    return view_of(workspace, principal, workspace.store.plans.version(principal, plan_id, version))

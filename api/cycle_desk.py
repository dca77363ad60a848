"""Everything a person can do with territory plans and reviews, under the workspace's roof."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from api import cycle_context, cycle_deciding, cycle_opening
from api.collector import held_off
from api.cycle_context import About
from api.cycle_opening import Opened
from api.cycle_running import CycleRunning
from api.deciding import MayDecide
from domain.cycle import CycleKind
from domain.cycle_version import CycleVersion
from domain.decision import Decision, DecisionRequest
from domain.errors import DecisionRefused, NotFound, NotPermitted
from domain.evidence import Ledger
from domain.plan import PlanStatus, Remark
from domain.principal import Principal
from domain.record import Record, content_hash
from domain.review import Adjustment, QuarterData, ReviewContent
from domain.territory_plan import TerritoryPlanContent

if TYPE_CHECKING:
    from agent.run_events import Progress
    from api.workspace import Workspace
    from domain.quarter import Quarter
    from domain.week_page import MonthPage, WeekPage


_KEPT = 8


class CycleLine(Record):
    """One line of a list: the newest version of a territory plan or review."""

    plan_id: str
    kind: CycleKind
    quarter: str
    title: str
    rep_id: str
    reps: tuple[str, ...]
    version: int
    status: PlanStatus
    blockers: int
    stale: bool
    changed_at: str
    changed_by: str
    link: str


class AdjustmentState(Record):
    """What became of one recommendation: undecided, or decided and what it opened."""

    number: int
    decision: Decision | None
    opened: Opened | None


class AdjustmentDecided(Record):
    """The decision on one recommendation, and what it opened (None: declined)."""

    decision: Decision
    opened: Opened | None


class CycleDesk:
    """The territory plans and reviews of one workspace. Methods take the principal first."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        # What pages of week and month are cut from: a second of work, and asked for often.
        self._tracked: dict[tuple[str, ...], QuarterData] = {}

    @cached_property
    def running(self) -> CycleRunning:
        """Their runs."""
        return CycleRunning(self._workspace)

    # Territory plans

    def quarter(self, principal: Principal, label: str | None = None) -> Quarter:
        """Return a quarter by label; without one, that of the book's date."""
        return cycle_context.quarter_of(self._workspace, principal, label)

    def draft_territory(
        self,
        principal: Principal,
        rep_id: str,
        *,
        quarter: str | None = None,
        customer: str | None = None,
        remark: str = "",
        progress: Progress | None = None,
    ) -> CycleVersion:
        """Draft a rep's quarter up to its review; the same ground gives the same version.

        With `customer`, the plan of the team that works this customer, headed by `rep_id`. A
        `remark` says what the plan should heed and makes a new version.

        Raises
        ------
        NotFound
            No such rep, customer or quarter within the scope.
        NothingToPlan
            The quarter is over, or the rep has no day or hour in it.
        """
        from api.planning import asked_by

        workspace = self._workspace
        about = cycle_context.territory_about(
            workspace, principal, rep_id, self.quarter(principal, quarter), customer
        )
        remarks = (asked_by(principal, remark),) if remark.strip() else ()
        return self._draft(principal, "territory", about, remarks, progress)

    def territory(
        self,
        principal: Principal,
        rep_id: str,
        quarter: str | None = None,
        version: int | None = None,
        customer: str | None = None,
    ) -> CycleVersion:
        """Return a stored version of a rep's territory plan, the newest when none is named."""
        label = self.quarter(principal, quarter).label
        plan_id = _territory_id(principal, label, rep_id, customer)
        return self._kept(
            principal,
            plan_id,
            version,
            f"There is no territory plan of rep {rep_id!r} for {label}.",
            f"Draft it with `cadastre territory plan {rep_id} --quarter {label}`.",
        )

    # Reviews

    def draft_review(
        self,
        principal: Principal,
        quarter: str | None = None,
        *,
        progress: Progress | None = None,
    ) -> CycleVersion:
        """Review a quarter for the reps of a person's scope, up to its decision.

        Raises
        ------
        ApprovalRequired
            No territory plan of the quarter is approved.
        NoLaterBook, InvalidInput
            There is no later book than that of the plans, or it is an earlier one.
        """
        about = self._review_about(principal, quarter)
        return self._draft(principal, "review", about, (), progress)

    def review(
        self, principal: Principal, quarter: str | None = None, version: int | None = None
    ) -> CycleVersion:
        """Return a stored version of the person's review of a quarter."""
        about = self._review_about(principal, quarter)
        return self._kept(
            principal,
            _review_id(principal, about),
            version,
            f"There is no review of {about.quarter} yet.",
            f"Draft it with `cadastre review quarter {about.quarter}`.",
        )

    def data(self, principal: Principal, quarter: str | None = None) -> QuarterData:
        """Return the quarter's data set on the current book, as far as the person may see.

        Raises as `draft_review` does.
        """
        from agent.cycle import gather
        from tools.cycle.tracking import track

        about = self._review_about(principal, quarter)
        # `about` names the reps of this person's scope: nobody is given another's.
        key = (*self.running.ground(principal, "review", about), about.text)
        known = self._tracked.get(key)
        if known is not None:
            return known
        context = cycle_context.context_of(self._workspace, principal, about, kind="review")
        gather.demand(context)
        assert context.before is not None  # `demand` refuses a review without an earlier book
        found = track(
            context.before,
            context.side,
            context.quarter,
            context.reps,
            context.territory_plans,
            (*context.earlier_plans, *context.plans),
        ).data
        while len(self._tracked) >= _KEPT:
            self._tracked.pop(next(iter(self._tracked)), None)
        self._tracked[key] = found
        return found

    def week(self, principal: Principal, rep_id: str, quarter: str | None = None) -> WeekPage:
        """Return a rep's week: what was planned and done, what is next, and the quarter so far.

        Raises NotFound outside the scope.
        """
        from tools.cycle.week_page import week_page

        workspace = self._workspace
        reading = workspace.reading(principal)
        if rep_id not in reading.book.rows("reps") or not principal.scope.covers(rep_id):
            raise NotFound(f"There is no rep {rep_id!r} in the book.", hint="Check the reps table.")
        wanted = self.quarter(principal, quarter)
        found = workspace.store.cycle.last_approved(principal, "territory", wanted.label)
        own = [version for version in found if version.content.reps == (rep_id,)]
        plans = workspace.store.plans.ever_approved(principal, (rep_id,), wanted.period)
        return week_page(
            cycle_context.side_of(reading),
            own[0] if own else None,
            self._data_or_none(principal, wanted.label, rep_id),
            rep_id,
            plans,
        )

    def month(self, principal: Principal, quarter: str | None = None) -> MonthPage:
        """Return a manager's month: each rep's weeks and the quarter so far."""
        from tools.cycle.week_page import month_page

        workspace = self._workspace
        data = self.data(principal, quarter)
        reps = [row.rep_id for row in data.territories]
        period = self.quarter(principal, data.quarter).period
        return month_page(
            cycle_context.side_of(workspace.reading(principal)),
            workspace.store.cycle.last_approved(principal, "territory", data.quarter),
            data,
            workspace.store.plans.ever_approved(principal, reps, period),
        )

    # Both

    def lines(self, principal: Principal, kind: CycleKind | None = None) -> list[CycleLine]:
        """Return the newest version of each within the scope, the latest change first."""
        return [
            self._line(principal, version)
            for version in self._workspace.store.cycle.list(principal, kind)
        ]

    def version(
        self, principal: Principal, plan_id: str, version: int | None = None
    ) -> CycleVersion:
        """Return a stored version by id, the newest when none is named."""
        return self._workspace.store.cycle.version(principal, plan_id, version)

    def versions(self, principal: Principal, plan_id: str) -> list[CycleVersion]:
        """Return every stored version, oldest first."""
        return self._workspace.store.cycle.versions(principal, plan_id)

    def ledger(self, principal: Principal, version: CycleVersion) -> Ledger:
        """Return the ledger a version was frozen on."""
        return self._workspace.store.ledgers.ledger(principal, version.content.ledger_root)

    def stale(self, principal: Principal, version: CycleVersion) -> bool:
        """Say whether a newer book or other rules have become current since."""
        content = version.content
        now = self._workspace.readings.ground(principal)
        return (content.book_id, content.coverage_hash, content.findings_hash) != now

    def decide(self, principal: Principal, plan_id: str, request: DecisionRequest) -> Decision:
        """Record a manager's verdict on the version read, and make it effective."""
        return cycle_deciding.decide(self._workspace, principal, plan_id, request)

    def may_decide(self, principal: Principal, plan_id: str) -> MayDecide:
        """Say whether this person may decide on the newest version, and if not, who can."""
        newest = self._workspace.store.cycle.version(principal, plan_id)
        return cycle_deciding.may_decide(self._workspace, principal, newest)

    def decisions(self, principal: Principal, version: CycleVersion) -> list[Decision]:
        """Return the decisions on a plan or review, oldest first."""
        kind = version.content.kind
        return self._workspace.store.decisions.on(principal, kind, version.plan_id)

    # Recommendations

    def adjust(
        self, principal: Principal, plan_id: str, number: int, request: DecisionRequest
    ) -> AdjustmentDecided:
        """Accept or decline one recommendation of a review; accepting opens what it names.

        Raises
        ------
        NotFound
            No such review or recommendation within the scope.
        NotPermitted
            The person does not decide.
        PlanSuperseded, AlreadyDecided
            A newer version exists, or somebody decided first.
        DecisionRefused
            It is declined without a reason, or returned: accept or decline.
        """
        workspace = self._workspace
        newest = workspace.store.cycle.version(principal, plan_id)
        may = cycle_deciding.may_decide(workspace, principal, newest)
        if not may.allowed:
            ask = " or ".join(may.who_can) or "RevOps to name a manager"
            raise NotPermitted(may.reason, hint=f"Ask {ask}.", who_can=may.who_can)
        if request.verdict == "returned":
            raise DecisionRefused(
                "A recommendation is accepted or declined, not returned.",
                hint="Return the whole review, or decline this with a reason.",
            )
        cycle_deciding.demand_reason(request)
        adjustment = _adjustment(newest, number)
        decision = workspace.store.decisions.decide(
            principal,
            "adjustment",
            f"{plan_id}/{number}",
            request,
            subject_hash=content_hash(adjustment),
            ledger_root=newest.content.ledger_root,
            coverage_hash=newest.content.coverage_hash,
            now=workspace.store.clock(),
        )
        workspace.desk.bring_about(workspace, decision)
        state = next(item for item in self.adjusted(principal, plan_id) if item.number == number)
        return AdjustmentDecided(decision=decision, opened=state.opened)

    def adjusted(
        self, principal: Principal, plan_id: str, version: int | None = None
    ) -> list[AdjustmentState]:
        """Return what became of each recommendation of one version of a review."""
        store = self._workspace.store
        found = store.cycle.version(principal, plan_id, version)
        content = found.content
        if not isinstance(content, ReviewContent):
            raise NotFound(f"There is no review {plan_id!r}.")
        decided = {
            item.number: [
                decision
                for decision in store.decisions.on(
                    principal, "adjustment", f"{plan_id}/{item.number}"
                )
                if decision.subject_version == found.version
            ]
            for item in content.adjustments
        }
        ids = [decision.decision_id for listed in decided.values() for decision in listed]
        outcomes = store.effects.outcomes(principal, ids)
        return [
            AdjustmentState(
                number=number,
                decision=listed[0] if listed else None,
                opened=_opened(outcomes.get(listed[0].decision_id)) if listed else None,
            )
            for number, listed in decided.items()
        ]

    def bring_about(self, decision: Decision, house: Principal) -> None:
        """Make a stored decision effective: a plan in force, or a recommendation opened."""
        workspace, store = self._workspace, self._workspace.store
        outcome = None
        if decision.subject_kind == "adjustment":
            outcome = self._open(decision, house)
        else:
            self.running.bring_about(decision, house)
        store.effects.take_effect(
            house, decision.decision_id, now=workspace.store.clock(), outcome=outcome
        )

    def _open(self, decision: Decision, house: Principal) -> str:
        workspace, store = self._workspace, self._workspace.store
        known = store.effects.outcomes(house, [decision.decision_id])
        if known:
            return known[decision.decision_id]
        if decision.verdict != "approved":
            return "declined"
        plan_id, _, number = decision.subject_id.partition("/")
        version = store.cycle.version(house, plan_id, decision.subject_version)
        content = version.content
        assert isinstance(content, ReviewContent)  # only reviews have recommendations
        person = workspace.people.principal(decision.decided_by)
        adjustment = _adjustment(version, int(number))
        return cycle_opening.open_for(workspace, person, content, adjustment).model_dump_json()

    def _draft(
        self,
        principal: Principal,
        kind: CycleKind,
        about: About,
        remarks: tuple[Remark, ...],
        progress: Progress | None,
    ) -> CycleVersion:
        workspace = self._workspace
        plan_id = _id(principal, kind, about)
        with workspace.running(f"cycle:{plan_id}"), held_off():
            newest = self._newest(principal, plan_id)
            earlier: tuple[Remark, ...] = ()
            if newest is not None and isinstance(newest.content, TerritoryPlanContent):
                earlier = newest.content.remarks
            carried = tuple(dict.fromkeys((*earlier, *remarks)))
            return self.running.draft(principal, kind, plan_id, about, newest, carried, progress)

    def _kept(
        self, principal: Principal, plan_id: str, version: int | None, absent: str, hint: str
    ) -> CycleVersion:
        """Return a stored version; where there is none at all, say so in the words given."""
        if self._newest(principal, plan_id) is None:
            raise NotFound(absent, hint=hint)
        return self._workspace.store.cycle.version(principal, plan_id, version)

    def _newest(self, principal: Principal, plan_id: str) -> CycleVersion | None:
        try:
            return self._workspace.store.cycle.version(principal, plan_id)
        except NotFound:
            return None

    def _review_about(self, principal: Principal, quarter: str | None) -> About:
        workspace = self._workspace
        wanted = self.quarter(principal, quarter) if quarter else self._reviewed(principal)
        return cycle_context.review_about(workspace, principal, wanted)

    def _reviewed(self, principal: Principal) -> Quarter:
        """The quarter to review by default: the last one that has approved plans, else today's."""
        listed = self._workspace.store.cycle.list(principal, "territory")
        approved = [version for version in listed if version.status == "approved"]
        if not approved:
            return self.quarter(principal)
        last = max(approved, key=lambda version: version.content.period_start)
        return self.quarter(principal, last.content.quarter)

    def _data_or_none(self, principal: Principal, quarter: str, rep_id: str) -> QuarterData | None:
        from domain.errors import ApprovalRequired, InvalidInput, NoLaterBook
        from tools.cycle.tracking import cut

        try:
            return cut(self.data(principal, quarter), (rep_id,))
        except (ApprovalRequired, NoLaterBook, InvalidInput):
            return None

    def _line(self, principal: Principal, version: CycleVersion) -> CycleLine:
        content = version.content
        if isinstance(content, TerritoryPlanContent):
            rep, title = content.rep_id, f"Territory of {content.rep_name}"
            if content.customer is not None:
                title = f"Customer {content.customer}, headed by {content.rep_name}"
            link = f"/territories/{rep}/plan/{content.quarter}"
        else:
            rep, title = "", f"Review of {content.team}"
            link = f"/reviews/{content.quarter}"
        return CycleLine(
            plan_id=version.plan_id,
            kind=content.kind,
            quarter=content.quarter,
            title=title,
            rep_id=rep,
            reps=content.reps,
            version=version.version,
            status=version.status,
            blockers=len(content.report.blockers),
            stale=self.stale(principal, version),
            changed_at=version.created_at,
            changed_by=self._workspace.people.name(version.created_by),
            link=f"{link}?v={version.version}",
        )


def _adjustment(version: CycleVersion, number: int) -> Adjustment:
    content = version.content
    listed = content.adjustments if isinstance(content, ReviewContent) else ()
    for adjustment in listed:
        if adjustment.number == number:
            return adjustment
    raise NotFound(
        f"Review {version.plan_id} has no recommendation {number}.",
        hint=f"It has {len(listed)}, numbered from 1." if listed else "It has none.",
    )


def _opened(outcome: str | None) -> Opened | None:
    if outcome is None or not outcome.startswith("{"):
        return None
    return Opened.model_validate_json(outcome)


def _id(principal: Principal, kind: CycleKind, about: About) -> str:
    if kind == "review":
        return _review_id(principal, about)
    return _territory_id(principal, about.quarter, about.rep_id, about.customer)


def _territory_id(principal: Principal, quarter: str, rep_id: str, customer: str | None) -> str:
    from store.cycle import cycle_id_for

    return cycle_id_for(principal.workspace, "territory", quarter, [rep_id, customer])


def _review_id(principal: Principal, about: About) -> str:
    """A review is of a scope, whoever of its people asks: it is one review for all of them."""
    from store.cycle import cycle_id_for

    scope = principal.scope
    whose = "everything" if scope.everything else sorted(scope.reps)
    return cycle_id_for(principal.workspace, "review", about.quarter, whose)

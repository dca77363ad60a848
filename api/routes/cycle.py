"""Territory plans and reviews: drafts, pages' data, decisions, recommendations, files."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from agent.cycle.live_view import MonthOf, WeekOf
from agent.cycle.view import CycleTable, ReviewView, TerritoryView
from api import cycle_exporting
from api.cycle_desk import AdjustmentDecided, CycleLine
from api.cycle_exporting import Format, address_of
from api.cycle_reading import (
    month_of,
    reps_of,
    review_of,
    stored_review,
    stored_territory,
    territory_of,
    week_of,
)
from api.deciding import MayDecide
from api.deps import CurrentUser, CurrentWorkspace
from api.exporting import Export
from domain.cycle import CycleStatus
from domain.cycle_version import CycleVersion
from domain.decision import Decision, DecisionRequest, Verdict
from domain.errors import InvalidInput
from domain.record import Record
from domain.territory_plan import TerritoryPlanContent

router = APIRouter(tags=["cycle"])
Version = Annotated[int | None, Query(ge=1)]


class TerritoryRequest(Record):
    """What to plan: a quarter, the book's without one; a customer for a team's plan."""

    quarter: str | None = None
    customer: str | None = None
    remark: str = ""


class ReviewRequest(Record):
    """Which quarter to review; without one, the last that has approved plans."""

    quarter: str | None = None


class AdjustmentRequest(Record):
    """A verdict on one recommendation of the version read: `approved` accepts it."""

    version: int
    verdict: Verdict
    reason: str = ""


class CycleStored(Record):
    """A version as the answer to drafting: where it stands, what blocks it."""

    plan_id: str
    version: int
    status: CycleStatus
    quarter: str
    title: str
    plan_hash: str
    blockers: tuple[str, ...]
    notice: str
    link: str

    @classmethod
    def of(cls, version: CycleVersion) -> CycleStored:
        """Summarise a stored version."""
        content = version.content
        title = (
            f"territory of {content.rep_name}"
            if isinstance(content, TerritoryPlanContent)
            else f"review of {content.team}"
        )
        return cls(
            plan_id=version.plan_id,
            version=version.version,
            status=version.status,
            quarter=content.quarter,
            title=title,
            plan_hash=content.plan_hash,
            blockers=tuple(item.message for item in content.report.blockers),
            notice=content.writer.notice,
            link=address_of(version),
        )


class TerritoryAnswer(Record):
    """A territory plan as a reader sees it, what was decided on it, and who may decide."""

    view: TerritoryView
    decisions: tuple[Decision, ...]
    may_decide: MayDecide


class ReviewAnswer(Record):
    """A review as a reader sees it, or the running month or week: one of the three."""

    view: ReviewView | None = None
    month: MonthOf | None = None
    week: WeekOf | None = None
    decisions: tuple[Decision, ...] = ()
    may_decide: MayDecide | None = None


class HealthAnswer(Record):
    """The scorecard of a territory plan; a red row says what to do."""

    plan_id: str
    version: int
    status: CycleStatus
    title: str
    red: int
    scorecard: CycleTable


@router.post("/territories/{rep_id}/plans", status_code=201)
def draft_territory(
    rep_id: str, body: TerritoryRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> CycleStored:
    """Draft a rep's quarter up to its review; the same ground gives the same version."""
    return CycleStored.of(
        workspace.cycle.draft_territory(
            user, rep_id, quarter=body.quarter, customer=body.customer, remark=body.remark
        )
    )


@router.get("/territories")
def territories(user: CurrentUser, workspace: CurrentWorkspace) -> list[CycleLine]:
    """Return the territory plans in scope, the latest change first."""
    return workspace.cycle.lines(user, "territory")


@router.get("/territories/{rep_id}/plans/{quarter}")
def territory(
    rep_id: str,
    quarter: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    version: Version = None,
    plan: str | None = None,
) -> TerritoryAnswer:
    """Return one version of a territory plan, the newest without `version`."""
    found = stored_territory(workspace, user, rep_id, _label(quarter), version, plan)
    return TerritoryAnswer(
        view=territory_of(workspace, user, found),
        decisions=tuple(workspace.cycle.decisions(user, found)),
        may_decide=workspace.cycle.may_decide(user, found.plan_id),
    )


@router.get("/territories/{rep_id}/plans/{quarter}/health")
def health(
    rep_id: str,
    quarter: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    version: Version = None,
    plan: str | None = None,
) -> HealthAnswer:
    """Return the scorecard of a territory plan."""
    found = stored_territory(workspace, user, rep_id, _label(quarter), version, plan)
    view = territory_of(workspace, user, found)
    tables = view.section("metrics").tables
    empty = CycleTable(kind="scorecard", caption="Health of the territory", columns=(), rows=())
    return HealthAnswer(
        plan_id=view.plan_id,
        version=view.version,
        status=view.status,
        title=view.title,
        red=view.red,
        scorecard=next((item for item in tables if item.kind == "scorecard"), empty),
    )


@router.get("/territories/{rep_id}/plans/{quarter}/calendar.ics")
def calendar(
    rep_id: str,
    quarter: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    version: Version = None,
    plan: str | None = None,
    rep: str | None = None,
    draft: bool = False,
) -> Response:
    """Return a rep's weeks as a calendar file; `draft` gives those of an unapproved version."""
    found = stored_territory(workspace, user, rep_id, _label(quarter), version, plan)
    return _file(
        cycle_exporting.calendar(
            workspace, user, found.plan_id, version=version, rep_id=rep, draft=draft
        )
    )


@router.post("/cycle/{plan_id}/decisions", status_code=201)
def decide(
    plan_id: str, body: DecisionRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> Decision:
    """Record a person's verdict on the version of a plan or review they read."""
    return workspace.cycle.decide(user, plan_id, body)


@router.get("/cycle/{plan_id}/export")
def export(
    plan_id: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    format: Format = "md",
    version: Version = None,
    draft: bool = False,
) -> Response:
    """Return the approved version as a file; `draft` stamps and returns an unapproved one."""
    return _file(
        cycle_exporting.export(workspace, user, plan_id, format, version=version, draft=draft)
    )


@router.get("/reviews")
def reviews(user: CurrentUser, workspace: CurrentWorkspace) -> list[CycleLine]:
    """Return the reviews in scope, the latest change first."""
    return workspace.cycle.lines(user, "review")


@router.post("/reviews", status_code=201)
def draft_review(
    body: ReviewRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> CycleStored:
    """Draft the review of a quarter for the reps in scope, up to its decision."""
    return CycleStored.of(workspace.cycle.draft_review(user, body.quarter))


@router.get("/reviews/{quarter}")
def review(
    quarter: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    version: Version = None,
    view: Literal["quarter", "month", "week"] = "quarter",
    rep: str | None = None,
    plan: str | None = None,
) -> ReviewAnswer:
    """Return the review of a quarter, or the running month, or a rep's week.

    `current` stands for the quarter that is due: the last with approved plans, or the book's.
    """
    label = _label(quarter)
    if view == "month":
        return ReviewAnswer(month=month_of(workspace, user, label))
    if view == "week":
        return ReviewAnswer(week=week_of(workspace, user, rep or _own(workspace, user), label))
    found = stored_review(workspace, user, label, version, plan)
    return ReviewAnswer(
        view=review_of(workspace, user, found),
        decisions=tuple(workspace.cycle.decisions(user, found)),
        may_decide=workspace.cycle.may_decide(user, found.plan_id),
    )


@router.post("/reviews/{quarter}/adjustments/{number}/decisions", status_code=201)
def adjust(
    quarter: str,
    number: int,
    body: AdjustmentRequest,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    plan: str | None = None,
) -> AdjustmentDecided:
    """Accept or decline one recommendation; the answer says what accepting opened."""
    label = _label(quarter)
    found = stored_review(workspace, user, label, plan=plan)
    request = DecisionRequest(version=body.version, verdict=body.verdict, reason=body.reason)
    return workspace.cycle.adjust(user, found.plan_id, number, request)


def _label(quarter: str) -> str | None:
    """Return the label of a quarter; None for `current`, the one that is due."""
    return None if quarter == "current" else quarter


def _file(file: Export) -> Response:
    return Response(
        file.text,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.filename}"'},
    )


def _own(workspace: CurrentWorkspace, user: CurrentUser) -> str:
    """The rep of a person who works one territory; others have to name one."""
    reps = reps_of(workspace, user)
    if len(reps) != 1:
        raise InvalidInput(
            "A week is of one rep, and your scope holds several." if reps
            else "No rep with accounts is in your scope.",
            hint="Name the rep: rep=R-282, or `cadastre review week R-282`.",
        )  # fmt: skip
    return reps[0][0]

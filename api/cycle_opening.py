"""What an accepted recommendation opens: a plan version, a scenario, a changed rule to look at.

Nothing opened takes effect by itself: each waits for a decision of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from api import planning, scenario_events, scenarios
from api.scenarios import ScenarioRequest
from domain.errors import InvalidInput, PlannerError
from domain.principal import Principal
from domain.record import Record
from domain.review import (
    Adjustment,
    OpensCoverage,
    OpensPlan,
    OpensScenario,
    OpensTerritoryPlan,
    ReviewContent,
)

if TYPE_CHECKING:
    from api.workspace import Workspace


REPAIR_POINTS = 3


class Opened(Record):
    """What was opened, and where it waits. `problem` says why nothing could be."""

    kind: Literal["plan", "scenario", "territory_plan", "coverage", "nothing"]
    id: str = ""
    version: int | None = None
    link: str | None = None
    problem: str = ""


def open_for(
    workspace: Workspace, principal: Principal, review: ReviewContent, adjustment: Adjustment
) -> Opened:
    """Open what an accepted recommendation names, on behalf of who accepted it.

    Opening twice opens once. Where it cannot be opened any more (the account has no owner
    now, say) the answer says why, and the decision stands.
    """
    try:
        return _opened(workspace, principal, review, adjustment)
    except PlannerError as error:
        return Opened(kind="nothing", problem=f"{error.message} {error.hint}".strip())


def _opened(
    workspace: Workspace, principal: Principal, review: ReviewContent, adjustment: Adjustment
) -> Opened:
    opens = adjustment.opens
    if isinstance(opens, OpensPlan):
        plan = planning.draft_plan(workspace, principal, opens.account_id, opens.remark)
        link = f"/plans/{plan.plan_id}?v={plan.version}"
        return Opened(kind="plan", id=plan.plan_id, version=plan.version, link=link)
    if isinstance(opens, OpensTerritoryPlan):
        made = workspace.cycle.draft_territory(principal, opens.rep_id, remark=opens.remark)
        link = f"/territories/{opens.rep_id}/plan/{made.content.quarter}?v={made.version}"
        return Opened(kind="territory_plan", id=made.plan_id, version=made.version, link=link)
    if isinstance(opens, OpensCoverage):
        return Opened(kind="coverage", id=f"{opens.key} = {opens.value}")
    return _scenario(workspace, principal, review, adjustment, opens)


def _scenario(
    workspace: Workspace,
    principal: Principal,
    review: ReviewContent,
    adjustment: Adjustment,
    opens: OpensScenario,
) -> Opened:
    """Design anew on the current book; what it does not hold yet is entered as an event."""
    team = _team(workspace, principal, adjustment)
    happened = scenario_events.told(opens.event)
    request = ScenarioRequest(
        name=f"Review {review.quarter}, no. {adjustment.number}",
        team=team,
        trigger=happened,
        events=(opens.event,),
        # A quarter repairs exceptions and redraws nothing: the row ends where little has moved.
        points=REPAIR_POINTS,
    )
    try:
        answer = scenarios.run(workspace, principal, request)
    except InvalidInput:
        # The later book holds what happened: there is nothing to add to it.
        answer = scenarios.run(workspace, principal, request.model_copy(update={"events": ()}))
    scenario = answer.version
    return Opened(
        kind="scenario",
        id=scenario.scenario_id,
        version=scenario.version,
        link=f"/scenarios/{scenario.scenario_id}?v={scenario.version}",
    )


def _team(workspace: Workspace, principal: Principal, adjustment: Adjustment) -> str:
    """The team of the rep whom it is about; the whole scope where that is one team anyway."""
    book = workspace.reading(principal).book
    rows = book.rows("reps")
    rep = adjustment.rep_id
    if rep is None and adjustment.account_id is not None:
        rep = book.owners.get(adjustment.account_id)
    team = rows[rep]["team"] if rep is not None and rep in rows else None
    return team if isinstance(team, str) else ""

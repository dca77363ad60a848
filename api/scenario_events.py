"""What happened since a design was made: a bounded repair, and a new version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.scenario_answers import ScenarioAnswer
from api.scenario_cases import Ask, built, inputs_of
from api.scenario_changes import changing, cost_of, demand_current, moved_to, save
from domain.assignment import (
    AccountChanged,
    Acquisition,
    Event,
    NewProduct,
    RepJoins,
    RepLeaves,
    WantsAccount,
)
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workspace import Workspace
    from tools.territory.case import Case
    from tools.territory.inputs import Inputs


def enter(
    workspace: Workspace, principal: Principal, scenario_id: str, version: int, event: Event
) -> ScenarioAnswer:
    """Repair the proposed design after an event; territories it does not touch stay as they are.

    The new version holds today's assignment and the mended design; `cost` compares it
    with the design before. The event is added to the scenario's trigger.

    Raises
    ------
    NotATrigger
        When a rep would merely like an account; the rule is cited.
    InvalidInput
        When the event cannot have happened, or changes nothing.
    Infeasible
        When no design keeps every rule afterwards.
    ScenarioStale
        When another book has become the current one.
    """
    from tools.territory.repairing import repair_frontier

    with changing(workspace, principal, scenario_id, version) as standing:
        demand_current(workspace, principal, standing.newest)
        content = standing.newest.content
        reading = workspace.readings.of(principal, *content.ground)
        ask = Ask.of(content, standing.frontier)

        def build(inputs: Inputs, events: tuple[Event, ...]) -> Case:
            return built(reading, inputs, replace(ask, events=events))

        repaired = repair_frontier(
            inputs_of(reading, ask.team, ask.events),
            standing.frontier,
            content.chosen,
            event,
            reading.coverage,
            build=build,
            seed=ask.seed,
        )
        row = repaired.frontier
        changed = moved_to(standing, row, len(row.points) - 1)
        happened = told(event)
        trigger = f"{content.trigger}; {happened}" if content.trigger else happened
        cost = cost_of(standing.point, row.points[-1], f"What happened ({happened})")
        return save(
            workspace,
            principal,
            standing,
            changed.model_copy(update={"trigger": trigger}),
            "repaired",
            frontier=row,
            cost=cost,
        )


def told(event: Event) -> str:
    """Say in a few words what happened."""
    if isinstance(event, RepLeaves):
        return f"{event.rep_id} leaves on {event.on.isoformat()}"
    if isinstance(event, RepJoins):
        return f"{event.name} joins on {event.on.isoformat()}"
    if isinstance(event, Acquisition):
        return f"{event.parent_id} acquires {', '.join(event.account_ids)}"
    if isinstance(event, NewProduct):
        return f"new product {event.product}"
    if isinstance(event, AccountChanged):
        return f"{event.account_id} changed: {event.why}"
    assert isinstance(event, WantsAccount)
    return f"{event.rep_id} wants {event.account_id}"

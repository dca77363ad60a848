"""Changing a scenario: one version after the other, and designs solved anew under new rules."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api import scenario_answers
from api.scenario_answers import Cost, ScenarioAnswer
from api.scenario_cases import Ask, inputs_of, solved
from api.scenario_people import demand_preparer
from domain.assignment import (
    Constraint,
    DesignPoint,
    Frontier,
    MoveChoice,
    ScenarioContent,
    ScenarioVersion,
)
from domain.errors import ScenarioStale
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workspace import Workspace
    from store.scenarios import Step

_LEAST_WEIGHT = 1e-3


@dataclass(frozen=True)
class Standing:
    """A scenario as its newest version has it, for the person who changes it."""

    newest: ScenarioVersion
    frontier: Frontier

    @property
    def working(self) -> ScenarioContent:
        """Its content as a working state: neither submitted nor bound to a ledger."""
        return self.newest.content.model_copy(
            update={
                "submitted": False,
                "submitted_by": None,
                "submitted_reason": "",
                "ledger_root": "",
            }
        )

    @property
    def point(self) -> DesignPoint:
        """The design proposed."""
        return self.frontier.points[self.newest.content.chosen]


@contextmanager
def changing(
    workspace: Workspace, principal: Principal, scenario_id: str, version: int
) -> Iterator[Standing]:
    """Hold a scenario while it is changed by a person who read `version`.

    Answers that reps gave since are no obstacle: they change no design.

    Raises
    ------
    NotFound
        When the scenario is missing or out of scope.
    NotPermitted
        When the person does not prepare scenarios.
    ScenarioSuperseded
        When somebody changed it since.
    """
    from store.scenario_rows import superseded

    scenarios = workspace.store.scenarios
    scenarios.version(principal, scenario_id)
    with workspace.running(f"scenario:{scenario_id}"):
        newest = scenarios.version(principal, scenario_id)
        demand_preparer(workspace, principal, newest.content.reps)
        if version != newest.version:
            scenarios.version(principal, scenario_id, version)
            since = [
                item for item in scenarios.history(principal, scenario_id) if item.version > version
            ]
            if newest.content.submitted or any(item.step != "answered" for item in since):
                raise superseded(scenario_id, version, newest.version)
        yield Standing(newest, scenarios.frontier(principal, scenario_id))


def save(
    workspace: Workspace,
    principal: Principal,
    standing: Standing,
    content: ScenarioContent,
    step: Step,
    *,
    frontier: Frontier | None = None,
    cost: Cost | None = None,
) -> ScenarioAnswer:
    """Store a version on top of the newest one and return it as an answer."""
    newest = standing.newest
    number = workspace.store.scenarios.save_version(
        principal,
        newest.scenario_id,
        content,
        frontier,
        base_version=newest.version,
        step=step,
    )
    return scenario_answers.answer_of(workspace, principal, newest.scenario_id, number, cost=cost)


def redesigned(
    workspace: Workspace,
    principal: Principal,
    standing: Standing,
    constraints: Sequence[Constraint],
    changed: str,
) -> tuple[ScenarioContent, Frontier, Cost]:
    """Solve the row anew under these constraints, near the design proposed so far.

    Moves that were accepted stay accepted where they still exist. `changed` begins the
    sentence on the cost, for example "Keeping 2 accounts".
    """
    demand_current(workspace, principal, standing.newest)
    content = standing.newest.content
    reading = workspace.readings.of(principal, *content.ground)
    ask = replace(Ask.of(content, standing.frontier), constraints=tuple(constraints))
    row = solved(reading, inputs_of(reading, ask.team, ask.events), ask)
    chosen = nearest(row, standing.point)
    cost = cost_of(standing.point, row.points[chosen], changed)
    return moved_to(standing, row, chosen), row, cost


def moved_to(standing: Standing, row: Frontier, chosen: int) -> ScenarioContent:
    """Return the working content with another design proposed; choices that still hold stay."""
    return standing.working.model_copy(
        update={
            "frontier": row.hash,
            "chosen": chosen,
            "choices": carried(standing.newest.content.choices, standing.point, row.points[chosen]),
        }
    )


def carried(
    choices: Sequence[MoveChoice], before: DesignPoint, after: DesignPoint
) -> tuple[MoveChoice, ...]:
    """Return the choices on moves that are the same in both designs, rep for rep."""
    was = {move.account_id: move.to_rep for move in before.moves}
    now = {move.account_id: move.to_rep for move in after.moves}
    return tuple(
        item
        for item in choices
        if item.account_id in now and now[item.account_id] == was.get(item.account_id)
    )


def nearest(row: Frontier, to: DesignPoint) -> int:
    """Return the design whose weight of disruption is nearest; the present one only for itself."""
    if to.index == 0:
        return 0

    def apart(point: DesignPoint) -> tuple[float, int]:
        weights = (point.disruption_weight + _LEAST_WEIGHT, to.disruption_weight + _LEAST_WEIGHT)
        return abs(math.log(weights[0] / weights[1])), abs(point.index - to.index)

    others = [point for point in row.points if point.index != 0] or list(row.points)
    return min(others, key=apart).index


def cost_of(before: DesignPoint, after: DesignPoint, changed: str) -> Cost:
    """Return what a change did, both designs judged at the first one's weight of disruption."""
    points = _points_at(after, before.disruption_weight) - before.objective
    old, new = before.figures, after.figures
    worse = "costs" if points >= 0 else "gains"
    told = (
        f"{changed} {worse} {abs(points):.2f} points: spread of potential "
        f"{old.spread_potential:.1%} to {new.spread_potential:.1%}, of workload "
        f"{old.spread_workload:.1%} to {new.spread_workload:.1%}, accounts moved "
        f"{old.accounts_moved} to {new.accounts_moved}."
    )
    if not before.broken and not after.broken:
        told += (
            f" At most {before.gap:.2f} points better was possible before, {after.gap:.2f} is now."
        )
    return Cost(points=points, before=old, after=new, told=told)


def demand_current(workspace: Workspace, principal: Principal, version: ScenarioVersion) -> None:
    """Refuse to go on with a scenario of an earlier book."""
    if not scenario_answers.stale(workspace, principal, version.content):
        return
    raise ScenarioStale(
        f"Scenario {version.scenario_id} was designed on another book than the current one: "
        "owners, potential and hours may have changed since.",
        hint="Run it again on the current book: cadastre scenario run",
        scenario_id=version.scenario_id,
        book_id=version.content.book_id,
        current_book_id=workspace.store.books.current_id(principal),
    )


def _points_at(point: DesignPoint, weight: float) -> float:
    """The objective at another weight of disruption: only that term is of the weight."""
    if point.disruption_weight > 0:
        disruption = point.disruption_points * weight / point.disruption_weight
    else:
        disruption = (
            weight
            * 100.0
            * sum(move.relationship_share for move in point.moves if move.points is not None)
        )
    return point.objective - point.disruption_points + disruption

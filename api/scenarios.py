"""Scenarios: run, listed and read. Reading one solves nothing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from api import scenario_answers
from api.scenario_answers import ScenarioAnswer, ScenarioLine
from api.scenario_cases import Ask, inputs_of, solved
from api.scenario_events import told
from api.scenario_people import demand_preparer, scope_of
from api.scenario_rules import limits, own_words
from domain.assignment import (
    Constraint,
    Event,
    Frontier,
    Measure,
    ScenarioContent,
)
from domain.errors import InvalidInput, NotFound
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.reading import Reading
    from api.workspace import Workspace
    from tools.territory.before_after import BeforeAfter
    from tools.territory.comparing import Comparison
    from tools.territory.explaining import Explanation

_MOST_DESIGNS = 20
_LONGEST = 400


class ScenarioRequest(Record):
    """What a row of designs should be. Without anything: the whole book, both measures.

    `max_moves` is "12%" of the accounts or "30" of them, `max_value` "5%" of relationship
    value. `balance` names what is balanced; a measure left out weighs nothing. `seconds`
    stops a solve by the clock: without it the same request gives the same bytes.
    """

    name: str = Field(default="", max_length=120)
    team: str = ""
    trigger: str = Field(default="", max_length=_LONGEST)
    max_moves: str | None = None
    max_value: str | None = None
    constraints: tuple[Constraint, ...] = ()
    events: tuple[Event, ...] = ()
    balance: tuple[Measure, ...] = ("workload", "potential")
    points: int | None = Field(default=None, ge=2, le=_MOST_DESIGNS)
    seed: int = Field(default=0, ge=0)
    seconds: float | None = Field(default=None, gt=0, le=600)


def run(workspace: Workspace, principal: Principal, request: ScenarioRequest) -> ScenarioAnswer:
    """Design a row of territories and keep it as the first version of a scenario.

    The same request by the same person on the same book and rules gives the same
    scenario, as long as nobody went on working with it.

    Raises
    ------
    NotPermitted
        When the person does not prepare scenarios.
    NotFound
        When there is no such team within the scope.
    WrongTool, Infeasible, InvalidInput
        When balancing is of no use, when no design keeps every rule, or when the request
        contradicts itself.
    """
    reading = workspace.reading(principal)
    demand_preparer(workspace, principal)
    _demand_sense(request)
    reps = scope_of(workspace, principal, reading, request.team)
    ground = [
        *(reading.ground if reading.findings_hash else reading.ground[:2]),
        principal.person,
        request.model_dump(mode="json"),
    ]
    with workspace.running(f"scenario-run:{principal.person}"):
        for turn in itertools.count():
            scenario_id = _id(principal, ground, turn)
            version = _newest_version(workspace, principal, scenario_id)
            if version is None:
                _first(workspace, principal, scenario_id, reading, request, reps)
            if version in {None, 1}:
                return scenario_answers.answer_of(workspace, principal, scenario_id)
    raise AssertionError("unreachable: the turns do not end")


def lines(workspace: Workspace, principal: Principal) -> list[ScenarioLine]:
    """Return the scenarios that the person sees whole, the latest change first."""
    return [
        scenario_answers.line_of(workspace, principal, version)
        for version in workspace.store.scenarios.list(principal)
    ]


def frontier(
    workspace: Workspace, principal: Principal, scenario_id: str, version: int | None = None
) -> Frontier:
    """Return the row of designs as it is stored."""
    return workspace.store.scenarios.frontier(principal, scenario_id, version)


def before_after(
    workspace: Workspace, principal: Principal, scenario_id: str, point: int | None = None
) -> BeforeAfter:
    """Return the team today beside the team under a design, the proposed one without `point`."""
    from tools.territory.before_after import before_after

    content = workspace.store.scenarios.version(principal, scenario_id).content
    row = workspace.store.scenarios.frontier(principal, scenario_id)
    reading = workspace.readings.of(principal, *content.ground)
    case = workspace.scenarios.cases.of(workspace, principal, content, row)
    return before_after(case, row, point_of(row, content, point), reading.book, reading.coverage)


def explain(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    account_id: str,
    *,
    point: int | None = None,
    rep_id: str | None = None,
) -> Explanation:
    """Return why an account moves or stays, and what another rep would cost."""
    from tools.territory.explaining import explain

    content = workspace.store.scenarios.version(principal, scenario_id).content
    row = workspace.store.scenarios.frontier(principal, scenario_id)
    case = workspace.scenarios.cases.of(workspace, principal, content, row)
    design = row.points[point_of(row, content, point)]
    return explain(case, design, account_id, rep_id)


def compare(workspace: Workspace, principal: Principal, named: Sequence[str]) -> Comparison:
    """Compare up to four designs, each named `S-1` (the proposed one) or `S-1:3`."""
    from tools.territory.comparing import compare

    picked = []
    for name in named:
        scenario_id, _, number = name.strip().partition(":")
        content = workspace.store.scenarios.version(principal, scenario_id).content
        row = workspace.store.scenarios.frontier(principal, scenario_id)
        if number and not number.isdigit():
            raise InvalidInput(
                f"{name!r} names no design.", hint="Write S-1 or, for its design 3, S-1:3."
            )
        picked.append((scenario_id, row, point_of(row, content, int(number) if number else None)))
    return compare(picked)


def point_of(row: Frontier, content: ScenarioContent, point: int | None) -> int:
    """Return the index of a design, the proposed one for None; NotFound beyond the row."""
    if point is None:
        return content.chosen
    if not 0 <= point < len(row.points):
        raise NotFound(
            f"There is no design {point} in this row.",
            hint=f"Its designs are 0 (as it is today) to {len(row.points) - 1}.",
        )
    return point


def _demand_sense(request: ScenarioRequest) -> None:
    if not request.balance:
        raise InvalidInput(
            "Nothing is to be balanced.", hint='Name "workload", "potential" or both.'
        )


def _first(
    workspace: Workspace,
    principal: Principal,
    scenario_id: str,
    reading: Reading,
    request: ScenarioRequest,
    reps: tuple[str, ...],
) -> None:
    inputs = inputs_of(reading, request.team, request.events)
    ask = Ask(
        team=request.team,
        constraints=(
            *own_words(principal, request.constraints, inputs.period.end),
            *limits(request.max_moves, request.max_value),
        ),
        events=request.events,
        balance=tuple(sorted(set(request.balance), reverse=True)),
        designs=request.points,
        seed=request.seed,
        seconds=request.seconds,
    )
    row = solved(reading, inputs, ask)
    content = ScenarioContent(
        name=request.name.strip() or _name(request.team, row),
        trigger="; ".join(filter(None, [request.trigger.strip(), *map(told, request.events)])),
        frontier=row.hash,
        book_id=reading.book.book_id,
        coverage_hash=reading.coverage.hash,
        findings_hash=reading.findings_hash,
        ledger_root="",
        team=request.team,
        reps=reps,
        chosen=row.suggested,
        balance=ask.balance,
        designs=ask.designs,
        seconds=ask.seconds,
    )
    workspace.store.scenarios.save_version(
        principal, scenario_id, content, row, base_version=None, step="ran"
    )


def _name(team: str, row: Frontier) -> str:
    month = row.period_start
    return f"{team or 'Every rep'}, from {month.day} {month:%b %Y}"


def _id(principal: Principal, ground: object, turn: int) -> str:
    from store.scenarios import scenario_id_for

    return scenario_id_for(principal.workspace, ground, turn)


def _newest_version(workspace: Workspace, principal: Principal, scenario_id: str) -> int | None:
    try:
        return workspace.store.scenarios.version(principal, scenario_id).version
    except NotFound:
        return None

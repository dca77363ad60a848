"""From a request to a row of designs, and from a stored row back to the case it solved."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from domain.assignment import Constraint, Event, Frontier, Measure, ScenarioContent
from domain.principal import Principal

if TYPE_CHECKING:
    from api.reading import Reading
    from api.workspace import Workspace
    from tools.territory.case import Case
    from tools.territory.inputs import Inputs

_KEPT = 4


@dataclass(frozen=True)
class Ask:
    """What a row of designs is asked to be: everything that decides its bytes but the book."""

    team: str
    constraints: tuple[Constraint, ...] = ()
    events: tuple[Event, ...] = ()
    balance: tuple[Measure, ...] = ("workload", "potential")
    designs: int | None = None
    seed: int = 0
    seconds: float | None = None

    @classmethod
    def of(cls, content: ScenarioContent, frontier: Frontier) -> Ask:
        """Return what a stored row was asked to be."""
        return cls(
            team=content.team,
            constraints=frontier.constraints,
            events=frontier.events,
            balance=content.balance,
            designs=content.designs,
            seed=frontier.seed,
            seconds=content.seconds,
        )


class Cases:
    """Cases of stored rows by their hash, the last few kept. Building one takes no solving."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Case] = OrderedDict()
        self._lock = threading.Lock()

    def of(
        self,
        workspace: Workspace,
        principal: Principal,
        content: ScenarioContent,
        frontier: Frontier,
    ) -> Case:
        """Return the case that a version's row of designs answers."""
        key = (principal.workspace, content.frontier)
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            reading = workspace.readings.of(principal, *content.ground)
            ask = Ask.of(content, frontier)
            known = built(reading, inputs_of(reading, ask.team, ask.events), ask)
            with self._lock:
                self._kept[key] = known
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return known


def inputs_of(reading: Reading, team: str, events: Sequence[Event] = ()) -> Inputs:
    """Read who and what is in a design, after what happened."""
    from tools.territory.events import apply_event

    found = reading.team(team)
    for event in events:
        found = apply_event(found, event, reading.coverage)
    return found


def built(reading: Reading, inputs: Inputs, ask: Ask) -> Case:
    """Build the case; a measure that is not asked for weighs nothing."""
    from tools.territory.build import build_case

    case = build_case(inputs, reading.coverage, constraints=ask.constraints, events=ask.events)
    left_out: dict[str, float] = {}
    if "workload" not in ask.balance:
        left_out["work"] = 0.0
    if "potential" not in ask.balance:
        left_out["potential"] = 0.0
    if not left_out:
        return case
    return replace(case, problem=case.problem.reweighted(**left_out))


def solved(reading: Reading, inputs: Inputs, ask: Ask) -> Frontier:
    """Design the whole row; the same book, rules and request give the same bytes.

    Raises
    ------
    WrongTool
        When balancing is of no use here.
    Infeasible
        When no design keeps every rule.
    InvalidInput
        When the constraints contradict each other.
    """
    from tools.territory.applicability import demand_applicable
    from tools.territory.designs import design_frontier

    book, coverage = reading.book, reading.coverage
    demand_applicable(inputs, rules=coverage.territory)
    case = built(reading, inputs, ask)
    demand_applicable(inputs, case, rules=coverage.territory)
    return design_frontier(
        case,
        book_id=book.book_id,
        coverage_hash=coverage.hash,
        as_of=book.as_of,
        currency=book.currency,
        coverage=coverage,
        points=ask.designs,
        seed=ask.seed,
        seconds=ask.seconds,
    )

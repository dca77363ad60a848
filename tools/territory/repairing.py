"""Off-cycle repairs: an event, and the smallest change of a design that answers it.

The full redesign is yearly. Between two of them a repair opens the territories that an
event touches and their neighbours; every other one stays as it is, account for account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.assignment import DesignPoint, Event, Frontier, NewProduct, RepLeaves
from domain.coverage import CoverageModel
from domain.errors import Conflict, NotFound
from tools.balance.certificate import bound
from tools.balance.frontier import FrontierDesign
from tools.balance.problem import Ints, Problem, judge
from tools.balance.repair import Repaired, repair
from tools.balance.solution import Prices
from tools.territory.build import build_case
from tools.territory.case import Case
from tools.territory.designs import frontier_of
from tools.territory.events import apply_event, touched
from tools.territory.inputs import Inputs

Bools = NDArray[np.bool_]
Build = Callable[[Inputs, tuple[Event, ...]], Case]
"""Inputs after all events, and those events, to a case."""


@dataclass(frozen=True)
class RepairedFrontier:
    """What a repair leads to.

    Attributes
    ----------
    frontier
        Today's assignment and, as its last point, the repaired design.
    case
        What it was designed on, after the event.
    open_reps
        Ids of the reps whose territories could change; all others hold what they held.
    changed
        Ids of the accounts that go to another rep than in the design before.
    """

    frontier: Frontier
    case: Case
    open_reps: tuple[str, ...]
    changed: tuple[str, ...]


def repair_frontier(
    inputs: Inputs,
    frontier: Frontier,
    point: int,
    event: Event,
    coverage: CoverageModel,
    *,
    build: Build | None = None,
    neighbours: int = 4,
    steps: int | None = None,
    seed: int = 0,
) -> RepairedFrontier:
    """Repair one design of a row after an event.

    Parameters
    ----------
    inputs
        Accounts and reps before the event, after those of `frontier.events`.
    frontier, point
        The row, and the index of the design to mend.
    event
        What happened.
    build
        How a case is built; under `coverage` and the row's constraints when not given.
    neighbours, steps, seed
        As `tools.balance.repair.repair` takes them.

    Returns
    -------
    RepairedFrontier
        Solved at the weight of disruption of the design before. Its bound is one of the
        whole team: no design, wholesale or not, is better by more than the gap. A new
        product opens only territories that it pushes off course by more than the penalty's
        first break; where it pushes none, and no window is left, the design stays as it is.

    Raises
    ------
    NotFound
        When the row has no such design.
    NotATrigger, InvalidInput
        As `apply_event`.
    Infeasible
        When no design keeps every rule, even with every territory open.
    Conflict
        When a repair would change a territory that the event does not touch.
    """
    if not 0 <= point < len(frontier.points):
        raise NotFound(
            f"There is no design {point} to repair: the row has designs 0 to "
            f"{len(frontier.points) - 1}.",
            hint="List them with `cadastre scenario frontier`.",
        )
    design = frontier.points[point]
    after = apply_event(inputs, event, coverage)
    events = (*frontier.events, event)
    case = (
        build(after, events)
        if build is not None
        else build_case(after, coverage, constraints=frontier.constraints, events=events)
    )
    held_by = {
        account: frontier.reps[rep].rep_id
        for account, rep in zip(frontier.accounts, design.assignment, strict=True)
        if rep >= 0
    }
    before, split = _before(case, held_by)
    units = _units(case, touched(inputs, after, event), before, split, event)
    problem = case.problem.reweighted(disruption=design.disruption_weight)
    if isinstance(event, NewProduct) and _keeps_rules(problem, before):
        units = units[_off_course(case, design, before)[before[units]]]
    prices = _carried(frontier, design, case)
    mended = (
        repair(problem, before, prices, units, neighbours=neighbours, steps=steps, seed=seed)
        if len(units) or (before < 0).any()
        else _unchanged(problem, before, prices, seed)
    )
    _demand_bounded(case, before, mended)
    owners = case.owners_of(mended.chosen)
    repaired = frontier_of(
        case,
        (FrontierDesign(design.disruption_weight, mended, mended.steps),),
        book_id=frontier.book_id,
        coverage_hash=frontier.coverage_hash,
        as_of=frontier.as_of,
        currency=frontier.currency,
        coverage=coverage,
        seed=seed,
    )
    return RepairedFrontier(
        frontier=repaired,
        case=case,
        open_reps=tuple(case.reps[int(rep)].rep_id for rep in mended.open_reps),
        changed=tuple(sorted(a for a, rep in owners.items() if held_by.get(a) != rep)),
    )


def _before(case: Case, held_by: dict[str, str]) -> tuple[Ints, dict[int, set[int]]]:
    """Rep index per unit in the design before, and the reps of families that were apart.

    A family that an event joins counts as held by the rep with most of its potential; a
    unit whose rep left, or that nobody held, has -1.
    """
    index = {rep.rep_id: number for number, rep in enumerate(case.reps)}
    potential = case.accounts["potential"].to_dict()
    before = np.full(case.problem.units, -1, dtype=np.int64)
    split: dict[int, set[int]] = {}
    for unit, members in enumerate(case.members):
        worth: dict[int, float] = {}
        for account in members:
            rep = index.get(held_by.get(account, ""), -1)
            if rep >= 0:
                worth[rep] = worth.get(rep, 0.0) + float(potential[account])
        if worth:
            before[unit] = max(worth, key=lambda rep: (worth[rep], -rep))
        if len(worth) > 1:
            split[unit] = set(worth)
    return before, split


def _units(
    case: Case, names: tuple[str, ...], before: Ints, split: dict[int, set[int]], event: Event
) -> Ints:
    """Units that the event touches, and one of each rep who lost part of a family."""
    unit_of = case.accounts["unit"].to_dict()
    units = {int(unit_of[account]) for account in names if account in unit_of}
    if isinstance(event, RepLeaves):
        # What the design had given to others already need not move again.
        units = {unit for unit in units if before[unit] < 0}
    for unit, reps in split.items():
        units.add(unit)
        for rep in reps:
            units.update(np.flatnonzero(before == rep)[:1].tolist())
    return np.array(sorted(units), dtype=np.int64)


def _off_course(case: Case, design: DesignPoint, before: Ints) -> Bools:
    """Per rep: whether potential is further off target, or nearer, than the penalty overlooks.

    A product that lifts every territory alike lifts the targets too, and moves nothing.
    """
    problem = case.problem
    held = before >= 0
    now = np.bincount(before[held], problem.potential[held], problem.reps)
    figures = {rep.rep_id: rep for rep in design.reps}
    was = [
        figures[rep.rep_id].potential / figures[rep.rep_id].potential_target for rep in case.reps
    ]
    change = np.abs(now / problem.potential_target - np.array(was))
    return np.asarray(change > problem.penalty.breaks[0])


def _keeps_rules(problem: Problem, before: Ints) -> bool:
    """Whether the design before still keeps every rule: more potential may leave a window."""
    return bool((before >= 0).all()) and judge(problem, problem.pairs_of(before)).feasible


def _unchanged(problem: Problem, before: Ints, prices: Prices, seed: int) -> Repaired:
    chosen = problem.pairs_of(before)
    none = np.zeros(0, dtype=np.int64)
    figures, proven = judge(problem, chosen), bound(problem, prices)
    return Repaired(chosen, figures, prices, proven, 0, seed, none)


def _carried(frontier: Frontier, design: DesignPoint, case: Case) -> Prices:
    """Prices of the design before, by the reps there are now; none for a new rep."""
    index = {rep.rep_id: number for number, rep in enumerate(frontier.reps)}
    rows = np.array(design.prices, dtype=np.float64)
    old = np.array([index.get(rep.rep_id, -1) for rep in case.reps], dtype=np.int64)
    prices = np.where(old >= 0, rows[:, old], 0.0)
    # A deviation counts for one rep of all: with fewer reps, each counts more.
    prices[:2] *= len(frontier.reps) / len(case.reps)
    budgets = np.array(design.budget_prices, dtype=np.float64)
    if len(budgets) != len(case.problem.budgets):
        budgets = np.zeros(len(case.problem.budgets))
    return Prices(prices[0], prices[1], prices[2], prices[3], budgets)


def _demand_bounded(case: Case, before: Ints, mended: Repaired) -> None:
    """Refuse a repair that changes what a rep outside the opened territories holds."""
    problem: Problem = case.problem
    after = problem.rep[mended.chosen]
    closed = np.ones(problem.reps, dtype=bool)
    closed[mended.open_reps] = False
    was_closed = (before >= 0) & closed[before]
    wrong = np.flatnonzero((after != before) & (was_closed | closed[after]))
    if not len(wrong):
        return
    unit = int(wrong[0])
    to = case.reps[int(after[unit])].name
    raise Conflict(
        f"The repair would give {case.members[unit][0]} to {to}, and {len(wrong)} "
        f"move{' reaches' if len(wrong) == 1 else 's reach'} territories that the event does not "
        "touch. Quarterly repairs mend exceptions and never reassign wholesale.",
        hint="Leave it to the yearly redesign, or run a new scenario.",
        accounts=[case.members[int(one)][0] for one in wrong],
    )

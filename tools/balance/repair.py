"""Mend a design after an event and leave every territory alone that need not change.

A rep left, a rep came, some units changed. Only the reps concerned and their nearest
neighbours are opened. What the closed ones hold is constant, so the solver sees a smaller
problem: the open reps, the units they hold and those without a rep. Old prices and the
old design are its start.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from domain.errors import Infeasible, InvalidInput
from tools.balance.certificate import bound, cheapest_pairs, reduced_costs
from tools.balance.problem import Floats, Ints, Problem, judge
from tools.balance.solution import Prices, Solution

STEPS = 4
"""Solver steps of a repair by default."""

ROOM = 0.25
"""Part of the deviation that is cheap which a surplus may take from the reps opened for it."""


PRICED = 150_000
"""Pairs up to which the whole problem is priced anew first; above, old prices have to do."""


@dataclass(frozen=True)
class Repaired(Solution):
    """A mended design; units of reps that are not in `open_reps` have the pair they had."""

    open_reps: Ints


def repair(
    problem: Problem,
    before: Ints,
    prices: Prices,
    touched: Ints,
    *,
    neighbours: int = 4,
    steps: int | None = None,
    seconds: float | None = None,
    seed: int = 0,
) -> Repaired:
    """Find a good design close to `before`, within the territories that an event touches.

    Parameters
    ----------
    problem
        As it is after the event. A rep who left has no pairs, or is not in it.
    before
        Rep index per unit, -1 where it has none (any more).
    prices
        Of the design before, by the reps of `problem`: 0 for a new one.
    touched
        Units that the event changed. Units without a rep, and those whose rep is no
        longer eligible, count as touched in any case.
    neighbours
        Reps opened besides those concerned: the ones that the prices name most often as
        the next best for what the concerned hold. More are opened where these cannot
        take up the surplus, or where no design would keep the rules.
    steps, seconds
        Work for the solver, as in `solve`; a fixed number of steps by default.

    Returns
    -------
    Repaired
        `bound` is one of the whole problem: no design, wholesale or not, is better.

    Raises
    ------
    InvalidInput
        When `before` or `touched` do not fit the problem.
    Infeasible
        When no design keeps every rule even with every territory open.
    """
    held = problem.pairs_of(_checked(problem, before, touched))
    if problem.pairs <= PRICED:
        prices = _priced(problem, prices)
    costs = reduced_costs(problem, prices)
    order, concerned = _opening(problem, held, costs, np.unique(touched))
    wanted = concerned + neighbours
    while True:
        wanted = _roomy(problem, held, order, max(1, min(wanted, len(order))))
        part = _reduced(problem, held, np.sort(order[:wanted]))
        try:
            return _mended(problem, held, part, prices, steps, seconds, seed)
        except Infeasible:
            if wanted == len(order):
                raise
            wanted = 2 * wanted


def _checked(problem: Problem, before: Ints, touched: Ints) -> Ints:
    before = np.asarray(before, dtype=np.int64)
    if before.shape != (problem.units,):
        raise InvalidInput(
            f"The design before has {before.size} units, the problem {problem.units}.",
            hint="Give one rep index per unit, -1 for a unit that is new or has no rep.",
        )
    if len(touched) and not 0 <= np.min(touched) <= np.max(touched) < problem.units:
        raise InvalidInput(
            f"Touched units run from {np.min(touched)} to {np.max(touched)}; the problem has "
            f"units 0 to {problem.units - 1}.",
            hint="Give the indexes that units have after the event.",
        )
    return before


def _opening(problem: Problem, held: Ints, costs: Floats, touched: Ints) -> tuple[Ints, int]:
    """Order the reps as they are opened, and count those whom the event concerns.

    These are the reps who hold touched units, the cheapest for each unit without one, and
    those who hold nothing yet. The others follow by how near they are to being next best
    for what these hold.
    """
    reps = problem.reps
    rep = np.where(held >= 0, problem.rep[held], -1)
    cheapest = cheapest_pairs(problem, costs)
    concerned = np.bincount(rep[held >= 0], minlength=reps) == 0
    concerned[rep[touched[held[touched] >= 0]]] = True
    concerned[problem.rep[cheapest[held < 0]]] = True
    able = np.bincount(problem.rep, minlength=reps) > 0
    theirs = (held < 0) | concerned[rep]
    pairs = np.flatnonzero(theirs[problem.unit] & ~concerned[problem.rep])
    dearer = costs[pairs] - costs[cheapest[problem.unit[pairs]]]
    near = max(0.1 * float(np.median(dearer)), 1e-12) if len(pairs) else 1.0
    pull = np.bincount(problem.rep[pairs], np.exp(-dearer / near), reps).astype(np.float64)
    pull[concerned] = np.inf
    order = np.lexsort((np.arange(reps), -pull))
    return order[able[order]], int((concerned & able).sum())


def _roomy(problem: Problem, held: Ints, order: Ints, wanted: int) -> int:
    """Count of reps to open, `wanted` or more, who together can take up what is theirs.

    That is, without being more off target together than the penalty's first break, beyond
    which every hour costs several times as much; `ROOM` of it where there are units to
    take over, as some reps are near the break already.
    """
    loose = held < 0
    rep = problem.rep[held[~loose]]
    fits = np.ones(len(order), dtype=bool)
    most_off = problem.penalty.breaks[0] * (ROOM if loose.any() else 1.0)
    for load, target in (
        (problem.hours, problem.work_target),
        (problem.potential, problem.potential_target),
    ):
        mine = np.bincount(rep, load[~loose], problem.reps)[order]
        theirs = float(load[loose].sum()) + np.cumsum(mine)
        fits &= np.abs(theirs / np.cumsum(target[order]) - 1) <= most_off
    needed = np.bincount(rep, problem.needed[held[~loose]], problem.reps)[order]
    least = np.minimum.reduceat(problem.needed, problem.first[:-1])[loose].sum()
    fits &= float(least) + np.cumsum(needed) <= np.cumsum(problem.capacity[order])
    enough = np.flatnonzero(fits[wanted - 1 :])
    return wanted + int(enough[0]) if len(enough) else wanted


@dataclass(frozen=True)
class _Part:
    """The smaller problem, with the units, pairs and reps of the whole that it consists of."""

    problem: Problem
    units: Ints
    pairs: Ints
    reps: Ints


def _reduced(problem: Problem, held: Ints, reps: Ints) -> _Part:
    """Keep the open reps, the units that they hold or nobody does, and the pairs between.

    Weights are rescaled, because terms are means over reps and shares of the team's hours.
    """
    open_rep = np.zeros(problem.reps, dtype=bool)
    open_rep[reps] = True
    free = (held < 0) | open_rep[problem.rep[held]]
    units = np.flatnonzero(free)
    pairs = np.flatnonzero(free[problem.unit] & open_rep[problem.rep])
    closed = held[~free]
    share = float(problem.capacity[reps].sum() / problem.capacity.sum())
    weights, team = problem.weights, len(reps) / problem.reps
    part = problem.part(units, reps, pairs)
    part = replace(
        part,
        budgets=tuple(
            replace(mine, cap=whole.cap - float(whole.use[closed].sum()))
            for mine, whole in zip(part.budgets, problem.budgets, strict=True)
        ),
        weights=replace(
            weights,
            work=weights.work * team,
            potential=weights.potential * team,
            travel=weights.travel * share,
        ),
    )
    return _Part(part, units, pairs, reps)


def _mended(
    problem: Problem,
    held: Ints,
    part: _Part,
    prices: Prices,
    steps: int | None,
    seconds: float | None,
    seed: int,
) -> Repaired:
    # Imported here so that looking at a design never loads the compiler.
    from tools.balance.solver import solve

    new_pair = np.full(problem.pairs, -1)
    new_pair[part.pairs] = np.arange(len(part.pairs))
    start = np.where(held >= 0, new_pair[held], -1)[part.units]
    start = _placed(part.problem, start)
    solution = solve(
        part.problem,
        steps=STEPS if steps is None and seconds is None else steps,
        seconds=seconds,
        seed=seed,
        start=start,
        prices=replace(prices, **{name: getattr(prices, name)[part.reps] for name in _PER_REP}),
        reprice=False,
    )
    chosen = held.copy()
    chosen[part.units] = part.pairs[solution.chosen]
    figures, proven = judge(problem, chosen), bound(problem, prices)
    return Repaired(chosen, figures, prices, proven, solution.steps, seed, part.reps)


def _priced(problem: Problem, before: Prices) -> Prices:
    # Imported here so that looking at a design never loads the compiler.
    from tools.balance.dual import price

    return price(problem, start=before)


def _placed(problem: Problem, start: Ints) -> Ints:
    """Give each unit without a pair (-1), the largest first, to the rep it costs least there.

    That is its own cost and what it adds to both deviations; reps without room come last.
    """
    start = start.copy()
    held = np.flatnonzero(start >= 0)
    rep = problem.rep[start[held]]
    loads = [
        np.bincount(rep, taken, problem.reps).astype(np.float64)
        for taken in (problem.hours[held], problem.potential[held], problem.needed[start[held]])
    ]
    accounts = np.bincount(rep, problem.accounts[held], problem.reps).astype(np.float64)
    targets = (problem.work_target, problem.potential_target)
    scales = (problem.work_scale, problem.potential_scale)
    loose = np.flatnonzero(start < 0)
    share = problem.hours[loose] / problem.work_target.mean()
    share = share + problem.potential[loose] / problem.potential_target.mean()
    for unit in loose[np.argsort(-share, kind="stable")].tolist():
        pairs = np.arange(problem.first[unit], problem.first[unit + 1])
        able = problem.rep[pairs]
        adds = (problem.hours[unit], problem.potential[unit])
        cost = problem.cost[pairs].copy()
        for load, add, target, scale in zip(loads, adds, targets, scales, strict=False):
            off = load[able] / target[able] - 1
            rise = problem.penalty(off + add / target[able]) - problem.penalty(off)
            cost += scale * rise
        full = loads[2][able] + problem.needed[pairs] > problem.capacity[able]
        full |= accounts[able] + problem.accounts[unit] > problem.limit[able]
        at = pairs[np.lexsort((cost, full))[0]]
        start[unit] = at
        for load, add in zip(loads, (*adds, problem.needed[at]), strict=True):
            load[problem.rep[at]] += add
        accounts[problem.rep[at]] += problem.accounts[unit]
    return start


_PER_REP = ("work", "potential", "capacity", "limit")

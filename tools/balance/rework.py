"""Rework a part of a design: hold its biggest units, price the others anew, search nearby.

A unit that is a large part of a rep's target cannot be split, so the prices of the whole,
for which it can, mislead wherever there is one. With the big units held where they are,
prices and bound are nearly exact, hardly any pair can be part of a better design, and
annealing over those few finds it. Moving a big unit first, and going on only where the
bound still allows a better design, searches their placement too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tools.balance.board import lay, scales
from tools.balance.candidates import NOISE, sway
from tools.balance.certificate import bound, reduced_costs
from tools.balance.dual import price
from tools.balance.core import core
from tools.balance.engine import Engine
from tools.balance.kernels import MARGIN
from tools.balance.play import Play, Worth, run
from tools.balance.problem import Budget, Floats, Ints, Problem
from tools.balance.region import Region, cut
from tools.balance.solution import Prices

TRIALS = 6
"""Placements of the big units that are priced before giving up."""
NODES = 100
"""Nodes of branch and bound over the biggest units."""
CLOSE = 0.002
"""Share of the objective at which their placement is good enough."""
STARTS = 4
"""Searches near the prices of one placement."""
TURNS = 60
"""Annealing turns per candidate pair."""
COLD = 3e-4
"""Where annealing ends, in multiples of the mean sway of a unit."""
MOST = 3_000_000
"""Annealing turns at most."""


@dataclass(frozen=True)
class Task:
    """What to rework: these reps' units, with these random numbers.

    A `settled` task leaves the big units as they are; a `placed` one lets branch and bound
    place them.
    """

    reps: Ints
    seed: tuple[int, ...]
    settled: bool = False
    placed: bool = False


def worth(problem: Problem, engine: Engine, chosen: Ints) -> Worth:
    """Judge a design as the search does."""
    prices = Prices.zero(problem.reps, len(problem.budgets))
    board = lay(problem, prices, problem.cost, chosen, scales(problem, problem.cost))
    return Play(engine, board, np.arange(problem.units), np.random.default_rng(0)).worth()


def rework(
    problem: Problem, engine: Engine, prices: Prices, chosen: Ints, task: Task
) -> Iterator[Ints]:
    """Yield the best design after each chunk of work, never worse than the one given.

    Only the task's reps exchange units. The result depends on the arguments alone.
    """
    rng = np.random.default_rng(task.seed)
    region = cut(problem, chosen, task.reps, np.zeros(problem.units, bool))
    whole = region.problem
    weight = np.append(sway(problem)[region.units], np.zeros(len(task.reps)))
    heat = float(weight.sum()) / max(1, len(region.units)) or 1.0
    start = region.enter(chosen)
    best, best_inside = worth(whole, engine, start), start
    big = _biggest(whole, weight, rng)
    if task.placed:
        start = _placed(whole, start, weight)
        yield chosen
    moved = not task.settled and bool(rng.random() < 0.5)
    for _ in range(TRIALS):
        inside = _displaced(whole, start, big, rng) if moved else start
        moved = True
        open_pairs = np.ones(whole.pairs, bool)
        open_pairs[np.isin(whole.unit, big)] = False
        open_pairs[inside[big]] = True
        placed = narrowed(whole, np.flatnonzero(open_pairs))
        fresh = price(placed, start=region.prices(prices))
        hopeless = not best.broken and bound(placed, fresh) > best.points - MARGIN
        yield region.leave(chosen, best_inside)
        if hopeless:
            continue
        near = _Near(whole, fresh, open_pairs, heat)
        for attempt in range(STARTS):
            again = best_inside if attempt == STARTS - 1 else None
            value, design = near.search(engine, again, rng)
            if value < best:
                best, best_inside = value, design
            yield region.leave(chosen, best_inside)
        return


def narrowed(problem: Problem, keep: Ints) -> Problem:
    """Return the problem with only some of its pairs (ascending, one per unit at least)."""
    counts = np.bincount(problem.unit[keep], minlength=problem.units)
    return replace(
        problem,
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        rep=problem.rep[keep],
        travel=problem.travel[keep],
        disruption=problem.disruption[keep],
        preference=problem.preference[keep],
        present=np.full(problem.units, -1, np.int64),
        budgets=tuple(Budget(b.name, b.use[keep], b.cap) for b in problem.budgets),
    )


def _biggest(problem: Problem, weight: Floats, rng: Generator) -> Ints:
    """Choose how many of the units with the most sway are held."""
    if problem.work_scale + problem.potential_scale <= 0:
        return np.zeros(0, np.int64)
    count = problem.reps * int(rng.choice([1, 2, 4]))
    movable = np.flatnonzero((np.diff(problem.first) > 1) & (weight > 0))
    return np.sort(movable[np.argsort(-weight[movable], kind="stable")[:count]])


def _placed(problem: Problem, chosen: Ints, weight: Floats) -> Ints:
    """Let branch and bound place as many of the biggest units as there are reps."""
    movable = np.flatnonzero((np.diff(problem.first) > 1) & (weight > 0))
    big = np.sort(movable[np.argsort(-weight[movable], kind="stable")[: problem.reps]])
    found = core(problem, big, nodes=NODES, gap=CLOSE)
    result = chosen.copy()
    if found is not None:
        result[big] = found.chosen[big]
    return result


def _displaced(problem: Problem, chosen: Ints, big: Ints, rng: Generator) -> Ints:
    """Give one or two of the big units to other reps."""
    result = chosen.copy()
    for unit in rng.permutation(big)[: rng.integers(1, 3)]:
        result[unit] = rng.integers(problem.first[unit], problem.first[unit + 1])
    return result


class _Near:
    """The pairs that prices nearly tie, and searches among them."""

    def __init__(
        self, problem: Problem, prices: Prices, open_pairs: NDArray[np.bool_], heat: float
    ) -> None:
        self._problem, self._prices, self._heat = problem, prices, heat
        self._reduced = reduced_costs(problem, prices)
        self._scale = scales(problem, self._reduced)
        offered = np.where(open_pairs, self._reduced, np.inf)
        least = np.minimum.reduceat(offered, problem.first[:-1])
        self._regret = offered - least[problem.unit]

    def search(self, engine: Engine, start: Ints | None, rng: Generator) -> tuple[Worth, Ints]:
        """Search from a design, or from the cheapest pairs, among pairs of little regret."""
        problem, heat = self._problem, self._heat
        near = self._regret <= heat * 10.0 ** rng.uniform(-1.5, -0.3)
        if start is not None:
            near[start] = True
        keep = np.flatnonzero(near)
        board = lay(problem, self._prices, self._reduced, keep, self._scale)
        if start is not None:
            place, hot = np.searchsorted(keep, start), 0.003
        else:
            score = self._regret[keep] - NOISE * heat * rng.gumbel(size=len(keep))
            place = np.lexsort((score, problem.unit[keep]))[board.first[:-1]]
            hot = float(rng.choice([0.01, 0.03, 0.1]))
        play = Play(engine, board, place, rng)
        run(play.anneal(hot * heat, COLD * heat, min(TURNS * play.pairs, MOST)))
        for _ in range(2):
            run(play.polish(2, 4 * problem.reps * problem.reps, 24, 8192))
            run(play.polish(3, 6 * problem.reps, 24, 16384))
        return play.worth(), keep[play.chosen]

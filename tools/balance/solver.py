"""Solve a balancing problem: prices, first designs, then rework until the work is done.

Deterministic by work: a step is a fixed piece of work, two lanes wide whatever the number
of threads; `seconds` only decides how many steps there are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from domain.errors import Infeasible
from tools.balance.board import lay, scales
from tools.balance.candidates import draw, sway
from tools.balance.certificate import bound, reduced_costs
from tools.balance.dual import price
from tools.balance.engine import Engine, engine
from tools.balance.opening import FEW, opening
from tools.balance.order import canonical
from tools.balance.play import Play, Worth
from tools.balance.problem import Ints, Problem, judge
from tools.balance.rework import Task, rework, worth
from tools.balance.solution import Prices, Solution

STEPS = 40
"""Steps when neither steps nor seconds are given."""
CANDIDATES = 8
LANES = 2
REGION = 5
"""Reps reworked together."""
SMALL = 3_000
"""Pairs up to which branch and bound places the biggest units."""
WHOLE = 60_000
"""Pairs up to which all reps are reworked together now and then."""

_Result = TypeVar("_Result")


def solve(
    problem: Problem,
    *,
    steps: int | None = None,
    seconds: float | None = None,
    seed: int = 0,
    start: Ints | None = None,
    prices: Prices | None = None,
    plain: bool = False,
) -> Solution:
    began = time.perf_counter()
    order = canonical(problem)
    here = order.problem
    given = order.prices_there(prices) if prices is not None else None
    priced = price(here, start=given)
    search = _Search(here, engine(plain), priced, seed, _Limit(began, steps, seconds))
    search.open(order.chosen_there(start) if start is not None else None)
    search.improve()
    chosen = order.chosen_back(search.best)
    figures = judge(problem, chosen)
    if not figures.feasible:
        raise Infeasible("none found")
    final = order.prices_back(priced)
    return Solution(chosen, figures, final, bound(problem, final), search.limit.done, seed)


@dataclass
class _Limit:
    """Counts steps, and knows whether another one fits."""

    began: float
    steps: int | None
    seconds: float | None
    done: int = 0
    longest: dict[str, float] = field(default_factory=dict)

    def allows(self, kind: str) -> bool:
        """Whether one more step of this kind may be taken; the first one always may."""
        if not self.done:
            return True
        if self.seconds is None:
            return self.done < (STEPS if self.steps is None else self.steps)
        if self.steps is not None and self.done >= self.steps:
            return False
        left = self.began + self.seconds - time.perf_counter()
        return left > self.longest.get(kind, 0.0)

    def take(self, kind: str, work: Callable[[], _Result]) -> _Result:
        """Do a step and remember how long it took."""
        start = time.perf_counter()
        result = work()
        took = time.perf_counter() - start
        self.longest[kind] = max(took, 0.7 * self.longest.get(kind, 0.0))
        self.done += 1
        return result


class _Search:
    def __init__(self, problem: Problem, kernels: Engine, prices: Prices, seed: int, limit: _Limit) -> None:
        self.problem, self.engine, self.prices = problem, kernels, prices
        self.seed, self.limit = seed, limit
        self.best: Ints = np.zeros(0, np.int64)
        self.worth = Worth(True, np.inf)
        self.log = None

    def open(self, start: Ints | None) -> None:
        problem = self.problem
        reduced = reduced_costs(problem, self.prices)
        rng = np.random.default_rng((self.seed, LANES))
        keep, rounded = draw(problem, reduced, CANDIDATES, rng)
        first = rounded if start is None else start
        self.best = first
        keep = np.union1d(keep, first)
        board = lay(problem, self.prices, reduced, keep, scales(problem, reduced))
        self.shared = np.diff(board.shared_first).reshape(problem.reps, -1)
        self.shared = self.shared + self.shared.T
        place = np.searchsorted(keep, first)
        weight = sway(problem)
        lanes = [
            opening(self.engine, board, place, weight, lane, self.seed, start is not None)
            for lane in range(LANES)
        ]
        for ends in self._advance("open", lanes):
            for lane in ends:
                if lane is not None and lane.worth < self.worth:
                    self.worth, self.best = lane.worth, keep[lane.chosen]
            if self.log: self.log('open', self.limit, self.worth)

    def improve(self) -> None:
        self.worth = worth(self.problem, self.engine, self.best)
        number = 0
        while self.limit.allows("rework"):
            tasks, apart = self._tasks(number)
            number += 1
            base = self.best
            jobs = [rework(self.problem, self.engine, self.prices, base, t) for t in tasks]
            designs = [base] * LANES
            for ends in self._advance("rework", jobs):
                designs = [d if e is None else e for d, e in zip(designs, ends, strict=True)]
            for design in designs:
                if apart:  # the two lanes changed different units
                    design = np.where(design != base, design, self.best)
                value = worth(self.problem, self.engine, design)
                if value < self.worth:
                    self.worth, self.best = value, design
            if self.log: self.log('rework', self.limit, self.worth)

    def _advance(self, kind, lanes):
        while self.limit.allows(kind):
            ends = self.limit.take(kind, lambda: self._together([lambda x=x: next(x, None) for x in lanes]))
            if all(end is None for end in ends): return
            yield ends

    def _tasks(self, number: int) -> tuple[list[Task], bool]:
        reps = self.problem.reps
        seeds = [(self.seed, LANES + 1, number, lane) for lane in range(LANES)]
        balance = self.problem.work_scale + self.problem.potential_scale
        if reps <= FEW or (self.problem.pairs <= WHOLE and number % 6 == 0):
            everyone = np.arange(reps)
            placed = number % 6 == 0 and reps <= FEW and self.problem.pairs <= SMALL and balance > 0
            return [Task(everyone, s, number == 0, placed and lane==0) for lane, s in enumerate(seeds)], False
        rng = np.random.default_rng((self.seed, LANES + 2, number))
        taken = np.zeros(reps, bool)
        tasks = []
        for s in seeds:
            group = self._group(rng, taken)
            taken[group] = True
            tasks.append(Task(group, s))
        return tasks, True

    def _group(self, rng, taken) -> Ints:
        free = np.flatnonzero(~taken)
        group = [int(rng.choice(free))]
        while len(group) < REGION:
            near = self.shared[group].sum(axis=0).astype(float)
            near[taken] = 0
            near[group] = 0
            if near.sum() == 0: break
            group.append(int(rng.choice(len(near), p=near / near.sum())))
        return np.sort(np.array(group))

    def _together(self, jobs):
        if self.engine.lists:
            return [job() for job in jobs]
        with ThreadPoolExecutor(LANES) as pool:
            return list(pool.map(lambda job: job(), jobs))

"""Where the biggest units go: a search over placements, each bounded by prices.

A unit that is a large part of a target decides what the other units can mend, and no prices
see that it cannot be split. Prices of the problem with those units placed bound every
design with that placement, and, through their reduced costs, every other placement too
(Benders 1962, doi:10.1007/BF01386316). The placement with the lowest bound is priced next;
once none that is left bounds lower than one priced already, its bound holds for all
designs: one for whole units as far as the biggest go, which is above what prices give.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from tools.balance.certificate import bound, reduced_costs
from tools.balance.dual import price
from tools.balance.dual_rows import rows_of
from tools.balance.problem import Floats, Ints, Problem
from tools.balance.solution import Prices

BIG = 0.15
"""Share of a mean target from which a unit is big."""

MOST = 12
"""Units placed, the biggest first."""

WIDE = 500
"""Partial placements kept while a new placement is sought."""

ROUGH = 1e-3
"""Precision of the prices of a placement."""

CLOSED = 1e-6
"""Part of the bound by which a placement may yet be better and is not looked at."""


@dataclass(frozen=True)
class Placement:
    """A pair per big unit, prices given that, and the bound of all designs with it."""

    pairs: tuple[int, ...]
    prices: Prices
    bound: float


@dataclass(frozen=True)
class _Cut:
    """Bounds every placement: a constant and what each pair of each big unit adds."""

    constant: float
    adds: tuple[Floats, ...]


def big_units(problem: Problem) -> Ints:
    """The units that are big and have a choice, at most `MOST`, biggest first."""
    rate = rows_of(problem).rate.mean(axis=0)
    size = np.zeros(problem.units)
    if problem.work_scale > 0:
        size = problem.hours * rate[0]
    if problem.potential_scale > 0:
        size = np.maximum(size, problem.potential * rate[1])
    choosing = np.flatnonzero((size >= BIG) & (np.diff(problem.first) > 1))
    return choosing[np.argsort(-size[choosing], kind="stable")][:MOST]


def narrowed(problem: Problem, keep: Ints) -> Problem:
    """The problem with only the pairs `keep`, ascending, one or more per unit."""
    return problem.part(np.arange(problem.units), np.arange(problem.reps), keep)


class Placing:
    """The placements priced so far, and what is known of all others.

    `bound` holds for every design of the problem; `found` are the placements by rising
    bound; `closed` says that no other can be better than the best of them.
    """

    def __init__(self, problem: Problem, prices: Prices, *, plain: bool) -> None:
        self._problem, self._plain = problem, plain
        self._big = big_units(problem)
        self._prices = prices
        self._ways = [np.arange(problem.first[unit], problem.first[unit + 1]) for unit in self._big]
        self._cuts: list[_Cut] = []
        self.found: list[Placement] = []
        self._tried: set[tuple[int, ...]] = set()
        self.closed = not len(self._big)
        self.bound = bound(problem, prices)
        if not self.closed:
            self._cut(prices, self.bound)

    @property
    def best(self) -> float:
        """The lowest bound of a placement that has been priced."""
        return self.found[0].bound if self.found else float("inf")

    @property
    def gap(self) -> float:
        """Part of the bound by which another placement could be better than the best."""
        return (self.best - self.bound) / max(abs(self.best), 1e-12) if self.found else np.inf

    def fixed(self, placement: Placement) -> Ints:
        """The pairs of the problem that are left with a placement."""
        placed = np.zeros(self._problem.units, dtype=bool)
        placed[self._big] = True
        keep = ~placed[self._problem.unit]
        keep[list(placement.pairs)] = True
        return np.flatnonzero(keep)

    def step(self, executor: Executor | None) -> None:
        """Price two more placements: the most promising of all, and one near the best."""
        wanted = [self._most_promising(), self._near_best()]
        fresh = [pairs for pairs in dict.fromkeys(wanted) if pairs is not None]
        if not fresh:
            self.closed = True
            return
        run = executor.map if executor is not None else map
        for placement in run(self._priced, fresh):
            self._tried.add(placement.pairs)
            self.found.append(placement)
            self._cut(placement.prices, bound(self._problem, placement.prices))
        self.found.sort(key=lambda placement: (placement.bound, placement.pairs))

    def _priced(self, pairs: tuple[int, ...]) -> Placement:
        part = narrowed(self._problem, self.fixed(Placement(pairs, self._prices, 0.0)))
        prices = price(part, precision=ROUGH, plain=self._plain)
        return Placement(pairs, prices, bound(part, prices))

    def _cut(self, prices: Prices, proven: float) -> None:
        """Note what prices say of every placement."""
        reduced = reduced_costs(self._problem, prices)
        adds = tuple(reduced[ways] for ways in self._ways)
        constant = proven - sum(float(add.min()) for add in adds)
        self._cuts.append(_Cut(constant, adds))

    def _most_promising(self) -> tuple[int, ...] | None:
        """The untried placement with the lowest of its highest cuts, unless closed."""
        value, pairs, dropped = self._beam()
        proven = min(value, dropped, self.best)
        self.bound = max(self.bound, proven)
        if value >= self.best * (1 - CLOSED) and dropped >= self.best * (1 - CLOSED):
            self.closed = True
        return pairs

    def _beam(self) -> tuple[float, tuple[int, ...] | None, float]:
        """Place unit by unit, keeping the `WIDE` lowest; and the lowest that was dropped."""
        values = np.array([[cut.constant + self._rest(cut, 0) for cut in self._cuts]])
        chosen = np.zeros((1, 0), dtype=np.int64)
        dropped = np.inf
        for at, ways in enumerate(self._ways):
            adds = np.stack([cut.adds[at] - cut.adds[at].min() for cut in self._cuts], axis=1)
            values = (values[:, None, :] + adds[None, :, :]).reshape(-1, len(self._cuts))
            chosen = np.concatenate(
                [np.repeat(chosen, len(ways), axis=0), np.tile(ways, len(chosen))[:, None]], axis=1
            )
            height = values.max(axis=1)
            order = np.argsort(height, kind="stable")
            if len(order) > WIDE:
                dropped = min(dropped, float(height[order[WIDE]]))
                order = order[:WIDE]
            values, chosen = values[order], chosen[order]
        for row, value in zip(chosen.tolist(), values.max(axis=1).tolist(), strict=True):
            if tuple(row) not in self._tried:
                return value, tuple(row), dropped
        return np.inf, None, dropped

    def _rest(self, cut: _Cut, at: int) -> float:
        return sum(float(add.min()) for add in cut.adds[at:])

    def _near_best(self) -> tuple[int, ...] | None:
        """The untried placement with the lowest cut of those that differ little from the best."""
        if not self.found:
            return None
        near = [row for row in self._neighbours(self.found[0].pairs) if row not in self._tried]
        if not near:
            return None
        heights = np.full(len(near), -np.inf)
        for cut in self._cuts:
            total = np.full(len(near), cut.constant)
            for at, ways in enumerate(self._ways):
                total += cut.adds[at][np.array([row[at] for row in near]) - ways[0]]
            heights = np.maximum(heights, total)
        best = int(np.argmin(heights))
        return near[best] if heights[best] < self.best else None

    def _neighbours(self, pairs: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Placements that differ in one unit, and those in which two units change places."""
        ways = self._ways
        for at in range(len(ways)):
            for pair in ways[at].tolist():
                if pair != pairs[at]:
                    yield (*pairs[:at], pair, *pairs[at + 1 :])
        rep = self._problem.rep
        for a in range(len(ways)):
            for b in range(a + 1, len(ways)):
                mine, theirs = rep[pairs[a]], rep[pairs[b]]
                to_a = ways[a][rep[ways[a]] == theirs]
                to_b = ways[b][rep[ways[b]] == mine]
                if mine != theirs and len(to_a) and len(to_b):
                    row = list(pairs)
                    row[a], row[b] = int(to_a[0]), int(to_b[0])
                    yield tuple(row)

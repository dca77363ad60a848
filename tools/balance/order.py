"""One order of units and reps for the same content, however the input was ordered.

Units and reps are coloured by their own figures and then, a few times, by the colours of
their pairs' other ends (Weisfeiler & Leman 1968); sorted by colour, a permuted input gives
the same problem. What still ties is alike in every respect the search looks at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.balance.problem import Floats, Ints, Problem
from tools.balance.solution import Prices

ROUNDS = 3
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Order:
    """A problem in canonical order, and the way back.

    `problem` has its units, reps and pairs in canonical order; `unit`, `rep` and `pair` give
    each one's index in the original.
    """

    problem: Problem
    unit: Ints
    rep: Ints
    pair: Ints

    def chosen_there(self, chosen: Ints) -> Ints:
        """Translate a design of the original into canonical order."""
        place = np.empty(len(self.pair), np.int64)
        place[self.pair] = np.arange(len(self.pair))
        return np.asarray(place[chosen[self.unit]])

    def chosen_back(self, chosen: Ints) -> Ints:
        """Translate a design in canonical order into the original."""
        back = np.empty(len(self.unit), np.int64)
        back[self.unit] = self.pair[chosen]
        return back

    def prices_there(self, prices: Prices) -> Prices:
        """Translate prices of the original into canonical order."""
        rep = self.rep
        return Prices(
            prices.work[rep], prices.potential[rep], prices.capacity[rep], prices.limit[rep],
            prices.budgets,
        )  # fmt: skip

    def prices_back(self, prices: Prices) -> Prices:
        """Translate prices in canonical order into the original."""
        place = np.argsort(self.rep)
        return Prices(
            prices.work[place], prices.potential[place], prices.capacity[place],
            prices.limit[place], prices.budgets,
        )  # fmt: skip


def canonical(problem: Problem) -> Order:
    """Sort units and reps by content."""
    unit_colour, rep_colour = _colours(problem)
    rep = np.argsort(rep_colour, kind="stable")
    unit = np.argsort(unit_colour, kind="stable")
    place = np.empty(problem.reps, np.int64)
    place[rep] = np.arange(problem.reps)
    degree = np.diff(problem.first)[unit]
    first = np.cumsum(degree) - degree
    pair = np.repeat(problem.first[unit] - first, degree) + np.arange(problem.pairs)
    # Within each unit by the reps' new order.
    owner = np.repeat(np.arange(problem.units), degree)
    pair = pair[np.argsort(owner * problem.reps + place[problem.rep[pair]], kind="stable")]
    return Order(problem.part(unit, rep, pair), unit, rep, pair)


def _colours(problem: Problem) -> tuple[Hashes, Hashes]:
    units = _mix(problem.hours, problem.potential, problem.accounts)
    reps = _mix(
        problem.capacity, problem.limit, problem.work_target, problem.potential_target,
        *problem.work_window.T, *problem.potential_window.T,
    )  # fmt: skip
    stays = problem.present[problem.unit] == np.arange(problem.pairs)
    uses = [budget.use for budget in problem.budgets]
    pairs = _mix(problem.travel, problem.disruption, problem.preference, stays, *uses)
    for _ in range(ROUNDS):
        both = _mix(pairs, units[problem.unit], reps[problem.rep])
        units = _mix(units, np.add.reduceat(both, problem.first[:-1]))
        total = np.zeros(problem.reps, np.uint64)
        np.add.at(total, problem.rep, both)
        reps = _mix(reps, total)
    return units, reps


def _mix(*columns: Floats | Ints | Hashes | NDArray[np.bool_]) -> Hashes:
    """Hash rows of numbers: the finaliser of SplitMix64 after each column."""
    state = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        bits = column if column.dtype == np.uint64 else (column + 0.0).view(np.uint64)
        state = state * np.uint64(0x9E3779B97F4A7C15) + bits + np.uint64(0x2545F4914F6CDD1D)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    return state

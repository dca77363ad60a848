"""The hard rules of a problem as rows: use of every pair, and at most how much in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tools.balance.problem import Floats, Ints, Problem

Kind = Literal[
    "capacity", "limit", "work_high", "work_low", "potential_high", "potential_low", "budget"
]

ROUNDING = 1e-7
"""Relative excess below which a rule counts as kept: above what rounding can do."""


@dataclass(frozen=True)
class Rule:
    """One hard rule of a rep, or of the whole design (a budget).

    `size` is what its row was divided by, in the rule's own unit. `price` is what giving
    way by one `size` counts: per cent of what the whole team has of it.
    """

    kind: Kind
    index: int
    size: float
    price: float

    @property
    def falls(self) -> bool:
        """Whether it asks for at least something, so that more accounts help to keep it."""
        return self.kind in ("work_low", "potential_low")


@dataclass(frozen=True)
class Rows:
    """`use @ x <= cap` for a design x (1 for each chosen pair), one row per rule.

    `unit` tells whose pair each column is; units are the problem's, columns any choice
    of its pairs.
    """

    use: sparse.csr_array
    cap: Floats
    rules: tuple[Rule, ...]
    unit: Ints
    pair: Ints

    @cached_property
    def by_pair(self) -> sparse.csc_array:
        """The same, quick to cut by pairs."""
        return self.use.tocsc()

    @cached_property
    def units(self) -> Ints:
        """The units that have a column."""
        return np.unique(self.unit)

    def of_pairs(self, columns: NDArray[np.generic]) -> Rows:
        """Return the rows over some columns only (a mask or places)."""
        use = self.by_pair[:, columns].tocsr()
        return Rows(use, self.cap, self.rules, self.unit[columns], self.pair[columns])

    def of_units(self, units: Ints | list[int]) -> Rows:
        """Return the rows over the columns of some units."""
        return self.of_pairs(np.isin(self.unit, units))

    def of_rules(self, rules: Sequence[int]) -> Rows:
        """Return some of the rows."""
        kept = tuple(self.rules[row] for row in rules)
        return Rows(self.use[list(rules)], self.cap[list(rules)], kept, self.unit, self.pair)


def rows(problem: Problem) -> Rows:
    """Return every hard rule that could bind."""
    told = list(_rules(problem))
    columns = np.arange(problem.pairs)
    use = sparse.csr_array((0, problem.pairs))
    if told:
        use = sparse.vstack([sparse.csr_array(row) for _, row, _ in told], format="csr")
    cap = np.array([cap for _, _, cap in told], dtype=np.float64)
    return Rows(use, cap, tuple(rule for rule, _, _ in told), problem.unit, columns)


def _rules(problem: Problem) -> Iterator[tuple[Rule, sparse.csr_array, float]]:
    reps, unit, rep = problem.reps, problem.unit, problem.rep
    hours, potential = problem.hours[unit], problem.potential[unit]
    accounts = problem.accounts[unit].astype(np.float64)
    team_hours, team_places = float(problem.capacity.sum()), float(problem.limit.sum())
    places = np.argsort(rep, kind="stable")
    bounds = np.searchsorted(rep[places], np.arange(reps + 1))

    def row(index: int, values: Floats, size: float) -> sparse.csr_array:
        mine = places[bounds[index] : bounds[index + 1]]
        held = (values[mine] / size, (np.zeros(len(mine), dtype=np.int64), mine))
        return sparse.coo_array(held, shape=(1, problem.pairs)).tocsr()

    for index in range(reps):
        size = float(problem.capacity[index])
        rule = Rule("capacity", index, size, 100.0 * size / team_hours)
        yield rule, row(index, problem.needed, size), 1.0
        size = float(problem.limit[index])
        rule = Rule("limit", index, size, 100.0 * size / team_places)
        yield rule, row(index, accounts, size), 1.0
        windows: tuple[tuple[Kind, Kind, Floats, Floats, Floats], ...] = (
            ("work_low", "work_high", hours, problem.work_target, problem.work_window),
            (
                "potential_low", "potential_high",
                potential, problem.potential_target, problem.potential_window,
            ),
        )  # fmt: skip
        for low, high, values, target, window in windows:
            size, per_rep = float(target[index]), 100.0 / reps
            if np.isfinite(window[index, 1]):
                made = Rule(high, index, size, per_rep)
                yield made, row(index, values, size), 1.0 + float(window[index, 1])
            if window[index, 0] > -1.0:
                made = Rule(low, index, size, per_rep)
                yield made, row(index, -values, size), -1.0 - float(window[index, 0])
    for index, budget in enumerate(problem.budgets):
        size = budget.cap or float(budget.use.max(initial=0.0)) or 1.0
        most = np.zeros(problem.units)
        np.maximum.at(most, unit, budget.use)
        rule = Rule("budget", index, size, 100.0 * size / (float(most.sum()) or 1.0))
        yield rule, sparse.csr_array((budget.use / size)[None, :]), budget.cap / size

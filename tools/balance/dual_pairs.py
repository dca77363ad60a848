"""The pairs that pricing looks at, and what they take of the rows, as a sparse matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tools.balance.dual_rows import KINDS, Rows
from tools.balance.problem import Floats, Ints, Problem


@dataclass(frozen=True)
class Pairs:
    """Some units, some pairs of each, some rows; what the other units take is settled.

    Attributes
    ----------
    units, rows
        The units that still choose, and the rows that have a price, as numbered elsewhere.
    first, unit
        n' + 1 pair offsets, and per pair its position in `units`.
    pair, cost
        Per pair: its index in the problem and its cost in points.
    entry, row, value
        k + 1 entry offsets; per entry its position in `rows` and the share of that row
        which the pair takes.
    settled
        Per row: what the units without a choice take.
    """

    units: Ints
    rows: Ints
    first: Ints
    unit: Ints
    pair: Ints
    cost: Floats
    entry: Ints
    row: Ints
    value: Floats
    settled: Floats

    @cached_property
    def entry_pair(self) -> Ints:
        """Per entry: its pair."""
        return np.repeat(np.arange(len(self.cost)), np.diff(self.entry))


def pairs_of(problem: Problem, rows: Rows, kept: Ints, priced: Ints) -> Pairs:
    """Collect the pairs `kept` (ascending, one or more per unit) and the rows `priced`."""
    unit = np.searchsorted(problem.first, kept, side="right") - 1
    many = np.bincount(unit, minlength=problem.units)
    lone = many[unit] == 1
    place = np.full(len(rows.level), -1, dtype=np.int64)
    place[priced] = np.arange(len(priced))
    _, row, value = _entries(problem, rows, place, kept[lone], unit[lone])
    settled = np.bincount(row, value, len(priced))
    choosing = np.flatnonzero(many > 1)
    open_pairs, open_unit = kept[~lone], unit[~lone]
    entry, row, value = _entries(problem, rows, place, open_pairs, open_unit)
    return Pairs(
        units=choosing,
        rows=priced,
        first=np.concatenate([[0], np.cumsum(many[choosing])]),
        unit=np.repeat(np.arange(len(choosing)), many[choosing]),
        pair=open_pairs,
        cost=problem.cost[open_pairs],
        entry=entry,
        row=row,
        value=value,
        settled=settled,
    )


def _entries(
    problem: Problem, rows: Rows, place: Ints, pairs: Ints, unit: Ints
) -> tuple[Ints, Ints, Floats]:
    rep = problem.rep[pairs]
    hours = problem.hours[unit]
    takes = [hours, problem.potential[unit], hours + problem.travel[pairs], problem.accounts[unit]]
    value = [one * rows.rate[rep, kind] for kind, one in enumerate(takes)]
    row = [place[KINDS * rep + kind] for kind in range(KINDS)]
    for number, budget in enumerate(problem.budgets):
        value.append(budget.use[pairs] / rows.budget_scale[number])
        row.append(np.full(len(pairs), place[KINDS * problem.reps + number]))
    values, places = np.stack(value, axis=1), np.stack(row, axis=1)
    some = (places >= 0) & (values > 0)
    entry = np.concatenate([[0], np.cumsum(some.sum(axis=1))])
    return entry, places[some], values[some]

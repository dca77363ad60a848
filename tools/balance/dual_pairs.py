"""The pairs that pricing looks at, of the units that have a choice among them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tools.balance.dual_rows import KINDS, Rows
from tools.balance.problem import Floats, Ints, Problem


@dataclass(frozen=True)
class Pairs:
    """Some pairs of the units that still choose, and the rows that have a price.

    Attributes
    ----------
    units
        The choosing units (n'), as the problem numbers them.
    hours, potential, accounts
        (n') what each takes wherever it goes.
    first
        n' + 1 offsets of their pairs.
    unit, pair, rep, cost, travel
        (m') per pair: the position in `units`, the problem's index, rep, cost, hours of road.
    use
        (m', B) share of each budget that the pair uses.
    rows, place
        The rows with a price, as `dual_rows` numbers them; and per row its position in
        `rows`, -1 without a price.
    rate
        (R, 4) as in `Rows`.
    alone, settled
        The pairs of units without a choice, and what they take of each priced row.
    """

    units: Ints
    hours: Floats
    potential: Floats
    accounts: Floats
    first: Ints
    unit: Ints
    pair: Ints
    rep: Ints
    cost: Floats
    travel: Floats
    use: Floats
    rows: Ints
    place: Ints
    rate: Floats
    alone: Ints
    settled: Floats

    def table(self, y: Floats) -> tuple[Floats, Floats]:
        """Bring prices of the priced rows to `charges_of`."""
        every = np.zeros(len(self.place))
        every[self.rows] = y
        return charges_of(every, self.rate)

    def loads(self, sums: Floats, used: Floats) -> Floats:
        """Bring (R, 4) sums of hours, potential, travel and accounts to shares of the rows."""
        takes = sums.copy()
        takes[:, 2] += sums[:, 0]
        return np.concatenate([(takes * self.rate).ravel(), used])[self.rows]


def charges_of(prices: Floats, rate: Floats) -> tuple[Floats, Floats]:
    """What an hour, potential, an hour on the road and an account cost per rep; budgets.

    `prices` has one per row; the table is (R, 4).
    """
    reps = len(rate)
    table = prices[: KINDS * reps].reshape(reps, KINDS) * rate
    table[:, 0] += table[:, 2]
    return table, prices[KINDS * reps :]


def pairs_of(problem: Problem, rows: Rows, kept: Ints, priced: Ints) -> Pairs:
    """Collect the pairs `kept` (ascending, one or more per unit) and the rows `priced`."""
    unit = problem.unit[kept]
    many = np.bincount(unit, minlength=problem.units)
    lone = many[unit] == 1
    place = np.full(len(rows.level), -1, dtype=np.int64)
    place[priced] = np.arange(len(priced))
    choosing = np.flatnonzero(many > 1)
    free, alone = kept[~lone], kept[lone]
    pairs = Pairs(
        units=choosing,
        hours=problem.hours[choosing],
        potential=problem.potential[choosing],
        accounts=problem.accounts[choosing].astype(np.float64),
        first=np.concatenate([[0], np.cumsum(many[choosing])]).astype(np.int64),
        unit=np.repeat(np.arange(len(choosing)), many[choosing]),
        pair=free,
        rep=problem.rep[free],
        cost=problem.cost[free],
        travel=problem.travel[free],
        use=rows.use[free],
        rows=priced,
        place=place,
        rate=rows.rate,
        alone=alone,
        settled=np.zeros(len(priced)),
    )
    rep, mine = problem.rep[alone], problem.unit[alone]
    takes = (
        problem.hours[mine],
        problem.potential[mine],
        problem.travel[alone],
        problem.accounts[mine],
    )
    sums = np.stack([np.bincount(rep, x, problem.reps).astype(np.float64) for x in takes], axis=1)
    return replace(pairs, settled=pairs.loads(sums, rows.use[alone].sum(axis=0)))

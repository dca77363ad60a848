"""The problem as the search sees it: exact integers over a few candidate pairs per unit.

Hours, potential, costs and uses are fixed point, scaled by powers of two so that every sum
stays below 2^62. Loads are then exact in any order of additions, and the compiled and the
plain path agree to the last bit. Every tuple here holds arrays for the compiled kernels and
lists for the plain ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tools.balance.problem import FEASIBLE, Floats, Ints, Problem
from tools.balance.solution import Prices

STEEPNESS = 600.0
"""Points per 100 % over a hard rule, in multiples of the two balance terms' scale."""


# Columns of the flat tables: one row, and so one cache line or two, per pair, unit or rep.
UNIT, REP, COST, NEED, GUIDE = range(5)
PAIR = 5
HOURS, POTENTIAL, ACCOUNTS = range(3)
BURDEN = 3
CAPACITY, LIMIT, WORK_LOW, WORK_HIGH, POTENTIAL_LOW, POTENTIAL_HIGH = range(6)
RULES = 6
WORK, MONEY, TIME, COUNT = range(4)
LOADS = 4
FLOOR = 8
RATES = 9
WORK_SCALE, POTENTIAL_SCALE, SLOW, MID, FAST, MID_OFF, FAST_OFF, STEEP, POINT = range(9)


class Board(NamedTuple):
    """n units, m candidate pairs, R reps, B budgets; loads and costs in fixed point.

    Tables are flat, row after row. `first` (n + 1) are the pairs' CSR offsets; `pair` (m x
    PAIR) holds unit, rep, cost, hours needed and reduced cost; `use` is m x B; `burden` (n x
    BURDEN) is what a unit weighs. `rules` (R x RULES) are the loads that hard rules allow.
    `rates` (R x RATES) turn the four integer loads into shares of target, capacity or limit
    (columns 0 to 3) and into points at the prices (4 to 7); FLOOR is the least a rep's
    penalty minus its priced loads can be. `terms` are the constants of the penalty. The
    pairs that reps r < s share lie from `shared_first[r * R + s]` on: `shared_low` is a
    unit's pair with r, `shared_high` its pair with s.
    """

    first: Ints
    pair: Ints
    use: Ints
    burden: Ints
    rules: Ints
    rates: Floats
    caps: Ints
    cap_rates: Floats
    cap_prices: Floats
    shared_first: Ints
    shared_low: Ints
    shared_high: Ints
    terms: Floats


class Position(NamedTuple):
    """A design during the search: the candidate pair per unit, and what follows from it.

    `loads` is R x LOADS, flat: hours, potential, hours needed with travel, accounts.
    `points` are the reps' penalties, `spent` the budgets' use.
    """

    chosen: Ints
    loads: Ints
    points: Floats
    spent: Ints


class Scales(NamedTuple):
    """Fixed-point units per hour of service, currency, hour needed, point, and budget use."""

    hours: float
    potential: float
    need: float
    cost: float
    use: tuple[float, ...]


def scales(problem: Problem, reduced: Floats) -> Scales:
    """Choose powers of two that leave the sum over all units below 2^61."""
    start = problem.first[:-1]

    def largest(values: Floats) -> float:
        return float(np.maximum.reduceat(np.abs(values), start).sum())

    return Scales(
        hours=_power(float(problem.hours.sum())),
        potential=_power(float(problem.potential.sum())),
        need=_power(largest(problem.needed)),
        cost=_power(4.0 * max(largest(problem.cost), largest(reduced))),
        use=tuple(_power(largest(budget.use)) for budget in problem.budgets),
    )


def _power(total: float) -> float:
    return float(2.0 ** (60 - np.frexp(total)[1])) if total > 0 else 1.0


def lay(problem: Problem, prices: Prices, reduced: Floats, keep: Ints, scale: Scales) -> Board:
    """Compile the problem over the pairs `keep` (ascending, at least one per unit)."""
    unit, rep = problem.unit[keep], problem.rep[keep]
    count = np.bincount(unit, minlength=problem.units)
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    pair = (
        unit,
        rep,
        _fixed(problem.cost[keep], scale.cost),
        np.ceil(problem.needed[keep] * scale.need),
        _fixed(reduced[keep], scale.cost),
    )
    burden = (
        _fixed(problem.hours, scale.hours),
        _fixed(problem.potential, scale.potential),
        problem.accounts,
    )
    caps = np.array([b.cap * (1 + FEASIBLE / 2) + FEASIBLE / 2 for b in problem.budgets])
    uses = np.array(scale.use)
    shared = share(first, rep, problem.reps)
    return Board(
        first=first,
        pair=_flat(pair, np.int64),
        use=_flat([_fixed(b.use[keep], s) for b, s in zip(problem.budgets, uses, strict=True)]),
        burden=_flat(burden, np.int64),
        rules=_rules(problem, scale),
        rates=_rates(problem, prices, scale),
        caps=np.minimum(caps * uses, 2.0**61).astype(np.int64),
        cap_rates=1.0 / (np.maximum(caps, 1e-9) * uses),
        cap_prices=prices.budgets / uses,
        shared_first=shared[0],
        shared_low=shared[1],
        shared_high=shared[2],
        terms=_terms(problem, scale),
    )


def _flat(columns: Sequence[Any], kind: Any = np.int64) -> Any:
    """Lay columns side by side and the rows one after another."""
    if not len(columns):
        return np.zeros(0, kind)
    return np.ascontiguousarray(np.stack(columns, axis=1).astype(kind)).ravel()


def _rules(problem: Problem, scale: Scales) -> Ints:
    """Loads that hard rules allow; half the tolerance absorbs the rounding of sums."""
    capacity = problem.capacity * (1 + FEASIBLE / 2) * scale.need
    bounds = [np.minimum(capacity, 2.0**61), problem.limit]
    for window, target, factor in (
        (problem.work_window, problem.work_target, scale.hours),
        (problem.potential_window, problem.potential_target, scale.potential),
    ):
        low = target * (1 + window[:, 0] - FEASIBLE / 2) * factor
        high = target * (1 + window[:, 1] + FEASIBLE / 2) * factor
        bounds.append(np.ceil(np.clip(low, 0.0, 2.0**61)))
        bounds.append(np.floor(np.clip(high, 0.0, 2.0**61)))
    return np.asarray(_flat(bounds))


def _rates(problem: Problem, prices: Prices, scale: Scales) -> Floats:
    room = np.maximum(problem.capacity, 1e-9 * max(1.0, float(problem.capacity.max())))
    rates = (
        1.0 / (problem.work_target * scale.hours),
        1.0 / (problem.potential_target * scale.potential),
        1.0 / (room * scale.need),
        1.0 / np.maximum(problem.limit, 1),
    )
    price = (prices.work, prices.potential, prices.capacity, prices.limit)
    priced = [p * rate for p, rate in zip(price, rates, strict=True)]
    return np.asarray(_flat([*rates, *priced, _floors(problem, prices)], np.float64))


def _terms(problem: Problem, scale: Scales) -> Floats:
    (near, far), (slow, mid, fast) = problem.penalty.breaks, problem.penalty.slopes
    balance = problem.work_scale + problem.potential_scale
    spread = float(np.abs(problem.cost).mean()) or 1.0
    steep = STEEPNESS * balance if balance > 0 else 1e4 * spread
    mid_off = (mid - slow) * near
    fast_off = mid_off + (fast - mid) * far
    return np.array(
        [
            problem.work_scale, problem.potential_scale, slow, mid, fast, mid_off, fast_off,
            steep, 1.0 / scale.cost,
        ]
    )  # fmt: skip


def _fixed(values: Floats, scale: float) -> Ints:
    return np.asarray(np.rint(values * scale), dtype=np.int64)


def _floors(problem: Problem, prices: Prices) -> Floats:
    """Per rep: the minimum over all loads of penalty minus price times load."""
    result = -(prices.capacity + prices.limit)
    for price, scale, window in (
        (prices.work, problem.work_scale, problem.work_window),
        (prices.potential, problem.potential_scale, problem.potential_window),
    ):
        low, high = np.clip(window[:, 0], -1.0, None), np.minimum(window[:, 1], 1e6)
        near, far = problem.penalty.breaks
        corners = np.stack([np.clip(x, low, high) for x in (0.0, near, -near, far, -far)])
        corners = np.concatenate([corners, low[None], high[None]])
        least = (scale * problem.penalty(corners) - price * corners).min(axis=0)
        result = result + least - price
    return np.asarray(result)


def share(first: Ints, rep: Ints, reps: int) -> tuple[Ints, Ints, Ints]:
    """List, for every two reps, the units that have a candidate pair with both."""
    degree = np.diff(first)
    lows, highs = [], []
    for size in np.unique(degree[degree > 1]):
        rows = first[:-1][degree == size]
        for a in range(size):
            for b in range(a + 1, size):
                lows.append(rows + a)
                highs.append(rows + b)
    low = np.concatenate(lows) if lows else np.zeros(0, np.int64)
    high = np.concatenate(highs) if highs else np.zeros(0, np.int64)
    key = rep[low] * reps + rep[high]
    order = np.lexsort((low, key))
    count = np.bincount(key, minlength=reps * reps)
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64), low[order], high[order]


def stand(board: Board, chosen: Ints) -> Position:
    """Work out the loads of a design; `points` are left for the kernel to fill."""
    reps = len(board.rates) // RATES
    pair = board.pair.reshape(-1, PAIR)[chosen]
    burden = board.burden.reshape(-1, BURDEN)
    loads = np.zeros((reps, LOADS), np.int64)
    for column, values in (
        (WORK, burden[:, HOURS]),
        (MONEY, burden[:, POTENTIAL]),
        (TIME, pair[:, NEED]),
        (COUNT, burden[:, ACCOUNTS]),
    ):
        np.add.at(loads[:, column], pair[:, REP], values)
    budgets = len(board.caps)
    use = board.use.reshape(-1, max(budgets, 1))[chosen] if budgets else np.zeros((1, 0), np.int64)
    return Position(chosen.copy(), loads.ravel(), np.zeros(reps), use.sum(axis=0))

"""The sums that pricing spends its time on, in numpy: the same bytes as `dual_kernels`.

Both add in the same order, unit by unit and pair by pair, so that it makes no difference
which of them a machine has.
"""

from __future__ import annotations

import numpy as np

from tools.balance.dual_pairs import Pairs
from tools.balance.dual_rows import KINDS
from tools.balance.problem import Floats, Ints, Problem

CLIMBS = 8
"""Newton steps of a unit's price, at most."""

ONE = 1e-9
"""How near to 1 a unit's shares have to add up."""

SMALL = 1e-10
"""Part of a unit's curvature below which a pair changes no digit of the step."""


def per_unit(pairs: Pairs, values: Floats) -> Floats:
    """Sum over each unit's pairs."""
    return np.bincount(pairs.unit, values, len(pairs.units)).astype(np.float64)


def sums(pairs: Pairs, x: Floats) -> tuple[Floats, Floats]:
    """Hours, potential, travel and accounts (R, 4) and use of budgets of shares `x`."""
    reps, unit = len(pairs.rate), pairs.unit
    takes = (pairs.hours[unit], pairs.potential[unit], pairs.travel, pairs.accounts[unit])
    of_reps = [np.bincount(pairs.rep, x * take, reps).astype(np.float64) for take in takes]
    zeros = np.zeros(len(x), dtype=np.int64)
    used = [np.bincount(zeros, x * use, 1)[0] for use in pairs.use.T]
    return np.stack(of_reps, axis=1), np.array(used, dtype=np.float64)


def charges(pairs: Pairs, table: Floats, budgets: Floats) -> Floats:
    """What every pair is charged at the prices of `Pairs.table`."""
    rep, unit = pairs.rep, pairs.unit
    charge = table[rep, 0] * pairs.hours[unit] + table[rep, 1] * pairs.potential[unit]
    charge = charge + table[rep, 2] * pairs.travel + table[rep, 3] * pairs.accounts[unit]
    for price, use in zip(budgets, pairs.use.T, strict=True):
        charge = charge + price * use
    return np.asarray(charge)


def spread(pairs: Pairs, cost: Floats, heat: Floats) -> tuple[Floats, Floats]:
    """Shares x, 1 in all per unit, and excesses z = cost - price, with x z = heat.

    Newton's method on 1 / (sum of x) = 1 per unit: concave, so it climbs from below.
    """
    if not len(cost):
        return cost, cost
    low = np.minimum.reduceat(cost, pairs.first[:-1])
    price = low - heat * np.diff(pairs.first)
    climbing = np.ones(len(low), dtype=bool)
    for _ in range(CLIMBS):
        inverse = 1.0 / (cost - price[pairs.unit])
        chosen = heat * per_unit(pairs, inverse)
        steep = heat * per_unit(pairs, inverse * inverse)
        higher = np.minimum(price + (chosen - chosen * chosen) / steep, low - 0.999 * heat)
        price = np.where(climbing, higher, price)
        climbing &= ~(np.abs(chosen - 1.0) < ONE)
    z = cost - price[pairs.unit]
    x = heat[pairs.unit] / z
    return x / per_unit(pairs, x)[pairs.unit], z


def curvature(pairs: Pairs, d: Floats, total: Floats) -> Floats:
    """Upper triangle of sum over units of (sum d a a^T) - (sum d a)(sum d a)^T / total.

    a is what a pair takes of the rows, `total` the sum of d per unit: how loads fall as
    prices rise. The units are summed in two halves, which may run side by side.
    """
    own, shared = zip(*(_summed(pairs, d, total, *half) for half in halves(pairs)), strict=True)
    return np.asarray((own[0] + own[1]) - (shared[0] + shared[1]))


def halves(pairs: Pairs) -> tuple[tuple[int, int], tuple[int, int]]:
    """The ranges of units that are summed apart from each other."""
    units = len(pairs.units)
    return (0, units // 2), (units // 2, units)


def factor(matrix: Floats) -> Floats:
    """Factor a positive definite matrix, of which the upper triangle is read, as U^T D U."""
    tiny = 1e-14 * float(matrix.diagonal().max(initial=0.0))
    for k in range(len(matrix)):
        if matrix[k, k] <= tiny:
            matrix[k, k] = np.inf
        scale = matrix[k, k + 1 :] / matrix[k, k]
        matrix[k + 1 :, k + 1 :] -= scale[:, None] * matrix[k, k + 1 :]
        matrix[k, k + 1 :] = scale
    return matrix


def solve(factors: Floats, right: Floats) -> Floats:
    """Solve by the factors of `factor`."""
    x = right.copy()
    for k in range(len(x)):
        x[k + 1 :] -= factors[k, k + 1 :] * x[k]
    x /= factors.diagonal()
    for k in range(len(x) - 1, 0, -1):
        x[:k] -= factors[:k, k] * x[k]
    return x


def promising(
    problem: Problem,
    cost: Floats,
    table: Floats,
    sway: Floats,
    *,
    most: int,
    reach: float,
    blur: float,
    salt: int,
) -> Ints:
    """At most `most` pairs per unit, ascending: those nearest to the cheapest, blurred.

    Parameters
    ----------
    cost, table
        Per pair what it costs, budgets included; and what the reps charge (`charges_of`).
    reach, blur
        In multiples of the unit's sway: how much dearer than the cheapest a pair may be,
        and how much noise its price gets. Interchangeable reps tie at the best prices;
        without noise the cheapest few would be the same reps for everybody.
    salt
        Another salt, other noise.
    """
    rep, unit, first = problem.rep, problem.unit, problem.first
    price = cost + table[rep, 0] * problem.hours[unit] + table[rep, 1] * problem.potential[unit]
    price = price + table[rep, 2] * problem.travel
    price = price + table[rep, 3] * problem.accounts[unit]
    low = np.minimum.reduceat(price, first[:-1])
    word = (unit * 2654435761 + rep * 40503 + salt * 97) & 0x7FFFFFFF
    word = ((word ^ (word >> 15)) * 739982445) & 0x7FFFFFFF
    word = ((word ^ (word >> 12)) * 695872825) & 0x7FFFFFFF
    price = price + (blur * sway[unit] / 2147483648.0) * (word ^ (word >> 15))
    order = np.lexsort((price, unit))
    rank = np.empty(problem.pairs, dtype=np.int64)
    rank[order] = np.arange(problem.pairs) - first[:-1][unit]
    near = price <= (low + (reach + blur) * sway)[unit]
    return np.flatnonzero(((rank < most) & near) | (rank == 0))


def _summed(pairs: Pairs, d: Floats, total: Floats, begin: int, end: int) -> tuple[Floats, Floats]:
    size = len(pairs.rows)
    start, stop = pairs.first[begin], pairs.first[end]
    some = np.flatnonzero(d[start:stop] >= SMALL * total[pairs.unit[start:stop]]) + start
    row, value, pair = _entries(pairs, some)
    unit = pairs.unit[pair]
    left, right = _meetings(np.bincount(pair, minlength=len(d)))
    weight = d[pair[left]] * value[left] * value[right]
    own = _matrix(row[left], row[right], weight, size)
    part = d[pair] * value / np.sqrt(total)[unit]
    left, right = _meetings(np.bincount(unit, minlength=len(pairs.units)))
    twice = np.where((row[left] == row[right]) & (left != right), 2.0, 1.0)
    return own, _matrix(row[left], row[right], twice * part[left] * part[right], size)


def _entries(pairs: Pairs, some: Ints) -> tuple[Ints, Floats, Ints]:
    """What some pairs take of the priced rows: position, share and pair of each entry."""
    reps = len(pairs.rate)
    rep, unit = pairs.rep[some], pairs.unit[some]
    hours = pairs.hours[unit]
    takes = np.stack(
        [hours, pairs.potential[unit], hours + pairs.travel[some], pairs.accounts[unit]], axis=1
    )
    place = pairs.place[: KINDS * reps].reshape(reps, KINDS)[rep]
    budgets = np.broadcast_to(pairs.place[KINDS * reps :], (len(some), pairs.use.shape[1]))
    place = np.concatenate([place, budgets], axis=1)
    value = np.concatenate([takes * pairs.rate[rep], pairs.use[some]], axis=1)
    used = (place >= 0) & (value > 0)
    return place[used], value[used], np.repeat(some, used.sum(axis=1))


def _meetings(many: Ints) -> tuple[Ints, Ints]:
    """Positions of every two entries (also each with itself) of groups of `many` in a row."""
    many = many[many > 0]
    end = np.repeat(np.cumsum(many), many)
    left = np.arange(len(end))
    after = end - left
    start = np.cumsum(after) - after
    right = np.arange(int(after.sum())) - np.repeat(start - left, after)
    return np.repeat(left, after), right


def _matrix(a: Ints, b: Ints, values: Floats, size: int) -> Floats:
    """Sum values into the upper triangle of a square."""
    cells = np.minimum(a, b) * size + np.maximum(a, b)
    return np.bincount(cells, values, size * size).astype(np.float64).reshape(size, size)

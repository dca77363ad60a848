"""The sums that pricing spends its time on, in numpy alone, for small problems.

`dual_kernels` holds the same functions compiled, for large ones. Neither uses BLAS, whose
sums may change with the number of threads.
"""

from __future__ import annotations

import numpy as np

from tools.balance.dual_pairs import Pairs
from tools.balance.problem import Floats, Ints, Problem


def loads(pairs: Pairs, x: Floats) -> Floats:
    """What the pairs take of every row when each is chosen `x` (0 to 1)."""
    return np.bincount(pairs.row, pairs.value * x[pairs.entry_pair], len(pairs.rows))


def charges(pairs: Pairs, y: Floats) -> Floats:
    """What every pair is charged at prices `y` of the rows."""
    return np.bincount(pairs.entry_pair, pairs.value * y[pairs.row], len(pairs.cost))


class Curvature:
    """Upper triangle of how loads fall as prices rise; entries that meet are found once."""

    def __init__(self, pairs: Pairs) -> None:
        size = len(pairs.rows)
        entries = np.diff(pairs.entry)
        self._pairs, self._shape = pairs, (size, size)
        of_pair = _meetings(entries)
        of_unit = _meetings(np.bincount(pairs.unit, entries, len(pairs.units)).astype(np.int64))
        self._own = (*of_pair, self._cells(*of_pair), self._twice(*of_pair))
        self._shared = (*of_unit, self._cells(*of_unit), self._twice(*of_unit))

    def __call__(self, d: Floats, total: Floats) -> Floats:
        """Sum over units of sum d a a^T - (sum d a)(sum d a)^T / total, total being sum d."""
        value, pair = self._pairs.value, self._pairs.entry_pair
        size = self._shape[0] * self._shape[1]
        root = np.sqrt(d)[pair] * value
        left, right, cell, twice = self._own
        out = np.bincount(cell, root[left] * root[right] * twice, size).astype(np.float64)
        part = (d / np.sqrt(total)[self._pairs.unit])[pair] * value
        left, right, cell, twice = self._shared
        out -= np.bincount(cell, part[left] * part[right] * twice, size)
        return out.reshape(self._shape)

    def _cells(self, left: Ints, right: Ints) -> Ints:
        one, other = self._pairs.row[left], self._pairs.row[right]
        return np.minimum(one, other) * self._shape[0] + np.maximum(one, other)

    def _twice(self, left: Ints, right: Ints) -> Floats:
        same = (self._pairs.row[left] == self._pairs.row[right]) & (left != right)
        return np.where(same, 2.0, 1.0)


def _meetings(many: Ints) -> tuple[Ints, Ints]:
    """All (left, right) with left <= right within consecutive groups of `many`."""
    end = np.repeat(np.cumsum(many), many)
    left = np.arange(len(end))
    after = end - left
    right = np.arange(int(after.sum())) - np.repeat(np.cumsum(after) - after - left, after)
    return np.repeat(left, after), right


def factor(matrix: Floats) -> Floats:
    """Factor a positive definite matrix, of which the upper triangle is read, as U^T D U.

    U, with a diagonal of ones, replaces the upper triangle, and D the diagonal.
    """
    tiny = 1e-14 * float(matrix.diagonal().max(initial=0.0))
    for k in range(len(matrix)):
        # What rounding has left of a dependent row gets no say in the solution.
        if matrix[k, k] <= tiny:
            matrix[k, k] = np.inf
        row = matrix[k, k + 1 :] / matrix[k, k]
        matrix[k + 1 :, k + 1 :] -= matrix[k, k + 1 :, None] * row
        matrix[k, k + 1 :] = row
    return matrix


def solve(factors: Floats, right: Floats) -> Floats:
    """Solve by the factors of `factor`."""
    x = right.copy()
    for k in range(len(x)):
        x[k + 1 :] -= factors[k, k + 1 :] * x[k]
    x /= factors.diagonal()
    for k in range(len(x) - 1, -1, -1):
        x[k] -= (factors[k, k + 1 :] * x[k + 1 :]).sum()
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
    """Pick each unit's pairs that may matter at some prices, ascending.

    Parameters
    ----------
    cost
        Per pair, with the charges of budgets.
    table
        (R, 4) what the rep charges for an hour of service, a unit of potential, an hour of
        travel and an account.
    most, reach
        At most so many per unit, and none dearer than the cheapest by `reach` times `sway`.
    blur, salt
        Costs are blurred by up to `blur` times `sway`, differently for each `salt`: of
        interchangeable reps every unit must not keep the same few.
    """
    unit, rep, first = problem.unit, problem.rep, problem.first
    price = cost + table[rep, 0] * problem.hours[unit] + table[rep, 1] * problem.potential[unit]
    price += table[rep, 2] * problem.travel + table[rep, 3] * problem.accounts[unit]
    low = np.minimum.reduceat(price, first[:-1])
    word = (unit * 2654435761 + rep * 40503 + salt * 97) & 0x7FFFFFFF
    word = ((word ^ (word >> 15)) * 739982445) & 0x7FFFFFFF
    word = ((word ^ (word >> 12)) * 695872825) & 0x7FFFFFFF
    price += (blur * sway[unit] / 2147483648.0) * (word ^ (word >> 15))
    order = np.lexsort((price, unit))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - first[:-1][unit]
    near = price <= (low + (reach + blur) * sway)[unit]
    return np.flatnonzero((place < most) & near | (place == 0))

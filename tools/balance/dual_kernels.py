"""The sums that pricing spends its time on, compiled; `dual_plain` describes each.

One thread, no reordering of sums: the same bytes on every run.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tools.balance.dual_pairs import Pairs
from tools.balance.problem import Floats, Ints, Problem


def loads(pairs: Pairs, x: Floats) -> Floats:
    """What the pairs take of every row when each is chosen `x` (0 to 1)."""
    out = np.zeros(len(pairs.rows))
    _loads(pairs.entry, pairs.row, pairs.value, x, out)
    return out


def charges(pairs: Pairs, y: Floats) -> Floats:
    """What every pair is charged at prices `y` of the rows."""
    out = np.empty(len(pairs.cost))
    _charges(pairs.entry, pairs.row, pairs.value, y, out)
    return out


class Curvature:
    """Upper triangle of how loads fall as prices rise."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs

    def __call__(self, d: Floats, total: Floats) -> Floats:
        """Sum over units of sum d a a^T - (sum d a)(sum d a)^T / total, total being sum d."""
        pairs, size = self._pairs, len(self._pairs.rows)
        out = np.zeros((size, size))
        most = int(np.diff(pairs.entry[pairs.first]).max(initial=1))
        _curvature(pairs.first, pairs.entry, pairs.row, pairs.value, d, total, most, out)
        return out


def factor(matrix: Floats) -> Floats:
    """Factor a positive definite matrix, of which the upper triangle is read, as U^T D U."""
    _factor(matrix, 1e-14 * float(matrix.diagonal().max(initial=0.0)))
    return matrix


def solve(factors: Floats, right: Floats) -> Floats:
    """Solve by the factors of `factor`."""
    x = right.copy()
    _solve(factors, x)
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
    """See `dual_plain.promising`."""
    out = np.empty(problem.units * most, dtype=np.int64)
    found = _promising(
        problem.first,
        problem.rep,
        cost,
        problem.travel,
        problem.hours,
        problem.potential,
        problem.accounts,
        table,
        sway,
        most,
        reach,
        blur,
        salt,
        out,
    )
    return out[:found].copy()


@njit(cache=True, nogil=True)
def _loads(entry, row, value, x, out):  # type: ignore[no-untyped-def]
    for pair in range(len(x)):
        for k in range(entry[pair], entry[pair + 1]):
            out[row[k]] += value[k] * x[pair]


@njit(cache=True, nogil=True)
def _charges(entry, row, value, y, out):  # type: ignore[no-untyped-def]
    for pair in range(len(out)):
        charge = 0.0
        for k in range(entry[pair], entry[pair + 1]):
            charge += value[k] * y[row[k]]
        out[pair] = charge


@njit(cache=True, nogil=True)
def _curvature(first, entry, row, value, d, total, most, out):  # type: ignore[no-untyped-def]
    at = np.empty(most, np.int64)
    part = np.empty(most)
    for unit in range(len(first) - 1):
        many = 0
        root = np.sqrt(total[unit])
        for pair in range(first[unit], first[unit + 1]):
            # Shares this small change no digit of the step.
            if d[pair] < 1e-10 * total[unit]:
                continue
            for k in range(entry[pair], entry[pair + 1]):
                for m in range(k, entry[pair + 1]):
                    out[row[k], row[m]] += d[pair] * value[k] * value[m]
                at[many] = row[k]
                part[many] = d[pair] * value[k] / root
                many += 1
        for k in range(many):
            a = at[k]
            p = part[k]
            out[a, a] -= p * p
            for m in range(k + 1, many):
                b = at[m]
                if a < b:
                    out[a, b] -= p * part[m]
                elif b < a:
                    out[b, a] -= p * part[m]
                else:
                    out[a, a] -= 2.0 * p * part[m]


@njit(cache=True, nogil=True)
def _factor(a, tiny):  # type: ignore[no-untyped-def]
    size = len(a)
    for start in range(0, size, 4):
        end = min(start + 4, size)
        for k in range(start, end):
            if a[k, k] <= tiny:
                a[k, k] = np.inf
            for i in range(k + 1, end):
                scale = a[k, i] / a[k, k]
                for j in range(i, size):
                    a[i, j] -= scale * a[k, j]
        if end - start == 4:
            # Four rows at a time: each row below is fetched once instead of four times.
            for i in range(end, size):
                s0 = a[start, i] / a[start, start]
                s1 = a[start + 1, i] / a[start + 1, start + 1]
                s2 = a[start + 2, i] / a[start + 2, start + 2]
                s3 = a[start + 3, i] / a[start + 3, start + 3]
                for j in range(i, size):
                    a[i, j] -= (
                        s0 * a[start, j]
                        + s1 * a[start + 1, j]
                        + s2 * a[start + 2, j]
                        + s3 * a[start + 3, j]
                    )
    for k in range(size):
        for j in range(k + 1, size):
            a[k, j] /= a[k, k]


@njit(cache=True, nogil=True)
def _solve(a, x):  # type: ignore[no-untyped-def]
    size = len(x)
    for k in range(size):
        for j in range(k + 1, size):
            x[j] -= a[k, j] * x[k]
    for k in range(size - 1, -1, -1):
        rest = x[k] / a[k, k]
        for j in range(k + 1, size):
            rest -= a[k, j] * x[j]
        x[k] = rest


@njit(cache=True, nogil=True)
def _promising(  # type: ignore[no-untyped-def]
    first, rep, cost, travel, hours, potential, accounts, table, sway, most, reach, blur, salt, out
):
    rank = np.empty(most)
    pick = np.empty(most, np.int64)
    found = 0
    for unit in range(len(first) - 1):
        many = 0
        fuzz = blur * sway[unit] / 2147483648.0
        low = np.inf
        for pair in range(first[unit], first[unit + 1]):
            r = rep[pair]
            price = (
                cost[pair]
                + table[r, 0] * hours[unit]
                + table[r, 1] * potential[unit]
                + table[r, 2] * travel[pair]
                + table[r, 3] * accounts[unit]
            )
            low = min(low, price)
            word = (unit * 2654435761 + r * 40503 + salt * 97) & 0x7FFFFFFF
            word = ((word ^ (word >> 15)) * 739982445) & 0x7FFFFFFF
            word = ((word ^ (word >> 12)) * 695872825) & 0x7FFFFFFF
            price += fuzz * (word ^ (word >> 15))
            if many < most:
                k = many
                many += 1
            elif price < rank[most - 1]:
                k = most - 1
            else:
                continue
            while k > 0 and rank[k - 1] > price:
                rank[k] = rank[k - 1]
                pick[k] = pick[k - 1]
                k -= 1
            rank[k] = price
            pick[k] = pair
        kept = 0
        for k in range(many):
            if rank[k] <= low + (reach + blur) * sway[unit]:
                kept += 1
        kept = max(kept, 1)
        chosen = np.sort(pick[:kept])
        out[found : found + kept] = chosen
        found += kept
    return found

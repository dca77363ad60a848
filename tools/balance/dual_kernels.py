"""The sums that pricing spends its time on, compiled; `dual_plain` describes each.

No reordering of sums: the same bytes as there, on every run and any number of threads.
Compiled functions allocate nothing and count no references, over which two threads would
wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from tools.balance.dual_pairs import Pairs
from tools.balance.dual_plain import CLIMBS, ONE, SMALL, halves
from tools.balance.dual_rows import KINDS
from tools.balance.problem import Floats, Ints, Problem

THREADED = 20_000
"""Pairs from which two threads are worth their start."""

OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
compiled = njit(**OPTIONS)


def per_unit(pairs: Pairs, values: Floats) -> Floats:
    """See `dual_plain.per_unit`."""
    out = np.empty(len(pairs.units))
    _per_unit(pairs.first, values, out)
    return out


def sums(pairs: Pairs, x: Floats) -> tuple[Floats, Floats]:
    """See `dual_plain.sums`."""
    out, used = np.zeros((len(pairs.rate), KINDS)), np.zeros(pairs.use.shape[1])
    _sums(
        pairs.first, pairs.rep, pairs.hours, pairs.potential, pairs.travel, pairs.accounts,
        pairs.use, x, out, used,
    )  # fmt: skip
    return out, used


def charges(pairs: Pairs, table: Floats, budgets: Floats) -> Floats:
    """See `dual_plain.charges`."""
    out = np.empty(len(pairs.cost))
    _charges(
        pairs.first, pairs.rep, pairs.hours, pairs.potential, pairs.travel, pairs.accounts,
        pairs.use, table, budgets, out,
    )  # fmt: skip
    return out


def spread(pairs: Pairs, cost: Floats, heat: Floats) -> tuple[Floats, Floats]:
    """See `dual_plain.spread`."""
    x, z = np.empty(len(cost)), np.empty(len(cost))
    _both(lambda _, begin, end: _spread(pairs.first, cost, heat, begin, end, x, z), pairs)
    return x, z


def curvature(pairs: Pairs, d: Floats, total: Floats) -> Floats:
    """See `dual_plain.curvature`."""
    reps, size, budgets = len(pairs.rate), len(pairs.rows), pairs.use.shape[1]
    place = np.ascontiguousarray(pairs.place[: KINDS * reps].reshape(reps, KINDS))
    most = (KINDS + budgets) * int(np.diff(pairs.first).max(initial=1))
    out, shared = np.zeros((2, size, size)), np.zeros((2, size, size))
    row, value = np.empty((2, most), dtype=np.int64), np.empty((2, most))
    part, takes = np.empty((2, most)), np.empty((2, KINDS))

    def half(lane: int, begin: int, end: int) -> None:
        _curvature(
            pairs.first, pairs.rep, pairs.hours, pairs.potential, pairs.travel, pairs.accounts,
            pairs.use, pairs.rate, place, pairs.place[KINDS * reps :], d, total, begin, end,
            row[lane], value[lane], part[lane], takes[lane], out[lane], shared[lane],
        )  # fmt: skip

    _both(half, pairs)
    return np.asarray((out[0] + out[1]) - (shared[0] + shared[1]))


def factor(matrix: Floats) -> Floats:
    """See `dual_plain.factor`."""
    _factor(matrix, 1e-14 * float(matrix.diagonal().max(initial=0.0)))
    return matrix


def solve(factors: Floats, right: Floats) -> Floats:
    """See `dual_plain.solve`."""
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
        problem.first, problem.rep, cost, problem.travel, problem.hours, problem.potential,
        problem.accounts, table, sway, most, float(reach), float(blur), salt,
        np.empty(most), np.empty(most, dtype=np.int64), out,
    )  # fmt: skip
    return out[:found].copy()


def _both(work: Callable[[int, int, int], None], pairs: Pairs) -> None:
    """Do both halves of the units, side by side where there are many pairs."""
    lanes = [(lane, *half) for lane, half in enumerate(halves(pairs))]
    if len(pairs.cost) < THREADED:
        for lane in lanes:
            work(*lane)
        return
    for done in [_threads().submit(work, *lane) for lane in lanes]:
        done.result()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2)


@compiled
def _per_unit(first, values, out):  # type: ignore[no-untyped-def]
    for unit in range(len(out)):
        total = 0.0
        for pair in range(first[unit], first[unit + 1]):
            total += values[pair]
        out[unit] = total


@compiled
def _sums(  # type: ignore[no-untyped-def]
    first, rep, hours, potential, travel, accounts, use, x, out, used
):
    for unit in range(len(first) - 1):
        for pair in range(first[unit], first[unit + 1]):
            r = rep[pair]
            out[r, 0] += x[pair] * hours[unit]
            out[r, 1] += x[pair] * potential[unit]
            out[r, 2] += x[pair] * travel[pair]
            out[r, 3] += x[pair] * accounts[unit]
            for budget in range(use.shape[1]):
                used[budget] += x[pair] * use[pair, budget]


@compiled
def _charges(  # type: ignore[no-untyped-def]
    first, rep, hours, potential, travel, accounts, use, table, budgets, out
):
    for unit in range(len(first) - 1):
        for pair in range(first[unit], first[unit + 1]):
            r = rep[pair]
            charge = table[r, 0] * hours[unit] + table[r, 1] * potential[unit]
            charge = charge + table[r, 2] * travel[pair] + table[r, 3] * accounts[unit]
            for budget in range(use.shape[1]):
                charge = charge + budgets[budget] * use[pair, budget]
            out[pair] = charge


@compiled
def _spread(first, cost, heat, begin, end, x, z):  # type: ignore[no-untyped-def]
    for unit in range(begin, end):
        start, stop = first[unit], first[unit + 1]
        warm = heat[unit]
        low = cost[start]
        for pair in range(start + 1, stop):
            low = min(low, cost[pair])
        price = low - warm * (stop - start)
        for _ in range(CLIMBS):
            chosen = 0.0
            steep = 0.0
            for pair in range(start, stop):
                inverse = 1.0 / (cost[pair] - price)
                chosen += inverse
                steep += inverse * inverse
            chosen = warm * chosen
            steep = warm * steep
            price = min(price + (chosen - chosen * chosen) / steep, low - 0.999 * warm)
            if abs(chosen - 1.0) < ONE:
                break
        total = 0.0
        for pair in range(start, stop):
            z[pair] = cost[pair] - price
            x[pair] = warm / z[pair]
            total += x[pair]
        for pair in range(start, stop):
            x[pair] = x[pair] / total


@compiled
def _curvature(  # type: ignore[no-untyped-def]
    first, rep, hours, potential, travel, accounts, use, rate, place, budget_place, d, total,
    begin, end, row, value, part, takes, out, shared,
):  # fmt: skip
    for unit in range(begin, end):
        many = 0
        root = np.sqrt(total[unit])
        takes[0] = hours[unit]
        takes[1] = potential[unit]
        takes[3] = accounts[unit]
        for pair in range(first[unit], first[unit + 1]):
            if d[pair] < SMALL * total[unit]:
                continue
            takes[2] = hours[unit] + travel[pair]
            r = rep[pair]
            mine = many
            for kind in range(KINDS):
                share = takes[kind] * rate[r, kind]
                if place[r, kind] >= 0 and share > 0:
                    row[many] = place[r, kind]
                    value[many] = share
                    many += 1
            for budget in range(len(budget_place)):
                if budget_place[budget] >= 0 and use[pair, budget] > 0:
                    row[many] = budget_place[budget]
                    value[many] = use[pair, budget]
                    many += 1
            for k in range(mine, many):
                weight = d[pair] * value[k]
                part[k] = weight / root
                for m in range(k, many):
                    low, high = min(row[k], row[m]), max(row[k], row[m])
                    out[low, high] += weight * value[m]
        for k in range(many):
            p = part[k]
            shared[row[k], row[k]] += p * p
            for m in range(k + 1, many):
                if row[k] == row[m]:
                    shared[row[k], row[k]] += 2.0 * p * part[m]
                else:
                    low, high = min(row[k], row[m]), max(row[k], row[m])
                    shared[low, high] += p * part[m]


@compiled
def _factor(a, tiny):  # type: ignore[no-untyped-def]
    size = len(a)
    for k in range(size):
        if a[k, k] <= tiny:
            a[k, k] = np.inf
        for i in range(k + 1, size):
            scale = a[k, i] / a[k, k]
            for j in range(i, size):
                a[i, j] -= scale * a[k, j]
        for j in range(k + 1, size):
            a[k, j] = a[k, j] / a[k, k]


@compiled
def _solve(a, x):  # type: ignore[no-untyped-def]
    size = len(x)
    for k in range(size):
        for j in range(k + 1, size):
            x[j] -= a[k, j] * x[k]
    for k in range(size):
        x[k] = x[k] / a[k, k]
    for k in range(size - 1, 0, -1):
        for j in range(k):
            x[j] -= a[j, k] * x[k]


@compiled
def _promising(  # type: ignore[no-untyped-def]
    first, rep, cost, travel, hours, potential, accounts, table, sway, most, reach, blur, salt,
    rank, pick, out,
):  # fmt: skip
    found = 0
    for unit in range(len(first) - 1):
        many = 0
        fuzz = blur * sway[unit] / 2147483648.0
        low = np.inf
        for pair in range(first[unit], first[unit + 1]):
            r = rep[pair]
            price = cost[pair] + table[r, 0] * hours[unit] + table[r, 1] * potential[unit]
            price = price + table[r, 2] * travel[pair]
            price = price + table[r, 3] * accounts[unit]
            low = min(low, price)
            word = (unit * 2654435761 + r * 40503 + salt * 97) & 0x7FFFFFFF
            word = ((word ^ (word >> 15)) * 739982445) & 0x7FFFFFFF
            word = ((word ^ (word >> 12)) * 695872825) & 0x7FFFFFFF
            price = price + fuzz * (word ^ (word >> 15))
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
            if k == 0 or rank[k] <= low + (reach + blur) * sway[unit]:
                # The nearest first, but told in the order of the pairs.
                at = found + kept
                while at > found and out[at - 1] > pick[k]:
                    out[at] = out[at - 1]
                    at -= 1
                out[at] = pick[k]
                kept += 1
        found += kept
    return found

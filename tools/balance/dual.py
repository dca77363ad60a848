"""Prices of every rule whose bound is close to the best that any prices give.

The best prices are those of the relaxed problem of `dual_rows`, in which units may split.
It is solved over a few promising pairs per unit; the prices so found price all pairs, and
the promising ones of those are solved again, more exactly (column generation; Dantzig &
Wolfe 1960, doi:10.1287/opre.8.1.101), until no pair left out would help.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np

from tools.balance import dual_plain
from tools.balance.certificate import admissible, bound
from tools.balance.dual_pairs import pairs_of
from tools.balance.dual_rows import KINDS, Rows, rows_of
from tools.balance.interior_point import Relaxed, relax
from tools.balance.problem import Floats, Ints, Problem
from tools.balance.solution import Prices

PLAIN_PAIRS = 60_000
"""Pairs up to which numpy alone does: with numba or without, the same bytes."""

LOG = None
ROUNDS = 6


def price(
    problem: Problem,
    *,
    start: Prices | None = None,
    tolerance: float = 1e-4,
    stop: Callable[[], bool] | None = None,
) -> Prices:
    kernels = kernels_for(problem)
    rows = rows_of(problem)
    total = float(rows.sway.sum())
    y = np.zeros(len(rows.level))
    if start is not None:
        y = rows.vector(admissible(problem, start))
    best = admissible(problem, rows.prices(y))
    best_bound = bound(problem, best)
    support = np.zeros(0, np.int64)
    priced = _first_rows(problem, rows, y)
    sched = [r for r in SCHED if start is None or r[0] < 5e-3]
    temperature = .3 if start is None else sched[0][0]*5
    number = 0; answer = None
    while number < ROUNDS:
        until, most, reach, blur = sched[min(number, len(sched) - 1)]
        last = number >= len(sched) - 1
        kept = _kept(kernels, problem, rows, y, most, reach, blur, number)
        kept = np.union1d(kept, support)
        if LOG: LOG('  selected')
        pairs = pairs_of(problem, rows, kept, np.flatnonzero(priced))
        if LOG: LOG('round', number, 'kept', len(kept), 'choosing', len(pairs.units), 'open', len(pairs.pair), 'rows', len(pairs.rows), 'T', temperature)
        answer = relax(kernels, pairs, rows, y[pairs.rows], temperature, until, stop, answer)
        y = np.zeros_like(y); y[pairs.rows] = answer.y
        now = admissible(problem, rows.prices(y)); b = bound(problem, now)
        if b > best_bound: best, best_bound = now, b
        value = restricted(problem, rows, pairs, y, kept)
        if LOG: LOG('   bound', b, 'relaxed', value, 'gap', answer.gap, answer.steps)
        joined = joining(problem, rows, kept, pairs, answer, priced)
        number += 1
        if last and b >= value - tolerance*total and not joined.any() or (stop and stop()): break
        priced = priced | joined
        support = pairs.pair[answer.x > SUPPORT]
        temperature = answer.temperature * BACK
    return best
BACK = 1.0
SUPPORT = 0.01
ROUNDS = 12
SCHED = [(.05, 16, 1e9, 2.0), (.01, 16, 1e9, .3), (3e-3, 16, 1, .1), (1e-3, 16, .5, .05), (3e-4, 16, .2, .02), (1e-4, 16, .1, .02), (3e-5, 12, .1, .01), (1e-5, 12, .1, .01)]


def kernels_for(problem):
    if problem.pairs <= PLAIN_PAIRS:
        return dual_plain
    from tools.balance import dual_kernels

    return dual_kernels


def _kept(kernels, problem, rows, y, most, reach, blur, salt):
    p = rows.prices(y)
    R = problem.reps
    rate = rows.rate
    t = y[: 4 * R].reshape(R, 4) * rate
    table = np.stack([t[:, 0] + t[:, 2], t[:, 1], t[:, 2], t[:, 3]], axis=1)
    cost = problem.cost
    for b, q in zip(problem.budgets, p.budgets):
        cost = cost + q * b.use
    return kernels.promising(
        problem, cost, table, rows.sway, most=most, reach=reach, blur=blur, salt=salt
    )


def _uniform(problem, rows):
    many = np.diff(problem.first)
    share = 1.0 / many
    w = np.repeat(share, many)
    need = np.bincount(
        problem.rep, w * (np.repeat(problem.hours, many) + problem.travel), problem.reps
    )
    acc = np.bincount(problem.rep, w * np.repeat(problem.accounts, many), problem.reps)
    return need * rows.rate[:, 2], acc * rows.rate[:, 3]


def _first_rows(problem, rows, y):
    priced = rows.needed.copy()
    R = problem.reps
    t = priced[: 4 * R].reshape(R, 4)
    if (
        priced.sum() > 600
        and (rows.slope > 0).any()
        and problem.work_scale + problem.potential_scale > 0
    ):
        t[:, 2:] = False
    else:
        need, acc = _uniform(problem, rows)
        t[:, 2] &= need > 0.5 * rows.level[: 4 * R].reshape(R, 4)[:, 2]
        t[:, 3] &= acc > 0.5 * rows.level[: 4 * R].reshape(R, 4)[:, 3]
    return priced | (y > 0)


def joining(problem, rows, kept, pairs, answer, priced):
    """hard rows left out which the relaxed answer fills"""
    x = np.zeros(problem.pairs)
    x[kept] = 1.0
    x[pairs.pair] = answer.x
    unit = np.searchsorted(problem.first, kept, side="right") - 1
    xs = x[kept]
    rep = problem.rep[kept]
    R = problem.reps
    need = np.bincount(rep, xs * (problem.hours[unit] + problem.travel[kept]), R) * rows.rate[:, 2]
    acc = np.bincount(rep, xs * problem.accounts[unit], R) * rows.rate[:, 3]
    lev = rows.level[: 4 * R].reshape(R, 4)
    out = np.zeros(len(priced), bool)
    t = out[: 4 * R].reshape(R, 4)
    t[:, 2] = need > 0.98 * lev[:, 2]
    t[:, 3] = acc > 0.98 * lev[:, 3]
    return out & rows.needed & ~priced


def restricted(problem, rows, pairs, y, kept):
    """value of the prices on the kept pairs only"""
    prices = admissible(problem, rows.prices(y))
    from tools.balance.certificate import reduced_costs

    rc = reduced_costs(problem, prices)
    unit = np.searchsorted(problem.first, kept, side="right") - 1
    first = np.searchsorted(unit, np.arange(problem.units))
    return bound(problem, prices) + float(
        (np.minimum.reduceat(rc[kept], first) - np.minimum.reduceat(rc, problem.first[:-1])).sum()
    )

"""Annealing as a good script would do it: shifts and swaps, no prices, compiled by numba."""

from __future__ import annotations

import time

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tools.balance.problem import Problem

Assignment = NDArray[np.int64]
KEPT = 8
BLOCK = 50_000
PARTNERS = 4
# In units of an account's mean weight; a twentieth of this heat ends a fifth worse.
HOT, COLD = 2.0, 5e-3
BROKEN = 1e4


@njit(cache=True)
def _psi(off):  # type: ignore[no-untyped-def]
    size = abs(off)
    if size <= 0.05:
        return size
    if size <= 0.15:
        return 0.05 + 4.0 * (size - 0.05)
    return 0.45 + 12.0 * (size - 0.15)


@njit(cache=True)
def _points(load, rep, work, potential):  # type: ignore[no-untyped-def]
    """What a rep's loads cost; loads are shares of target, capacity and limit."""
    points = work * _psi(load[rep, 0] - 1.0) + potential * _psi(load[rep, 1] - 1.0)
    for rule in (2, 3):
        if load[rep, rule] > 1.0 + 1e-10:
            points += BROKEN * (load[rep, rule] - 1.0) + 0.1
    return points


@njit(cache=True)
def _shift(load, use, rep, old, new):  # type: ignore[no-untyped-def]
    for rule in range(4):
        load[rep[old], rule] -= use[old, rule]
        load[rep[new], rule] += use[new, rule]


@njit(cache=True)
def _enlist(members, many, place, i, old, new):  # type: ignore[no-untyped-def]
    many[old] -= 1
    last = members[old, many[old]]
    members[old, place[i]] = last
    place[last] = place[i]
    members[new, many[new]] = i
    place[i] = many[new]
    many[new] += 1


@njit(cache=True)
def _block(  # type: ignore[no-untyped-def]
    first, unit, rep, cost, use, chosen, load, members, many, place, scales, draws, partners, limits
):
    """Try a shift, and failing that a swap, per draw; accept what costs at most its limit."""
    work, potential = scales
    for number in range(len(draws)):
        new = draws[number]
        i = unit[new]
        old = chosen[i]
        if new == old:
            continue
        r, s = rep[old], rep[new]
        before = _points(load, r, work, potential) + _points(load, s, work, potential)
        _shift(load, use, rep, old, new)
        after = _points(load, r, work, potential) + _points(load, s, work, potential)
        if cost[new] - cost[old] + after - before <= limits[number]:
            chosen[i] = new
            _enlist(members, many, place, i, r, s)
            continue
        done = False
        for other in range(partners.shape[1] if many[s] else 0):
            j = members[s, int(partners[number, other] * many[s])]
            there, back = chosen[j], -1
            for pair in range(first[j], first[j + 1]):
                if rep[pair] == r:
                    back = pair
            if back < 0:
                continue
            _shift(load, use, rep, there, back)
            after = _points(load, r, work, potential) + _points(load, s, work, potential)
            change = cost[new] - cost[old] + cost[back] - cost[there]
            if change + after - before <= limits[number]:
                chosen[i], chosen[j] = new, back
                _enlist(members, many, place, i, r, s)
                _enlist(members, many, place, j, s, r)
                done = True
                break
            _shift(load, use, rep, back, there)
        if not done:
            _shift(load, use, rep, new, old)


def annealed(problem: Problem, start: Assignment, seconds: float) -> Assignment:
    """Anneal until the seconds are over; compiling beforehand is not counted."""
    kept = _kept(problem, start)
    unit, rep, cost = problem.unit[kept], problem.rep[kept], problem.cost[kept]
    first = np.concatenate([[0], np.cumsum(np.bincount(unit, minlength=problem.units))])
    use = np.column_stack([
        problem.hours[unit] / problem.work_target[rep],
        problem.potential[unit] / problem.potential_target[rep],
        problem.needed[kept] / problem.capacity[rep],
        problem.accounts[unit] / problem.limit[rep],
    ])  # fmt: skip
    chosen = np.zeros(problem.units, dtype=np.int64)
    here = np.flatnonzero(rep == start[unit])
    chosen[unit[here]] = here
    load = np.zeros((problem.reps, 4))
    np.add.at(load, rep[chosen], use[chosen])
    members = np.zeros((problem.reps, problem.units), dtype=np.int64)
    many, place = np.zeros(problem.reps, dtype=np.int64), np.zeros(problem.units, dtype=np.int64)
    for i, pair in enumerate(chosen):
        members[rep[pair], many[rep[pair]]] = i
        place[i] = many[rep[pair]]
        many[rep[pair]] += 1
    scales = (problem.work_scale, problem.potential_scale)
    mean = float((scales[0] * use[:, 0] + scales[1] * use[:, 1]).mean())
    rng = np.random.default_rng(1)

    def block(size: int, share: float) -> None:
        # The last tenth of the time only accepts what is better.
        heat = mean * HOT * (COLD / HOT) ** (share / 0.9) if share < 0.9 else 0.0
        _block(
            first, unit, rep, cost, use, chosen, load, members, many, place, scales,
            rng.integers(len(rep), size=size), rng.random((size, PARTNERS)),
            heat * rng.standard_exponential(size),
        )  # fmt: skip

    block(1, 1.0)
    began = time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        block(BLOCK, spent / seconds)
    return np.asarray(rep[chosen])


def _kept(problem: Problem, start: Assignment) -> Assignment:
    """The 8 cheapest pairs of every account, and the one of the start."""
    order = np.lexsort((problem.cost, problem.unit))
    rank = np.arange(problem.pairs) - problem.first[problem.unit]
    return np.union1d(order[rank < KEPT], np.flatnonzero(problem.rep == start[problem.unit]))

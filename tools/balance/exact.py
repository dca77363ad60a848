"""Small problems solved to the end by branch and bound (HiGHS).

Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5. The work is limited in nodes, never in
seconds, so that the same problem gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.balance.problem import Floats, Ints, Problem

PAIRS, AGAIN = 100, 40
"""Pairs up to which it is worth a try, and where there is a design already; beyond that
the walks are better and sooner."""

DESPERATE = 1_000
"""Pairs up to which it is tried where the walks find no design that keeps the rules."""

NODES = 2_000

TOLERANCE = 2e-6
"""Part of the objective, or points, by which HiGHS's bound may be wrong."""


@dataclass(frozen=True)
class Exact:
    """The best design found, if any; what none is below; whether there is nothing better."""

    chosen: Ints | None
    bound: float
    final: bool


def exact(problem: Problem) -> Exact:
    """Solve a problem with whole units as a mixed-integer program."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    pairs, reps = problem.pairs, problem.reps
    matrix, low, high = program_rows(problem)
    scales = np.repeat([problem.work_scale, problem.potential_scale], reps)
    answer = milp(
        np.concatenate([problem.cost, scales]),
        integrality=np.repeat([1, 0], [pairs, 2 * reps]),
        constraints=LinearConstraint(matrix, low, high),
        bounds=Bounds(0.0, np.repeat([1.0, np.inf], [pairs, 2 * reps])),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return Exact(None, -np.inf, answer.status == 2)
    order = np.lexsort((-answer.x[:pairs], problem.unit))
    proven = float(answer.mip_dual_bound)
    slip = TOLERANCE * max(1.0, abs(proven))
    return Exact(order[problem.first[:-1]], proven - slip, answer.status == 0)


def program_rows(problem: Problem) -> tuple[Any, Floats, Floats]:
    """Rows over pairs and both penalties of each rep: matrix, lowest and highest values."""
    from scipy import sparse

    pairs, reps = problem.pairs, problem.reps
    columns, unit, rep = np.arange(pairs), problem.unit, problem.rep

    def per_rep(values: Floats) -> Any:
        return sparse.coo_array((values, (rep, columns)), shape=(reps, pairs))

    nothing = sparse.coo_array((reps, reps))
    once = sparse.coo_array((np.ones(pairs), (unit, columns)), shape=(problem.units, pairs))
    # The first row also tells how many penalties there are.
    blocks: list[list[Any]] = [[once, *[sparse.coo_array((problem.units, reps))] * 2]]
    lows, highs = [np.ones(problem.units)], [np.ones(problem.units)]

    def add(block: list[Any], low: Floats, high: Floats) -> None:
        blocks.append(block)
        lows.append(low)
        highs.append(high)

    free, one = np.full(reps, np.inf), np.ones(reps)
    add([per_rep(problem.needed / problem.capacity[rep]), None, None], -free, one)
    add([per_rep(problem.accounts[unit] / problem.limit[rep]), None, None], -free, one)
    (near, far), (slow, mid, fast) = problem.penalty.breaks, problem.penalty.slopes
    bends = (0.0, (mid - slow) * near, (mid - slow) * near + (fast - mid) * far)
    balanced = (
        (problem.hours, problem.work_target, problem.work_window),
        (problem.potential, problem.potential_target, problem.potential_window),
    )
    for place, (load, target, window) in enumerate(balanced):
        share = per_rep(load[unit] / target[rep])
        add([share, None, None], 1.0 + window[:, 0], 1.0 + window[:, 1])
        size = [sparse.eye_array(reps) if kind == place else nothing for kind in range(2)]
        for slope, bend in zip((slow, mid, fast), bends, strict=True):
            for sign in (1.0, -1.0):  # the penalty is above each of its lines
                add([-sign * slope * share, *size], -(sign * slope + bend) * one, free)
    for budget in problem.budgets:
        row = sparse.coo_array(budget.use[None, :])
        add([row, None, None], np.array([-np.inf]), np.array([budget.cap]))
    matrix = sparse.block_array(blocks, format="csr")
    return matrix, np.concatenate(lows), np.concatenate(highs)

"""Branch and bound over the units that matter most, the others left free to be split.

A handful of units that are a large part of a rep's target decide what a book can reach.
With only those whole, HiGHS (Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5) places
them almost as well as can be; with all units whole, it solves a tiny problem exactly.
Limits count nodes, never seconds, so that the same problem gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.balance.problem import Floats, Ints, Problem


@dataclass(frozen=True)
class Core:
    """The pair with the largest share per unit, and whether this is the very best design.

    `bound` is a lower limit of every design's objective as far as HiGHS's tolerances go.
    """

    chosen: Ints
    bound: float
    exact: bool


def core(problem: Problem, whole: Ints, *, nodes: int, gap: float = 0.0) -> Core | None:
    """Solve with only the units `whole` undivided; None where that finds no answer.

    Stops after `nodes` nodes, or within `gap` (a share of the objective) of the best.
    """
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint, milp

    pairs, reps = problem.pairs, problem.reps
    matrix, low, high = _rows(problem)
    integral = np.zeros(pairs + 2 * reps)
    integral[:pairs] = np.isin(problem.unit, whole)
    scales = np.repeat([problem.work_scale, problem.potential_scale], reps)
    answer = milp(
        np.concatenate([problem.cost, scales]),
        integrality=integral,
        constraints=LinearConstraint(sparse.csr_array(matrix), low, high),
        bounds=Bounds(0.0, np.repeat([1.0, np.inf], [pairs, 2 * reps])),
        options={"node_limit": nodes, "mip_rel_gap": gap},
    )
    if answer.x is None:
        return None
    share = answer.x[:pairs]
    order = np.lexsort((-share, problem.unit))
    chosen = order[problem.first[:-1]]
    exact = answer.status == 0 and gap == 0 and len(whole) == problem.units
    return Core(chosen, float(answer.mip_dual_bound), bool(exact))


def _rows(problem: Problem) -> tuple[object, Floats, Floats]:
    """Rows over pairs and both penalties of each rep: matrix, lowest and highest values."""
    from scipy import sparse

    pairs, reps = problem.pairs, problem.reps
    columns, unit, rep = np.arange(pairs), problem.unit, problem.rep

    def per_rep(values: Floats) -> object:
        return sparse.coo_array((values, (rep, columns)), shape=(reps, pairs))

    nothing = sparse.coo_array((reps, reps))
    once = sparse.coo_array((np.ones(pairs), (unit, columns)), shape=(problem.units, pairs))
    blocks = [[once, None, None]]
    lows, highs = [np.ones(problem.units)], [np.ones(problem.units)]

    def add(block: list[object], low: Floats, high: Floats) -> None:
        blocks.append(block)
        lows.append(low)
        highs.append(high)

    free, one = np.full(reps, np.inf), np.ones(reps)
    room = np.maximum(problem.capacity, 1e-9)[rep]
    add([per_rep(problem.needed / room), None, None], -free, one)
    add([per_rep(problem.accounts[unit] / np.maximum(problem.limit, 1)[rep]), None, None], -free, one)
    (near, far), (slow, mid, fast) = problem.penalty.breaks, problem.penalty.slopes
    bends = (0.0, (mid - slow) * near, (mid - slow) * near + (fast - mid) * far)
    for place, (load, target, window) in enumerate(
        (
            (problem.hours, problem.work_target, problem.work_window),
            (problem.potential, problem.potential_target, problem.potential_window),
        )
    ):
        share = per_rep(load[unit] / target[rep])
        add([share, None, None], 1.0 + window[:, 0], 1.0 + window[:, 1])
        size = [sparse.eye_array(reps) if kind == place else nothing for kind in range(2)]
        for slope, bend in zip((slow, mid, fast), bends, strict=True):
            for sign in (1.0, -1.0):  # the penalty is above each of its lines
                add([-sign * slope * share, *size], -(sign * slope + bend) * one, free)
    for budget in problem.budgets:
        row = sparse.coo_array(budget.use[None, :])
        add([row, None, None], np.array([-np.inf]), np.array([budget.cap]))
    return sparse.block_array(blocks, format="csr"), np.concatenate(lows), np.concatenate(highs)

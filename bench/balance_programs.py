"""The balancing model as a mixed-integer program, for the solvers that `bench.balance` runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tools.balance.problem import Problem

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Program:
    """Minimise cost @ z with low <= matrix @ z <= high and 0 <= z <= upper.

    The first `pairs` entries of z are 0 or 1, one for each pair. Then follow, per rep
    and for workload before potential, three pieces of deviation above target and three
    below: psi is convex, so its cheap pieces fill up first.
    """

    pairs: int
    cost: Floats
    upper: Floats
    matrix: sparse.csr_array
    low: Floats
    high: Floats


def program(problem: Problem) -> Program:
    """Write out the model; windows and budgets are not part of an instance file."""
    pairs, reps, units = problem.pairs, problem.reps, problem.units
    places = np.arange(pairs)
    (first, second), slopes = problem.penalty.breaks, problem.penalty.slopes

    def by_rep(values: Floats) -> sparse.coo_array:
        return sparse.coo_array((values, (problem.rep, places)), shape=(reps, pairs))

    pieces = np.kron(np.eye(reps), np.array([[-1.0, -1.0, -1.0, 1.0, 1.0, 1.0]]))
    none = np.zeros((reps, 6 * reps))
    unit = problem.unit
    work = (problem.hours / 1.0)[unit] / problem.work_target[problem.rep]
    potential = problem.potential[unit] / problem.potential_target[problem.rep]
    one = sparse.coo_array((np.ones(pairs), (unit, places)), shape=(units, pairs))
    matrix = sparse.block_array(
        [
            [one, None, None],
            [by_rep(work), sparse.coo_array(pieces), sparse.coo_array(none)],
            [by_rep(potential), sparse.coo_array(none), sparse.coo_array(pieces)],
            [by_rep(problem.needed / problem.capacity[problem.rep]), None, None],
            [by_rep(problem.accounts[unit].astype(float)), None, None],
        ],
        format="csr",
    )
    equal = np.ones(units + 2 * reps)
    limits = np.concatenate([np.ones(reps), problem.limit.astype(float)])
    length = np.array([first, second - first, np.inf] * 2)
    slope = np.array([*slopes, *slopes])
    scales = np.repeat([problem.work_scale, problem.potential_scale], reps)
    return Program(
        pairs=pairs,
        cost=np.concatenate([problem.cost, np.kron(scales, slope)]),
        upper=np.concatenate([np.ones(pairs), np.tile(length, 2 * reps)]),
        matrix=sparse.csr_array(matrix),
        low=np.concatenate([equal, np.full(2 * reps, -np.inf)]),
        high=np.concatenate([equal, limits]),
    )

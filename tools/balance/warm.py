"""Compile the solver before its first use: `python -m tools.balance.warm`.

numba keeps what it compiles beside the source files. One small made-up problem with rules
of all kinds meets every compiled function.
"""

from __future__ import annotations

import sys

import numpy as np

from tools.balance.problem import Budget, Problem

SMALL = (60, 8)
STEPS = 8


def warm() -> None:
    """Meet every compiled function once; quick where the cache is filled."""
    from tools.balance.solver import solve

    solve(made_up(*SMALL), steps=STEPS)


def made_up(units: int, reps: int) -> Problem:
    """Return a problem in which every rep may take every unit and rules of all kinds hold."""
    rng = np.random.default_rng(0)
    hours = rng.uniform(1.0, 9.0, units)
    potential = rng.uniform(1.0, 9.0, units)
    pairs = units * reps
    owner = rng.integers(reps, size=units)
    moves = np.ones(pairs)
    present = np.arange(units) * reps + owner
    moves[present] = 0.0
    window = np.tile([-0.9, 3.0], (reps, 1))
    return Problem(
        hours=hours,
        potential=potential,
        accounts=np.ones(units, dtype=np.int64),
        first=np.arange(units + 1) * reps,
        rep=np.tile(np.arange(reps), units),
        travel=rng.uniform(0.0, 1.0, pairs),
        disruption=moves / units,
        preference=np.zeros(pairs),
        present=present,
        capacity=np.full(reps, 1.4 * hours.sum() / reps),
        limit=np.full(reps, 2 * units // reps),
        work_target=np.full(reps, hours.sum() / reps),
        potential_target=np.full(reps, potential.sum() / reps),
        work_window=window,
        potential_window=window.copy(),
        budgets=(Budget("moves", moves, 0.8 * units),),
    )


def main() -> int:
    """Compile; tell where numba is missing, which is no failure."""
    try:
        import numba  # noqa: F401
    except ImportError:
        print("numba is missing: small problems are solved without it, large ones slowly.")
        return 0
    warm()
    return 0


if __name__ == "__main__":
    sys.exit(main())

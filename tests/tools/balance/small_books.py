"""Small random balancing problems, and their optimum by trying every design."""

from __future__ import annotations

from itertools import product

import numpy as np

from tools.balance.problem import Ints, Problem, judge


def small_book(
    seed: int, *, units: int, reps: int, choices: int = 2, tight: float = 0.75
) -> Problem:
    """Accounts of a lognormal size with `choices` or more eligible reps, most of them owned."""
    draw = np.random.default_rng(seed)
    hours = np.round(draw.lognormal(1.5, 0.6, units), 3)
    potential = np.round(draw.lognormal(4.0, 1.0, units), 2)
    listed = [
        np.sort(draw.choice(reps, draw.integers(choices, reps + 1), replace=False))
        for _ in range(units)
    ]
    first = np.concatenate([[0], np.cumsum([len(some) for some in listed])]).astype(np.int64)
    rep = np.concatenate(listed).astype(np.int64)
    unit = np.repeat(np.arange(units), np.diff(first))
    owner = np.array([draw.choice(some) for some in listed])
    value = draw.uniform(0.2, 1.0, units)
    value /= value.sum()
    stays = rep == owner[unit]
    capacity = np.full(reps, (hours.sum() + 1.5 * units) / reps / tight)
    free = np.tile([-np.inf, np.inf], (reps, 1))
    return Problem(
        hours=hours,
        potential=potential,
        accounts=np.ones(units, dtype=np.int64),
        first=first,
        rep=rep,
        travel=np.round(draw.uniform(0, 3, len(rep)), 2),
        disruption=np.where(stays, 0.0, value[unit]),
        preference=np.zeros(len(rep)),
        present=np.flatnonzero(stays).astype(np.int64),
        capacity=capacity,
        limit=np.full(reps, units, dtype=np.int64),
        work_target=np.full(reps, hours.sum() / reps),
        potential_target=np.full(reps, potential.sum() / reps),
        work_window=free,
        potential_window=free.copy(),
    )


def optimum(problem: Problem) -> tuple[float, Ints]:
    """Objective and pairs of the best feasible design, by trying all of them."""
    found: tuple[float, Ints] = (np.inf, np.zeros(0, dtype=np.int64))
    ranges = [range(*problem.first[at : at + 2]) for at in range(problem.units)]
    for pairs in product(*ranges):
        chosen = np.array(pairs, dtype=np.int64)
        figures = judge(problem, chosen)
        if figures.feasible and figures.objective < found[0]:
            found = (figures.objective, chosen)
    return found

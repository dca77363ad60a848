"""Small random balancing problems, and their optimum by trying every design."""

from __future__ import annotations

from itertools import product

import numpy as np

from tools.balance.problem import Budget, Ints, Problem, Weights, judge


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


def ruled_book(seed: int, *, most_units: int = 7, most_reps: int = 3) -> Problem:
    """A tiny book with rules of all kinds by chance; often none of its designs keeps them."""
    draw = np.random.default_rng(seed)
    units, reps = int(draw.integers(1, most_units + 1)), int(draw.integers(2, most_reps + 1))
    listed = [np.flatnonzero(draw.random(reps) < 0.8) for _ in range(units)]
    listed = [some if len(some) else np.array([draw.integers(reps)]) for some in listed]
    first = np.concatenate([[0], np.cumsum([len(some) for some in listed])]).astype(np.int64)
    rep = np.concatenate(listed).astype(np.int64)
    whole = draw.random() < 0.7
    hours, potential = (
        draw.integers(0, 9, units).astype(float) if whole else draw.exponential(5.0, units)
        for _ in range(2)
    )
    present = np.array(
        [draw.integers(*first[at : at + 2]) if draw.random() < 0.7 else -1 for at in range(units)]
    )
    stays = np.zeros(len(rep), dtype=bool)
    stays[present[present >= 0]] = True
    accounts = draw.integers(1, 3, units)
    budgets: tuple[Budget, ...] = ()
    if draw.random() < 0.3:
        cap = float(draw.integers(0, units + 1))
        budgets = (Budget("moves", np.where(stays, 0.0, 1.0), cap),)
    windows = [
        np.tile([-draw.uniform(0.1, 0.9), draw.uniform(0.1, 0.9)], (reps, 1))
        if draw.random() < 0.25
        else np.tile([-np.inf, np.inf], (reps, 1))
        for _ in range(2)
    ]
    return Problem(
        hours=hours,
        potential=potential,
        accounts=accounts,
        first=first,
        rep=rep,
        travel=draw.random(len(rep)),
        disruption=np.where(stays, 0.0, 0.3 * draw.random(len(rep))),
        preference=np.where(draw.random(len(rep)) < 0.1, draw.normal(0.0, 2.0, len(rep)), 0.0),
        present=present,
        capacity=np.full(reps, hours.sum() / reps * draw.uniform(1.0, 1.6) + draw.uniform(0.5, 3)),
        limit=np.full(reps, int(1.5 * accounts.sum() / reps) + 1),
        work_target=np.full(reps, max(hours.sum() / reps, 0.1)),
        potential_target=np.full(reps, max(potential.sum() / reps, 0.1)),
        work_window=windows[0],
        potential_window=windows[1],
        budgets=budgets,
        weights=Weights(*draw.choice([0.0, 1.0], p=[0.15, 0.85], size=4)),
    )


def shuffled(problem: Problem, seed: int) -> tuple[Problem, Ints, Ints]:
    """The same book told in another order, with the old index of each new unit and pair."""
    draw = np.random.default_rng(seed)
    unit, rep = draw.permutation(problem.units), draw.permutation(problem.reps)
    place = np.argsort(rep)
    pairs = []
    for old in unit:
        mine = np.arange(*problem.first[old : old + 2])
        pairs.append(mine[np.argsort(place[problem.rep[mine]])])
    pair = np.concatenate(pairs)
    return problem.part(unit, rep, pair), unit, pair

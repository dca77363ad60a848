"""Which pairs the search looks at, and the design it starts from.

Interchangeable reps tie at the best prices, and the k cheapest pairs would be the same reps
for everybody. So pairs are drawn by the Gumbel top-k trick (Kool, van Hoof & Welling 2019,
arXiv:1903.06059): noise on the reduced costs makes each as likely as its softmin weight.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from tools.balance.problem import Floats, Ints, Problem

NOISE = 3e-4
"""Temperature of the draw, in multiples of a unit's sway."""


def sway(problem: Problem) -> Floats:
    """Points each unit moves: its share of the balance terms, or the spread of its costs."""
    work = problem.work_scale * problem.hours * (1.0 / problem.work_target).mean()
    potential = problem.potential_scale * problem.potential * (1.0 / problem.potential_target).mean()
    if problem.work_scale + problem.potential_scale > 0:
        return np.asarray(work + potential)
    start = problem.first[:-1]
    mean = np.add.reduceat(problem.cost, start) / np.diff(problem.first)
    return np.asarray(mean - np.minimum.reduceat(problem.cost, start))


def draw(problem: Problem, reduced: Floats, most: int, rng: Generator) -> tuple[Ints, Ints]:
    """Draw at most `most` pairs per unit, and the cheapest of them to start from.

    Returns the pairs kept, ascending, present owners included, and one pair per unit.
    """
    heat = NOISE * sway(problem)
    noise = rng.gumbel(size=problem.pairs)
    kept, cheapest = [], np.zeros(problem.units, np.int64)
    degree = np.diff(problem.first)
    for size in np.unique(degree):
        rows = np.flatnonzero(degree == size)
        pairs = problem.first[rows][:, None] + np.arange(size)
        score = reduced[pairs] - heat[rows][:, None] * noise[pairs]
        cheapest[rows] = pairs[np.arange(len(rows)), score.argmin(axis=1)]
        if size > most:
            chosen = np.argpartition(score, most - 1, axis=1)[:, :most]
            pairs = np.take_along_axis(pairs, chosen, axis=1)
        kept.append(pairs.ravel())
    owners = problem.present[problem.present >= 0]
    return np.unique(np.concatenate([*kept, owners, cheapest])), cheapest


def regrets(problem: Problem, reduced: Floats) -> Floats:
    """Per pair: its reduced cost above that of the unit's cheapest pair."""
    least = np.minimum.reduceat(reduced, problem.first[:-1])
    return np.asarray(reduced - np.repeat(least, np.diff(problem.first)))

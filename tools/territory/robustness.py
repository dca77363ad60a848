"""How often a design stays balanced when potential turns out other than its median.

Potential is known as P50, P75 and P90. A draw gives each account its own level, evenly
between 0.5 and 0.9, and the potential of that level, straight on a logarithmic scale
(of 1 + currency) between the three. Levels are drawn account by account without a shared
part: what lifts every account alike lifts the targets too, and tells nothing about
fairness.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.balance.problem import Floats, Ints
from tools.territory.case import Case

LEVELS = (0.5, 0.75, 0.9)
_BLOCK = 100


def robustness(
    case: Case, assignments: Sequence[Ints], *, tolerance: float, draws: int = 1000, seed: int = 0
) -> tuple[float, ...]:
    """Share of draws in which every rep's potential stays within tolerance of target.

    Parameters
    ----------
    assignments
        Designs: rep index per account of `case.accounts`, -1 for nobody. All of them meet
        the same draws.
    tolerance
        Largest relative deviation from target either way: 0.15 is 15 %. Targets scale
        with the total drawn.
    draws, seed
        The same draws and seed give the same shares.

    Returns
    -------
    tuple of float
        0 to 1 per design, in multiples of 1 / draws. Missing P75 or P90 counts as the
        level below.
    """
    quantiles = _quantiles(case)
    known = float(np.expm1(quantiles[0]).sum())
    target = case.problem.potential_target / (known or 1.0)
    within = np.zeros(len(assignments))
    generator = np.random.default_rng(seed)
    for done in range(0, draws, _BLOCK):
        count = min(_BLOCK, draws - done)
        level = generator.uniform(LEVELS[0], LEVELS[-1], (count, quantiles.shape[1]))
        drawn = _potential(quantiles, level)
        fair = drawn.sum(axis=1, keepdims=True) * target
        for at, assignment in enumerate(assignments):
            off = np.abs(_loads(drawn, assignment, len(target)) - fair)
            within[at] += int((off <= tolerance * fair + 1e-9).all(axis=1).sum())
    return tuple(float(share) for share in within / draws)


def _quantiles(case: Case) -> Floats:
    """(3, n): logarithms of 1 + P50, P75, P90, none below the one before."""
    columns = [case.accounts[name].to_numpy(np.float64) for name in _COLUMNS]
    table = np.maximum.accumulate(np.nan_to_num(np.stack(columns)), axis=0)
    return np.asarray(np.log1p(np.maximum(table, 0.0)))


_COLUMNS = ("potential", "potential_p75", "potential_p90")


def _potential(quantiles: Floats, level: Floats) -> Floats:
    low, middle, high = quantiles
    first, second, third = LEVELS
    below = low + (middle - low) * (level - first) / (second - first)
    above = middle + (high - middle) * (level - second) / (third - second)
    return np.asarray(np.expm1(np.where(level <= second, below, above)))


def _loads(drawn: Floats, assignment: Ints, reps: int) -> Floats:
    """(draws, R): potential of each rep in each draw."""
    order = np.argsort(assignment, kind="stable")
    held = np.searchsorted(assignment[order], np.arange(reps + 1))
    total = np.concatenate([np.zeros((len(drawn), 1)), np.cumsum(drawn[:, order], axis=1)], axis=1)
    return np.asarray(total[:, held[1:]] - total[:, held[:-1]])

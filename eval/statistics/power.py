"""How small a difference a set of tasks can still tell from chance."""

from __future__ import annotations

from functools import cache
from math import inf

import numpy as np
from statsmodels.stats.power import TTestPower

from eval.statistics.estimate import rounded

POWER, ALPHA = 0.8, 0.05


def smallest_difference(
    sd: float,
    clusters: int,
    *,
    most: float = inf,
    power: float = POWER,
    alpha: float = ALPHA,
) -> float | None:
    """Return the smallest true difference that would be found with the chance `power`.

    Parameters
    ----------
    sd
        Standard deviation of the differences between two runs, by cluster. Where only one run
        is known and the other varies as much and independently, that is sqrt(2) times its own;
        runs over the same tasks usually go together, and then find less than that.
    clusters
        How many there are.
    most
        What a difference can be at most.

    Returns
    -------
    float or None
        In the units of `sd`. None where it is not known (fewer than two clusters, or none that
        differs from another), and where only one of more than `most` would be found.

    Notes
    -----
    Two-sided paired t-test, as in statsmodels; Miller (2024), arXiv:2411.00640, asks for it
    beside every score. The test by flipped signs is about as powerful.
    """
    if clusters < 2 or not 0 < sd < inf:
        return None
    smallest = sd * _effect(clusters, power, alpha)
    return None if smallest > most else rounded(smallest)


@cache
def _effect(clusters: int, power: float, alpha: float) -> float:
    """Return the difference in standard deviations."""
    solved = TTestPower().solve_power(
        effect_size=None, nobs=clusters, alpha=alpha, power=power, alternative="two-sided"
    )
    # For some counts the solver's last resort answers with an array of one.
    return float(np.asarray(solved).item())

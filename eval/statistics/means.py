"""Means of scores, with an interval for scores that come in clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy import stats

from eval.statistics.estimate import LEVEL, Bounds, Estimate, Values, checked, rounded, totals
from eval.statistics.rates import unseen_at_most

RESAMPLES = 2000
Method = Literal["BCa", "percentile"]
# Resamples are drawn by so many at a time: as fast again as all at once, which leaves the cache.
_BATCH = 250


def cluster_bootstrap(
    values: Sequence[float],
    clusters: Sequence[str],
    seed: int = 0,
    *,
    within: Bounds = (0.0, 1.0),
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    method: Method = "BCa",
) -> Estimate:
    """Return the mean of `values`, with an interval from resampled clusters.

    Parameters
    ----------
    values
        One score a task, in the units of `within`.
    clusters
        The cluster of each: tasks of one account are drawn together or not at all.
    within
        What a value can be at least and at most.
    method
        `BCa` for scores, which pile up at their ceiling; `percentile` for differences, which
        pile up at nought with a tail on either side.

    Returns
    -------
    Estimate
        Where all clusters have the same mean (one cluster, no variance, all passed), resampling
        tells nothing: the interval then says how far the mean would move if the share of
        clusters that may have gone unseen (Wilson's bound for none of so many) had the least
        or the greatest value possible. Without values it is `within`.

    Raises
    ------
    ValuesUnfit
        When there are not as many clusters as values, or a value is out of bounds.

    Notes
    -----
    Cameron, Gelbach & Miller (2008), doi:10.1162/rest.90.3.414, on drawing clusters; Efron
    (1987), doi:10.1080/01621459.1987.10478410, on BCa; Hesterberg (2015),
    doi:10.1080/00031305.2015.1089789, on widening the level so that few clusters do not make
    the interval too narrow. `python -m bench.evaluation` counts how often each holds.
    """
    array = checked(values, clusters, within)
    sums, sizes = totals(array, clusters)
    n, groups = int(array.size), int(sums.size)
    low, high = within
    if groups == 0:
        return Estimate(value=None, low=low, high=high, n=0, clusters=0)
    mean = float(sums.sum() / n)
    if np.abs(sums - mean * sizes).max() < 1e-9:
        unseen = unseen_at_most(groups, level=level)
        ends = (mean + unseen * (low - mean), mean + unseen * (high - mean))
    else:
        drawn = stats.bootstrap(
            (sums, sizes),
            _mean,
            paired=True,
            vectorized=True,
            n_resamples=resamples,
            batch=_BATCH,
            confidence_level=_expanded(level, groups),
            method=method,
            rng=np.random.default_rng(seed),
        ).confidence_interval
        ends = (float(drawn.low), float(drawn.high))
    return Estimate(
        value=rounded(mean),
        low=rounded(max(low, ends[0])),
        high=rounded(min(high, ends[1])),
        n=n,
        clusters=groups,
    )


def standard_error(values: Sequence[float], clusters: Sequence[str], within: Bounds) -> float:
    """Return the standard error of the mean over clusters, by linearisation; inf of one or none.

    The usual one of a ratio: sqrt(G / (G - 1) * sum((cluster's sum - mean * size)^2)) / n.
    """
    sums, sizes = totals(checked(values, clusters, within), clusters)
    groups = sums.size
    if groups < 2:
        return float("inf")
    residuals = sums - sums.sum() / sizes.sum() * sizes
    return float(np.sqrt(groups / (groups - 1) * (residuals**2).sum()) / sizes.sum())


def _mean(sums: Values, sizes: Values, axis: int = -1) -> Values:
    return np.asarray(sums.sum(axis) / sizes.sum(axis))


def _expanded(level: float, groups: int) -> float:
    """Return the level that resampling has to be asked for, so that `level` comes out.

    Resamples vary by (G - 1) / G too little, and as the normal does, not Student's t.
    """
    wide = np.sqrt(groups / (groups - 1)) * stats.t.ppf((1 + level) / 2, groups - 1)
    # Two clusters would ask for all of the normal, of which BCa cannot be taken.
    return min(float(2 * stats.norm.cdf(wide) - 1), 1 - 1e-9)

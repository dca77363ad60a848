"""Differences between two runs over the same tasks: how large, and whether more than chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.statistics.estimate import LEVEL, Bounds, Estimate, Values, checked, rounded, totals
from eval.statistics.means import RESAMPLES, cluster_bootstrap

FLIPS = 9_999
# All flips of so many clusters (65,536) are counted out faster than 9,999 are drawn.
COUNTED_OUT = 16


class Difference(Estimate):
    """After less before, with its interval.

    `p` is null where nothing was compared. `moved` counts the clusters that differ at all; the
    others cannot tell anything, so `p` is never below 2 / 2^moved.
    """

    p: float | None
    moved: int


def paired_bootstrap(
    before: Sequence[float],
    after: Sequence[float],
    clusters: Sequence[str],
    seed: int = 0,
    *,
    within: Bounds = (0.0, 1.0),
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Difference:
    """Return the mean difference between two runs, task by task.

    Parameters
    ----------
    before, after
        The score of each task in either run, in the same order.
    clusters
        The cluster of each task.
    within
        What a score can be at least and at most; a difference spans both ways.

    Returns
    -------
    Difference
        The interval is that of `cluster_bootstrap` over the differences; `p` is that of
        `sign_flip`. The two answer different questions, over other tasks of the kind and over
        these tasks with other chance, and may disagree at the edge.
    """
    low, high = within
    span = (low - high, high - low)
    changed = checked(after, clusters, within) - checked(before, clusters, within)
    interval = cluster_bootstrap(
        changed.tolist(),
        clusters,
        seed,
        within=span,
        resamples=resamples,
        level=level,
        method="percentile",
    )
    sums, _ = totals(changed, clusters)
    p = None if interval.value is None else rounded(sign_flip(sums, seed))
    return Difference(**interval.model_dump(), p=p, moved=_moved(sums).size)


def sign_flip(sums: Values, seed: int = 0) -> float:
    """Return the two-sided p of differences that sum to `sums` by cluster.

    Were there nothing but chance between the runs, before and after could be swapped in any
    cluster. `p` is the share of all such swaps that give a total at least as far from nought.
    Clusters without a difference change nothing. All of up to 65,536 swaps are counted out; of
    more, 9,999 are drawn and the one that happened is added.

    Notes
    -----
    Fisher (1935), The Design of Experiments, section 21. It is exact where swaps are equally
    likely, whatever the shape of the differences; resampling them under the null is not, with
    the few clusters that change. The one added: Phipson & Smyth (2010),
    doi:10.2202/1544-6115.1585.
    """
    moved = _moved(sums)
    seen = abs(moved.sum()) - 1e-9 * np.abs(moved).sum()
    if moved.size <= COUNTED_OUT:
        reached = np.zeros(1)
        for one in moved:
            reached = np.concatenate([reached + one, reached - one])
        return float((np.abs(reached) >= seen).mean())
    rng = np.random.default_rng(seed)
    kept = rng.integers(0, 2, (FLIPS, moved.size), dtype=np.int8)
    reached = 2 * (kept @ moved) - moved.sum()
    return float((1 + (np.abs(reached) >= seen).sum()) / (1 + FLIPS))


def _moved(sums: Values) -> Values:
    return sums[np.abs(sums) > 1e-9]

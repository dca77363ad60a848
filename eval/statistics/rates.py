"""Rates: right among all, with Wilson's interval, and the chance that k trials all pass."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from eval.statistics.estimate import LEVEL, Estimate, ValuesUnfit, rounded, totals


def wilson(hits: float, of: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's score interval of a rate: `hits` of `of` independent things.

    Both may be fractions, where a sample counts for fewer than it has. Without anything
    observed it is 0 to 1.

    Raises
    ------
    ValuesUnfit
        When `hits` is negative or more than `of`.

    Notes
    -----
    Wilson (1927), doi:10.1080/01621459.1927.10502953, which Newcombe (1998),
    doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, found to hold its level
    for small samples and for rates near 0 and 1, where most of ours are.
    """
    if not 0 <= hits <= of:
        raise ValuesUnfit(f"{hits} hits of {of}: a rate needs 0 <= hits <= of.")
    if of == 0:
        return 0.0, 1.0
    low, high = proportion_confint(hits, of, alpha=1 - level, method="wilson")
    return float(low), float(high)


def unseen_at_most(clusters: int, *, level: float = LEVEL) -> float:
    """Return the share of all clusters that may be unlike those seen, when all seen are alike."""
    return wilson(0, clusters, level=level)[1]


def clustered_rate(hits: Sequence[int], of: Sequence[int], clusters: Sequence[str]) -> Estimate:
    """Return the rate of all hits over all units, with an interval for units that come in clusters.

    Parameters
    ----------
    hits, of
        One pair a task: how many of how many units were right; tasks without units count for
        nothing.
    clusters
        The cluster of each task. Units of one cluster lean on the same account and count for
        fewer than as many independent ones.

    Returns
    -------
    Estimate
        `n` counts units. Where every unit or none is right, each cluster counts as one unit.

    Notes
    -----
    Wilson's interval of the effective sample, n / design effect, as Dean & Pagano (2015),
    doi:10.1093/jssam/smv024, recommend; the design effect is the variance of the ratio over
    clusters, by linearisation, over that of as many independent units, and never below 1.
    `docs/evaluation.md#rates` works one by hand.
    """
    asked = [task for task in zip(hits, of, clusters, strict=True) if task[1]]
    for hit, units, cluster in asked:
        if not 0 <= hit <= units:
            raise ValuesUnfit(f"{hit} hits of {units} units in {cluster}: more hits than units.")
    names = [cluster for *_, cluster in asked]
    right, _ = totals(np.array([hit for hit, *_ in asked], dtype=np.float64), names)
    units_of, _ = totals(np.array([units for _, units, _ in asked], dtype=np.float64), names)
    n, groups = int(units_of.sum()), int(units_of.size)
    if n == 0:
        return Estimate(value=None, low=0.0, high=1.0, n=0, clusters=0)
    rate = float(right.sum() / n)
    spread = float(((right - rate * units_of) ** 2).sum())
    if groups == 1 or spread < 1e-12 or not 0 < rate < 1:
        effective = float(groups)
    else:
        variance = groups / (groups - 1) * spread / n**2
        effective = n / max(1.0, variance / (rate * (1 - rate) / n))
    low, high = wilson(rate * effective, effective)
    return Estimate(value=rounded(rate), low=rounded(low), high=rounded(high), n=n, clusters=groups)


def pass_hat_k(successes: int, trials: int, k: int) -> float:
    """Return pass^k: the chance that `k` further trials of a task would all pass.

    The share of all choices of `k` trials of those made in which each passed, C(c, k) / C(n, k).

    Raises
    ------
    ValuesUnfit
        When `k` is not between 1 and `trials`, or `successes` not between 0 and `trials`.

    Notes
    -----
    Yao et al. (2024), tau-bench, arXiv:2406.12045. Without bias, where (c / n)^k has one.
    """
    if not 0 <= successes <= trials or not 1 <= k <= trials:
        raise ValuesUnfit(
            f"pass^{k} of {successes} passes in {trials} trials: it needs 1 <= k <= trials and "
            "0 <= successes <= trials."
        )
    return comb(successes, k) / comb(trials, k)

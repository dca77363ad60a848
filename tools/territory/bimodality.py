"""Do the reps fall into two groups, and do their territories tell them apart?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

import numpy as np

from domain.record import Record
from tools.balance.problem import Floats

FEWEST_REPS = 6
SMALLEST_GROUP = 0.25
UNIFORM = 5 / 9
"""The coefficient of a flat distribution: at or below it nothing speaks for two groups."""

FOUR_OF_FIVE = 0.8
DRAWS = 20_000

Cause = Literal["potential", "workload", "both"]


class Bimodality(Record):
    """Whether attainment falls into two groups, and whether the territories explain it.

    `coefficient` is (skewness squared + 1) / kurtosis: 1 for two points, 5/9 for a flat
    and 1/3 for a normal distribution; `limit` what it must exceed at this number of reps.
    Both are missing where it was not worked out. `territory_problem` is missing unless
    there are two groups; `cause` says what goes with them. `low` and `high` name the reps
    of the two groups.
    """

    verdict: Literal["two groups", "one group", "too few reps to tell"]
    coefficient: float | None = None
    limit: float | None = None
    low: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    territory_problem: bool | None = None
    cause: Cause | None = None
    told: str


def bimodality(
    attainment: Mapping[str, float],
    potential_per_quota: Mapping[str, float],
    workload: Mapping[str, float],
) -> Bimodality:
    """Test whether attainment falls into two groups, and look for the cause in the territories.

    Parameters
    ----------
    attainment
        Bookings / quota by rep; reps without a quota are left out by the caller.
    potential_per_quota
        Potential a unit of quota, by rep; reps may be missing.
    workload
        Needed hours / capacity, by rep; reps may be missing.

    Returns
    -------
    Bimodality
        Two groups need at least six reps, a coefficient above both 5/9 and the one that
        19 of 20 normal samples of that size stay below, and at least a quarter of the
        reps (and two) on either side of the widest gap. It is a territory problem when,
        in at least four of five pairs of a rep from the upper and one from the lower
        group, the upper one has more potential for the quota, or less work for the hours.

    Notes
    -----
    Sarle's coefficient in its plain form, by moments; its limit at small samples is
    simulated (20,000 normal samples, fixed seed), because the usual 5/9 holds for large
    ones only and a single outlier also reaches 1. `docs/methodology.md#before-and-after`
    works an example by hand.
    """
    reps = sorted(attainment, key=lambda rep: (attainment[rep], rep))
    if len(reps) < FEWEST_REPS:
        return Bimodality(
            verdict="too few reps to tell",
            told=f"{len(reps)} reps with a quota are too few to tell two groups apart; it takes "
            f"{FEWEST_REPS}.",
        )
    values = np.array([attainment[rep] for rep in reps])
    found = coefficient(values)
    limit = max(UNIFORM, normal_limit(len(values)))
    cut = _widest_gap(values)
    if found is None or found <= limit or cut is None:
        return Bimodality(
            verdict="one group",
            coefficient=found,
            limit=limit,
            told="Attainment does not fall into two groups.",
        )
    low, high = reps[:cut], reps[cut:]
    cause = _cause(
        _ahead(potential_per_quota, high, low) >= FOUR_OF_FIVE,
        _ahead(workload, low, high) >= FOUR_OF_FIVE,
    )
    return Bimodality(
        verdict="two groups",
        coefficient=found,
        limit=limit,
        low=tuple(low),
        high=tuple(high),
        territory_problem=cause is not None,
        cause=cause,
        told=_told(values, cut, cause),
    )


def coefficient(values: Floats) -> float | None:
    """(skewness squared + 1) / kurtosis of the values, by moments; None when all are alike."""
    off = values - values.mean()
    second = float(np.mean(off**2))
    # A spread of rounding errors is no spread.
    if second <= 1e-18 * max(1.0, float(np.mean(values**2))):
        return None
    skewness = float(np.mean(off**3)) / second**1.5
    kurtosis = float(np.mean(off**4)) / second**2
    return float((skewness**2 + 1) / kurtosis)


@lru_cache(maxsize=64)
def normal_limit(reps: int) -> float:
    """The coefficient that 19 of 20 normal samples of so many reps stay below."""
    draws = np.random.default_rng(0).standard_normal((DRAWS, reps))
    draws -= draws.mean(axis=1, keepdims=True)
    second = np.mean(draws**2, axis=1)
    skewness = np.mean(draws**3, axis=1) / second**1.5
    kurtosis = np.mean(draws**4, axis=1) / second**2
    return float(np.quantile((skewness**2 + 1) / kurtosis, 0.95))


def _widest_gap(values: Floats) -> int | None:
    """Return how many of the sorted values lie below the gap; None when it is at an edge."""
    least = max(2, int(np.ceil(SMALLEST_GROUP * len(values))))
    gaps = np.diff(values)
    inside = gaps[least - 1 : len(values) - least]
    if not len(inside) or inside.max() < gaps.max():
        return None
    return least + int(inside.argmax())


def _ahead(measure: Mapping[str, float], some: Sequence[str], others: Sequence[str]) -> float:
    """Share of pairs in which the one of `some` has more; a tie counts half."""
    pairs = [
        (measure[one], measure[other])
        for one in some
        for other in others
        if one in measure and other in measure
    ]
    if not pairs:
        return 0.0
    return sum((one > other) + 0.5 * (one == other) for one, other in pairs) / len(pairs)


def _cause(potential: bool, workload: bool) -> Cause | None:
    if potential and workload:
        return "both"
    return "potential" if potential else "workload" if workload else None


_CAUSES: dict[Cause, str] = {
    "potential": "the upper group has more potential for its quota",
    "workload": "the lower group has more work for its hours",
    "both": "the upper group has more potential for its quota and less work for its hours",
}


def _told(values: Floats, cut: int, cause: Cause | None) -> str:
    groups = (
        f"Attainment falls into two groups: {cut} reps at {values[0]:.0%} to {values[cut - 1]:.0%} "
        f"and {len(values) - cut} at {values[cut]:.0%} to {values[-1]:.0%}"
    )
    if cause is None:
        return f"{groups}. Potential and workload do not explain them: no territory problem."
    return f"{groups}. This is a territory problem, not one of talent: {_CAUSES[cause]}."

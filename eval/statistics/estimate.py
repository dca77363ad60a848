"""What a sample tells of the whole: a value, and how far it may be off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput
from domain.record import Record

LEVEL = 0.95
Values = NDArray[np.float64]
Bounds = tuple[float, float]


class Estimate(Record):
    """A value with its interval at the 95 % level.

    `value` is null where nothing was observed; the interval is then everything possible.
    `n` counts what was observed, `clusters` the groups of it that are independent.
    """

    value: float | None
    low: float
    high: float
    n: int
    clusters: int


class ValuesUnfit(InvalidInput):
    """Numbers that a statistic cannot be taken of."""


def checked(values: Sequence[float], clusters: Sequence[str], within: Bounds) -> Values:
    """Return the values as an array.

    Raises
    ------
    ValuesUnfit
        When there are not as many clusters as values, or a value is no number or out of bounds.
    """
    if len(values) != len(clusters):
        raise ValuesUnfit(
            f"There are {len(values)} values and {len(clusters)} clusters.",
            hint="Give the cluster of each value, in the order of the values.",
        )
    array = np.asarray(values, dtype=np.float64)
    low, high = within
    unfit = np.flatnonzero(~((array >= low - 1e-9) & (array <= high + 1e-9)))
    if unfit.size:
        place = int(unfit[0])
        raise ValuesUnfit(
            f"Value {place} of {array.size} is {values[place]}; it must lie in {low} to {high}."
        )
    return array


def totals(values: Values, clusters: Sequence[str]) -> tuple[Values, Values]:
    """Return the sum and the size of each cluster, in the order of their names.

    Neither depends on the order of the values, to the last bit: draws with a seed have to give
    the same, and where means are equal but for that bit, BCa sees no tie.
    """
    names, place = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    order = np.lexsort((values, place))
    sums = np.bincount(place[order], weights=values[order], minlength=names.size)
    sizes = np.bincount(place, minlength=names.size)
    return sums.astype(np.float64), sizes.astype(np.float64)


def rounded(value: float) -> float:
    """Round to six decimals, so that libraries that add up in another order agree."""
    return round(float(value), 6) + 0.0

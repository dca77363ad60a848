"""A share with the interval that its count deserves."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput

Floats = NDArray[np.float64]


def wilson(hits: Any, trials: Any, *, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return lowest and highest plausible share behind `hits` of `trials`, elementwise.

    Parameters
    ----------
    hits, trials
        Numbers or arrays of one shape, 0 <= hits <= trials. Without trials nothing is
        known: 0 to 1.
    confidence
        Above 0 and below 1.

    Raises
    ------
    InvalidInput
        When hits are negative or exceed the trials, or the confidence is no confidence.

    Notes
    -----
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    if not 0 < confidence < 1:
        raise InvalidInput(
            f"A confidence of {confidence} is none.", hint="Use one between 0 and 1, such as 0.95."
        )
    hit, count = np.broadcast_arrays(
        np.asarray(hits, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    )
    if not ((hit >= 0) & (hit <= count)).all():
        raise InvalidInput(
            "A share needs hits between 0 and the number of trials.",
            hint="Count hits among the trials.",
        )
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    n = np.where(count > 0, count, 1.0)
    share = hit / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    known = count > 0
    low = np.where(known, np.clip(middle - half, 0.0, 1.0), 0.0)
    high = np.where(known, np.clip(middle + half, 0.0, 1.0), 1.0)
    # Rounding must not leave 4e-18 where nothing, or everything, was hit.
    return np.where(hit == 0, 0.0, low), np.where(hit == count, 1.0, high)


def interval(hits: float, trials: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the same for one share, as two numbers."""
    low, high = wilson(hits, trials, confidence=confidence)
    return float(low), float(high)

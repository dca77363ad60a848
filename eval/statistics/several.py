"""Several tests at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.statistics.estimate import rounded


def holm(ps: Sequence[float | None]) -> tuple[float | None, ...]:
    """Return each p adjusted for how many were looked at; what has none keeps none.

    Whatever is below .05 then: the chance that any of it is false stays below .05, however the
    metrics hang together.

    Notes
    -----
    Holm (1979), A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal
    of Statistics 6:65-70.
    """
    # Not statsmodels' multipletests, which gives the same: it collects garbage at each call,
    # for a second where a large run is in memory.
    told = [place for place, p in enumerate(ps) if p is not None]
    order = sorted(told, key=lambda place: ps[place] or 0.0)
    raised = np.array([ps[place] for place in order]) * np.arange(len(order), 0, -1)
    adjusted: list[float | None] = [None] * len(ps)
    for place, p in zip(order, np.maximum.accumulate(raised), strict=True):
        adjusted[place] = rounded(min(1.0, p))
    return tuple(adjusted)

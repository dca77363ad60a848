"""Several tests at once."""

from __future__ import annotations

from collections.abc import Sequence

from statsmodels.stats.multitest import multipletests

from eval.statistics.estimate import rounded


def holm(ps: Sequence[float | None]) -> tuple[float | None, ...]:
    """Return each p adjusted for how many were looked at; what has none keeps none.

    Whatever is below .05 then: the chance that any of it is false stays below .05, however the
    metrics hang together.

    Notes
    -----
    Holm (1979), A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal
    of Statistics 6:65-70, as in statsmodels.
    """
    told = [p for p in ps if p is not None]
    if not told:
        return tuple(None for _ in ps)
    adjusted = iter(multipletests(told, method="holm")[1])
    return tuple(None if p is None else rounded(next(adjusted)) for p in ps)

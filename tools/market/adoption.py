"""How likely a company that is no customer becomes one within a year, counted on the past year."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from domain.errors import ColumnsMissing

FEWEST = 5  # a rate told to a reader rests on no fewer companies than this


def adoption_chance(
    companies: pd.DataFrame,
    cell: pd.Series,
    *,
    was: str = "was_customer",
    now: str = "customer",
    bought_before: str = "bought_before",
    bought: str = "bought",
    pseudo_count: float = 30.0,
    told: Collection[object] | None = None,
) -> pd.Series:
    """Tell, per company, the chance to be a customer a year on, if it is none today.

    Parameters
    ----------
    companies
        One row per company: whether it was a customer a year ago (`was`) and is one now
        (`now`), and whether it had ever bought by then (`bought_before`) and by today
        (`bought`). Blank counts as false. A company that was no account a year ago
        belongs here too: leaving those out who still are none would flatter the rate.
    cell
        The market cell of each company, indexed as `companies`.
    pseudo_count
        How many companies of the whole market a cell's rate leans on.
    told
        Index labels the reader may see; None is all. A cell in which fewer than five
        others count gets the market's rate, so that nothing of them can be worked out.

    Returns
    -------
    Series
        0 to 1, indexed as `companies`; missing where the past year holds no company of
        that kind. The rate of a cell is (took + k r) / (tried + k) with r the market's
        rate, counted apart for those who had bought before and those who never had.
        Cells of fewer than five that tried get the market's rate.

    Raises
    ------
    ColumnsMissing
        When a column named above is not there.
    """
    lacking = [name for name in (was, now, bought_before, bought) if name not in companies]
    if lacking:
        raise ColumnsMissing(
            f"The companies have no column {', '.join(lacking)}.",
            hint="Say who was a customer a year ago and who is one today.",
        )
    columns = (was, now, bought_before, bought)
    once, today, before, ever = (_true(companies[name]) for name in columns)
    place = cell.to_numpy(dtype=object)
    foreign = ~companies.index.isin(list(told)) if told is not None else np.zeros(len(place), bool)
    codes, _ = pd.factorize(place)
    size = int(codes.max()) + 1 if len(codes) else 0
    out = np.full(len(place), np.nan)
    for lapsed in (False, True):
        tried = ~once & (before == lapsed)
        count = np.bincount(codes[tried], minlength=size).astype(float)
        took = np.bincount(codes[tried & today], minlength=size).astype(float)
        if not count.sum():
            continue
        market = took.sum() / count.sum()
        lean = pseudo_count if pseudo_count > 0 else 1e-9
        rate = (took + lean * market) / (count + lean)
        others = np.bincount(codes[tried & foreign], minlength=size)
        thin = (count < FEWEST) | ((others > 0) & (others < FEWEST))
        rate = np.where(thin, market, rate)
        rows = ever == lapsed
        out[rows] = rate[codes[rows]]
    return pd.Series(out, index=companies.index, name="chance").round(6)


def _true(column: pd.Series) -> np.ndarray:
    return column.astype("object").where(column.notna(), False).astype(bool).to_numpy()

"""Which bin of a rule each value falls into."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.card import Bin, CardRule

Codes = NDArray[np.int16]

MISSING = -1
"""The code of a missing value; the code after the last bin is that of a value in no bin."""


def placed(values: pd.Series, rule: CardRule) -> Codes:
    """Return the place of the first bin that holds each value.

    Parameters
    ----------
    values
        One fact; any dtype. Infinite numbers are beyond every bound. Words are compared with
        the value as text; 1.0 also as `1`, since a column with blanks makes integers floats.
    rule
        Its bins, in their order.

    Returns
    -------
    Codes
        -1 for a missing value, the place of the bin from 0, or the number of bins where none
        holds.
    """
    if not any(_words(one) for one in rule.bins):
        return _by_number(numbers(values), values.isna().to_numpy(), rule.bins)
    codes, levels = pd.factorize(values)
    places = _of_levels(pd.Series(levels), rule.bins)
    # A last place for the code -1, by which numpy counts from the end.
    return np.append(places, np.int16(MISSING))[codes]


def numbers(values: pd.Series) -> np.ndarray:
    """Return a fact as floats; what is no number becomes NaN."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "fiub":
        return values.to_numpy(dtype=float)
    if isinstance(values.dtype, pd.CategoricalDtype):
        levels = numbers(pd.Series(values.cat.categories))
        return np.append(levels, np.nan)[values.cat.codes.to_numpy()]
    if pd.api.types.is_datetime64_any_dtype(values):
        return np.full(len(values), np.nan)
    converted = pd.to_numeric(values, errors="coerce")
    return converted.to_numpy(dtype=float, na_value=np.nan)


def _by_number(given: np.ndarray, absent: np.ndarray, bins: tuple[Bin, ...]) -> Codes:
    """Cut the line at every bound, find the first bin that holds each stretch, look it up."""
    bounds = {bound for one in bins for bound in (one.at_least, one.below) if bound is not None}
    cuts = np.array(sorted(bounds))
    starts = np.concatenate(([-np.inf], cuts))
    stretch = np.full(len(starts), len(bins), dtype=np.int16)
    for place in range(len(bins) - 1, -1, -1):
        low, high = bins[place].at_least, bins[place].below
        held = np.ones(len(starts), dtype=bool)
        if low is not None:
            held &= starts >= low
        if high is not None:
            held &= starts < high
        stretch[held] = place
    codes = stretch[np.searchsorted(cuts, given, side="right")]
    # What is there but no number is in a bin without bounds alone.
    other = next((place for place, one in enumerate(bins) if not _bounded(one)), len(bins))
    codes[np.isnan(given)] = other
    codes[absent] = MISSING
    return codes


def _of_levels(levels: pd.Series, bins: tuple[Bin, ...]) -> Codes:
    text = np.asarray(levels.astype("str"), dtype=object)
    given = numbers(levels)
    whole = np.isfinite(given) & (given == np.floor(given)) & (np.abs(given) < 2**53)
    plain = text.copy()
    if pd.api.types.is_float_dtype(levels.dtype):
        plain[whole] = [str(int(value)) for value in given[whole]]
    places = np.full(len(levels), len(bins), dtype=np.int16)
    waiting = np.ones(len(levels), dtype=bool)
    for place, one in enumerate(bins):
        words = _words(one)
        if words:
            holds = waiting & (np.isin(text, words) | np.isin(plain, words))
        elif not _bounded(one):
            holds = waiting.copy()
        else:
            low = -np.inf if one.at_least is None else one.at_least
            holds = waiting & (given >= low)
            if one.below is not None:
                holds &= given < one.below
        places[holds] = place
        waiting &= ~holds
    return places


def _words(one: Bin) -> tuple[str, ...]:
    return (one.one_of or ()) if one.equals is None else (one.equals,)


def _bounded(one: Bin) -> bool:
    return one.at_least is not None or one.below is not None

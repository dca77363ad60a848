"""Which bin of a rule each value falls into."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.card import Bin, CardRule

Codes = NDArray[np.int16]

MISSING = -1
"""The code of a missing value; the code after the last bin is that of a value in no bin."""


def placed(values: pd.Series, rule: CardRule, beside: pd.Series | None = None) -> Codes:
    """Return the place of the first bin that holds each value.

    Parameters
    ----------
    values
        One fact; any dtype. Infinite numbers are beyond every bound. Words are compared with
        the value as text; 1.0 also as `1`, since a column with blanks makes integers floats.
    rule
        Its bins, in their order.
    beside
        The second fact, for a rule on two.

    Returns
    -------
    Codes
        -1 for a missing value (of either fact), the place of the bin from 0, or the number of
        bins where none holds.
    """
    kinds, held = _kinds(values, [_first(one) for one in rule.bins])
    if beside is None:
        return np.asarray(_place_of_first(held)[kinds])
    others, also = _kinds(beside, [_second(one) for one in rule.bins])
    places = _place_of_first(held[:, None, :] & also[None, :, :])
    places[:, -1] = MISSING
    return np.asarray(places[kinds, others])


@dataclass(frozen=True)
class _Condition:
    """What one bin asks of one fact; nothing when all is empty."""

    words: tuple[str, ...]
    at_least: float | None
    below: float | None

    @property
    def bounded(self) -> bool:
        return self.at_least is not None or self.below is not None


def _first(one: Bin) -> _Condition:
    words = (one.one_of or ()) if one.equals is None else (one.equals,)
    return _Condition(words, one.at_least, one.below)


def _second(one: Bin) -> _Condition:
    return _Condition(one.beside_one_of or (), one.beside_at_least, one.beside_below)


def _place_of_first(held: np.ndarray) -> Codes:
    """Place of the first bin, bins being the last axis; the last kind is the missing value."""
    bins = held.shape[-1]
    first = held.argmax(axis=-1) if bins else np.zeros(held.shape[:-1], dtype=int)
    places = np.where(held.any(axis=-1), first, bins)
    places[-1] = MISSING
    return places.astype(np.int16)


def _kinds(values: pd.Series, asked: list[_Condition]) -> tuple[np.ndarray, np.ndarray]:
    """Sort values into kinds that no condition tells apart, and say which hold for each kind.

    Returns the kind of every row, and kinds x conditions; the last kind is the missing value.
    """
    if not any(one.words for one in asked):
        return _stretches(numbers(values), values.isna().to_numpy(), asked)
    codes, levels = pd.factorize(values)
    return codes, np.vstack([_of_levels(pd.Series(levels), asked), _none(asked)])


def _none(asked: list[_Condition]) -> np.ndarray:
    return np.zeros((1, len(asked)), dtype=bool)


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


def _stretches(
    given: np.ndarray, absent: np.ndarray, asked: list[_Condition]
) -> tuple[np.ndarray, np.ndarray]:
    """Cut the line at every bound: within a stretch, all values meet the same conditions."""
    bounds = {bound for one in asked for bound in (one.at_least, one.below) if bound is not None}
    cuts = np.array(sorted(bounds))
    starts = np.concatenate(([-np.inf], cuts))
    held = np.ones((len(starts), len(asked)), dtype=bool)
    for place, one in enumerate(asked):
        if one.at_least is not None:
            held[:, place] &= starts >= one.at_least
        if one.below is not None:
            held[:, place] &= starts < one.below
    kinds = np.searchsorted(cuts, given, side="right")
    # What is there but no number meets only the conditions that ask for nothing.
    kinds[np.isnan(given)] = len(starts)
    kinds[absent] = len(starts) + 1
    free = np.array([[not one.bounded for one in asked]], dtype=bool).reshape(1, len(asked))
    return kinds, np.vstack([held, free, _none(asked)])


def _of_levels(levels: pd.Series, asked: list[_Condition]) -> np.ndarray:
    text = np.asarray(levels.astype("str"), dtype=object)
    given = numbers(levels)
    whole = np.isfinite(given) & (given == np.floor(given)) & (np.abs(given) < 2**53)
    plain = text.copy()
    if pd.api.types.is_float_dtype(levels.dtype):
        plain[whole] = [str(int(value)) for value in given[whole]]
    held = np.ones((len(levels), len(asked)), dtype=bool)
    for place, one in enumerate(asked):
        if one.words:
            held[:, place] = np.isin(text, one.words) | np.isin(plain, one.words)
            continue
        if one.at_least is not None:
            held[:, place] &= given >= one.at_least
        if one.below is not None:
            held[:, place] &= given < one.below
    return held

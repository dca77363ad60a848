"""Levels of any column, as text a person reads: bands of numbers, words, and blanks by name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from domain.errors import InvalidInput

FEW_VALUES = 8  # a numeric column of at most so many values is told value by value
DEFAULT_BANDS = 4

Cuts = Sequence[float] | int


def levels(column: pd.Series, cuts: Cuts | None = None) -> pd.Series:
    """Return an ordered category: each row's level in words.

    Parameters
    ----------
    column
        Any dtype. Numbers and dates become bands, everything else its own text; what is
        blank becomes the level `NAME not stated`.
    cuts
        Where bands begin, rising (`[10, 50]`: below 10, 10 to 49, 50 and more), or into
        how many bands of about equal counts to cut. Without it, numbers of at most 8
        different values stay as they are, others are cut into 4. Dates are told by year.

    Returns
    -------
    Series
        Indexed as `column`; categories in rising order, blank last.

    Raises
    ------
    InvalidInput
        When cuts do not rise, are given for text, or a value is infinite.
    """
    blank = f"{str(column.name).replace('_', ' ')} not stated"
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if pd.api.types.is_datetime64_any_dtype(column):
        codes, names = _texts(column.dt.year.astype("Int64"))
    elif pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        codes, names = _numbers(column, cuts)
    elif cuts is not None:
        raise InvalidInput(
            f"Column {column.name} holds no numbers and cannot be cut into bands.",
            hint="Leave its bands out, or convert the column to numbers.",
        )
    else:
        codes, names = _texts(column)
    if blank not in names:
        names = [*names, blank]
    places = np.where(codes < 0, names.index(blank), codes).astype(np.intp)
    told = pd.Categorical.from_codes(places, categories=pd.Index(names), ordered=True)
    return pd.Series(told, index=column.index, name=column.name)


def _texts(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Place of each row's words among the sorted words, -1 for a blank; and the words."""
    codes, values = pd.factorize(column)
    told = [_plain(value) for value in values]
    names = sorted(set(told) - {""})
    place = {name: at for at, name in enumerate(names)}
    # The last stands for rows that factorize found blank.
    return np.array([*(place.get(name, -1) for name in told), -1])[codes], names


def _plain(value: object) -> str:
    return " ".join(str(value).split())


def _numbers(column: pd.Series, cuts: Cuts | None) -> tuple[np.ndarray, list[str]]:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(values).any():
        raise InvalidInput(
            f"Column {column.name} holds infinite values.", hint="Correct them, or blank them."
        )
    known = values[~np.isnan(values)]
    if cuts is None:
        distinct = np.unique(known)
        if len(distinct) <= FEW_VALUES:
            at = np.searchsorted(distinct, values)
            return np.where(np.isnan(values), -1, at), [_number(value) for value in distinct]
        cuts = DEFAULT_BANDS
    edges = _edges(column.name, known, cuts)
    whole = bool((known % 1 == 0).all() and (edges % 1 == 0).all())
    at = np.searchsorted(edges, values, side="right")
    return np.where(np.isnan(values), -1, at), _names(edges, whole=whole)


def _edges(name: object, known: np.ndarray, cuts: Cuts) -> np.ndarray:
    if isinstance(cuts, int):
        if cuts < 2:
            raise InvalidInput(
                f"Column {name} cannot be cut into {cuts} bands.", hint="Cut it into 2 or more."
            )
        if not known.size:
            return np.empty(0)
        inner = np.quantile(known, np.linspace(0, 1, cuts + 1)[1:-1], method="higher")
        return np.unique(inner[inner > known.min()])
    edges = np.asarray(list(cuts), dtype=np.float64)
    if not edges.size or not np.isfinite(edges).all() or not (np.diff(edges) > 0).all():
        raise InvalidInput(
            f"The bands of {name} must rise: {list(cuts)}.", hint="Use for example [10, 50, 250]."
        )
    return edges


def _names(edges: np.ndarray, *, whole: bool) -> list[str]:
    if not edges.size:
        return ["any"]
    names = [f"below {_number(edges[0])}"]
    for low, high in pairwise(edges):
        if whole:
            last = _number(high - 1)
            names.append(_number(low) if high - low == 1 else f"{_number(low)} to {last}")
        else:
            names.append(f"{_number(low)} to below {_number(high)}")
    return [*names, f"{_number(edges[-1])} and more"]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value % 1 == 0 else f"{value:,.12g}"

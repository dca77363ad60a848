"""Reading a table at the door: days, amounts, outcomes and names of groups, checked once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from domain.errors import ColumnsMissing, InvalidInput

NO_DAY = np.iinfo(np.int64).min
"""Stands for a missing date in an array of days since 1970."""

NAMED = 5  # rows named in a message
BEYOND = 1e100  # amounts past this cannot be added up without overflow


def need_columns(table: pd.DataFrame, names: Iterable[str | None], what: str) -> None:
    """Raise ColumnsMissing unless `table` has every one of `names`; None is no column."""
    names = [name for name in names if name is not None]
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise ColumnsMissing(
            f"The table of {what} has no column {', '.join(map(str, missing))}.",
            hint=f"Its columns are {', '.join(map(str, table.columns)) or 'none'}.",
            columns=missing,
        )
    twice = [name for name in names if (table.columns == name).sum() > 1]
    if twice:
        raise InvalidInput(
            f"The table of {what} has more than one column {', '.join(map(str, twice))}.",
            hint="Give each column a name of its own.",
        )


def rows_named(table_index: pd.Index, bad: np.ndarray) -> str:
    """Name the first few rows where `bad` holds, by their label in the index."""
    labels = [str(label) for label in table_index[np.flatnonzero(bad)[:NAMED]]]
    more = int(bad.sum()) - len(labels)
    return ", ".join(labels) + (f" and {more:,} more" if more > 0 else "")


def days(values: pd.Series, what: str) -> np.ndarray:
    """Turn a column of dates into days since 1970 (int64), `NO_DAY` where blank.

    Takes datetimes of any unit, dates, periods (by their last day) and ISO text. A time
    of day is cut off; with a time zone, the day is that of the zone's own clock.

    Raises
    ------
    InvalidInput
        When the column holds numbers, or text that is no ISO date; rows are named.
    """
    if isinstance(values.dtype, pd.PeriodDtype):
        values = values.dt.to_timestamp(how="end")
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_localize(None)
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        if values.notna().any():
            raise InvalidInput(
                f"{what} holds numbers, and it is open what day they stand for.",
                hint="Turn them into dates first, for example with pandas.to_datetime.",
            )
        return np.full(len(values), NO_DAY)
    if not pd.api.types.is_datetime64_any_dtype(values):
        values = _parsed(values, what)
    whole = values.to_numpy().astype("datetime64[D]").astype(np.int64)
    return np.asarray(whole)


def _parsed(values: pd.Series, what: str) -> pd.Series:
    codes, found = pd.factorize(values, use_na_sentinel=True)
    read = [_timestamp(value) for value in found]
    blank = np.array([one is None for one in read] + [False], dtype=bool)[codes]
    if blank.any():
        first = found[int(codes[np.flatnonzero(blank)[0]])]
        raise InvalidInput(
            f"{what} has values that are no date, such as {first!r}, in rows "
            f"{rows_named(values.index, blank)}.",
            hint="Write dates as 2026-11-13, or leave the cell blank.",
        )
    stamps = np.array([*read, np.datetime64("NaT")], dtype="datetime64[D]")
    return pd.Series(stamps[codes].astype("datetime64[s]"), index=values.index)


_ISO = re.compile(r"(\d{4})([-/]?)(\d{2})\2(\d{2})(?:[T ].*)?")


def _timestamp(value: object) -> np.datetime64 | None:
    """The day of one value; NaT for blank text, None for what is no date."""
    if isinstance(value, str):
        text = value.strip()
        # Text such as "12/01/2026" is a day in January to some and in December to others,
        # and pandas would guess.
        found = _ISO.fullmatch(text)
        if not found:
            return None if text else np.datetime64("NaT")
        year, _, month, day = found.groups()
        value = f"{year}-{month}-{day}"
    elif isinstance(value, datetime):
        value = value.date() if not pd.isna(value) else "NaT"
    elif not isinstance(value, date | np.datetime64):
        return None
    try:
        return np.datetime64(value, "D")  # type: ignore[call-overload, no-any-return]
    except (ValueError, TypeError, OverflowError):
        return None


def one_day(value: object, what: str) -> int:
    """Turn one date, datetime or ISO text into days since 1970.

    InvalidInput when it is none, or missing.
    """
    read = _timestamp(value)
    if read is None or np.isnat(read):
        raise InvalidInput(
            f"{what} is {value!r}, which is no day.",
            hint="Give a date, or text such as 2026-11-13.",
        )
    return int(read.astype(np.int64))


def amounts(values: pd.Series, what: str) -> np.ndarray:
    """Turn a column of amounts into floats, NaN where blank.

    Raises
    ------
    InvalidInput
        When an amount is no number or is infinite; rows are named.
    """
    if pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.is_complex_dtype(values):
        raise InvalidInput(f"{what} holds no amounts.", hint="Name the column of amounts.")
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    lost = np.isnan(numbers) & values.notna().to_numpy()
    if lost.any():
        blank = values[lost].map(lambda value: isinstance(value, str) and not value.strip())
        lost[np.flatnonzero(lost)[blank.to_numpy(dtype=bool)]] = False
    beyond = np.abs(numbers) > BEYOND
    for bad, told in ((lost, "is no number"), (beyond, "is infinite, or beyond any sum,")):
        if bad.any():
            raise InvalidInput(
                f"{what} {told} in rows {rows_named(values.index, bad)}.",
                hint="Correct those amounts, or leave the cells blank.",
            )
    return np.asarray(numbers)


def outcomes(values: pd.Series, what: str) -> np.ndarray:
    """Turn a column of outcomes into 1.0 (won), 0.0 (lost) and NaN (not known).

    InvalidInput when a value is neither true, false, 1, 0 nor blank; rows are named.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    known = values.notna().to_numpy()
    bad = known & ~np.isin(numbers, (0.0, 1.0))
    if bad.any():
        first = values.iloc[int(np.flatnonzero(bad)[0])]
        raise InvalidInput(
            f"{what} must be 1 (won), 0 (lost) or blank (open); it is {first} for example, in "
            f"rows {rows_named(values.index, bad)}.",
            hint="Map other words first, for example stage.map({'won': 1, 'lost': 0}).",
        )
    return np.asarray(numbers)


def shared_codes(first: pd.Series, second: pd.Series, what: str) -> tuple[np.ndarray, np.ndarray]:
    """Number the values of two columns alike: int64 codes, -1 where blank.

    InvalidInput when one column holds numbers and the other text: nothing would ever match.
    """
    kinds = {_kind(first), _kind(second)} - {"none"}
    if {"number", "text"} <= kinds:
        raise InvalidInput(
            f"{what} holds numbers in one table and text in the other, so that nothing matches.",
            hint="Give both columns the same type, for example with astype(str).",
        )
    parts = [_plain(one) for one in (first, second)]
    codes, _ = pd.factorize(pd.concat(parts, ignore_index=True), use_na_sentinel=True)
    codes = codes.astype(np.int64)
    return codes[: len(first)], codes[len(first) :]


def _plain(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.astype(values.cat.categories.dtype)
    return values


def _kind(values: pd.Series) -> str:
    if not values.notna().any():
        return "none"
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind in {"integer", "floating", "mixed-integer-float", "decimal", "boolean"}:
        return "number"
    if kind == "categorical":
        return _kind(pd.Series(values.cat.categories))
    return "text" if kind == "string" else "other"


def in_order(values: Iterable[Any]) -> list[Any]:
    """Sort values of any kind: as they compare, else by type and text."""
    values = list(values)
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=lambda value: (type(value).__name__, str(value)))

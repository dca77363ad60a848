"""Turn cells of text into typed columns, collecting every cell that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import pandas as pd

from crm.amounts import (
    CellError,
    ForeignCurrencyError,
    read_amount,
    read_integer,
    read_number,
)
from crm.mapping import Mapping
from crm.problems import SHOWN, CurrencyMixed, Problem, values_error
from crm.salesforce import VALUES
from domain.errors import InvalidInput
from domain.tables import Column, Table

Value = str | float | int | date | None

LONGEST: dict[str, int] = {"id": 128, "category": 200, "text": 4_000}
LONGEST_DOCUMENT = 200_000
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

RANGES: dict[tuple[str, str], tuple[float, float]] = {
    ("accounts", "latitude"): (-90, 90),
    ("accounts", "longitude"): (-180, 180),
    ("accounts", "employees"): (0, 10_000_000),
    ("accounts", "founded"): (1000, 2199),
    ("reps", "base_latitude"): (-90, 90),
    ("reps", "base_longitude"): (-180, 180),
    ("reps", "selling_hours_week"): (0, 168),
    ("activities", "minutes"): (0, 100_000),
    ("market_companies", "employees"): (0, 10_000_000),
    ("intent_signals", "strength"): (1, 3),
}
"""Bounds, both included, outside which a number means nothing."""

_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
# An id becomes part of a path (`account:7/order:9`), so what separates parts cannot be in it.
_BAD_IN_ID = re.compile(r"[\s/\x00-\x1f\x7f]")


class UnknownNameError(CellError):
    """A value that its column's list does not hold; `section` of the mapping would."""

    def __init__(self, section: str, allowed: Sequence[str], column: str) -> None:
        super().__init__(
            f"is not a known {column}; use one of {', '.join(allowed)}, or map it under [{section}]"
        )
        self.section = section


@dataclass
class Cells:
    """Where one file's cells stand, and what is wrong with them so far."""

    file: str
    rows: Sequence[int]
    problems: list[Problem] = field(default_factory=list)
    total: int = 0
    foreign: int = 0
    unknown: dict[str, set[str]] = field(default_factory=dict)

    def report(self, column: str, values: Sequence[str], bad: dict[str, CellError]) -> None:
        """Note every row whose value is among `bad`."""
        for value, why in bad.items():
            if isinstance(why, UnknownNameError):
                self.unknown.setdefault(why.section, set()).add(value.strip())
        for place, value in enumerate(values):
            reason = bad.get(value)
            if reason is None:
                continue
            self.total += 1
            self.foreign += isinstance(reason, ForeignCurrencyError)
            if len(self.problems) < SHOWN:
                row = self.rows[place]
                self.problems.append(Problem(self.file, row, column, value, str(reason)))

    def error(self) -> InvalidInput | None:
        """Return one error for all that was noted, or None."""
        if not self.total:
            return None
        self.problems.sort(key=lambda problem: problem.row)
        if self.foreign == self.total:
            hint = (
                "Convert the amounts before export, or import each currency as its own book; "
                "where all are in one, set currency in book.toml."
            )
            return values_error(self.problems, self.total, hint, CurrencyMixed)
        hint = "Correct the cells in the CRM or the file, or map values in the mapping file."
        for section, values in sorted(self.unknown.items()):
            names = ", ".join(f'"{value}"' for value in sorted(values)[:SHOWN])
            more = f" and {len(values) - SHOWN:,} more" if len(values) > SHOWN else ""
            hint += f" Not known under [{section}]: {names}{more}."
        return values_error(self.problems, self.total, hint)


def read_column(
    header: str,
    values: Sequence[str],
    table: Table,
    column: Column,
    *,
    mapping: Mapping,
    currency: str,
    cells: Cells,
) -> list[Value]:
    """Read one column's cells; what cannot be read is noted in `cells` and comes back None.

    Only the empty string is blank: `NA` is a name. Surrounding blanks are dropped, except
    in the text of documents, which is kept as it stands.
    """
    read = _reader(table, column, mapping, currency)
    mapped = mapping.values.get(table.name, {}).get(column.name, {})
    verbatim = (table.name, column.name) == ("documents", "text")
    known: dict[str, Value] = {}
    bad: dict[str, CellError] = {}
    for value in set(values):  # each distinct value is read once; order does not matter here
        bare = mapped.get(value, mapped.get(value.strip(), value)).strip()
        known[value] = None
        try:
            if bare:
                known[value] = read(value if verbatim else bare)
            elif not column.nullable:
                raise CellError("must not be blank")
        except CellError as reason:
            bad[value] = reason
    if bad:
        cells.report(header, values, bad)
    return [known[value] for value in values]


def check_currency(header: str, values: Sequence[str], currency: str, cells: Cells) -> None:
    """Note every row whose currency code is not the book's."""
    bad: dict[str, CellError] = {
        code: ForeignCurrencyError(f"is not {currency}; a book has one currency")
        for code in set(values)
        if code.strip() and code.strip().upper() != currency
    }
    if bad:
        cells.report(header, values, bad)


def as_series(values: Sequence[Value], column: Column) -> pd.Series:
    """Make a typed column: `str`, float64, Int64 or datetime64 at midnight."""
    match column.type:
        case "money" | "number":
            return pd.Series(values, name=column.name, dtype="float64")
        case "integer":
            return pd.Series(values, name=column.name, dtype="Int64")
        case "date":
            return pd.Series(np.array(values, dtype="datetime64[us]"), name=column.name)
        case _:
            return pd.Series(values, name=column.name, dtype="str")


def _reader(
    table: Table, column: Column, mapping: Mapping, currency: str
) -> Callable[[str], Value]:
    decimal = mapping.numbers.decimal
    match column.type:
        case "id":
            return _read_id
        case "date":
            return lambda text: read_date(text, mapping.dates.format)
        case "money":
            return lambda text: read_amount(text, currency, decimal)
        case "number":
            return _in_range(table, column, lambda text: read_number(text, decimal))
        case "integer":
            return _in_range(table, column, lambda text: read_integer(text, decimal))
        case "category" if column.one_of:
            return _one_of(table, column)
        case _:
            longest = LONGEST[column.type]
            if (table.name, column.name) == ("documents", "text"):
                longest = LONGEST_DOCUMENT
            return lambda text: _read_text(text, longest)


def read_date(text: str, written: str | None = None) -> date:
    """Read an ISO date, an ISO time cut to its date, or the format of the mapping.

    Raises CellError for anything else, for days that do not exist, and outside
    1900 to 2199.
    """
    day = None
    if written is not None:
        try:
            day = datetime.strptime(text, written).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            if written.startswith("%Y"):
                raise CellError(f"is not a date written as {written}") from None
    if day is None:
        match = _ISO.fullmatch(text)
        if match is None:
            wanted = "YYYY-MM-DD" if written is None else f"{written} or YYYY-MM-DD"
            told = "; or set dates.format in the mapping" if written is None else ""
            raise CellError(f"is not a date; write it as {wanted}{told}")
        try:
            day = date.fromisoformat(match[1])
        except ValueError:
            raise CellError("is a day that does not exist") from None
    if not EARLIEST <= day <= LATEST:
        raise CellError(f"is outside the years {EARLIEST.year} to {LATEST.year}")
    return day


def _read_id(text: str) -> str:
    if _BAD_IN_ID.search(text):
        raise CellError("is not an id: an id has no blanks, slashes or control characters")
    return _read_text(text, LONGEST["id"])


def _read_text(text: str, longest: int) -> str:
    if len(text) > longest:
        raise CellError(f"is {len(text):,} characters long; at most {longest:,} are kept")
    return text


def _one_of(table: Table, column: Column) -> Callable[[str], Value]:
    names = VALUES.get(table.name, {}).get(column.name, {})
    allowed = {value.casefold(): value for value in column.one_of}

    def read(text: str) -> str:
        folded = text.casefold()
        value = allowed.get(names.get(folded, folded))
        if value is None:
            section = f"values.{table.name}.{column.name}"
            raise UnknownNameError(section, column.one_of, column.name)
        return value

    return read


def _in_range(
    table: Table, column: Column, read: Callable[[str], float | int]
) -> Callable[[str], Value]:
    bounds = RANGES.get((table.name, column.name))
    if bounds is None:
        return read
    low, high = bounds

    def read_within(text: str) -> float | int:
        number = read(text)
        if not low <= number <= high:
            raise CellError(f"is outside {low:,.0f} to {high:,.0f}")
        return number

    return read_within

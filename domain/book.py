"""A book of business: one validated, immutable snapshot of every table at one date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from domain.errors import ColumnsUnknown, NotFound
from domain.record import Record, text_hash
from domain.tables import TABLE_BY_NAME, ColumnType

Severity = Literal["error", "warning", "notice"]


class QualityFinding(Record):
    """Doubtful data: what it is, which rows, and what it does to the analyses.

    `state` keeps DOMAIN's four states apart: blank in the source, not queried, not
    permitted, contradicted; `doubtful` is anything else (a duplicate, a stale owner).
    """

    code: str
    table: str
    severity: Severity
    state: Literal["blank", "not_queried", "not_permitted", "contradicted", "doubtful"]
    rows: tuple[str, ...]
    message: str
    consequence: str

    @property
    def count(self) -> int:
        """Number of rows concerned."""
        return len(self.rows)


class QualityReport(Record):
    """Everything doubtful in one book, worst first."""

    findings: tuple[QualityFinding, ...]
    rows_by_table: dict[str, int]


@dataclass(frozen=True)
class Book:
    """Every table of `domain.tables`, validated, as of one date.

    Ids and text are pandas `str` (missing as NaN), money and numbers float64, integers
    Int64, dates datetime64 at midnight. Tables are sorted by their key. A table that the
    export lacks is present and empty. Treat the frames as read-only: copies are cheap.
    """

    book_id: str
    as_of: date
    currency: str
    tables: Mapping[str, pd.DataFrame]
    quality: QualityReport
    sources: Mapping[str, str] = field(default_factory=dict)
    # Plans look single rows up by the thousand, and each look through a frame takes a
    # millisecond. Not carried over by `dataclasses.replace`.
    _rows: dict[str, dict[str, dict[str, Any]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _of_account: dict[str, dict[str, tuple[str, ...]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    @cached_property
    def owners(self) -> dict[str, str | None]:
        """Owner rep by account id; None for an unowned account."""
        accounts = self.tables["accounts"]
        return {
            account: (owner if isinstance(owner, str) else None)
            for account, owner in zip(accounts["account_id"], accounts["owner_id"], strict=True)
        }

    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        """Return every row of a table by its key, in the table's order, as plain values.

        Missing values stay what pandas calls missing. Meant for the small tables: orders
        are read as a frame.
        """
        if table not in self._rows:
            frame = self.tables[table]
            names = [str(name) for name in frame.columns]
            key = names.index(TABLE_BY_NAME[table].key)
            listed = zip(*(_plain(frame[name]) for name in frame.columns), strict=True)
            self._rows[table] = {row[key]: dict(zip(names, row, strict=True)) for row in listed}
        return self._rows[table]

    def of_account(self, table: str, account_id: str) -> tuple[str, ...]:
        """Return the keys of an account's rows in a table that has `account_id`, in order."""
        if table not in self._of_account:
            found: dict[str, list[str]] = {}
            for key, row in self.rows(table).items():
                if isinstance(row["account_id"], str):
                    found.setdefault(row["account_id"], []).append(key)
            self._of_account[table] = {account: tuple(keys) for account, keys in found.items()}
        return self._of_account[table].get(account_id, ())

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Full text of every document by its hash."""
        return {text_hash(row["text"]): row["text"] for row in self.rows("documents").values()}

    @cached_property
    def _account_rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.tables["accounts"]["account_id"])}

    def account(self, account_id: str) -> pd.Series:
        """Return the row of one account.

        Raises NotFound when the book has none of that id.
        """
        row = self._account_rows.get(account_id)
        if row is None:
            raise NotFound(
                f"There is no account {account_id!r} in the book.",
                hint="List accounts with `cadastre accounts rank`.",
            )
        return self.tables["accounts"].iloc[row]


_DTYPES: dict[ColumnType, str] = {
    "id": "str",
    "text": "str",
    "category": "str",
    "money": "float64",
    "number": "float64",
    "integer": "Int64",
    "date": "datetime64[us]",
}


def frame(name: str, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Build a table of `domain.tables` from rows, every column present and typed.

    Parameters
    ----------
    name
        A table's name.
    rows
        Mappings from column to value; what a row leaves out is missing. Dates may be
        `date` objects or ISO text.

    Returns
    -------
    DataFrame
        Typed as `Book` says and sorted by the table's key.

    Raises
    ------
    ColumnsUnknown
        When a row names a column that the table does not have.
    """
    table = TABLE_BY_NAME[name]
    known = {column.name for column in table.columns}
    listed = [dict(row) for row in rows]
    surplus = sorted({key for row in listed for key in row} - known)
    if surplus:
        raise ColumnsUnknown(
            f"Table {name} has no column {', '.join(surplus)}.",
            hint=f"Its columns are {', '.join(sorted(known))}.",
        )
    columns = {
        column.name: pd.Series([row.get(column.name) for row in listed], dtype=_DTYPES[column.type])
        for column in table.columns
    }
    return pd.DataFrame(columns).sort_values(table.key, kind="stable").reset_index(drop=True)


def _plain(column: pd.Series) -> list[Any]:
    """Return a column's values as Python's own, as `DataFrame.to_dict` does."""
    return [None if value is pd.NA else value for value in column.tolist()]

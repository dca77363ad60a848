"""The rows of a book that a plan looks at one by one: those of its own accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.book import Book
from domain.tables import TABLE_BY_NAME


class PlanRows:
    """Single rows of the plan's accounts as plain values, looked up by key.

    A book's own look-up turns a whole table into plain values, which in a large book takes
    longer than the plan.
    """

    def __init__(self, book: Book, accounts: Sequence[str]) -> None:
        self._book = book
        self._accounts = set(accounts)
        self._rows: dict[str, Mapping[str, Mapping[str, Any]]] = {}
        self._listed: dict[str, dict[str, tuple[str, ...]]] = {}

    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the rows of a table by key, in order of key; other accounts' are left out."""
        if table not in self._rows:
            key = TABLE_BY_NAME[table].key
            frame = self._book[table]
            if "account_id" in frame.columns:
                frame = frame[frame["account_id"].isin(self._accounts)]
            listed = frame.sort_values(key, kind="stable").to_dict("records")
            self._rows[table] = {row[key]: {str(k): v for k, v in row.items()} for row in listed}
        return self._rows[table]

    def of_account(self, table: str, account_id: str) -> tuple[str, ...]:
        """Return the keys of an account's rows in a table, in order of key."""
        if table not in self._listed:
            found: dict[str, list[str]] = {}
            for key, row in self.rows(table).items():
                found.setdefault(row["account_id"], []).append(key)
            self._listed[table] = {account: tuple(keys) for account, keys in found.items()}
        return self._listed[table].get(account_id, ())

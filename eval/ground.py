"""A task's book as scorers read it: cells and documents, straight from the CSV files.

Scorers do not read a book through the importer: a fault there must not hide itself.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

from domain.tables import TABLE_BY_NAME


class Ground:
    """The tables of one folder, read when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, Mapping[str, Mapping[str, str]]] = {}

    def table(self, name: str) -> Mapping[str, Mapping[str, str]]:
        """Return the rows of a table by key, each a mapping of column to text; empty if absent.

        Where a key occurs twice, the first row counts.
        """
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name]

    def cell(self, table: str, row: str, field: str) -> str | None:
        """Return a cell's text; None where table, row or column is unknown or the cell blank."""
        return self.table(table).get(row, {}).get(field) or None

    def document(self, document_id: str) -> str | None:
        """Return the text of a document, or None."""
        return self.cell("documents", document_id, "text")

    @property
    def as_of(self) -> date:
        """The book's date."""
        day = self._about["as_of"]
        assert isinstance(day, date)
        return day

    @property
    def currency(self) -> str:
        """ISO 4217 code of the book's amounts; empty where it tells none."""
        return str(self._about.get("currency", ""))

    @cached_property
    def _about(self) -> Mapping[str, object]:
        return tomllib.loads((self._folder / "book.toml").read_text(encoding="utf-8"))

    def _read(self, name: str) -> Mapping[str, Mapping[str, str]]:
        path = self._folder / f"{name}.csv"
        if name not in TABLE_BY_NAME or not path.is_file():
            return {}
        key = TABLE_BY_NAME[name].key
        rows: dict[str, Mapping[str, str]] = {}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                rows.setdefault(row[key], row)
        return rows

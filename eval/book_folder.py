"""A kept book written out again as the plain CSV folder it could have been imported from."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pandas as pd

from crm.importer import import_book
from domain.book import Book
from domain.errors import Broken
from domain.record import decimal_string
from domain.tables import TABLES, Column, Table


def write_book(book: Book, folder: Path, *, coverage: str, people: str) -> str:
    """Write a book, its rules and its people; return the id the folder is read as.

    Tables and columns bear the names of `docs/data-model.md`. What the book has nothing of is
    left out: tables without rows, and columns that are blank in every row. The folder is read
    again before this returns.

    Parameters
    ----------
    book
        As it is kept: with its references settled.
    folder
        Made where it is missing.
    coverage, people
        The texts of `coverage.toml` and `people.toml`.

    Returns
    -------
    str
        `book.book_id`; another id where the import of the book set rows aside, since an id
        also counts those and no book keeps them.

    Raises
    ------
    Broken
        When a table reads differently from how it is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        if len(book[table.name]):
            _write_table(book[table.name], table, folder / f"{table.name}.csv")
    (folder / "book.toml").write_text(_about(book), encoding="utf-8")
    (folder / "coverage.toml").write_text(coverage, encoding="utf-8")
    (folder / "people.toml").write_text(people, encoding="utf-8")
    again = import_book(folder)
    for table in TABLES:
        if not again[table.name].equals(book[table.name]):
            raise Broken(
                f"Table {table.name} of book {book.book_id} reads differently from how it is kept.",
                hint="Import the export of that book again, and report what is special about it.",
            )
    return again.book_id


def _write_table(frame: pd.DataFrame, table: Table, path: Path) -> None:
    columns = {column.name: _texts(frame[column.name], column) for column in table.columns}
    named = {
        column.name: columns[column.name]
        for column in table.columns
        if not column.nullable or any(columns[column.name])
    }
    # The writer's own line ends, so that a lone carriage return within a note is quoted.
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(named)
        writer.writerows(zip(*named.values(), strict=True))


def _texts(cells: pd.Series, column: Column) -> list[str]:
    values = cells.dt.date if column.type == "date" else cells
    return [
        "" if missing else _text(value)
        for value, missing in zip(values.tolist(), cells.isna().tolist(), strict=True)
    ]


def _text(value: str | float | int | date) -> str:
    return decimal_string(value) if isinstance(value, float) else str(value)


def _about(book: Book) -> str:
    lines = [f"as_of = {book.as_of.isoformat()}", f"currency = {_quoted(book.currency)}"]
    lines += [
        f"{key} = {_quoted(book.sources[key])}" for key in ("crm", "name") if key in book.sources
    ]
    assumptions = book.sources.get("assumptions", "")
    if assumptions:
        told = ", ".join(map(_quoted, assumptions.split("\n")))
        lines.append(f"assumptions = [{told}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'

"""Import a CRM export: a folder of CSV files in, a validated book out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from crm.book_file import NAME as BOOK_FILE
from crm.book_file import BookFile, read_book_file
from crm.book_id import book_id
from crm.export_files import TableFile, find_files
from crm.findings import finding, listed
from crm.headers import knows, read_header
from crm.mapping import Mapping, load_mapping
from crm.csv_files import read_csv
from crm.problems import BookFileInvalid, FilesMissing, raise_all
from crm.quality import quality_report
from crm.references import settle_references
from crm.values import Cells, Value, as_series, check_currency, read_column
from domain.book import Book, QualityFinding
from domain.errors import DuplicateIds, InvalidInput
from domain.tables import TABLES, Table

DEFAULT_CURRENCY = "USD"


@dataclass
class _Typed:
    """A table as read: typed cells by column, and where each row stood."""

    columns: dict[str, list[Value]]
    places: list[tuple[str, int]] = field(default_factory=list)
    present: set[str] = field(default_factory=set)


def import_book(
    folder: Path,
    *,
    mapping: Path | None = None,
    as_of: date | None = None,
    stale_owner_days: int = 548,
    duplicate_similarity: float = 90.0,
) -> Book:
    """Read a folder of CSV files as a book of business.

    Nothing is written and no file is changed. Importing the same content again gives the
    same `book_id`, whatever the order of files, rows and columns.

    Parameters
    ----------
    folder
        Holds one `.csv` or `.csv.gz` file per table, named as Salesforce names its
        objects (`Account.csv`) or as we name our tables (`accounts.csv`), and perhaps a
        `book.toml` with `as_of`, `currency`, `crm`, `name` and `assumptions`.
    mapping
        A TOML file for other file, column and value names (`docs/importing.md`).
    as_of
        Date of the book where `book.toml` gives none. With neither, the newest order or
        activity dates the book, and a notice says so.
    stale_owner_days, duplicate_similarity
        When data counts as doubtful; see `crm.quality.quality_report`. They change the
        quality report and not the book's id.

    Returns
    -------
    Book
        Every table of `domain.tables`, sorted by key; absent tables are empty. `sources`
        names the files of each table, and `crm`, `name` and `assumptions` where
        `book.toml` has them.

    Raises
    ------
    FolderUnusable, FilesMissing, FileUnreadable
        No such folder, no CSV files, a needed file absent or without rows, not CSV.
    ColumnsMissing, ColumnsUnknown, DuplicateIds, ValuesInvalid, CurrencyMixed
        What is wrong in the files: every file's problems in one error.
    MappingInvalid, BookFileInvalid
        The two TOML files contradict the data model, or no date can be told.
    """
    names = load_mapping(mapping) if mapping is not None else Mapping()
    files, notes = find_files(folder, names)
    about = read_book_file(folder)
    currency = about.currency or DEFAULT_CURRENCY
    typed, ignored = _read_tables(files, names, currency)
    day, dated = _date_of(about, as_of, typed)
    notes = [*notes, *dated, *_assumed(about), *_not_queried(files, typed), *ignored]
    frames, orphans = settle_references(_frames(typed))
    return Book(
        book_id=book_id({name: table.columns for name, table in typed.items()}, day, currency),
        as_of=day,
        currency=currency,
        tables=frames,
        quality=quality_report(
            frames,
            day,
            currency=currency,
            stale_owner_days=stale_owner_days,
            duplicate_similarity=duplicate_similarity,
            also=[*notes, *orphans],
        ),
        sources=_sources(files, about),
    )


def _read_tables(
    files: Sequence[TableFile], mapping: Mapping, currency: str
) -> tuple[dict[str, _Typed], list[QualityFinding]]:
    by_table: dict[str, list[TableFile]] = defaultdict(list)
    for file in files:
        by_table[file.table].append(file)
    typed: dict[str, _Typed] = {}
    errors: list[InvalidInput] = []
    ignored: list[QualityFinding] = []
    for table in TABLES:
        whole = typed[table.name] = _Typed({column.name: [] for column in table.columns})
        found = len(errors)
        for file in by_table[table.name]:
            try:
                ignored += _read_file(file, table, whole, mapping, currency)
            except InvalidInput as error:
                errors.append(error)
        if len(errors) > found:
            continue
        if table.required and not whole.places:
            told = ", ".join(file.path.name for file in by_table[table.name])
            errors.append(
                FilesMissing(
                    f"{told} has a header and no rows.",
                    hint=f"Export the {table.name} again; a book needs at least one.",
                )
            )
        twice = _duplicate_ids(whole, table)
        if twice is not None:
            errors.append(twice)
    raise_all(errors)
    for table in TABLES:
        _sort(typed[table.name], table.key)
    return typed, ignored


def _read_file(
    file: TableFile, table: Table, whole: _Typed, mapping: Mapping, currency: str
) -> list[QualityFinding]:
    raw = read_csv(file.path, knows(table, mapping))
    header = read_header(raw, table, mapping)
    cells = Cells(raw.file, raw.rows)
    read: dict[str, list[Value]] = {}
    for column in table.columns:
        place = header.places.get(column.name)
        if place is None:
            read[column.name] = [None] * len(raw.rows)
            continue
        read[column.name] = read_column(
            raw.header[place],
            raw.columns[place],
            table,
            column,
            mapping=mapping,
            currency=currency,
            cells=cells,
        )
    if header.currency is not None:
        place = header.currency
        check_currency(raw.header[place], raw.columns[place], currency, cells)
    error = cells.error()
    if error is not None:
        raise error
    for name, values in read.items():
        whole.columns[name].extend(values)
    whole.places.extend((raw.file, row) for row in raw.rows)
    whole.present.update(header.places)
    if not header.ignored:
        return []
    return [
        finding(
            "columns_ignored",
            table.name,
            "notice",
            "not_queried",
            (),
            f"{raw.file}: {listed(sorted(header.ignored))} not read.",
            "Nothing uses these columns.",
        )
    ]


def _duplicate_ids(whole: _Typed, table: Table) -> DuplicateIds | None:
    seen: dict[Value, list[int]] = defaultdict(list)
    for place, key in enumerate(whole.columns[table.key]):
        seen[key].append(place)
    twice = {str(key): places for key, places in seen.items() if len(places) > 1}
    if not twice:
        return None
    lines = []
    for key in sorted(twice):
        where = ", ".join(f"{whole.places[i][0]} row {whole.places[i][1]}" for i in twice[key])
        lines.append(f"{table.key} {key!r} is on {where}")
    more = [f"and {len(lines) - 20:,} more"] if len(lines) > 20 else []
    return DuplicateIds(
        f"{len(lines):,} {'id occurs' if len(lines) == 1 else 'ids occur'} more than once in "
        f"{table.name}:\n" + "\n".join(f"- {line}" for line in [*lines[:20], *more]),
        hint="Keep one row of each; an id names one row.",
        table=table.name,
        ids=sorted(twice)[:20],
        total=len(lines),
        problems=lines[:20],
    )


def _sort(whole: _Typed, key: str) -> None:
    keys = whole.columns[key]
    order = sorted(range(len(keys)), key=lambda place: str(keys[place]))
    for name, values in whole.columns.items():
        whole.columns[name] = [values[place] for place in order]
    whole.places = [whole.places[place] for place in order]


def _frames(typed: dict[str, _Typed]) -> dict[str, pd.DataFrame]:
    return {
        table.name: pd.DataFrame(
            {
                column.name: as_series(typed[table.name].columns[column.name], column)
                for column in table.columns
            }
        )
        for table in TABLES
    }


def _date_of(
    about: BookFile, argument: date | None, typed: dict[str, _Typed]
) -> tuple[date, list[QualityFinding]]:
    if about.as_of is not None:
        if argument is None or argument == about.as_of:
            return about.as_of, []
        message = f"{BOOK_FILE} dates the book {about.as_of}; the date given, {argument}, is not used."
        return about.as_of, [_about_the_date("as_of_not_used", message)]
    if argument is not None:
        return argument, []
    days: Iterable[Value] = (
        *typed["orders"].columns["ordered"],
        *typed["activities"].columns["occurred"],
    )
    newest = max((day for day in days if isinstance(day, date)), default=None)
    if newest is None:
        raise BookFileInvalid(
            f"The export has no date: no {BOOK_FILE}, and neither orders nor activities.",
            hint=f"Write the day of the export into {BOOK_FILE}, such as as_of = 2026-11-14.",
        )
    message = f"The export does not state its date; the newest order or activity is of {newest}."
    return newest, [_about_the_date("as_of_assumed", message)]


def _about_the_date(code: str, message: str) -> QualityFinding:
    return finding(
        code,
        "",
        "notice",
        "blank" if code == "as_of_assumed" else "contradicted",
        (),
        message,
        "Freshness, periods and due dates are judged against the book's date.",
    )


def _assumed(about: BookFile) -> list[QualityFinding]:
    if about.currency is not None:
        return []
    return [
        finding(
            "currency_assumed",
            "",
            "notice",
            "blank",
            (),
            f"The export does not state its currency; {DEFAULT_CURRENCY} is assumed.",
            f"Every amount is shown in {DEFAULT_CURRENCY}; set currency in {BOOK_FILE}.",
        )
    ]


def _not_queried(
    files: Sequence[TableFile], typed: dict[str, _Typed]
) -> list[QualityFinding]:
    """Tell what the export leaves out, which is not the same as blank cells."""
    have = {file.table for file in files}
    notes = []
    for table in TABLES:
        lacking = [
            column.name
            for column in table.columns
            if column.nullable and column.name not in typed[table.name].present
        ]
        if table.name not in have:
            message = f"The export has no {table.name}."
            consequence = "Analyses treat them as not queried, not as absent in fact."
        elif lacking:
            message = f"The export of {table.name} lacks {', '.join(lacking)}."
            consequence = "Rules on these columns find nothing; they are unknown, not unmet."
        else:
            continue
        notes.append(
            finding("not_queried", table.name, "notice", "not_queried", (), message, consequence)
        )
    return notes


def _sources(files: Sequence[TableFile], about: BookFile) -> dict[str, str]:
    sources: dict[str, str] = {}
    for file in files:
        name = file.path.name
        sources[file.table] = f"{sources[file.table]}, {name}" if file.table in sources else name
    told = {"crm": about.crm, "name": about.name, "assumptions": "\n".join(about.assumptions)}
    return sources | {key: value for key, value in told.items() if value}

"""Import a CRM export: a folder in, a validated book out; or one file, into a book there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from crm.book_file import NAME as BOOK_FILE
from crm.book_file import BookFile, read_book_file
from crm.book_id import book_id
from crm.export_files import TableFile, find_file, find_files
from crm.findings import finding
from crm.mapping import Mapping as NameMapping
from crm.mapping import load_mapping
from crm.problems import BookFileInvalid
from crm.quality import DOCUMENT_DAYS, DUPLICATE_SIMILARITY, STALE_OWNER_DAYS, quality_report
from crm.references import settle_references
from crm.replacing import carried, replacement, told_of_rows
from crm.typed_tables import TypedTable, frames_of, read_tables, typed_table
from crm.values import Value
from domain.book import Book, QualityFinding
from domain.tables import TABLES

DEFAULT_CURRENCY = "USD"


def import_book(
    folder: Path,
    *,
    mapping: Path | None = None,
    as_of: date | None = None,
    stale_owner_days: int = STALE_OWNER_DAYS,
    duplicate_similarity: float = DUPLICATE_SIMILARITY,
    document_days: Mapping[str, int] = DOCUMENT_DAYS,
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
    stale_owner_days, duplicate_similarity, document_days
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
    names = load_mapping(mapping) if mapping is not None else NameMapping()
    files, notes = find_files(folder, names)
    about = read_book_file(folder)
    currency = about.currency or DEFAULT_CURRENCY
    typed, read = read_tables(files, names, currency)
    day, dated = _date_of(about, as_of, typed)
    notes = [*notes, *dated, *_assumed(about), *_not_queried(files, typed), *read]
    frames, orphans = settle_references(frames_of(typed))
    columns = {name: table.columns for name, table in typed.items()}
    return Book(
        book_id=book_id(columns, day, currency, told_of_rows(notes)),
        as_of=day,
        currency=currency,
        tables=frames,
        quality=quality_report(
            frames,
            day,
            currency=currency,
            stale_owner_days=stale_owner_days,
            duplicate_similarity=duplicate_similarity,
            document_days=document_days,
            also=[*notes, *orphans],
        ),
        sources=_sources(files, about),
    )


def replace_table(
    book: Book,
    path: Path,
    table: str | None = None,
    *,
    mapping: Path | None = None,
    as_of: date | None = None,
    stale_owner_days: int = STALE_OWNER_DAYS,
    duplicate_similarity: float = DUPLICATE_SIMILARITY,
    document_days: Mapping[str, int] = DOCUMENT_DAYS,
) -> Book:
    """Read one file as a table of a book that is there, and return the new book.

    Everything else stays as it is in `book`, which is not changed. References are settled
    anew: rows of other tables that name what the new table lacks are set aside, and come
    back only with an import of the folder. The same content gives the same `book_id`.

    Parameters
    ----------
    book
        The book to start from; its currency holds.
    path
        A `.csv` or `.csv.gz` file. Beside order lines without account or date, an
        `Order.csv` is read with them.
    table
        Which table it holds; None to tell it from the file's name or the mapping.
    mapping, stale_owner_days, duplicate_similarity, document_days
        As for `import_book`.
    as_of
        Date of the new book; None for that of `book`.

    Raises
    ------
    TableUnknown
        There is no such table, or the file's name does not tell it.
    FolderUnusable
        There is no such file.
    FilesMissing, FileUnreadable, ColumnsMissing, ColumnsUnknown, DuplicateIds, ValuesInvalid,
    CurrencyMixed, MappingInvalid
        As for `import_book`.
    """
    names = load_mapping(mapping) if mapping is not None else NameMapping()
    files = find_file(path, table, names)
    replaced = files[-1].table
    kept = {
        other.name: typed_table(other, book[other.name])
        for other in TABLES
        if other.name != replaced
    }
    typed, read = read_tables(files, names, book.currency, kept)
    day = as_of or book.as_of
    notes = [
        *carried(book, replaced, day),
        *read,
        *_not_queried(files, typed, only=replaced),
        replacement(
            book, replaced, [file.path.name for file in files], len(typed[replaced].places)
        ),
    ]
    frames, orphans = settle_references(frames_of(typed))
    # The other tables count as they are settled, so that the same file again, read into the
    # new book, gives the new book.
    columns = {
        other.name: typed_table(other, frames[other.name]).columns
        if other.name != replaced
        else typed[replaced].columns
        for other in TABLES
    }
    return Book(
        book_id=book_id(columns, day, book.currency, told_of_rows(notes)),
        as_of=day,
        currency=book.currency,
        tables=frames,
        quality=quality_report(
            frames,
            day,
            currency=book.currency,
            stale_owner_days=stale_owner_days,
            duplicate_similarity=duplicate_similarity,
            document_days=document_days,
            also=[*notes, *orphans],
        ),
        sources={**book.sources, replaced: ", ".join(file.path.name for file in files)},
    )


def _date_of(
    about: BookFile, argument: date | None, typed: dict[str, TypedTable]
) -> tuple[date, list[QualityFinding]]:
    if about.as_of is not None:
        if argument is None or argument == about.as_of:
            return about.as_of, []
        message = (
            f"{BOOK_FILE} dates the book {about.as_of}; the date given, {argument}, is not used."
        )
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
    files: Sequence[TableFile], typed: dict[str, TypedTable], only: str | None = None
) -> list[QualityFinding]:
    """Tell what the export leaves out, which is not the same as blank cells."""
    have = {file.table for file in files}
    notes = []
    for table in TABLES:
        if only not in (None, table.name):
            continue
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

"""What stays true of a book when one of its tables is replaced, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from crm.csv_files import stem
from crm.findings import finding, many
from crm.order_heads import DRAFT, ORPHAN_LINE, STEM
from crm.person_names import INACTIVE
from crm.references import settle_references
from crm.salesforce_rows import DELETED
from crm.touches import OPEN_TASK, SET_ASIDE
from domain.book import Book, QualityFinding

REPLACED = "table_replaced"

_OF_ROWS = frozenset({INACTIVE, SET_ASIDE, OPEN_TASK, DRAFT, ORPHAN_LINE, DELETED})
_OF_IMPORT = _OF_ROWS | {
    "orphan",
    "unknown_owner",
    "circular_family",
    "not_queried",
    "columns_ignored",
    REPLACED,
}
_OF_BOOK = frozenset({"as_of_assumed", "currency_assumed", "file_not_read"})


def told_of_rows(notes: Iterable[QualityFinding]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what notes tell of rows that no column keeps, for the book's id."""
    return sorted((note.code, note.table, note.rows) for note in notes if note.code in _OF_ROWS)


def carried(book: Book, replaced: str, as_of: date) -> list[QualityFinding]:
    """Return the findings of an earlier import that still hold: of the other tables.

    What the tables still show is left out, since the new report finds it again.
    """
    shown = {(note.code, note.table, note.rows) for note in settle_references(book.tables)[1]}
    dated = {"as_of_assumed"} if as_of != book.as_of else set()
    return [
        note
        for note in book.quality.findings
        if note.code in (_OF_IMPORT | _OF_BOOK) - dated
        and note.table != replaced
        and (note.code, note.table, note.rows) not in shown
    ]


def replacement(book: Book, replaced: str, files: Sequence[str], rows: int) -> QualityFinding:
    """Tell that a table is of other files than the rest, and what it took the place of.

    A warning where the table came from several files, of which some are now left out.
    """
    before = book.sources.get(replaced, "")
    whole = [name for name in before.split(", ") if stem(Path(name)).casefold() != STEM]
    gone = [name for name in whole if name not in files] if len(whole) > 1 else []
    lost = f" The rows of {', '.join(gone)} are no longer in the book." if gone else ""
    return finding(
        REPLACED,
        replaced,
        "warning" if gone else "notice",
        "doubtful",
        (),
        f"{', '.join(files)} took the place of the {replaced}{f' of {before}' if before else ''}: "
        f"{many(rows, 'row')}, before {len(book[replaced]):,}.",
        f"Every other table is as imported before, as of {book.as_of}.{lost}",
    )

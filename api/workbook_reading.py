"""Reading a workbook that somebody sends back: bounded, and as text only.

The file comes from outside. It is never trusted with more than what three columns say
about rows that the hidden columns name; whatever is wrong with it is told in words.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from api.workbook_marks import (
    ACCOUNT,
    BASE,
    BOOK,
    COMMENT,
    DECISION,
    HIDDEN,
    ID,
    MOVES,
    OPEN,
    TERRITORY,
)
from domain.errors import InvalidInput

LARGEST_FILE = 8_000_000
LARGEST_UNPACKED = 80_000_000
MOST_PARTS = 500
MOST_ROWS = 100_000
MOST_COLUMNS = 120
LONGEST_TEXT = 4_000

_HEADER_WITHIN = 20
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_EXPORT_AGAIN = "Export the scenario again and fill in that file: cadastre scenario export"


class WorkbookUnreadable(InvalidInput):
    """The file is no workbook that a scenario was written to."""


@dataclass(frozen=True)
class SheetRow:
    """One row of the sheet of moves as it came back. Texts are stripped; blank is "".

    `number` is the row's place in the sheet, as a spreadsheet counts.
    """

    number: int
    id: str
    base: str
    book: str
    account: str
    decision: str
    territory: str
    comment: str

    @property
    def said(self) -> bool:
        """Whether anything stands in the columns that people fill in."""
        return bool(self.decision or self.territory or self.comment)


def read_moves(content: bytes) -> tuple[SheetRow, ...]:
    """Return the rows of the sheet of moves, in the order of the sheet, blank ones left out.

    Rows may stand in any order, columns too; columns that somebody added are passed over.

    Raises
    ------
    WorkbookUnreadable
        When the file is too large, no XLSX workbook, or lacks the sheet or a column.
    """
    _demand_bounded(content)
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise _damaged() from error
    try:
        if MOVES not in book.sheetnames:
            raise WorkbookUnreadable(
                f"The workbook has no sheet {MOVES!r}: it has "
                f"{', '.join(map(repr, book.sheetnames[:6]))}.",
                hint=f"Do not rename or delete that sheet. {_EXPORT_AGAIN}",
            )
        return tuple(_rows(book[MOVES]))
    finally:
        book.close()


def _demand_bounded(content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise WorkbookUnreadable(
            f"The file has {len(content):,} bytes; a workbook may have {LARGEST_FILE:,}.",
            hint="Take out what was pasted in, or export the scenario again.",
        )
    if content.startswith(_OLD_OR_LOCKED):
        raise WorkbookUnreadable(
            "The file is locked with a password or saved in the format of Excel 97.",
            hint="Save it as .xlsx without a password.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
                raise WorkbookUnreadable(
                    f"The file unpacks to {len(parts):,} parts with {unpacked:,} bytes; a "
                    f"workbook may have {MOST_PARTS:,} with {LARGEST_UNPACKED:,}.",
                    hint=_EXPORT_AGAIN,
                )
            for part in parts:
                _demand_plain_xml(packed, part)
    except WorkbookUnreadable:
        raise
    except Exception as error:  # zipfile raises whatever a damaged archive makes it raise
        raise WorkbookUnreadable(
            "The file is no XLSX workbook.", hint="Save it as .xlsx and send that file."
        ) from error


def _demand_plain_xml(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a document type: no spreadsheet program writes one, and entities can explode."""
    if not part.filename.lower().endswith((".xml", ".rels")):
        return
    with packed.open(part) as opened:
        head = opened.read(4_096).replace(b"\0", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise WorkbookUnreadable(
            f"The part {part.filename} declares a document type, which no spreadsheet program "
            "writes.",
            hint=_EXPORT_AGAIN,
        )


def _rows(sheet: Any) -> Iterator[SheetRow]:
    sheet.reset_dimensions()  # what the file says of its size is not believed
    columns: dict[str, int] | None = None
    try:
        for number, cells in enumerate(
            sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True), 1
        ):
            if all(value is None for value in cells):
                continue
            if number > MOST_ROWS:
                raise _too_many_rows()
            texts = [_text(value) for value in cells]
            if columns is None:
                columns = _columns(texts)
                if columns is None and number >= _HEADER_WITHIN:
                    break
                continue
            row = _row(number, texts, columns)
            if row.id or row.said:
                yield row
    except WorkbookUnreadable:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise _damaged() from error
    if columns is None:
        raise WorkbookUnreadable(
            f"The sheet {MOVES!r} has no row of headings with {', '.join(HIDDEN)}: it was not "
            "written by a scenario, or its hidden columns were deleted.",
            hint=_EXPORT_AGAIN,
        )


def _columns(texts: Sequence[str]) -> dict[str, int] | None:
    """Return where each column stands if this is the row of headings, else None."""
    if ID not in texts:
        return None
    needed = (*HIDDEN, *OPEN)
    missing = [name for name in needed if name not in texts]
    if missing:
        raise WorkbookUnreadable(
            f"The sheet {MOVES!r} lacks the column{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)}.",
            hint=f"Do not rename or delete columns. {_EXPORT_AGAIN}",
        )
    twice = [name for name in needed if texts.count(name) > 1]
    if twice:
        raise WorkbookUnreadable(
            f"The sheet {MOVES!r} has two columns named {twice[0]}.",
            hint="Give the column that was added another name.",
        )
    known = {name: texts.index(name) for name in needed}
    if texts.count(ACCOUNT) == 1:
        known[ACCOUNT] = texts.index(ACCOUNT)
    return known


def _row(number: int, texts: Sequence[str], columns: dict[str, int]) -> SheetRow:
    def at(name: str) -> str:
        place = columns.get(name)
        return texts[place] if place is not None and place < len(texts) else ""

    return SheetRow(
        number=number,
        id=at(ID),
        base=at(BASE),
        book=at(BOOK),
        account=at(ACCOUNT),
        decision=at(DECISION),
        territory=at(TERRITORY),
        comment=at(COMMENT)[:LONGEST_TEXT],
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _too_many_rows() -> WorkbookUnreadable:
    return WorkbookUnreadable(
        f"The sheet {MOVES!r} has more than {MOST_ROWS:,} rows.",
        hint="Take out the rows that were added.",
    )


def _damaged() -> WorkbookUnreadable:
    return WorkbookUnreadable(
        "The workbook is damaged: its parts cannot be read.",
        hint="Open it in a spreadsheet program, save it as .xlsx and send that file.",
    )

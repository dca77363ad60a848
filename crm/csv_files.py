"""Read CSV files as rows of text: encoding, delimiter, quoting and shape, nothing more."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm.problems import SHOWN, FileUnreadable

LARGEST_FILE_BYTES = 1_000_000_000
_LARGEST_CELL = 16_000_000
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class RawTable:
    """A file as text. `columns` run parallel to `header`; `rows` are row numbers in the file."""

    file: str
    header: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    rows: Sequence[int]

    def cells(self, header: str) -> tuple[str, ...] | None:
        """Return the cells under a header, in any case of letters; None when it is absent."""
        for name, column in zip(self.header, self.columns, strict=True):
            if name.casefold() == header.casefold():
                return column
        return None

    def only(self, places: Sequence[int]) -> RawTable:
        """Return the table with the rows at these places alone."""
        columns = tuple(tuple(column[place] for place in places) for column in self.columns)
        return RawTable(self.file, self.header, columns, [self.rows[place] for place in places])


def stem(path: Path) -> str:
    """Return the file's name without `.csv` or `.csv.gz`."""
    name = path.name
    for ending in (".gz", ".csv"):
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
    return name


def is_csv(path: Path) -> bool:
    """Say whether a path is a file we read: `.csv` or `.csv.gz`, not hidden."""
    name = path.name.lower()
    return path.is_file() and name.endswith((".csv", ".csv.gz")) and not name.startswith(".")


def read_csv(path: Path, known: Callable[[str], bool]) -> RawTable:
    """Read one file.

    Parameters
    ----------
    path
        A `.csv` or `.csv.gz` file, UTF-8 with or without byte order mark. The
        delimiter is a comma, unless a semicolon or a tab makes more headers known.
    known
        Says whether a header is known; used for nothing but the delimiter.

    Raises
    ------
    FileUnreadable
        Not gzip, not UTF-8, a NUL, an empty file, a quote that never closes, a header
        that is blank or occurs twice, rows with more or fewer cells than the header.
    """
    text = _text(path)
    rows = _parse(text, _delimiter(text, known), path.name)
    header = next(rows_iter := iter(rows), None)
    if not header:
        raise FileUnreadable(
            f"{path.name} is empty: its first line is no header.",
            hint="Export it again with column headers, or remove the file.",
        )
    names = tuple(cell.strip() for cell in header)
    _check_header(names, path.name)
    width = len(names)
    kept: list[list[str]] = []
    numbers: list[int] = []
    ragged: list[tuple[int, int]] = []
    for number, row in enumerate(rows_iter, start=2):
        if not any(row):
            continue  # a blank line, or the empty cells a spreadsheet leaves below a table
        if len(row) == width:
            kept.append(row)
            numbers.append(number)
        else:
            ragged.append((number, len(row)))
    if ragged:
        lines = [f"- {path.name}, row {number}: {cells} cells" for number, cells in ragged[:SHOWN]]
        if len(ragged) > SHOWN:
            lines.append(f"- and {len(ragged) - SHOWN:,} more")
        raise FileUnreadable(
            f"{path.name} has rows that do not fit its header of {width} columns:\n"
            + "\n".join(lines),
            hint="Quote cells that contain the delimiter, and give every row all columns.",
            problems=[line[2:] for line in lines],
            total=len(ragged),
        )
    columns = tuple(zip(*kept, strict=True)) if kept else tuple(() for _ in names)
    return RawTable(path.name, names, columns, numbers)


def _text(path: Path) -> str:
    try:
        data = _bytes(path)
    except (OSError, EOFError, zlib.error) as error:
        raise FileUnreadable(
            f"{path.name} cannot be opened: {_reason(error)}.",
            hint="Check that the file is complete and that you may read it.",
        ) from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileUnreadable(
            f"{path.name} is UTF-16, not UTF-8.", hint="Save it again as CSV in UTF-8."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileUnreadable(
            f"{path.name} is not UTF-8: byte 0x{data[error.start]:02x} on line {line}.",
            hint="Save it again as CSV in UTF-8; other encodings lose names without a word.",
            line=line,
        ) from error
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise FileUnreadable(
            f"{path.name} contains a NUL character on line {line}.",
            hint="The file is damaged or not CSV; export it again.",
            line=line,
        )
    return text


def _bytes(path: Path) -> bytes:
    if path.name.lower().endswith(".gz"):
        with gzip.open(path) as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
    else:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
    if len(data) > LARGEST_FILE_BYTES:
        raise FileUnreadable(
            f"{path.name} holds more than {LARGEST_FILE_BYTES // 1_000_000:,} MB.",
            hint="Split the export by year and map the parts to the same table under [files].",
        )
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error).rstrip(".").lower() or type(error).__name__


def _delimiter(text: str, known: Callable[[str], bool]) -> str:
    first = text[: text.find("\n")] if "\n" in text else text

    def matched(delimiter: str) -> int:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        return sum(known(cell.strip()) for cell in cells)

    # max keeps the first of equals, so the comma wins ties.
    return max(_DELIMITERS, key=matched)


def _parse(text: str, delimiter: str, file: str) -> list[list[str]]:
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise FileUnreadable(
            f"{file} breaks off near line {reader.line_num}: {error}.",
            hint='Close every quote, and write a quote inside a cell as "".',
            line=reader.line_num,
        ) from error


def _check_header(names: tuple[str, ...], file: str) -> None:
    blank = [str(place) for place, name in enumerate(names, start=1) if not name]
    if blank:
        raise FileUnreadable(
            f"{file} has no header in column {', '.join(blank)}.",
            hint="Name the column, or remove it with its cells.",
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FileUnreadable(
            f"{file} has the header {', '.join(map(repr, twice))} more than once.",
            hint="Keep one of the columns.",
        )

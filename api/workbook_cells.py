"""Cells, tables and lines of a workbook: text that stays text, numbers with their format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from api.workbook_marks import shown

_RUNS = ("=", "+", "-", "@")
_HEAD = PatternFill("solid", fgColor="E0EFF0")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def write_table(
    sheet: Any, headings: Sequence[tuple[str, int, str]], rows: Iterable[Sequence[object]]
) -> int:
    """Write rows under headings (name, width, number format); return how many."""
    for column, (name, width, _) in enumerate(headings, 1):
        cell = put(sheet, 1, column, name)
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, _WRAPPED
        sheet.column_dimensions[get_column_letter(column)].width = width
    count = 0
    for count, row in enumerate(rows, 1):
        for column, (value, (_, _, form)) in enumerate(zip(row, headings, strict=True), 1):
            cell = put(sheet, count + 1, column, value)
            if form and cell.data_type == "n":
                cell.number_format = form
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{count + 1}"
    return count


def put(sheet: Any, row: int, column: int, value: object) -> Any:
    """Write one cell. Text stays text, whatever it begins with; a missing value stays blank."""
    if isinstance(value, str):
        text = shown(value)
        cell = sheet.cell(row, column)
        cell.value = text
        cell.data_type = "s"  # openpyxl would make a formula of "=..." and an error of "#N/A"
        if text.startswith(_RUNS):
            cell.quotePrefix = True
        return cell
    number = value if isinstance(value, Real) else None
    return sheet.cell(row, column, None if number is None or number != number else number)


def write_lines(sheet: Any, lines: Sequence[str], bold: set[int]) -> None:
    """Write one line a row, wrapped; `bold` holds the places of titles."""
    sheet.column_dimensions["A"].width = 100
    for at, line in enumerate(lines):
        cell = put(sheet, at + 1, 1, line)
        cell.alignment = _WRAPPED
        if at in bold:
            cell.font = Font(bold=True)


def protect(sheet: Any) -> None:
    """Protect a sheet without a password; what a reader does to look around stays allowed."""
    guard = sheet.protection
    guard.sheet = True
    for harmless in ("sort", "autoFilter", "formatColumns", "formatRows", "insertColumns"):
        setattr(guard, harmless, False)  # False: not protected against

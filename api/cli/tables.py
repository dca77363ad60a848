"""Compact tables that fit 80 columns, or the terminal where it is wider."""

from __future__ import annotations

import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

from api.cli.terminal import COLUMNS, Terminal

_GAP = "  "
_NARROWEST = 6


def show(terminal: Terminal, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings.

    A heading with a leading `>` is right-aligned; one with a trailing `*` gives way first
    when the table is too wide. Nothing is wrapped: what does not fit ends with `…`.
    """
    for line in laid_out(headings, rows, width()):
        terminal.text(line)


def width() -> int:
    """Columns to fill: 80 unless standard output is a wider terminal."""
    if not sys.stdout.isatty():
        return COLUMNS
    return max(COLUMNS, shutil.get_terminal_size((COLUMNS, 24)).columns)


def laid_out(
    headings: Sequence[str], rows: Iterable[Sequence[object]], columns: int = COLUMNS
) -> list[str]:
    """Return the table's lines, none wider than `columns`."""
    right = [heading.startswith(">") for heading in headings]
    gives = [heading.endswith("*") for heading in headings]
    table = [[heading.strip(">*") for heading in headings]]
    table += [[_plain(cell) for cell in row] for row in rows]
    widths = [max(map(_wide, column)) for column in zip(*table, strict=True)]
    spare = columns - len(_GAP) * (len(widths) - 1)
    while sum(widths) > spare:
        can = [i for i, given in enumerate(gives) if given and widths[i] > 2 * _NARROWEST]
        can = can or [i for i, wide in enumerate(widths) if wide > _NARROWEST]
        if not can:
            break
        widths[max(can, key=lambda i: widths[i])] -= 1
    return [
        _GAP.join(
            _fitted(cell, wide, right=at_right)
            for cell, wide, at_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in table
    ]


def natural_width(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Return the columns a table takes when nothing of it is cut."""
    table = [[heading.strip(">*") for heading in headings], *([_plain(c) for c in r] for r in rows)]
    widths = [max(map(_wide, column)) for column in zip(*table, strict=True)]
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def described(terminal: Terminal, pairs: Iterable[tuple[str, str]]) -> None:
    """Print names with their descriptions beside them, wrapped."""
    told = list(pairs)
    indent = max((len(name) for name, _ in told), default=0) + len(_GAP)
    for name, text in told:
        lines = textwrap.wrap(text, max(24, width() - indent)) or [""]
        terminal.text(name.ljust(indent) + lines[0])
        for line in lines[1:]:
            terminal.text(" " * indent + line)


def money(value: float | None) -> str:
    """Write an amount for a narrow column: 96,720 is `97K`."""
    if value is None:
        return "–"
    if abs(value) >= 999_500:
        return f"{value / 1_000_000:.1f}M"
    if abs(value) >= 1_000:
        return f"{value / 1_000:.0f}K"
    return f"{value:.0f}"


def _plain(cell: object) -> str:
    """Write a cell on one line, without characters that a terminal would act on."""
    text = "" if cell is None else " ".join(str(cell).split())
    return "".join(letter for letter in text if letter.isprintable())


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _fitted(text: str, wide: int, *, right: bool) -> str:
    if _wide(text) > wide:
        while text and _wide(text) > wide - 1:
            text = text[:-1]
        text += "…"
    blank = " " * (wide - _wide(text))
    return blank + text if right else text + blank

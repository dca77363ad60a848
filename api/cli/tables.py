"""Compact tables that fit 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from api.cli.terminal import Terminal

if TYPE_CHECKING:
    from rich.table import Table

Heading = str
"""A column's heading. `>Score` is right-aligned, `Name*` may be shortened to fit."""


def show(terminal: Terminal, headings: Sequence[Heading], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings, without lines between them."""
    terminal.out.print(_table(headings, rows))


def _table(headings: Sequence[Heading], rows: Iterable[Sequence[object]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        long = heading.endswith("*")
        table.add_column(
            heading.strip(">*"),
            justify="right" if heading.startswith(">") else "left",
            no_wrap=True,
            overflow="ellipsis",
            ratio=1 if long else None,
            min_width=12 if long else None,
        )
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return table


def money(value: float | None) -> str:
    """Write an amount for a narrow column: 96,720 is `97K`."""
    if value is None:
        return "–"
    if abs(value) >= 999_500:
        return f"{value / 1_000_000:.1f}M"
    if abs(value) >= 1_000:
        return f"{value / 1_000:.0f}K"
    return f"{value:.0f}"

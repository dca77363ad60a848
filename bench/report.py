"""Printing what was measured: a table for the terminal, for Markdown, or as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import machine, machine_line
from bench.timing import Times

TIMES = ("what", "median", "min", "max", "runs", "against", "ratio", "goal")


@dataclass
class Table:
    """A titled table of printed cells; `values` keeps the same figures unprinted."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    values: list[Mapping[str, object]] = field(default_factory=list)


class Report:
    """What one bench found.

    Attributes
    ----------
    name
        The bench, as in `python -m bench.NAME`.
    tables
        In the order they are printed.
    notes
        Sentences on how to read them.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.machine = machine()
        self.tables: list[Table] = []
        self.notes: list[str] = []

    def table(self, title: str, columns: Sequence[str]) -> Table:
        """Add a table of counts or words."""
        made = Table(title, tuple(columns))
        self.tables.append(made)
        return made

    def times(self, title: str) -> TimesTable:
        """Add a table of times."""
        return TimesTable(self.table(title, TIMES))

    def note(self, sentence: str) -> None:
        """Add a sentence below the tables."""
        self.notes.append(sentence)

    def text(self) -> str:
        """Return the report for a terminal."""
        parts = [f"bench.{self.name}: {machine_line(self.machine)}"]
        parts += [f"{table.title}\n{_aligned(table)}" for table in self.tables]
        return "\n\n".join([*parts, *self.notes]) + "\n"

    def markdown(self) -> str:
        """Return the report as a section of a Markdown page."""
        parts = [
            f"### `python -m bench.{self.name}`",
            f"Measured on {machine_line(self.machine)}.",
        ]
        parts += [f"**{table.title}**\n\n{_piped(table)}" for table in self.tables]
        return "\n\n".join([*parts, *self.notes]) + "\n"

    def json(self) -> str:
        """Return the report as JSON, figures unrounded."""
        return json.dumps(
            {
                "bench": self.name,
                "machine": self.machine,
                "tables": [
                    {
                        "title": table.title,
                        "rows": table.values
                        or [dict(zip(table.columns, row, strict=True)) for row in table.rows],
                    }
                    for table in self.tables
                ],
                "notes": self.notes,
            },
            indent=2,
        )


@dataclass(frozen=True)
class TimesTable:
    """A table of which each row is one thing timed, perhaps against another."""

    table: Table

    def add(
        self,
        what: str,
        times: Times,
        *,
        against: str = "",
        other: Times | None = None,
        goal: str = "",
    ) -> None:
        """Add a row; the ratio is the median of this over that, pair by pair."""
        ratio = times.over(other) if other is not None else None
        self.table.rows.append(
            (
                what,
                seconds(times.median),
                seconds(min(times.seconds)),
                seconds(max(times.seconds)),
                str(len(times.seconds)),
                f"{against} ({seconds(other.median)})" if other is not None else "",
                "" if ratio is None else f"{ratio:.2g}x" if ratio < 10 else f"{ratio:.0f}x",
                goal,
            )
        )
        self.table.values.append(
            {
                "what": what,
                "seconds": list(times.seconds),
                "median": times.median,
                "against": against,
                "against_seconds": list(other.seconds) if other is not None else None,
                "ratio": ratio,
                "goal": goal,
            }
        )


def seconds(value: float) -> str:
    """Print a time with three digits: seconds from one second on, else milliseconds."""
    if value >= 1:
        return f"{value:.2f} s"
    milliseconds = value * 1000
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.2g} ms"


def arguments(
    description: str | None, *, runs: int = 5, data: bool = False, **more: tuple[int, str]
) -> argparse.Namespace:
    """Read the options every bench takes, and its own whole numbers (default, meaning).

    `data` adds `--data FOLDER`, the folder that holds the data sets, each in one of its own.
    """
    parser = argparse.ArgumentParser(description=(description or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=runs, help=f"times each, default {runs}")
    if data:
        parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder of the data sets")
    for name, (default, meaning) in more.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=default, help=f"{meaning}, default {default}")
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


def publish(report: Report, given: argparse.Namespace) -> None:
    """Print the report and write its figures where asked."""
    print(report.markdown() if given.markdown else report.text(), end="")
    if given.json is not None:
        given.json.write_text(report.json() + "\n", encoding="utf-8")


def _aligned(table: Table) -> str:
    lines = [table.columns, *table.rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(table.columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _piped(table: Table) -> str:
    lines = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

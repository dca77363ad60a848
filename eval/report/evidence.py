"""What a statement rests on, as a reader of the report sees it: the cells' values, the words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from eval.answer import CellSource, PassageSource, Source, Statement, WorkedOutSource
from eval.ground import Ground
from eval.report.cutting import cut

LONGEST_VALUE, LONGEST_QUOTE = 120, 240
SHOWN_INPUTS = 6

Grounds = Sequence[Ground]
"""The books of a task, the later one first."""


@dataclass(frozen=True)
class Value:
    """What stands in one place; `said` is null where the book has no such place."""

    name: str
    said: str | None


@dataclass(frozen=True)
class Line:
    """Sources that stand in one place: cells of a row, a passage, or a value worked out."""

    kind: Literal["cell", "passage", "worked_out"]
    where: str
    values: tuple[Value, ...]


def evidence(statement: Statement, grounds: Grounds) -> list[Line]:
    """Look the sources of a statement up in the books of its task; cells of a row share a line."""
    figures: dict[int, list[str]] = {}
    for figure in statement.figures:
        figures.setdefault(figure.source, []).append(figure.value)
    numbered = enumerate(statement.sources)
    return [
        line for _, group in groupby(numbered, _place) for line in _lines(group, figures, grounds)
    ]


def _place(numbered: tuple[int, Source]) -> object:
    number, source = numbered
    return (source.table, source.row) if isinstance(source, CellSource) else number


def _lines(
    group: Iterable[tuple[int, Source]], figures: dict[int, list[str]], grounds: Grounds
) -> Iterator[Line]:
    cells: list[CellSource] = []
    for number, source in group:
        match source:
            case CellSource():
                cells.append(source)
            case PassageSource():
                yield _passage(source, grounds)
            case WorkedOutSource():
                yield _worked_out(source, figures.get(number, []))
    if cells:
        yield Line(
            "cell",
            f"{cells[0].table}, row {cells[0].row}",
            tuple(_cell(cell, grounds) for cell in cells),
        )


def _cell(source: CellSource, grounds: Grounds) -> Value:
    found = (ground.cell(source.table, source.row, source.field) for ground in grounds)
    value = next((value for value in found if value is not None), None)
    return Value(source.field, None if value is None else cut(value, LONGEST_VALUE))


def _passage(source: PassageSource, grounds: Grounds) -> Line:
    for ground in grounds:
        row = ground.table("documents").get(source.document_id)
        if row is not None:
            facts = (source.document_id, row.get("title"), row.get("author"), row.get("published"))
            words = cut(source.quote or row.get("text") or "", LONGEST_QUOTE)
            return Line("passage", ", ".join(fact for fact in facts if fact), (Value("", words),))
    return Line("passage", source.document_id, (Value("", None),))


def _worked_out(source: WorkedOutSource, stated: Sequence[str]) -> Line:
    """Tell what was worked out and how; the result is what the statement's figure says."""
    how: str = source.operation
    if source.inputs:
        more = len(source.inputs) - SHOWN_INPUTS
        how += f" of {', '.join(source.inputs[:SHOWN_INPUTS])}"
        how += f" and {more} more" if more > 0 else ""
    value = ", ".join(dict.fromkeys(stated))
    told = f"{cut(value, LONGEST_VALUE)} ({how})" if value else how
    return Line("worked_out", source.entity, (Value(source.measure, told),))

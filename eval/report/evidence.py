"""What a statement rests on, as a reader of the report sees it: the cell's value, the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from eval.answer import CellSource, PassageSource, Source, WorkedOutSource
from eval.ground import Ground
from eval.report.cutting import cut

LONGEST_QUOTE = 240
SHOWN_INPUTS = 6


@dataclass(frozen=True)
class Shown:
    """One source: where it is, and what stands there.

    `said` are the words of a passage or the value of a cell; null where the book holds no such
    cell or document, which is then said in its place.
    """

    kind: Literal["cell", "passage", "worked_out"]
    where: str
    said: str | None


def shown(source: Source, grounds: tuple[Ground, ...]) -> Shown:
    """Look a source up in the books of its task, the later one first."""
    match source:
        case CellSource():
            return _cell(source, grounds)
        case PassageSource():
            return _passage(source, grounds)
        case WorkedOutSource():
            return _worked_out(source)


def _cell(source: CellSource, grounds: tuple[Ground, ...]) -> Shown:
    found = (ground.cell(source.table, source.row, source.field) for ground in grounds)
    value = next((value for value in found if value is not None), None)
    where = f"{source.table}, row {source.row}, {source.field}"
    return Shown("cell", where, None if value is None else cut(value, LONGEST_QUOTE))


def _passage(source: PassageSource, grounds: tuple[Ground, ...]) -> Shown:
    for ground in grounds:
        row = ground.table("documents").get(source.document_id)
        if row is not None:
            facts = [source.document_id, row.get("title"), row.get("author"), row.get("published")]
            words = source.quote or row.get("text") or ""
            return Shown(
                "passage", ", ".join(fact for fact in facts if fact), cut(words, LONGEST_QUOTE)
            )
    return Shown("passage", source.document_id, None)


def _worked_out(source: WorkedOutSource) -> Shown:
    where = f"{source.measure} of {source.entity}"
    if source.operation == "analysis" and not source.inputs:
        return Shown("worked_out", where, "an analysis")
    more = len(source.inputs) - SHOWN_INPUTS
    inputs = ", ".join(source.inputs[:SHOWN_INPUTS]) + (f" and {more} more" if more > 0 else "")
    return Shown("worked_out", where, f"{source.operation} of {inputs or 'nothing that is named'}")

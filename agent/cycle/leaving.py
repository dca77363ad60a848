"""What of a plan of a quarter may leave the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from agent.cycle.view import CycleCell, CycleTable, CycleView
from agent.view import Part, Sentence

LEFT_OUT = "A statement about a competitor has no source and is not exported."
UNSOURCED = "competitor_unsourced"

View = TypeVar("View", bound=CycleView)


def fit_to_leave(view: View) -> View:
    """Return a view whose unsourced statements about competitors are taken out.

    The place of each is kept by a sentence that says so, and its sources go with it unless
    another sentence cites them.
    """
    accused = {item.claim for item in view.blockers if item.code == UNSOURCED and item.claim}
    if not accused:
        return view
    withheld: set[str] = set()
    kept: set[str] = set()

    def fit(sentence: Sentence) -> Sentence:
        cited = {pill.evidence_id for pill in sentence.pills if pill.evidence_id}
        cited |= {part.evidence_id for part in sentence.parts if part.evidence_id}
        if sentence.key not in accused:
            kept.update(cited)
            return sentence
        withheld.update(cited)
        return sentence.model_copy(
            update={"parts": (Part(text=LEFT_OUT),), "pills": (), "remarks": (), "author": None}
        )

    def fit_table(table: CycleTable) -> CycleTable:
        rows = tuple(tuple(_cell(cell, fit) for cell in row) for row in table.rows)
        return table.model_copy(update={"rows": rows})

    sections = tuple(
        section.model_copy(
            update={
                "sentences": tuple(fit(item) for item in section.sentences),
                "tables": tuple(fit_table(item) for item in section.tables),
            }
        )
        for section in view.sections
    )
    headline = fit(view.headline) if view.headline else None
    gone = withheld - kept
    return view.model_copy(
        update={
            "sections": sections,
            "headline": headline,
            "sources": tuple(item for item in view.sources if item.evidence_id not in gone),
            "computed": tuple(item for item in view.computed if item.evidence_id not in gone),
        }
    )


def _cell(cell: CycleCell, fit: Callable[[Sentence], Sentence]) -> CycleCell:
    if cell.sentence is None:
        return cell
    sentence = fit(cell.sentence)
    return cell.model_copy(update={"sentence": sentence, "text": sentence.text})

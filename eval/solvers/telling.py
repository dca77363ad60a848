"""The product's claims and table rows as statements, with their sources and figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from agent.plan_tables import UNKNOWN as BLANK
from agent.render import render
from agent.view import Part
from domain.evidence import (
    CalculationSource,
    DocumentSource,
    Evidence,
    HumanSource,
    Ledger,
    RecordSource,
)
from domain.plan import Claim
from domain.tables import TABLE_BY_NAME
from eval.answer import (
    CellSource,
    Figure,
    PassageSource,
    Source,
    Statement,
    StatementKind,
    WorkedOutSource,
)
from eval.solvers.product_measures import entity_of, measure_of

_WORDS = frozenset({"text", "name", "date"})


class Shown(NamedTuple):
    """A cell of a table as a reader sees it: its column, its words, and the fact it shows."""

    column: str
    text: str
    evidence_id: str | None = None


class Teller:
    """Writes what rests on one ledger.

    What a person said to the product, and what it keeps of plans, is in no book, so it gives
    neither a source nor a figure; the words stand.
    """

    def __init__(self, ledger: Ledger, currency: str) -> None:
        self.ledger = ledger
        self._currency = currency

    def claim(
        self, claim: Claim, section: str = "", *, kind: StatementKind | None = None
    ) -> Statement:
        """Write a claim as its page does, every slot a figure."""
        parts = render(claim, self.ledger, self._currency)
        cited = {citation.evidence_id: citation.quote for citation in claim.citations}
        cited |= {slot.evidence_id: None for slot in claim.slots if slot.evidence_id not in cited}
        return self._statement(
            claim.key, section, kind or claim.kind, claim.subject, parts, cited, claim.premises
        )

    def row(
        self,
        key: str,
        section: str,
        about: str,
        cells: Iterable[Shown],
        *,
        beside: Iterable[str] = (),
    ) -> Statement:
        """Write a row of a table: `Column: cell; column: cell.`

        `beside` names evidence that the row rests on and does not show. A row that shows no
        fact is an `unknown`: it says that there is none.
        """
        parts: list[Part] = []
        for cell in cells:
            if cell.text not in ("", BLANK):
                lead = ("; " if parts else "") + (f"{cell.column}: " if cell.column else "")
                parts += [Part(text=lead), Part(text=cell.text, evidence_id=cell.evidence_id)]
        parts.append(Part(text="."))
        facts = [self.ledger[part.evidence_id] for part in parts if part.evidence_id]
        kind: StatementKind = "metric" if any(e.unit not in _WORDS for e in facts) else "fact"
        cited = dict.fromkeys([*(item.id for item in facts), *beside])
        return self._statement(key, section, kind if facts else "unknown", about, parts, cited, ())

    def _statement(
        self,
        key: str,
        section: str,
        kind: StatementKind,
        about: str,
        parts: Sequence[Part],
        cited: Mapping[str, str | None],
        premises: Iterable[str],
    ) -> Statement:
        sources: list[Source] = []
        places: dict[str, int] = {}
        for evidence_id, quote in cited.items():
            source = source_of(self.ledger[evidence_id], self.ledger, quote)
            if source is not None:
                places[evidence_id] = len(sources)
                sources.append(source)
        return Statement(
            key=key,
            section=section,
            kind=kind,
            about=about,
            text="".join(part.text for part in parts),
            sources=tuple(sources),
            figures=tuple(
                figure_of(self.ledger[part.evidence_id], part.text, places[part.evidence_id])
                for part in parts
                if part.evidence_id in places and _is_figure(self.ledger[part.evidence_id])
            ),
            rests_on=tuple(premises),
        )


def source_of(evidence: Evidence, ledger: Ledger, quote: str | None = None) -> Source | None:
    """Return where a fact can be looked up in the book; None for what is in no book."""
    source = evidence.source
    if isinstance(source, RecordSource):
        if source.table not in TABLE_BY_NAME:
            return None
        return CellSource(table=source.table, row=source.row, field=source.field)
    if isinstance(source, DocumentSource):
        whole = len(evidence.value) == len(ledger.texts.get(source.document_hash, ""))
        said = quote or (None if whole else evidence.value)
        return PassageSource(document_id=source.document_id, quote=said)
    if isinstance(source, HumanSource):
        return None
    return _worked_out(evidence, source, ledger)


def figure_of(evidence: Evidence, written: str, place: int) -> Figure:
    """Return what `written` stands for, by the source at `place` of its statement."""
    return Figure(
        written=written,
        value=evidence.value,
        unit=evidence.unit,
        entity=entity_of(evidence),
        measure=measure_of(evidence),
        period=evidence.period,
        source=place,
    )


def _is_figure(evidence: Evidence) -> bool:
    """Words of a note are quoted, and stand for nothing but themselves."""
    return not isinstance(evidence.source, DocumentSource)


def _worked_out(evidence: Evidence, source: CalculationSource, ledger: Ledger) -> WorkedOutSource:
    """Return arithmetic with its inputs; where one is not at hand it cannot be done again."""
    parents = [ledger.entries[key] for key in source.parents if key in ledger]
    numbers = tuple(item.value for item in parents if _is_number(item))
    simple = source.operation not in ("analysis", "rank") and len(numbers) == len(source.parents)
    return WorkedOutSource(
        entity=entity_of(evidence),
        measure=measure_of(evidence),
        operation=source.operation if simple and source.operation != "rank" else "analysis",
        inputs=numbers,
    )


def _is_number(evidence: Evidence) -> bool:
    return evidence.unit not in _WORDS and Decimal(evidence.value).is_finite()

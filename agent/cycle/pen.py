"""Filling sentences of a review from its ledger: figures, names and dates, or no sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from agent.claims import Filled, claim
from domain.cycle import Figure
from domain.evidence import Evidence, Ledger, Unit
from domain.plan import Claim, ClaimKind, SlotFormat

FORMS: dict[Unit, SlotFormat] = {
    "money": "money_short",
    "count": "number",
    "share": "percent",
    "change": "change",
    "ratio": "ratio",
    "hours": "hours",
    "days": "days",
    "points": "points",
    "date": "date",
    "text": "text",
    "name": "name",
}
"""How a figure of each unit is written in a sentence."""
Part = Figure | Evidence | None


@dataclass(frozen=True)
class Pen:
    """Writes claims over one ledger; what the ledger does not hold is not written."""

    ledger: Ledger

    def of(self, figure: Figure | None) -> Evidence | None:
        """Return the evidence of a figure; None where it is unknown or not in the ledger."""
        if figure is None or figure.evidence_id is None:
            return None
        return self.ledger.entries.get(figure.evidence_id)

    def about(self, figure: Figure | None) -> str:
        """Return what a figure is about; empty where it is unknown."""
        item = self.of(figure)
        return "" if item is None else item.entity

    def name(self, entity: str) -> Evidence | None:
        """Return what an account, a person or a deal is called."""
        return self.ledger.find(entity, "name")

    def all_of(self, ids: Iterable[str]) -> tuple[Evidence, ...]:
        """Return the evidence of some ids, without those that are not in the ledger."""
        return tuple(self.ledger.entries[key] for key in ids if key in self.ledger)

    def write(
        self,
        key: str,
        kind: ClaimKind,
        subject: str,
        text: str,
        parts: Mapping[str, Part],
        *,
        premises: Iterable[str] = (),
        cites: Iterable[Evidence] = (),
    ) -> Claim | None:
        """Write a sentence whose slots are `parts`; None where one of them is unknown."""
        slots: dict[str, Filled] = {}
        for name, part in parts.items():
            item = self.of(part) if isinstance(part, Figure) else part
            if item is None:
                return None
            slots[name] = (item, FORMS[item.unit])
        told = claim(
            key, kind, subject, text, slots=slots, premises=tuple(premises), cites=tuple(cites)
        )
        # A review quotes nobody: a document that it cites stands beside the sentence.
        if all(citation.quote is None for citation in told.citations):
            return told
        plain = [citation.model_copy(update={"quote": None}) for citation in told.citations]
        return told.model_copy(update={"citations": plain})


def value_of(figure: Figure | None) -> Decimal:
    """Read a number; nought where it is unknown."""
    return Decimal(0) if figure is None or figure.value is None else Decimal(figure.value)


def named(figures: Iterable[Figure], metric: str) -> Figure | None:
    """Return the first figure of a metric, or None."""
    return next((figure for figure in figures if figure.metric == metric), None)


def first(*claims: Claim | None) -> Claim | None:
    """Return the first sentence that could be written."""
    return next((told for told in claims if told is not None), None)

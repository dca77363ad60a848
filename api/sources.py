"""One fact with where it comes from: what a source card or the evidence route shows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.evidence import DocumentSource, Evidence
from domain.freshness import age_of
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace

_AROUND = 300


class Seen(Record):
    """A book in which the fact was seen."""

    book_id: str
    as_of: date


class Fresh(Record):
    """How old a fact is at the current book's date, under the current coverage model.

    `weight` (0 to 1) and `half_life` (days) are null where its kind has no half-life; then
    `stale_after` is the most days it may have. `told` says it in words and may be empty.
    """

    as_of: date
    days: int
    weight: float | None
    half_life: float | None
    stale_after: int | None
    stale: bool
    told: str


class EvidenceCard(Record):
    """A fact, the books that showed it and, for a span, the words around it.

    `before` and `after` are at most 300 characters of the document around the span; they
    are other people's words and are always shown as a quotation. `fresh` is null for a
    fact that does not age.
    """

    evidence_id: str
    evidence: Evidence
    seen: tuple[Seen, ...]
    before: str = ""
    after: str = ""
    fresh: Fresh | None = None


def evidence(workspace: Workspace, principal: Principal, evidence_id: str) -> EvidenceCard:
    """Return one fact; NotFound when none of that id lies within the scope."""
    ledgers = workspace.store.ledgers
    found, sightings = ledgers.evidence(principal, evidence_id)
    before = after = ""
    if isinstance(found.source, DocumentSource):
        text = ledgers.document_text(principal, evidence_id)
        before = text[max(0, found.source.start - _AROUND) : found.source.start]
        after = text[found.source.end : found.source.end + _AROUND]
    return EvidenceCard(
        evidence_id=evidence_id,
        evidence=found,
        seen=tuple(Seen(book_id=item.book_id, as_of=item.as_of) for item in sightings),
        before=before,
        after=after,
        fresh=_fresh(workspace, principal, found),
    )


def _fresh(workspace: Workspace, principal: Principal, found: Evidence) -> Fresh | None:
    reading = workspace.reading(principal)
    as_of = reading.book.as_of
    age = age_of(found, reading.coverage.freshness, as_of)
    if age is None:
        return None
    return Fresh(
        as_of=as_of,
        days=age.days,
        weight=None if age.weight is None else round(age.weight, 4),
        half_life=age.half_life,
        stale_after=age.limit,
        stale=age.stale,
        told=age.told,
    )

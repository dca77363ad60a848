"""Repairs with exactly one right answer; anything else is left for the checks to strike."""

from __future__ import annotations

from difflib import SequenceMatcher

from agent.render import UNITS_OF_FORMAT
from agent.verifier.rewriting import rewrite
from agent.verifier.words import (
    content_words,
    count_content_words,
    find_words,
    normalise,
    sentences,
)
from domain.evidence import REPS_JOINED_BY, Evidence, Ledger
from domain.plan import AccountPlanDraft, Citation, Claim, Finding, Slot
from domain.principal import Principal

NEAREST = 0.9
"""How alike a quote and a sentence of its span must be (difflib ratio) to be snapped."""


def repair(
    draft: AccountPlanDraft, ledger: Ledger, reader: Principal | None = None
) -> tuple[AccountPlanDraft, dict[str, list[Finding]]]:
    """Mend what has exactly one right answer.

    - A quote that is not word for word in its span, but is nearly one sentence of it and
      of no other, becomes that sentence.
    - A slot whose cell the reader may not read, or whose unit its format does not admit,
      takes the one other cell with the same entity, metric and period.
    - A citation that repeats another is dropped.

    Returns
    -------
    draft, repairs
        The mended draft, and findings with effect `repair` by claim key.
    """
    repairs: dict[str, list[Finding]] = {}

    def mend(claim: Claim) -> Claim:
        mended, findings = repair_claim(claim, ledger, reader)
        if findings:
            repairs.setdefault(claim.key, []).extend(findings)
        return mended

    return rewrite(draft, mend), repairs


def repair_claim(
    claim: Claim, ledger: Ledger, reader: Principal | None = None
) -> tuple[Claim, list[Finding]]:
    """Mend one claim as `repair` does; return it with findings of effect `repair`."""
    mended, notes = _mended(claim, ledger, reader)
    return mended, [
        Finding(check=check, effect="repair", message=message) for check, message in notes
    ]


def _mended(
    claim: Claim, ledger: Ledger, reader: Principal | None
) -> tuple[Claim, list[tuple[str, str]]]:
    notes: list[tuple[str, str]] = []
    text, slots, citations = claim.text, list(claim.slots), list(claim.citations)
    for index, slot in enumerate(slots):
        other = _only_other_cell(slot, ledger, reader)
        if other is not None:
            slots[index] = slot.model_copy(update={"evidence_id": other.id})
            citations = [
                c.model_copy(update={"evidence_id": other.id})
                if c.evidence_id == slot.evidence_id
                else c
                for c in citations
            ]
            notes.append(("7", "A cell was replaced by the one that fits."))
    for index, citation in enumerate(citations):
        exact = _exact_quote(citation, ledger)
        if exact is not None:
            assert citation.quote is not None
            text = text.replace(citation.quote, exact)
            citations[index] = citation.model_copy(update={"quote": exact})
            notes.append(("5", "The quotation was set to the words of its source."))
    kept = _without_repeats(citations)
    if len(kept) != len(citations):
        notes.append(("2", "A repeated citation was dropped."))
    if not notes:
        return claim, notes
    changed = {"text": text, "slots": slots, "citations": kept}
    return claim.model_copy(update=changed), notes


def _only_other_cell(slot: Slot, ledger: Ledger, reader: Principal | None) -> Evidence | None:
    wrong = ledger.entries.get(slot.evidence_id)
    if wrong is None or wrong.kind in ("document", "human"):
        return None

    def fits(item: Evidence) -> bool:
        readable = (
            reader is None
            or not item.scope
            or reader.scope.covers_all(item.scope.split(REPS_JOINED_BY))
        )
        return readable and item.unit in UNITS_OF_FORMAT[slot.format]

    if fits(wrong):
        return None
    others = [
        item
        for item in ledger.of_entity(wrong.entity)
        if (item.entity, item.metric, item.period) == (wrong.entity, wrong.metric, wrong.period)
        and item.id != wrong.id
        and fits(item)
    ]
    return others[0] if len(others) == 1 else None


def _exact_quote(citation: Citation, ledger: Ledger) -> str | None:
    """Return the one sentence of the cited span that a misquotation must mean, or None."""
    evidence = ledger.entries.get(citation.evidence_id)
    if citation.quote is None or evidence is None or evidence.kind != "document":
        return None
    quote = normalise(citation.quote)
    if find_words(quote, normalise(evidence.value)) >= 0:
        return None
    near = [
        part
        for part in sentences(evidence.value)
        if SequenceMatcher(None, normalise(part), quote, autojunk=False).ratio() >= NEAREST
    ]
    if len(near) != 1 or not _same_matter(near[0], quote):
        return None
    return near[0]


def _same_matter(sentence: str, quote: str) -> bool:
    """A slip of spelling is mended; a changed figure or a lost "not" is not."""
    digits = [char for char in sentence if char.isdigit()]
    if digits != [char for char in quote if char.isdigit()]:
        return False
    missing = content_words(sentence) ^ content_words(quote)
    return len(missing) <= 2 and count_content_words(sentence) == count_content_words(quote)


def _without_repeats(citations: list[Citation]) -> list[Citation]:
    if len({citation.evidence_id for citation in citations}) == len(citations):
        return citations
    quoted = {citation.evidence_id for citation in citations if citation.quote}
    kept: list[Citation] = []
    for citation in citations:
        plain_repeat = citation.quote is None and citation.evidence_id in quoted
        if not plain_repeat and citation not in kept:
            kept.append(citation)
    return kept

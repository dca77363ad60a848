"""Checks 5 and 11: quotations are exact, and keep the doubts of their source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.verifier.case import Reading, flagged, struck
from agent.verifier.words import (
    content_words,
    count_content_words,
    find_words,
    normalise,
    sentences,
    tokens,
)
from domain.evidence import DocumentSource, Evidence
from domain.plan import Citation, Finding

FEWEST_CONTENT_WORDS = 4
"""A shorter quotation could be found almost anywhere."""

NEGATIONS = frozenset(
    """not no never none nobody nothing neither nor without cannot can't won't don't doesn't
    didn't isn't aren't wasn't weren't hasn't haven't hadn't wouldn't couldn't shouldn't
    refuse refuses refused declined rejected unable""".split()
)
HEDGES = frozenset(
    """unless might may could would maybe perhaps possibly probably if likely unlikely apparently
    seems seem appears rumoured allegedly supposedly presumably hopefully doubtful
    unconfirmed""".split()
)
_MONTH_MAY = re.compile(r"\bMay\b")


def quotes(reading: Reading) -> Iterator[Finding]:
    """Check 5: every quote stands in its span, the span in its document, word for word."""
    for citation, evidence in reading.cited:
        if evidence is None:
            continue
        problem = _problem(reading, citation, evidence)
        if problem:
            yield struck("5", problem)
    good = {quote.rstrip(",.") for quote in reading.good_quotes}
    if any(quote.rstrip(",.") not in good for quote in reading.quoted):
        yield struck("5", "Words in quotation marks are not a quotation that it cites.")
    if reading.claim.kind == "quote":
        if not any(citation.quote for citation in reading.claim.citations):
            yield struck("5", "It is called a quotation but quotes no source.")
        elif not _shows_its_quote(reading):
            yield struck("5", "The quotation it cites is not in its text.")


def _problem(reading: Reading, citation: Citation, evidence: Evidence) -> str | None:
    if isinstance(evidence.source, DocumentSource):
        source = evidence.source
        text = reading.case.text_of(source)
        if text is None:
            return "The document it cites is missing or was altered."
        if not 0 <= source.start < source.end or text[source.start : source.end] != evidence.value:
            return "The span it cites does not stand at that place in the document."
    if citation.quote is None:
        return None
    if evidence.kind not in ("document", "human"):
        return "It quotes a cell; only documents and people can be quoted."
    if count_content_words(citation.quote) < FEWEST_CONTENT_WORDS:
        return f"The quotation has fewer than {FEWEST_CONTENT_WORDS} content words."
    if normalise(citation.quote) not in reading.good_quotes:
        return "The quotation does not stand in the span it cites."
    return None


def _shows_its_quote(reading: Reading) -> bool:
    typed = {quote.rstrip(",.") for quote in reading.quoted}
    quoted = {
        c.evidence_id: normalise(c.quote).rstrip(",.") for c in reading.claim.citations if c.quote
    }
    in_slot = {f.slot.evidence_id for f in reading.filled if f.slot.format == "text"}
    return any(key in in_slot or quote in typed for key, quote in quoted.items())


def doubts(reading: Reading) -> Iterator[Finding]:
    """Check 11: a negation or hedge of the source is in the claim too, and the reverse."""
    if reading.claim.kind not in ("fact", "quote"):
        return
    sources = [
        _nearest_sentences(reading, citation, evidence)
        for citation, evidence in reading.cited
        if evidence is not None and evidence.kind in ("document", "human")
    ]
    if not sources:
        return
    said, meant = _doubts(reading.written), _doubts(" ".join(sources))
    if meant[0] and not said[0]:
        yield flagged("11", "The source says this with a negation that is missing here.")
    if meant[1] and not said[1]:
        yield flagged("11", "The source says this with a reservation that is missing here.")
    if said[0] and not meant[0]:
        yield flagged("11", "It negates what its source does not negate.")
    if said[1] and not meant[1]:
        yield flagged("11", "It doubts what its source does not doubt.")


def _nearest_sentences(reading: Reading, citation: Citation, evidence: Evidence) -> str:
    """Return the sentences of the span that the quote touches, or the closest in words."""
    parts = sentences(evidence.value)
    if citation.quote:
        quote = normalise(citation.quote)
        touched = [
            part
            for part in parts
            if find_words(quote, normalise(part)) >= 0 or normalise(part) in quote
        ]
        return " ".join(touched) or evidence.value
    words = content_words(reading.written)
    return max(parts, key=lambda part: len(content_words(part) & words), default="")


def _doubts(text: str) -> tuple[bool, bool]:
    words = tokens(_MONTH_MAY.sub(" ", text))
    return (
        any(word in NEGATIONS for word in words),
        any(word in HEDGES for word in words),
    )

"""Check 13: a sentence that retells a source shares enough words with it."""

from __future__ import annotations

from collections.abc import Iterator

from agent.verifier.case import NAME_MARK, QUOTE_MARK, SLOT_MARK, Reading, flagged
from agent.verifier.words import content_words
from domain.evidence import CalculationSource, DocumentSource, RecordSource
from domain.plan import Finding

SHARE_IN_DOCUMENT = 0.5
"""Share of a fact's content words that the cited documents must contain.

Half lets a sentence name its subject and its verb in its own words; below it, more of the
sentence comes from the writer than from the source.
"""


def paraphrase(reading: Reading) -> Iterator[Finding]:
    """Flag a fact whose words its sources do not contain.

    Metrics, quotations and sentences whose slots write cells are exact and exempt;
    recommendations and assumptions are judgement and say so.
    """
    if reading.claim.kind != "fact" or not reading.facts:
        return
    bare = reading.bare
    for mark in (SLOT_MARK, NAME_MARK, QUOTE_MARK):
        bare = bare.replace(mark, " ")
    words = content_words(bare)
    if not words:
        return
    from_documents = any(item.kind in ("document", "human") for item in reading.facts)
    if not from_documents and reading.filled:
        return
    shared = len(words & _cited_words(reading))
    needed = SHARE_IN_DOCUMENT * len(words) if from_documents else 1
    if shared < needed:
        yield flagged("13", "Paraphrase: compare it with the source.")


def _cited_words(reading: Reading) -> frozenset[str]:
    words: set[str] = set()
    for item in reading.facts:
        words |= content_words(item.value)
        words |= content_words(item.metric.replace("_", " "))
        if isinstance(item.source, DocumentSource):
            words |= content_words(item.source.title)
            if item.source.author:
                words |= content_words(item.source.author)
        elif isinstance(item.source, RecordSource):
            words |= content_words(f"{item.source.table} {item.source.field}".replace("_", " "))
        elif isinstance(item.source, CalculationSource):
            words |= content_words(item.source.analysis.replace("_", " "))
    return frozenset(words)

"""What a territory plan or a review rests on that is too old to be approved unread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.coverage import CoverageModel
from domain.cycle import CycleBlocker, Sentence
from domain.evidence import Ledger
from domain.freshness import is_stale
from domain.plan import Claim


def stale_load_bearing(
    sentences: Sequence[Sentence], ledger: Ledger, coverage: CoverageModel, as_of: date
) -> list[CycleBlocker]:
    """Name the sentences a decision leans on that rest on stale evidence.

    Parameters
    ----------
    sentences
        What is left after the verifier, in reading order; struck ones block nothing.
    ledger
        What they cite. An id that is not in it is no stale evidence: another check tells.
    coverage
        Says when a kind of fact is stale.
    as_of
        Date of the book. The clock is never read.

    Returns
    -------
    list of CycleBlocker
        One for each recommendation, and each sentence of the summary, that is stale itself
        or through its premises, at any depth; in reading order. `remedy` is `waiver`: a
        newer book or note lifts the block as well, since the draft then cites that.
    """
    kept = [sentence for sentence in sentences if sentence.outcome != "struck"]
    stale = _stale_keys([sentence.claim for sentence in kept], ledger, coverage, as_of)
    return [
        CycleBlocker(
            code="stale_evidence",
            section=sentence.section,
            message=f"{_what(sentence)} rests on evidence that is older than the coverage model "
            "allows.",
            remedy="waiver",
            claim=sentence.claim.key,
        )
        for sentence in kept
        if sentence.claim.key in stale and _bears_load(sentence)
    ]


def _bears_load(sentence: Sentence) -> bool:
    return sentence.section == "summary" or sentence.claim.kind == "recommendation"


def _what(sentence: Sentence) -> str:
    if sentence.claim.kind == "recommendation":
        return "A recommendation"
    return "The summary"


def _stale_keys(
    claims: Sequence[Claim], ledger: Ledger, coverage: CoverageModel, as_of: date
) -> set[str]:
    stale = {claim.key for claim in claims if _rests_on_stale(claim, ledger, coverage, as_of)}
    growing = True
    while growing:
        more = {
            claim.key
            for claim in claims
            if claim.key not in stale and stale.intersection(claim.premises)
        }
        stale |= more
        growing = bool(more)
    return stale


def _rests_on_stale(claim: Claim, ledger: Ledger, coverage: CoverageModel, as_of: date) -> bool:
    named = [slot.evidence_id for slot in claim.slots]
    named += [citation.evidence_id for citation in claim.citations]
    return any(
        found is not None and is_stale(found, coverage.freshness, as_of)
        for found in map(ledger.entries.get, named)
    )

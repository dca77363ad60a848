"""The competitor rule: a dated, published source, or it does not pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.verifier.case import Reading, struck
from domain.evidence import DocumentSource, Evidence
from domain.plan import Finding
from domain.vocabulary import Vocabulary

CHECK = "competitor"
_GENERIC = re.compile(
    r"\b(?:competitors?|competing|competitive|rivals?|incumbents?|cheaper (?:\w+ )?supplier"
    r"|other suppliers?|another supplier)\b",
    re.IGNORECASE,
)


def mentions_competitor(text: str, vocabulary: Vocabulary) -> bool:
    """Say whether a text names a competitor, or speaks of one without a name."""
    return bool(vocabulary.competitors_in(text) or _GENERIC.search(text))


def is_about_competitor(reading: Reading) -> bool:
    """Say whether a sentence, or what it quotes, is a statement about a competitor.

    A registered name anywhere makes it one. So do words such as "competitor" in a fact or
    quotation that rests on a document, and any such sentence of the section Competition.
    """
    vocabulary = reading.case.ledger.vocabulary
    texts = [reading.written, *(c.quote for c in reading.claim.citations if c.quote)]
    if any(vocabulary.competitors_in(text) for text in texts):
        return True
    if reading.claim.kind not in ("fact", "quote"):
        return False
    on_document = any(item.kind == "document" for item in reading.facts)
    return on_document and (
        reading.place.section == "competition" or bool(_GENERIC.search(reading.written))
    )


def competitor(reading: Reading) -> Iterator[Finding]:
    """Strike a writer's competitor statement without uri, publisher and date; block a person's."""
    if not is_about_competitor(reading):
        return
    named = {
        name.lower() for name in reading.case.ledger.vocabulary.competitors_in(reading.written)
    }
    if any(_sourced(item, named, reading) for item in reading.facts):
        return
    message = "A competitor statement needs a published source with address and date."
    if reading.typed_by is not None:
        yield Finding(check=CHECK, effect="block", message=message)
    else:
        yield struck(CHECK, message)


def _sourced(evidence: Evidence, named: set[str], reading: Reading) -> bool:
    source = evidence.source
    if not isinstance(source, DocumentSource):
        return False
    if not (source.uri and source.publisher and source.published):
        return False
    text = f"{evidence.value} {source.title}"
    there = {name.lower() for name in reading.case.ledger.vocabulary.competitors_in(text)}
    return named <= there

"""Check 10: names enter a sentence through slots only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.verifier.case import QUOTE_MARK, Reading, flagged, struck
from domain.plan import Finding

PLAIN_CAPITALS = frozenset(
    """i i'm i've i'd i'll crm erp rfp rfq rfi vp ceo cfo coo cto cio cmo vip qbr sla roi b2b b2c
    usa us uk eu hr it pr po p50 p75 p90 q&a api pdf csv faq asap ok tbd nda r&d english
    christmas easter january february march april may june july august september october
    november december monday tuesday wednesday thursday friday saturday sunday""".split()
)
"""Capitalised words that name no person, company or product of the book."""

_WORD = re.compile(r"[^\W\d_][\w&'’-]*")
_OPENING = re.compile(r"^[\"'“‘(\s]*$")


def names(reading: Reading) -> Iterator[Finding]:
    """Strike a registered name outside a slot, flag an unknown capitalised word."""
    text, vocabulary = reading.bare, reading.case.ledger.vocabulary
    if vocabulary.names_in(text):
        yield struck("10", "A name stands outside a slot.")
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper() or _starts_sentence(text, match.start()):
            continue
        bare = word.removesuffix("'s").removesuffix("’s").lower()
        parts = [part for part in re.split(r"[-&]", bare) if part]
        known = vocabulary.single_words
        if bare in PLAIN_CAPITALS or all(
            part in known or part in PLAIN_CAPITALS or part + "s" in known for part in parts
        ):
            continue
        yield flagged("10", "A capitalised word is in neither the book nor the coverage model.")
        return


def _starts_sentence(text: str, at: int) -> bool:
    before = text[:at]
    if _OPENING.match(before):
        return True
    trimmed = before.rstrip(" \"'“‘(\t")
    return trimmed.endswith((".", "!", "?", ":", QUOTE_MARK)) and trimmed != before

"""Sentences in which a side commits itself, by a closed list of cues.

Only a first person commits: "we will send", "I promised", "we are to call by Friday". In
our own people's words that is a promise of ours, in the customer's words one to us. A
sentence is quoted whole and never retold. Finding none proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.evidence import DocumentSource, Evidence
from domain.freshness import kind_of

SPOKEN = frozenset({"note", "call_summary", "email"})
"""Kinds of documents in which people speak for their side."""

_DAY = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|tomorrow|tonight|noon|next \w+|the end of"
    r"|end of|\d{1,2}(?:st|nd|rd|th)?\b|(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b"
)
CUES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:I|we)(?: will|['’]ll| shall)\b",
        r"\b(?:I|we)(?: have|['’]ve)? (?:also )?(?:promised|committed|agreed to|undertook"
        r"|guaranteed|gave (?:\w+ )?(?:my|our) word|offered to)\b",
        r"\b(?:I|we) owe (?:them|him|her|you)\b",
        r"\b(?:I am|I['’]m|we are|we['’]re) to (?!blame)\w+",
        r"\b(?:I|we) (?:said|told \w+|assured \w+)(?: that)? (?:I|we) would\b",
        rf"\b(?:I|we) (?:can |am |are )?(?:send|deliver|call|bring|ship|reply|answer|confirm|quote"
        rf"|come back|get back)\b[^.;]*\bby (?:{_DAY})",
    )
)
"""What commits; a sentence with none of these is no promise."""

_AGAINST: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\?\s*[\"”’)]*$",  # a question commits nobody
        # A refusal, a doubt, and what only happens to us.
        r"\b(?:I|we)(?: will|['’]ll| shall) (?:not|never|hardly|probably|perhaps|maybe|likely|only"
        r" know)\b|\bwon['’]t\b",
        r"\b(?:I|we)(?: will|['’]ll| shall) (?:be (?:out|away|on leave|lucky|asked|late|short"
        r"|brief|honest)|see\b(?! to)|need|know|lose|miss|win|have to"
        r"|hear|find out|regret|struggle)",
        r"\b(?:if|unless|whether|should) (?:I|we)\b",
        r"\b(?:did|have|had) (?:not|never) promise\w*|\bnever promised\b",
        r"\bnothing (?:was )?promised\b",
        r"\b(?:I|we) (?:promised|agreed to|offered to) (?:nothing|no\b)",
        # Somebody else's expectation of us, or their own words.
        r"\b(?:they|he|she|who|[a-z]+s) (?:think|thinks|fear|fears|hope|hopes|expect|expects"
        r"|believe|believes|assume|assumes|want to know|ask|asks|asked)\b[^.]*"
        r"\b(?:I|we)(?: will|['’]ll)\b",
        r"\b(?:says?|said|wrote|writes|told (?:me|us)|replied)\b[^.“\"]{0,30}[:,]?\s*[“\"‘'][^”\"]*"
        r"\b(?:I|we)\b",
        r"^\s*[“\"‘']",
        r"\b(?:said|says|told (?:me|us)|wrote)(?: that)? we (?:will|shall)\b",
    )
)


_TO_OTHERS = re.compile(r"\bpromised (?:them|him|her|my|our|the)\b", re.IGNORECASE)
"""What a customer promised to people of their own."""


def commits(sentence: str) -> bool:
    """Say whether its speaker commits their side to something."""
    parts = re.split(r"(?<=[.!?])\s+", " ".join(sentence.split()))
    return any(
        any(cue.search(part) for cue in CUES)
        and not any(pattern.search(part) for pattern in _AGAINST)
        for part in parts
    )


def promises(sentences: Iterable[Evidence], side: str) -> list[Evidence]:
    """Return the sentences that commit one side, the newest first.

    Parameters
    ----------
    sentences
        Sentences of documents about one account.
    side
        The author's class: `internal` for promises of ours, `customer` for those to us.
    """
    found = [
        item
        for item in sentences
        if isinstance(item.source, DocumentSource)
        and item.source.author_class == side
        and kind_of(item) in SPOKEN
        and commits(item.value)
        and not (side == "customer" and _TO_OTHERS.search(item.value))
    ]
    found.sort(key=lambda item: item.id)
    found.sort(key=lambda item: str(item.dated() or ""), reverse=True)
    return found

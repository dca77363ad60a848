"""Sentences of different notes that cannot both hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.matters import Reading, differ, read
from agent.relevance import is_private
from agent.standpoints import standpoints
from domain.evidence import DocumentSource, Evidence
from domain.vocabulary import Vocabulary

MOST_PAIRS = 2
"""More contradictions than this are a reason to talk to the account, not to list them."""

_STOP = frozenset(
    "a an and are as at be been but by for from had has have he her his i if in into is it its "
    "me my no not of on or our she so that the their them then there they this to up us was we "
    "were what when which who will with would you your said says told".split()
)
_NEGATED = re.compile(
    r"\b(?:not|no|never|cancelled|postponed|dropped|stays?|closed|instead of)\b", re.IGNORECASE
)
_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b"
)
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
# What planners act on: two notes that differ about anything else are left alone.
_SUBJECTS = re.compile(
    r"\b(?:decid\w+|decision|sign\w*|approv\w+|budget|open\w*|store|branch|warehouse|site"
    r"|depot|owner|buyer|purchas\w+|contract|agreement|renew\w*|deliver\w+|season)\b"
)


@dataclass(frozen=True)
class Said:
    """A text with the document it stands in, the entity it is about and who wrote it."""

    document: str
    text: str
    account: str = ""
    author: str | None = None


def contradictions(
    sentences: Sequence[Evidence], vocabulary: Vocabulary, most: int = MOST_PAIRS
) -> list[tuple[Evidence, Evidence]]:
    """Pair sentences of one account's documents that say different things of one subject.

    Either they stand apart on a matter that cannot be two ways (`agent.standpoints`), or
    give the same thing different values of one kind (`agent.matters`). Or they share three
    content words, one of them something planners act on, and one of the two denies it
    while they share half the words of the shorter; or they share four and name different
    months, figures or persons. At most `most` pairs.
    """
    found = []
    said = [
        Said(_source(item).document_id, item.value, item.entity.split("/")[0], _source(item).author)
        for item in sentences
    ]
    for one, other in disagreeing(said, vocabulary):
        if said[one].account == said[other].account:
            found.append((sentences[one], sentences[other]))
    return found[:most]


def disagreeing(said: Sequence[Said], vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Yield the places of texts of different documents that disagree, in reading order.

    Words are taken apart once a text: an account with hundreds of notes has hundreds of
    thousands of pairs.
    """
    contents = [_content(item.text) for item in said]
    subjects = [
        frozenset(word for word in words if _SUBJECTS.fullmatch(word)) for words in contents
    ]
    stands = [tuple(standpoints(item.text, vocabulary, item.account, item.author)) for item in said]
    readings = [read(item.text, vocabulary) for item in said]
    rare = _rarity(said, readings)
    # Two prices of a coffee machine trouble no plan.
    private = [is_private(item.text, vocabulary) for item in said]
    for one in range(len(said)):
        for other in range(one + 1, len(said)):
            if said[one].document == said[other].document:
                continue
            if any(ours.denies(theirs) for ours in stands[one] for theirs in stands[other]):
                yield one, other
                continue
            if private[one] or private[other]:
                continue
            if differ(readings[one], readings[other], rare):
                yield one, other
                continue
            if subjects[one].isdisjoint(subjects[other]):
                continue
            words = contents[one], contents[other]
            if _disagree(said[one].text, said[other].text, *words, vocabulary):
                yield one, other


def _rarity(said: Sequence[Said], readings: Sequence[Reading]) -> dict[str, float]:
    """Weigh each word by how few documents use it: one in all of them tells nothing."""
    used: dict[str, set[str]] = {}
    for item, reading in zip(said, readings, strict=True):
        for word in reading.words:
            used.setdefault(word, set()).add(item.document)
    return {word: min(1.0, 2 / len(documents)) for word, documents in used.items()}


def _source(sentence: Evidence) -> DocumentSource:
    assert isinstance(sentence.source, DocumentSource)
    return sentence.source


def _disagree(
    first: str, second: str, ours: frozenset[str], theirs: frozenset[str], vocabulary: Vocabulary
) -> bool:
    shared = ours & theirs
    if len(shared) < 3:
        return False
    denied = bool(_NEGATED.search(first)) != bool(_NEGATED.search(second))
    # A long sentence with a "not" somewhere denies nothing of another that it barely meets.
    if denied and 2 * len(shared) >= min(len(ours), len(theirs)):
        return True
    if len(shared) < 4:
        return False
    return any(
        one and other and not one & other
        for one, other in (
            (set(_MONTH.findall(first)), set(_MONTH.findall(second))),
            (set(_FIGURE.findall(first)), set(_FIGURE.findall(second))),
            (_persons(first, vocabulary), _persons(second, vocabulary)),
        )
    )


def _persons(text: str, vocabulary: Vocabulary) -> set[str]:
    return {
        bearer
        for name in vocabulary.names_in(text)
        for bearer in vocabulary.aliases.get(name, ())
        if "/contact:" in bearer
    }


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in _STOP)

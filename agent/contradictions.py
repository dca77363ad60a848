"""Sentences of different notes that cannot both hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    r"|depot|owner|buyer|purchas\w+|contract|deliver\w+|season)\b"
)


def contradictions(
    sentences: Sequence[Evidence], vocabulary: Vocabulary, most: int = MOST_PAIRS
) -> list[tuple[Evidence, Evidence]]:
    """Pair sentences of one account's documents that say different things of one subject.

    They share three content words, one of them something planners act on. Then either
    one of the two denies it, and they share half the words of the shorter; or they share
    four and name different months, figures or persons. At most `most` pairs.
    """
    found = []
    for one, other in disagreeing(
        [(_document(item), item.value) for item in sentences], vocabulary
    ):
        first, second = sentences[one], sentences[other]
        if first.entity.split("/")[0] == second.entity.split("/")[0]:
            found.append((first, second))
    return found[:most]


def disagreeing(
    said: Sequence[tuple[str, str]], vocabulary: Vocabulary
) -> Iterator[tuple[int, int]]:
    """Yield the places of texts of different documents that disagree, in reading order.

    `said` holds document and text. Words are taken apart once a text: an account with
    hundreds of notes has hundreds of thousands of pairs.
    """
    contents = [_content(text) for _, text in said]
    subjects = [
        frozenset(word for word in words if _SUBJECTS.fullmatch(word)) for words in contents
    ]
    for one in (place for place, found in enumerate(subjects) if found):
        for other in range(one + 1, len(said)):
            if subjects[one].isdisjoint(subjects[other]) or said[one][0] == said[other][0]:
                continue
            words = contents[one], contents[other]
            if _disagree(said[one][1], said[other][1], *words, vocabulary):
                yield one, other


def _document(sentence: Evidence) -> str:
    assert isinstance(sentence.source, DocumentSource)
    return sentence.source.document_id


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

"""Spans of a text that can be quoted: windows of sentences with exact code-point offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCES_IN_A_WINDOW = 2
LONGEST_WINDOW = 480
LONGEST_SENTENCE = 600
MOST_SPANS = 500
"""A document gives no more spans than this; what lies behind is not found."""

_BLOCK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n")
_LETTER = re.compile(r"\w")
_BULLET = re.compile(r"\s*(?:[-*•–—>#]+\s+)*")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st jr sr inc co corp ltd llc vs etc approx dept est fig eg ie e.g i.e "
    "a.m p.m u.s u.k no nr art vol jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
# These end a sentence unless a figure follows: "he said no. Then", "No. 5", "in Mar. 3".
_ONLY_BEFORE_FIGURES = frozenset("no nr fig vol art mar jun jul sep".split())


def sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of every sentence, in order; blank stretches belong to none.

    A line break ends a sentence unless the next line goes on in lower case. A sentence
    longer than 600 characters is cut between words.
    """
    return [span for block in _blocks(text) for span in _sentences_in(text, *block)]


def windows(text: str) -> list[tuple[int, int]]:
    """Return start and end of every window of two neighbouring sentences, in order.

    A window never crosses a blank line. A sentence stands alone where its block has no
    other, or where two together would exceed 480 characters.
    """
    found: list[tuple[int, int]] = []
    for block in _blocks(text):
        parts = list(_sentences_in(text, *block))
        last = max(1, len(parts) - SENTENCES_IN_A_WINDOW + 1)
        for first in range(last):
            together = parts[first : first + SENTENCES_IN_A_WINDOW]
            if not together:
                continue
            if together[-1][1] - together[0][0] <= LONGEST_WINDOW:
                found.append((together[0][0], together[-1][1]))
            else:
                found.extend(part for part in together if part not in found[-2:])
        if len(found) >= MOST_SPANS:
            return found[:MOST_SPANS]
    return found


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BLOCK.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _sentences_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begins = start
    for mark in _END.finditer(text, start, end):
        if _ends_sentence(text, mark, begins, end):
            yield from _cut(text, begins, mark.end())
            begins = mark.end()
    yield from _cut(text, begins, end)


def _ends_sentence(text: str, mark: re.Match[str], begins: int, end: int) -> bool:
    after = text[mark.end() : end].lstrip()
    if not after:
        return True
    if mark.group() == "\n":
        return not after[0].islower()
    if after[0].islower():
        return False
    if not mark.group().startswith(".") or len(mark.group()) > 1:
        return True
    words = text[begins : mark.start()].split()
    word = words[-1].strip("(\"'“‘[").lower() if words else ""
    if len(word) == 1 and word.isalpha() and words[-1].strip("(\"'“‘[").isupper():
        return word == "i"
    if word in _ONLY_BEFORE_FIGURES:
        return not after[0].isdigit()
    return word not in _ABBREVIATIONS


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    bullet = _BULLET.match(text, start, end)
    if bullet:
        start = bullet.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST_SENTENCE:
        middle = text.rfind(" ", start + 1, start + LONGEST_SENTENCE)
        if middle <= start:
            middle = start + LONGEST_SENTENCE
        yield start, middle
        start = middle
        while start < end and text[start].isspace():
            start += 1
    if _LETTER.search(text, start, end):
        yield start, end

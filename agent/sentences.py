"""Sentences of a document with exact code-point offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A sentence ends at . ! or ? (and closing marks) before white space and a capital, digit
# or opening quote; or at a line break. Common abbreviations do not end one.
_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|approx|vs|e\.g|i\.e|Inc|Ltd|Co)\.)\s*$")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of `text[start:end]`, white space trimmed."""
    stop = len(text) if end is None else end
    begin = start
    for match in _END.finditer(text, start, stop):
        if "\n" not in match.group() and _ABBREVIATION.search(text, begin, match.start() + 1):
            continue
        yield from _trimmed(text, begin, match.start() + len(match.group().rstrip()))
        begin = match.end()
    yield from _trimmed(text, begin, stop)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end

"""The words of what a person typed: where each stands, and how it is compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

MOST_CHARACTERS = 4_000
"""How much of a message is read for its meaning; a remark keeps all of it."""

_WORD = re.compile(r"[^\W_]+(?:['’ʼ`´-][^\W_]+)*|&")
_POSSESSIVE = re.compile(r"['’ʼ`´][sS]$")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "&": "and"}


class Word(NamedTuple):
    """One word: where it stands in the text, and its plain form."""

    start: int
    end: int
    plain: str
    possessive: bool
    capital: bool


def visible(text: str) -> str:
    """Return the text with control, format and surrogate characters made spaces or dropped."""
    return "".join(
        " " if letter in "\n\r\t\v\f" else letter
        for letter in unicodedata.normalize("NFC", text)
        if letter in "\n\r\t\v\f" or unicodedata.category(letter)[0] != "C"
    )


def plain(text: str) -> str:
    """Return letters and digits in lower case without accents; everything else is a space."""
    return " ".join(word.plain for word in words_of(text))


def words_of(text: str) -> list[Word]:
    """Return the words in order. A hyphen parts words; a possessive `'s` is taken off."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        start = match.start()
        for part in match.group().split("-"):
            end = start + len(part)
            bare = part if part.isalnum() else _POSSESSIVE.sub("", part)
            letters = _plain_letters(bare)
            if letters:
                found.append(Word(start, end, letters, bare != part, part[:1].isupper()))
            start = end + 1
    return found


@lru_cache(maxsize=50_000)
def _plain_letters(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word.lower()
    lower = _APOSTROPHES.sub("", word).casefold()
    spelled = "".join(_LETTERS.get(letter, letter) for letter in lower)
    parted = unicodedata.normalize("NFKD", spelled)
    return "".join(letter for letter in parted if letter.isalnum())


def joined(words: Sequence[Word]) -> str:
    """Return the plain words with single spaces between, and one before and after."""
    return f" {' '.join(word.plain for word in words)} "

"""Words as the checks compare them: one normaliser, one list of stop words, one stemmer."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import snowballstemmer

_QUOTE_MARKS = str.maketrans(
    dict.fromkeys("‘’‚‛ʼ`´", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_STEMMER = snowballstemmer.stemmer("english")

STOP_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being
    below between both but by can could did do does doing down during each either every few for
    from further get gets go goes had has have having he her here hers him his how i if in into
    is it its itself just let like may me might more most much must my no nor not now of off on
    once one only or other our ours out over own per said same says she should so some such than
    that the their theirs them then there these they this those through to too under until up us
    very was we were what when where which while who whom whose why will with would yet you your
    yours it's don't doesn't didn't isn't wasn't won't can't we'll we're they're i'm""".split()
)


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """Return `text` with one kind of quote mark, dash and space; case and words stay."""
    return " ".join(text.translate(_QUOTE_MARKS).split())


@cache
def stem(word: str) -> str:
    """Return the stem of a lower-case word."""
    return str(_STEMMER.stemWord(word))


def whole_words(alternatives: str) -> re.Pattern[str]:
    """Compile alternatives that stand as whole words, in capitals or not."""
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case."""
    return tuple(_TOKEN.findall(normalise(text).lower()))


@lru_cache(maxsize=8192)
def content_words(text: str) -> frozenset[str]:
    """Return the stems of a text's words that are not stop words."""
    return frozenset(stem(word) for word in tokens(text) if word not in STOP_WORDS)


@lru_cache(maxsize=8192)
def count_content_words(text: str) -> int:
    """Count the words of a text that are not stop words, repeats included."""
    return sum(word not in STOP_WORDS for word in tokens(text))


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """Split a text at full stops, question and exclamation marks and line breaks."""
    return tuple(part.strip() for part in _SENTENCE_END.split(text) if part.strip())


def find_words(needle: str, haystack: str) -> int:
    """Return where `needle` stands in `haystack` as whole words, or -1."""
    at = haystack.find(needle)
    while at >= 0:
        stop = at + len(needle)
        before, after = haystack[at - 1 : at], haystack[stop : stop + 1]
        if not (before.isalnum() and needle[:1].isalnum()) and not (
            after.isalnum() and needle[-1:].isalnum()
        ):
            return at
        at = haystack.find(needle, at + 1)
    return -1

"""Words as scorers compare them: one normal form, one stemmer, one list of stop words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import snowballstemmer

_MARKS = str.maketrans(
    dict.fromkeys("‘’‚‛ʼ`´′", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_WIDTHLESS = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0001-\U000e007f]"
)
_NO_SIGN = re.compile(r"[\W_]+")
_WORD = re.compile(r"\d+(?:[.,]\d+)+(?![^\W\d_])|[^\W_]+(?:'[^\W_]+)*")
_QUOTED = re.compile(r'"([^"]+)"')
_STEMMER = snowballstemmer.stemmer("english")

STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being both but
    by can could did do does doing down during each either else ever every few for from get gets
    got had has have having he her here hers him his how i if in into is it its itself just me
    more most much my no nor not now of off on once only or other our ours out over own per quite
    rather said same say says shall she should since so some such than that the their theirs them
    then there these they this those though through to too under until up upon us very was we were
    what when where whether which while who whom whose why will with would yet you your yours
    aren couldn didn doesn don hasn haven isn ve wasn won wouldn""".split()
)
"""Words that tell nothing about what a sentence is about, alone or before an apostrophe."""


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return a text with one kind of quote mark, dash and space; case and words stay.

    Characters without width fall away, so that they neither hide words nor break quotes.
    """
    if not text.isascii():
        text = _WIDTHLESS.sub("", unicodedata.normalize("NFKC", text).translate(_MARKS))
    return " ".join(text.replace("`", "'").split())


@cache
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, numbers with their separators."""
    return tuple(_WORD.findall(plain(text).lower()))


@lru_cache(maxsize=65536)
def content_words(text: str) -> frozenset[str]:
    """Return the stems of the words that tell what a text is about."""
    return frozenset(
        _stem(word)
        for word in words(text)
        if word not in STOP_WORDS and word.partition("'")[0] not in STOP_WORDS
    )


def covered(wanted: str, *texts: str) -> float:
    """Return the share of the content words of `wanted` that stand in any of `texts`, 0 to 1."""
    needed = content_words(wanted)
    if not needed:
        return 0.0
    return len(needed.intersection(*[frozenset().union(*map(content_words, texts))])) / len(needed)


def quoted_runs(text: str) -> tuple[str, ...]:
    """Return what stands between double quotation marks and is three words or longer."""
    return tuple(run for run in _QUOTED.findall(plain(text)) if len(words(run)) >= 3)


def stands_in(quote: str, text: str) -> bool:
    """Say whether `text` holds `quote` word for word, its marks and spaces apart.

    Stops and dots at either end of the quote do not count: a quotation may end a sentence.
    """
    bare = plain(quote).strip(" .,;:'\"")
    return bool(bare) and bare in plain(text)


@lru_cache(maxsize=4096)
def _apart(signs: str) -> re.Pattern[str]:
    """Return a pattern of these letters and digits with anything between that is neither."""
    # `4,812` is not in `4,812,000`: a separator with three digits goes on with the number.
    between = r"[\W_]*".join(map(re.escape, signs))
    return re.compile(rf"(?<![^\W_])(?<!\d,){between}(?![^\W_]|,\d{{3}})")


@lru_cache(maxsize=65536)
def _squeezed(text: str) -> str:
    return _NO_SIGN.sub("", plain(text).casefold())


def holds(text: str, phrase: str) -> bool:
    """Say whether a text holds a phrase, whatever its case, spaces, hyphens and hidden signs.

    Whole words only: `Ash Co` is not in `cash counts`, and `4,812` not in `14,812`.
    """
    signs = _squeezed(phrase)
    if not signs or signs not in _squeezed(text):
        return False
    return _apart(signs).search(plain(text).casefold()) is not None

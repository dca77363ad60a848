"""The lexical half of retrieval: BM25 in Lucene's form over stemmed words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import snowballstemmer

K1 = 1.5
B = 0.75

_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being
    below between both but by can could did do does doing down during each few for from further
    had has have having he her here hers him his how i if in into is it its itself just me more
    most my no nor not now of off on once only or other our ours out over own s same she should
    so some such t than that the their theirs them then there these they this those through to
    too under until up very was we were what when where which while who whom why will with would
    you your yours""".split()
)
_STEMMER = snowballstemmer.stemmer("english")


def terms(text: str) -> list[str]:
    """Return the stemmed words of a text in order, stop words left out."""
    words = (match.lower() for match in _WORD.findall(text))
    return [_stem(word) for word in words if word not in _STOP_WORDS]


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


class Bm25:
    """Scores of every text for a query."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._size = len(texts)
        # Numbered in order of appearance: a set would give another order on every start.
        self._numbers: dict[str, int] = {}
        numbered = [
            [self._numbers.setdefault(term, len(self._numbers)) for term in text] for text in texts
        ]
        self._model = None
        if self._numbers:
            import bm25s

            self._model = bm25s.BM25(method="lucene", k1=K1, b=B)
            self._model.index((numbered, dict(self._numbers)), show_progress=False)

    def scores(self, query: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return one score per text, 0 where it shares no term with the query."""
        known = [self._numbers[term] for term in query if term in self._numbers]
        if self._model is None or not known:
            return np.zeros(self._size)
        scores: npt.NDArray[np.float64] = np.asarray(
            self._model.get_scores(known), dtype=np.float64
        )
        return scores

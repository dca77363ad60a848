"""Names as people type them: partial, misspelt, joined, shortened, with or without a city.

An index is built over the names a person may see and nothing else, so that what it finds
and how common it takes a word to be say nothing about other names.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from agent.chat.everyday import EVERYDAY
from agent.chat.words import Word, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Rows = NDArray[np.intp]

LEAST = 0.60
"""Below this likeness a name is not taken for what was typed."""
MARGIN = 0.05
"""How much nearer the first has to be than the second to be taken without a question."""
LIKE_WORD = 0.70
LONGEST_NAME = 160
"""Characters that are read where a name is expected."""
MOST_TOKENS = 12
_CLOSE = 400
_KNOWN_WORDS = 0.8
_LEGAL = {
    "co": "company", "corp": "corporation", "inc": "incorporated", "ltd": "limited",
    "company": "company", "corporation": "corporation", "incorporated": "incorporated",
    "limited": "limited", "llc": "llc", "gmbh": "gmbh", "ag": "ag", "kg": "kg", "sa": "sa",
    "sas": "sas", "sarl": "sarl", "srl": "srl", "spa": "spa", "bv": "bv", "nv": "nv",
    "plc": "plc", "pty": "pty", "ab": "ab", "oy": "oy", "as": "as", "aps": "aps", "llp": "llp",
}  # fmt: skip
_SLIGHT = frozenset({"a", "an", "the", "and", "of", "for", "in", "on", "to", "at", "by", "de"})
_VOWELS = frozenset("aeiou")
_SLIGHT_WEIGHT = 0.3


class Named(NamedTuple):
    """Something with a key, a name, and words that tell where it is or what else it is called."""

    key: str
    name: str
    place: str = ""


class Near(NamedTuple):
    """A name near what was typed. `score` is a likeness from 0 to 1, 1 for the whole name."""

    key: str
    score: float


class Picked(NamedTuple):
    """The nearest names, best first. `key` is empty unless the first may be taken.

    `several` says that it is not because more than one is meant about equally.
    """

    key: str
    near: tuple[Near, ...]
    several: bool = False


class _Entry(NamedTuple):
    key: str
    tokens: tuple[str, ...]
    core: tuple[str, ...]
    place: frozenset[str]
    weight: float


class NameIndex:
    """Names in order of preference: of two that are as near, the earlier comes first."""

    def __init__(self, named: Sequence[Named]) -> None:
        self.named = {item.key: item for item in named}
        self.entries: list[_Entry] = []
        self.postings: dict[str, list[int]] = defaultdict(list)
        self.places: dict[str, list[int]] = defaultdict(list)
        self.by_id: dict[str, list[int]] = defaultdict(list)
        self.by_tokens: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self.by_core: dict[tuple[str, ...], list[int]] = defaultdict(list)
        tokens_of = [tokens(item.name) for item in named]
        for row, names in enumerate(tokens_of):
            for token in set(names):
                self.postings[token].append(row)
        self._rarest = math.log(1 + len(tokens_of))
        for row, (item, names) in enumerate(zip(named, tokens_of, strict=True)):
            place = frozenset(tokens(item.place))
            for token in place:
                self.places[token].append(row)
            core = _core(names)
            weight = sum(self.weight(token) for token in set(names))
            self.entries.append(_Entry(item.key, names, core, place, weight))
            self.by_id[_id_form(item.key)].append(row)
            self.by_tokens[names].append(row)
            self.by_core[core].append(row)
        self.known = tuple(sorted({*self.postings, *self.places}))
        self._arrays: dict[tuple[str, bool], Rows] = {}
        self._row_of = {entry.key: row for row, entry in enumerate(self.entries)}
        self._by_bare: dict[str, list[str]] = defaultdict(list)
        for token in self.known:
            self._by_bare[token.rstrip("s")].append(token)
        self._joined = ["".join(entry.core) for entry in self.entries]
        self._likes = lru_cache(maxsize=2_000)(self._like_words)

    def weight(self, token: str) -> float:
        """Return how much a word tells names apart; words of no account tell little."""
        if token in _SLIGHT or token in _LEGAL:
            return _SLIGHT_WEIGHT
        count = len(self.postings.get(token, ())) or 1
        return max(_SLIGHT_WEIGHT, self._rarest - math.log(count))

    def pick(self, typed: str, *, most: int = 5) -> Picked:
        """Return the names nearest to what was typed as a name, best first.

        The first is taken when it is the only one of exactly that id or name, or is near
        enough and clearly nearer than the second.
        """
        typed = typed[:LONGEST_NAME]
        exact = self._exact(typed)
        near = self.nearest(typed, most=most)
        if exact:
            keys = [self.entries[row].key for row in exact]
            rest = [item for item in near if item.key not in keys]
            first = [Near(key, 1.0) for key in keys]
            alone = len(keys) == 1
            return Picked(
                keys[0] if alone else "", tuple([*first, *rest][: max(most, 2)]), not alone
            )
        covered = bool(near) and self._covers(near[0].key, typed)
        clear = _is_clear(near)
        return Picked(near[0].key if covered and clear else "", tuple(near), covered and not clear)

    def _covers(self, key: str, typed: str) -> bool:
        """Say whether every telling word typed is near a word of the name or of its place."""
        entry = self.entries[self._row_of[key]]
        if self._alike(entry, typed) >= 0.8 or "".join(tokens(typed)) in _initials(entry):
            return True
        known = {*entry.tokens, *entry.place}
        return all(
            is_slight(token) or any(like in known for like in self.likes(token))
            for token in tokens(typed)
        )

    def _alike(self, entry: _Entry, typed: str) -> float:
        from rapidfuzz.distance import OSA

        return OSA.normalized_similarity("".join(_core(tokens(typed))), "".join(entry.core))

    def nearest(self, typed: str, *, most: int = 5) -> list[Near]:
        """Return the names at least `LEAST` alike, the most alike first."""
        import numpy as np

        asked = tokens(typed[:LONGEST_NAME])[:MOST_TOKENS]
        if not asked or not self.entries:
            return []
        scores = self._by_words(asked)
        # Letter by letter over every name takes ten times as long as over those that share
        # words, and is needed only where no word was known.
        rows = np.argpartition(-scores, _CLOSE - 1)[:_CLOSE] if len(scores) > _CLOSE else None
        if rows is None or scores.max() < _KNOWN_WORDS:
            rows = np.arange(len(scores))
        scores[rows] = np.maximum(scores[rows], 0.97 * self._by_letters(asked, rows))
        order = np.argsort(-np.round(scores, 6), kind="stable")[:most]
        return [
            Near(self.entries[row].key, float(round(scores[row], 6)))
            for row in order
            if scores[row] >= LEAST
        ]

    def rows_of_id(self, typed: str) -> list[int]:
        """Return the rows of an id, however its case and zeros are typed."""
        return self.by_id.get(_id_form(typed), [])

    def _exact(self, typed: str) -> list[int]:
        by_id = self.rows_of_id(typed)
        if by_id:
            return by_id
        asked = tokens(typed)
        rows = self.by_tokens.get(asked) or self.by_core.get(_core(asked)) if asked else None
        if rows or not asked:
            return rows or []
        # "Alder Foods Leeds" and "Alder Foods, Leeds" are whole names with their city.
        for split in range(len(asked) - 1, 0, -1):
            named = self.by_tokens.get(asked[:split]) or self.by_core.get(_core(asked[:split]), [])
            there = [row for row in named if self.entries[row].place.issuperset(asked[split:])]
            if there:
                return there
        return []

    def _by_words(self, asked: tuple[str, ...]) -> Numbers:
        import numpy as np

        count = len(self.entries)
        covered, whole = np.zeros(count), 0.0
        name_covered: dict[str, float] = {}
        for token in dict.fromkeys(asked):
            likes = self.likes(token)
            best = max(likes.items(), key=lambda item: item[1], default=(token, 0.0))[0]
            weight = self.weight(best) if likes else self.weight(token)
            whole += weight
            here = np.zeros(count)
            for known, alike in likes.items():
                rows = self._rows(known)
                here[rows] = np.maximum(here[rows], alike)
                rows = self._rows(known, place=True)
                here[rows] = np.maximum(here[rows], 0.97 * alike)
                name_covered[known] = max(name_covered.get(known, 0.0), alike)
            covered += weight * here
        named = np.zeros(count)
        for known, alike in name_covered.items():
            named[self._rows(known)] += alike * self.weight(known)
        totals = self.totals
        result: Numbers = covered / max(whole, 1e-9) * (0.6 + 0.4 * np.minimum(1, named / totals))
        result[named == 0] = 0.0
        return result

    @cached_property
    def totals(self) -> Numbers:
        """How much the words of each name weigh together."""
        import numpy as np

        return np.array([entry.weight or 1.0 for entry in self.entries])

    def _rows(self, token: str, *, place: bool = False) -> Rows:
        """Return the rows with a word in their name or place, ready to index arrays with."""
        import numpy as np

        key = (token, place)
        if key not in self._arrays:
            listed = (self.places if place else self.postings).get(token, ())
            self._arrays[key] = np.array(listed, dtype=np.intp)
        return self._arrays[key]

    def rows_with(self, token: str) -> Rows:
        """Return the rows whose name has a word."""
        return self._rows(token)

    def _by_letters(self, asked: tuple[str, ...], rows: Rows) -> Numbers:
        """Return the likeness of whole names without spaces, or of their initials."""
        import numpy as np
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        word = "".join(_core(asked))
        if len(word) < 3:
            return np.zeros(len(rows))
        alike = process.cdist(
            [word], [self._joined[row] for row in rows], scorer=OSA.normalized_similarity,
            score_cutoff=LEAST, dtype=np.float64,
        )[0]  # fmt: skip
        if len(asked) == 1 and len(word) <= 6:
            short = [0.9 if word in _initials(self.entries[row]) else 0.0 for row in rows]
            alike = np.maximum(alike, short)
        result: Numbers = alike
        return result

    def likes(self, token: str) -> dict[str, float]:
        """Return the known words that a typed word may stand for, with likeness 0 to 1."""
        return self._likes(token)

    def _beginning(self, start: str) -> list[str]:
        """Return the known words that begin with `start` and are longer."""
        first = bisect_left(self.known, start)
        end = bisect_left(self.known, start + "\U0010ffff")
        return [known for known in self.known[first:end] if known != start]

    def closest(self, word: str) -> float:
        """Return the likeness of the nearest word of a name, 0 where none is near."""
        near = self.likes(word) if len(word) >= 4 else {}
        return max((like for known, like in near.items() if known in self.postings), default=0.0)

    def _like_words(self, token: str) -> dict[str, float]:
        import numpy as np
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        token = _LEGAL.get(token, token)
        found = {token: 1.0} if token in self.postings or token in self.places else {}
        if len(token) >= 4:
            alike = process.cdist(
                [token], self.known, scorer=OSA.normalized_similarity, score_cutoff=LIKE_WORD,
                dtype=np.float64,
            )[0]  # fmt: skip
            for place in np.flatnonzero(alike):
                known = self.known[int(place)]
                if len(known) >= 4:
                    found[known] = max(found.get(known, 0.0), float(alike[place]))
        if len(token) >= 3:
            for known in self._beginning(token):
                found[known] = max(found.get(known, 0.0), 0.9)
            for known in self._by_bare.get(token.rstrip("s"), ()):
                found[known] = max(found.get(known, 0.0), 0.95)
            if not set(token) & _VOWELS:
                for known in self._beginning(token[0]):
                    if not found.get(known) and _abbreviates(token, known):
                        found[known] = 0.85
        return found


def tokens(text: str) -> tuple[str, ...]:
    """Return the plain words of a name, legal forms in one spelling."""
    return tuple(_LEGAL.get(word.plain, word.plain) for word in words_of(text))


def is_slight(token: str) -> bool:
    """Say whether a word of a name tells nothing by itself: an article, a legal form."""
    return token in _SLIGHT or token in _LEGAL


def is_ordinary(word: Word) -> bool:
    """Say whether a typed word is one of everyday language, whatever names it is part of."""
    return word.plain in EVERYDAY or word.plain.isdigit()


def _core(names: tuple[str, ...]) -> tuple[str, ...]:
    core = tuple(token for token in names if token not in _LEGAL and token not in ("the", "and"))
    return core or names


def _initials(entry: _Entry) -> tuple[str, str]:
    """Return the initials of a name without and with its legal form."""
    short = ["".join(token[0] for token in words) for words in (entry.core, entry.tokens)]
    return short[0], short[1]


def _id_form(text: str) -> str:
    """Write an id without case, separators and leading zeros: `a7` and `A-007` are one."""
    letters = "".join(word.plain for word in words_of(text))
    digits = letters.lstrip("abcdefghijklmnopqrstuvwxyz")
    head = letters[: len(letters) - len(digits)]
    return head + (digits.lstrip("0") or "0") if digits.isdigit() else letters


def _abbreviates(short: str, known: str) -> bool:
    """Say whether a word, such as `mfg`, is another with letters left out."""
    if len(known) < len(short) + 2:
        return False
    letters = iter(known)
    return all(letter in letters for letter in short)


def _is_clear(near: Sequence[Near]) -> bool:
    second = near[1].score if len(near) > 1 else 0.0
    return bool(near) and near[0].score - second >= MARGIN

"""Names that only evidence may bring into a sentence, and words that need no evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Vocabulary:
    """What the verifier knows about words, built once from a book and its coverage model.

    `aliases` maps every registered name of a person, company or product to the entities
    that bear it. `words` are capitalised words that may stand in a sentence without a
    slot (segments, regions, product lines, tier names). `competitors` are aliases whose
    mention makes a sentence a competitor claim. `lines` are the product lines of the book.
    """

    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    competitors: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()

    @cached_property
    def _line_finder(self) -> _Names:
        return _Names(self.lines, ignore_case=True)

    @cached_property
    def _alias_finder(self) -> _Names:
        return _Names(self.aliases)

    @cached_property
    def _competitor_finder(self) -> _Names:
        return _Names(self.competitors, ignore_case=True)

    @cached_property
    def single_words(self) -> frozenset[str]:
        """Every word that occurs in `words`, in lower case."""
        return frozenset(word.lower() for phrase in self.words for word in _WORD.findall(phrase))

    def names_in(self, text: str) -> list[str]:
        """Return the registered aliases in `text`, in order of appearance, case-sensitive."""
        return self._alias_finder.found_in(text)

    def competitors_in(self, text: str) -> list[str]:
        """Return the competitor names in `text`, in order of appearance, in any case."""
        return self._competitor_finder.found_in(text)

    @cached_property
    def _people(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for name, bearers in self.aliases.items():
            for bearer in bearers:
                account, contact, _ = bearer.partition("/contact:")
                if contact and " " in name:
                    found.setdefault(account, []).append((name, bearer))
        return {account: tuple(people) for account, people in found.items()}

    def people_of(self, account: str) -> tuple[tuple[str, str], ...]:
        """Return full name and entity of the contacts of an account's entity."""
        return self._people.get(account, ())

    def lines_in(self, text: str) -> list[str]:
        """Return the product lines in `text`, in order of appearance, in any case."""
        return self._line_finder.found_in(text)


class _Names:
    """Whole-word search for thousands of names: candidates are looked up by first word."""

    def __init__(self, names: Iterable[str], *, ignore_case: bool = False) -> None:
        self._ignore_case = ignore_case
        self._by_word: dict[str, list[tuple[str, int]]] = {}
        # Longest first, so that "Alder Foods East" is not read as "Alder Foods".
        for name in sorted(set(names), key=lambda name: (-len(name), name)):
            key = name.lower() if ignore_case else name
            first = _WORD.search(key)
            if first is not None:
                self._by_word.setdefault(first.group(), []).append((key, first.start()))

    def found_in(self, text: str) -> list[str]:
        searched = text.lower() if self._ignore_case else text
        if len(searched) != len(text):  # a few letters change length in lower case
            text = searched
        if self._by_word.keys().isdisjoint(_WORD.findall(searched)):
            return []
        found: list[str] = []
        end = 0
        for word in _WORD.finditer(searched):
            if word.start() < end:
                continue
            for name, offset in self._by_word.get(word.group(), ()):
                start = word.start() - offset
                stop = start + len(name)
                if start >= end and _whole(searched, name, start):
                    found.append(text[start:stop])
                    end = stop
                    break
        return found


def _whole(text: str, name: str, start: int) -> bool:
    """Say whether `name` stands at `start` of `text` with no word character on either side."""
    if not text.startswith(name, start):
        return False
    stop = start + len(name)
    return not ((start > 0 and _WORD.match(text[start - 1])) or _WORD.match(text[stop : stop + 1]))

"""Names that only evidence may bring into a sentence, and words that need no evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Vocabulary:
    """What the verifier knows about words, built once from a book and its coverage model.

    `aliases` maps every registered name of a person, company or product to the entities
    that bear it. `words` are capitalised words that may stand in a sentence without a
    slot (segments, regions, product lines, tier names). `competitors` are aliases whose
    mention makes a sentence a competitor claim.
    """

    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    competitors: frozenset[str] = frozenset()

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return _any_of(self.aliases)

    @cached_property
    def _competitor_pattern(self) -> re.Pattern[str] | None:
        return _any_of(self.competitors, ignore_case=True)

    def names_in(self, text: str) -> list[str]:
        """Return the registered aliases in `text`, in order of appearance, case-sensitive."""
        return [] if self._pattern is None else self._pattern.findall(text)

    def competitors_in(self, text: str) -> list[str]:
        """Return the competitor names in `text`, in order of appearance, in any case."""
        return [] if self._competitor_pattern is None else self._competitor_pattern.findall(text)


def _any_of(names: Iterable[str], *, ignore_case: bool = False) -> re.Pattern[str] | None:
    # Longest first, so that "Alder Foods East" is not read as "Alder Foods".
    ordered = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    if not ordered:
        return None
    pattern = r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)"
    return re.compile(pattern, re.IGNORECASE if ignore_case else 0)

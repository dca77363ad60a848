"""What people asked of a plan, as far as a plain rule can grant it.

Two wishes are understood: that the plan fit so many hours, and that a certain document be
used. They are read from remarks that people made, never from notes. Everything else a
remark says is for a writer to heed and for the reviewer to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.verifier.words import content_words
from domain.evidence import DocumentSource, Evidence
from domain.plan import Remark

# "In 2 hours" alone may be a time to call: a limit is said with a word that makes it one.
_HOURS = re.compile(
    r"\b(?:(?:fits?|fitting)(?: it| this| the plan)?(?: in| into| within| under)?"
    r"|(?:cut|reduce|bring|shorten|trim|squeeze|limit|cap|capped|keep)\b[^.;!?\d]{0,40}?"
    r"\b(?:to|at|under|below|within|into)"
    r"|within|under|below|at most|no more than|not more than|maximum(?: of)?|max\.?"
    r"|(?:i|we)(?: only)? have(?: only)?)"
    r"\s+(?:only\s+)?(\d{1,4}(?:\.\d{1,2})?)\s*(?:h|hrs?|hours?)\b",
    re.IGNORECASE,
)
_USE = re.compile(
    r"\b(?:use|using|include|build on|draw on|based on|take up)\s+([^.;!?]+)", re.IGNORECASE
)


@dataclass(frozen=True)
class Wishes:
    """What was asked for. `most_hours` is null where nobody named hours; the latest wins."""

    most_hours: Decimal | None = None
    words: frozenset[str] = frozenset()

    def names(self, item: Evidence) -> bool:
        """Say whether a sentence's document is one that was asked for, by title or kind."""
        source = item.source
        if not self.words or not isinstance(source, DocumentSource):
            return False
        called = f"{source.title or ''} {source.document_kind.replace('_', ' ')}"
        return bool(self.words & content_words(called))


def wishes_of(remarks: Sequence[Remark]) -> Wishes:
    """Read the wishes in remarks, oldest first."""
    texts = [remark.text for remark in remarks]
    return Wishes(_latest_hours(texts), frozenset(_asked_words(texts)))


def _latest_hours(texts: Iterable[str]) -> Decimal | None:
    found = [Decimal(hours) for text in texts for hours in _HOURS.findall(text)]
    return found[-1] if found and found[-1] > 0 else None


def _asked_words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for part in _USE.findall(text) for word in content_words(part)}

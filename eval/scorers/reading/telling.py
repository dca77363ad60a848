"""What an answer tells, sentence by sentence, and whether words of a document are among it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from eval.answer import Answer, PassageSource, Source, Statement
from eval.scorers.reading.wording import content_words, words

TOLD = 0.5
"""Share of a passage's content words that have to be there for it to be told. A passage is one
sentence or two, and its heavier half tells it; with less, a sentence is on the same subject."""
TOLD_WITHOUT_SOURCE = 0.8
TAKEN_UP = 2
"""Content words of the passage in the sentence itself: a quote in a footnote tells nothing."""
POINTED_WORDS, POINTED_TIMES = 40, 3
"""A quote longer than this, and than this many times the passage, does not point at it."""
MOST_DOCUMENTS = 6
"""A sentence that cites more documents than this points at none of them."""


@dataclass(frozen=True)
class Telling:
    """A statement or a step as a reader sees it, with the sources that it rests on."""

    key: str
    kind: str
    text: str
    sources: tuple[Source, ...]

    @cached_property
    def quotes(self) -> dict[str, tuple[str, ...]]:
        """The quotes from each document it cites, none for a document cited as a whole."""
        found: dict[str, tuple[str, ...]] = {}
        for source in self.sources:
            if isinstance(source, PassageSource):
                quote = () if source.quote is None else (source.quote,)
                found[source.document_id] = found.get(source.document_id, ()) + quote
        return found

    def takes_up(self, document_id: str, passage: str) -> frozenset[str]:
        """Return the content words of a passage that it tells to the point, with their source.

        None where the document is not among its sources; where the sentence itself has fewer
        than two of the words (or all, of a short passage); or where it is much longer than the
        passage. A quote that is much longer adds nothing.
        """
        wanted = content_words(passage)
        if document_id not in self.quotes or len(self.quotes) > MOST_DOCUMENTS:
            return frozenset()
        most = max(POINTED_WORDS, POINTED_TIMES * len(words(passage)))
        own = wanted & content_words(self.text)
        if len(own) < min(TAKEN_UP, len(wanted)) or len(words(self.text)) > most:
            return frozenset()
        pointed = [quote for quote in self.quotes[document_id] if len(words(quote)) <= most]
        return own.union(*(wanted & content_words(quote) for quote in pointed))

    def shows(self, document_id: str, passage: str) -> bool:
        """Say whether a reader meets a passage in it, in text or quote, with or without source."""
        wanted = content_words(passage)
        own = wanted & content_words(self.text)
        if wanted and len(own) >= TOLD_WITHOUT_SOURCE * len(wanted):
            return True
        quotes = self.quotes.get(document_id)
        if quotes is None:
            return False
        shown = own.union(*(wanted & content_words(quote) for quote in quotes))
        return bool(wanted) and len(shown) >= TOLD * len(wanted)


def tellings(answer: Answer) -> Iterator[Telling]:
    """Yield statements, then steps; a step has the sources of the statements it rests on."""
    by_key: dict[str, Statement] = {}
    for item in answer.statements:
        by_key.setdefault(item.key, item)
        yield Telling(item.key, item.kind, item.text, item.sources)
    for step in answer.steps:
        resting = [by_key[key] for key in step.rests_on if key in by_key]
        yield Telling(
            step.key,
            "step",
            f"{step.what} {step.measure}".strip(),
            tuple(source for item in resting for source in item.sources),
        )


def finds(told: Iterable[Telling], document_id: str, passage: str) -> bool:
    """Say whether sentences tell a passage and where from: half of its content words.

    Several may do so together, each to the point: a passage of two sentences is often told in
    two.
    """
    found = frozenset[str]().union(*(item.takes_up(document_id, passage) for item in told))
    return bool(found) and len(found) >= TOLD * len(content_words(passage))


def showing(told: Sequence[Telling], document_id: str, passage: str) -> str:
    """Return the key of the first sentence that shows a passage; "" where none does."""
    return next((item.key for item in told if item.shows(document_id, passage)), "")

"""What an answer tells, sentence by sentence, and whether words of a document are among it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from eval.answer import Answer, PassageSource, Source, Statement
from eval.scorers.reading.wording import content_words, words

TOLD = 0.6
"""Share of a passage's content words that have to be there for it to be told. Sentences that
retell share names, days and nouns; below it, two sentences on one subject look alike."""
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

    def finds(self, document_id: str, passage: str) -> bool:
        """Say whether it tells a passage and where from, to the point.

        The document is among its sources; the sentence itself takes up two content words (or
        all, of a short passage); and sentence and quote, neither much longer than the passage,
        hold 60 % of them together.
        """
        if document_id not in self.quotes or len(self.quotes) > MOST_DOCUMENTS:
            return False
        wanted = content_words(passage)
        most = max(POINTED_WORDS, POINTED_TIMES * len(words(passage)))
        own = wanted & content_words(self.text)
        if not wanted or len(own) < min(TAKEN_UP, len(wanted)) or len(words(self.text)) > most:
            return False
        for quote in self.quotes[document_id]:
            if len(words(quote)) <= most:
                own |= wanted & content_words(quote)
        return len(own) >= TOLD * len(wanted)

    def shows(self, document_id: str, passage: str) -> bool:
        """Say whether a reader meets a passage in it, in text or quote, with or without source."""
        wanted = content_words(passage)
        if not wanted:
            return False
        own = wanted & content_words(self.text)
        if len(own) >= TOLD_WITHOUT_SOURCE * len(wanted):
            return True
        if document_id not in self.quotes:
            return False
        for quote in self.quotes[document_id]:
            own |= wanted & content_words(quote)
        return len(own) >= TOLD * len(wanted)


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

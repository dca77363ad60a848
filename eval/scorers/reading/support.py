"""What a statement rests on: its figures, its quotes, its words, and which sources it needs.

Sentences that claim something (facts, quotes, metrics) are supported when

- every source exists, and every quote stands in its document word for word;
- every figure is a truth of the key, the value of the cell it points at, stands in the quote
  it points at, or comes out again from its inputs;
- what stands between quotation marks stands in a source;
- at least half of the other content words stand in the sources, where the sentence retells a
  document or has no figure. Half leaves room for subject and verb in one's own words; below
  it, more of the sentence comes from the writer than from the source.

A figure of a measure of the system's own, with nothing to work it out from, is taken on
trust: a rule can say nothing about it.
"""

from __future__ import annotations

from collections import Counter

from eval.answer import CellSource, PassageSource, Source, Statement, WorkedOutSource
from eval.measures import MEASURES
from eval.scorers.reading.books import Books
from eval.scorers.reading.figures import (
    SUPPORTED,
    TRUSTED,
    Found,
    figure_standing,
    short,
    shows_value,
    unsupported,
)
from eval.scorers.reading.wording import (
    content_words,
    plain,
    quoted_runs,
    stands_in,
    words,
)

CLAIMING = frozenset({"fact", "quote", "metric"})
WORDS_FROM_SOURCES = 0.5
LONGEST_QUOTE = 80
"""Words of a quote at most: a source points at words, not at a page."""
ADDS = 0.1
"""Share of a sentence's content words that a source has to add to be needed, one at least."""


def claims(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return the sentences that claim something, each sentence once: repeating one adds none."""
    first: dict[str, Statement] = {}
    for statement in statements:
        if statement.kind in CLAIMING:
            first.setdefault(plain(statement.text).casefold(), statement)
    return tuple(first.values())


def standing(books: Books, statement: Statement) -> Found:
    """Say whether all of a statement is supported by its sources; the first fault is told."""
    if not statement.sources:
        return unsupported("no source")
    for source in statement.sources:
        if fault := source_fault(books, source):
            return unsupported(fault)
    found = [figure_standing(books, statement, figure) for figure in statement.figures]
    for item in found:
        if item.standing == "unsupported":
            return item
    for run in quoted_runs(statement.text):
        if not any(stands_in(run, text) for text in _readable(books, statement)):
            return unsupported(f'"{short(run)}" stands in none of its sources')
    retells = any(isinstance(source, PassageSource) for source in statement.sources)
    if statement.kind == "quote" and not retells:
        return unsupported("a quote without a document")
    if retells or not statement.figures:
        told = _words_told(statement)
        taken = frozenset().union(*(_words_of(books, source) for source in statement.sources))
        if told and len(told & taken) < WORDS_FROM_SOURCES * len(told):
            return unsupported(
                f"only {len(told & taken)} of its {len(told)} words stand in its sources"
            )
        return SUPPORTED
    return TRUSTED if all(item is TRUSTED for item in found) else SUPPORTED


def source_fault(books: Books, source: Source) -> str:
    """Say what is wrong with a source: it does not exist, or its quote is not verbatim."""
    if isinstance(source, CellSource) and not books.values(source):
        return f"there is no cell {source.table}/{source.row}/{source.field}"
    if isinstance(source, PassageSource):
        if not books.texts(source.document_id):
            return f"there is no document {source.document_id}"
        if not books.verified(source):
            return f'"{short(source.quote or "")}" does not stand in {source.document_id}'
        if len(words(source.quote or "")) > LONGEST_QUOTE:
            return f"a quote of {len(words(source.quote or ''))} words points at nothing"
    return ""


def needed(books: Books, statement: Statement) -> list[bool]:
    """Say for each source whether the statement would be less supported without it.

    A source is needed when a figure stands on it, when it adds a tenth of the sentence's words
    that no other source has, or when it supports the words by itself (two sources that say the
    same are both good). Of the same source twice, one is enough; a false one is never needed.
    """
    told = _words_told(statement)
    sets = [told & _words_of(books, source) for source in statement.sources]
    times = Counter(word for found in sets for word in found)
    stood_on = _stood_on(books, statement)
    verdicts: list[bool] = []
    seen: set[Source] = set()
    for at, (source, found) in enumerate(zip(statement.sources, sets, strict=True)):
        adds = sum(times[word] == 1 for word in found)
        verdicts.append(
            not source_fault(books, source)
            and (
                at in stood_on
                or (
                    source not in seen
                    and bool(found)
                    and (
                        adds >= max(1, int(ADDS * len(told)))
                        or len(found) >= WORDS_FROM_SOURCES * len(told)
                    )
                )
            )
        )
        seen.add(source)
    return verdicts


def _stood_on(books: Books, statement: Statement) -> set[int]:
    """Return the sources that a figure stands on; what is written once stands on one source.

    Where that says only to be trusted, the sources that show the value support it as well.
    """
    left = Counter[str]()
    stood: set[int] = set()
    text = plain(statement.text)
    for figure in statement.figures:
        written = plain(figure.written)
        left[written] += 1
        if left[written] > text.count(written):
            continue
        found = figure_standing(books, statement, figure)
        if found.standing != "unsupported":
            stood.add(figure.source)
        if found.standing == "trusted":
            stood |= {
                at
                for at, source in enumerate(statement.sources)
                if shows_value(books, figure, source)
            }
    return stood


def _readable(books: Books, statement: Statement) -> list[str]:
    texts: list[str] = []
    for source in statement.sources:
        if isinstance(source, PassageSource):
            texts += books.texts(source.document_id)
            texts += [row.get("title") or "" for row in books.rows("documents", source.document_id)]
        elif isinstance(source, CellSource):
            texts += books.values(source)
    return texts + [figure.value for figure in statement.figures]


def _words_told(statement: Statement) -> frozenset[str]:
    text = plain(statement.text)
    for figure in statement.figures:
        text = text.replace(plain(figure.written), " ", 1)
    return content_words(text)


def _words_of(books: Books, source: Source) -> frozenset[str]:
    if isinstance(source, WorkedOutSource):
        definition = MEASURES[source.measure].definition if source.measure in MEASURES else ""
        return content_words(source.measure.replace("_", " ")) | content_words(definition)
    if isinstance(source, CellSource):
        parts = [source.field.replace("_", " "), *books.values(source)]
        parts += [row.get("name") or "" for row in books.rows(source.table, source.row)]
    else:
        parts = (
            [source.quote] if source.quote is not None else list(books.texts(source.document_id))
        )
        parts += [
            row.get(field) or ""
            for row in books.rows("documents", source.document_id)
            for field in ("title", "author", "publisher", "kind")
        ]
    return frozenset().union(*map(content_words, parts))

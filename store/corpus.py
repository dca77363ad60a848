"""The spans of a book's documents, in memory: cut, counted and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.book import Book
from domain.record import content_hash
from store.documents import INTELLIGENCE, Document, documents_in
from store.lexical import Bm25, terms
from store.spans import windows

LAYOUT = 1
"""Raised whenever spans or terms are cut differently, so that indexes are built again."""


@dataclass(frozen=True)
class Span:
    """Code points `start` to `end` of a document, by its place in `Corpus.documents`."""

    document: int
    start: int
    end: int
    key: str


class Corpus:
    """Documents about accounts, and market and competitive intelligence about segments.

    Computed from one book; the same documents give the same spans, order and hash.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.documents: list[Document] = [
            item
            for item in documents_in(book)
            if item.account_id is not None or (item.segment and item.kind in INTELLIGENCE)
        ]

    @cached_property
    def content_hash(self) -> str:
        """Hash over what the vectors are made of: texts, titles and whom they are about."""
        return content_hash(
            [
                LAYOUT,
                [
                    [item.document_id, item.about, item.title, item.text_hash]
                    for item in self.documents
                ],
            ]
        )

    @cached_property
    def spans(self) -> list[Span]:
        """Every span, by document and place."""
        return [
            Span(
                number,
                start,
                end,
                content_hash([item.about, item.document_id, item.text_hash, start, end])[:32],
            )
            for number, item in enumerate(self.documents)
            for start, end in windows(item.text)
        ]

    @cached_property
    def terms(self) -> list[list[str]]:
        """Terms of every span; the document's title speaks for each of its spans."""
        titles = [terms(item.title) for item in self.documents]
        return [
            titles[span.document] + terms(self.documents[span.document].text[span.start : span.end])
            for span in self.spans
        ]

    @cached_property
    def lexical(self) -> Bm25:
        """BM25 over every span."""
        return Bm25(self.terms)

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, span in enumerate(self.spans):
            rows.setdefault(self.documents[span.document].about, []).append(row)
        return rows

    def rows_about(self, about: Sequence[str]) -> list[int]:
        """Return the rows of `spans` whose document is about one of these entities."""
        return [row for entity in about for row in self._rows.get(entity, [])]

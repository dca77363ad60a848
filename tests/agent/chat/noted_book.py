"""The tiny book with notes that a test writes out, and a search over them by shared words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.verifier.words import content_words
from domain.book import Book, frame
from domain.evidence import Evidence
from eval.chat.ground import Ground, passage
from tests.agent.tiny_book import ANALYSES, BOOK, COVERAGE, VOCABULARY


def note(document_id: str, account: str | None, text: str, **more: object) -> dict[str, object]:
    """A row of documents, by Ines, of two weeks before the book's date."""
    return {
        "document_id": document_id, "account_id": account, "kind": "note", "title": "Visit",
        "author": "Ines Ortega", "author_class": "internal", "published": "2026-10-30",
        "text": text, **more,
    }  # fmt: skip


def noted(*notes: dict[str, object]) -> Ground:
    """The tiny book with these documents and no others; its figures stay what they are."""
    book = replace(BOOK, tables={**BOOK.tables, "documents": frame("documents", notes)})
    return Ground(book, COVERAGE, ANALYSES, VOCABULARY)


def spans_for(book: Book, query: str) -> Sequence[Evidence]:
    """Every document as one span, those that share most words with the query first."""
    wanted = content_words(query)
    spans = [passage(book, key) for key in book.rows("documents")]
    return sorted(spans, key=lambda span: -len(wanted & content_words(span.value)))

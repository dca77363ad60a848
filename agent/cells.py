"""Cells, CRM fields and sentences of notes as evidence: what plans and chat read alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd

from agent.sentences import sentences
from agent.verifier.quotes import FEWEST_CONTENT_WORDS
from agent.verifier.words import count_content_words
from domain.book import Book
from domain.errors import NotCitable
from domain.evidence import DocumentSource, Evidence, RecordSource, Unit
from domain.record import decimal_string, text_hash
from tools.analyses import Analyses


def cited(analyses: Analyses, entity: str, metric: str) -> tuple[Evidence, ...]:
    """Return the evidence of a cell with its ancestors; empty where there is no such cell."""
    try:
        return analyses.cite_all(entity, metric)
    except NotCitable:
        return ()


def records(
    book: Book,
    table: str,
    row_id: str,
    entity: str,
    fields: tuple[tuple[str, Unit], ...],
    scope: str | None,
) -> list[Evidence]:
    """Return the non-blank fields of one CRM row; `scope` is the rep whose row it is."""
    row = book.rows(table).get(row_id)
    if row is None:
        return []
    found = []
    for field, unit in fields:
        value = row[field]
        if pd.isna(value):
            continue
        found.append(
            Evidence(
                entity=entity,
                metric=field,
                value=_canonical(value, unit),
                unit=unit,
                source=RecordSource(table=table, row=row_id, field=field),
                scope=scope or "",
            )
        )
    return found


def _canonical(value: Any, unit: Unit) -> str:
    if unit == "date":
        return str(value.date().isoformat())
    if unit == "money":
        return decimal_string(float(value), 2)
    if unit == "count":
        return decimal_string(int(value))
    return str(value)


def sentences_of(book: Book, passages: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield the sentences of one document that its passages touch, in reading order."""
    first = passages[0]
    assert isinstance(first.source, DocumentSource)
    text = book.texts[first.source.document_hash]
    wanted = [(p.source.start, p.source.end) for p in passages if p.source.kind == "document"]
    # These are shown beside every quotation, and no check reads them.
    shown = {
        field: "".join(letter for letter in told if letter.isprintable())
        for field in ("title", "author", "publisher")
        if (told := getattr(first.source, field)) is not None
    }
    for start, end in whole_sentences(text):
        if any(start < stop and end > begin for begin, stop in wanted):
            yield first.model_copy(
                update={
                    "value": text[start:end],
                    "metric": "sentence",
                    "source": first.source.model_copy(update={**shown, "start": start, "end": end}),
                }
            )


def whole_document(book: Book, document_id: str) -> Evidence:
    """Return a whole document of an account as one span."""
    row = book.rows("documents")[document_id]
    account_id, text = str(row["account_id"]), str(row["text"])
    published = _day(row["published"])
    return Evidence(
        entity=f"account:{account_id}/document:{document_id}",
        metric="span",
        value=text,
        unit="text",
        period=published.isoformat() if published else "",
        source=DocumentSource(
            document_hash=text_hash(text),
            start=0,
            end=len(text),
            document_id=document_id,
            document_kind=str(row["kind"]),
            title=str(row["title"]),
            author=_words(row["author"]),
            author_class=row["author_class"],
            publisher=_words(row["publisher"]),
            uri=_words(row["uri"]),
            published=published,
            retrieved=_day(row["retrieved"]),
        ),
        scope=book.owners[account_id] or "",
    )


def whole_sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of the sentences of a document, as they are cited."""
    return _whole(text, sentences(text))


def _whole(text: str, found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a sentence too short to be found again to the one before it.

    Lines that end without a mark, such as a signature, are no sentences and stay apart.
    """
    joined: list[tuple[int, int]] = []
    for start, end in found:
        short = count_content_words(text[start:end]) < FEWEST_CONTENT_WORDS
        closed = text[start:end].rstrip("\"'”’)").endswith((".", "!", "?"))
        if short and closed and joined and "\n" not in text[joined[-1][1] : start]:
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: object) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[call-overload, arg-type]

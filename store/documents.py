"""Documents of a book: notes, call summaries, e-mails and intelligence, within a scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from domain.book import Book
from domain.errors import NotFound
from domain.principal import Principal
from domain.record import Record, text_hash

INTELLIGENCE = ("market", "competitive")


class Document(Record):
    """One document. About an account or, where `account_id` is None, about a segment.

    `owner_id` is the rep whose account it is about; None for a document about a segment,
    which everyone may read, and for one about an unowned account.
    """

    document_id: str
    account_id: str | None
    segment: str | None
    owner_id: str | None
    kind: str
    title: str
    author: str | None
    author_class: str
    publisher: str | None
    uri: str | None
    published: date | None
    retrieved: date | None
    text: str
    text_hash: str

    @property
    def about(self) -> str:
        """Entity it is about: `account:ID` or `segment:NAME`."""
        if self.account_id is not None:
            return f"account:{self.account_id}"
        return f"segment:{self.segment or ''}"

    def visible_to(self, principal: Principal) -> bool:
        """Say whether the person may read it."""
        return self.account_id is None or principal.scope.covers(self.owner_id)


def documents_in(book: Book) -> Iterator[Document]:
    """Yield every document of a book in order of id, whoever may read it."""
    owners = book.owners
    for row in book["documents"].to_dict("records"):
        account_id = _words(row["account_id"])
        text = str(row["text"])
        yield Document(
            document_id=str(row["document_id"]),
            account_id=account_id,
            segment=_words(row["segment"]),
            owner_id=None if account_id is None else owners.get(account_id),
            kind=str(row["kind"]),
            title=str(row["title"]),
            author=_words(row["author"]),
            author_class=str(row["author_class"]),
            publisher=_words(row["publisher"]),
            uri=_words(row["uri"]),
            published=_day(row["published"]),
            retrieved=_day(row["retrieved"]),
            text=text,
            text_hash=text_hash(text),
        )


class Documents:
    """The documents of a book as one person may read them."""

    def of_account(self, principal: Principal, book: Book, account_id: str) -> list[Document]:
        """Return an account's documents and its segment's intelligence, newest first.

        NotFound when the account is missing or outside the scope.
        """
        segment = segment_of(principal, book, account_id)
        found = [
            item
            for item in documents_in(book)
            if item.account_id == account_id or is_intelligence_on(item, segment)
        ]
        return sorted(
            found,
            key=lambda item: (-(item.published or date.min).toordinal(), item.document_id),
        )

    def get(self, principal: Principal, book: Book, document_id: str) -> Document:
        """Return one document; NotFound when it is missing or outside the scope."""
        for item in documents_in(book):
            if item.document_id == document_id and item.visible_to(principal):
                return item
        raise NotFound(f"There is no document {document_id!r} in the book.")


def segment_of(principal: Principal, book: Book, account_id: str) -> str | None:
    """Return an account's segment (None: blank); NotFound outside the scope."""
    row = book.account(account_id)
    if not principal.scope.covers(book.owners[account_id]):
        raise NotFound(
            f"There is no account {account_id!r} in the book.",
            hint="List accounts with `cadastre accounts rank`.",
        )
    return _words(row["segment"])


def is_intelligence_on(item: Document, segment: str | None) -> bool:
    """Say whether a document is market or competitive intelligence about that segment."""
    return (
        item.account_id is None
        and segment is not None
        and item.segment == segment
        and item.kind in INTELLIGENCE
    )


def _words(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()

"""The notes index: spans of a book's documents, found by words and by likeness.

BM25 and vectors behind one door. An account's own documents and its segment's
intelligence are picked first, then ranked; nothing else is ever looked at.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from domain.book import Book
from domain.errors import NotFound
from domain.evidence import DocumentSource, Evidence
from domain.principal import Principal
from domain.record import Record
from store.books import Books
from store.corpus import Corpus, Span
from store.database import Database
from store.documents import Document, segment_of
from store.home import Home
from store.lexical import terms
from store.vectors import VectorShelf

LEXICAL_WEIGHT = 0.7
DENSE_WEIGHT = 0.3
LARGEST_OVERLAP = 0.3
LONGEST_QUERY = 64
MOST_CANDIDATES = 200
"""Spans that a search over all accounts ranks by likeness as well."""
UNOWNED = "(unowned)"
"""Scope of evidence about an account that no rep owns: only who sees everything reads it."""

_CLOSENESS = {"customer": 0, "internal": 1, "external": 2}


class NotesState(Record):
    """What an index holds. `rebuilt` is False when it already stood at this content."""

    content_hash: str
    encoder: str
    dimensions: int
    documents: int
    spans: int
    rebuilt: bool


class NotesIndex:
    """One index per workspace, over the documents of one book at a time.

    Everything in it comes from the book and can be rebuilt at will; what a book no longer
    holds is gone.
    """

    def __init__(self, database: Database, home: Home, books: Books) -> None:
        self._books = books
        self._shelf = VectorShelf(database, home)
        self._corpora: dict[str, Corpus] = {}
        self._lock = threading.RLock()

    def rebuild(self, principal: Principal, book: Book, *, force: bool = False) -> NotesState:
        """Index a book's documents for the workspace, unless the index already matches.

        `force` builds again in any case; the result is the same.
        """
        with self._lock:
            corpus = self._corpora.get(principal.workspace)
            if corpus is None or corpus.book.book_id != book.book_id:
                corpus = Corpus(book)
            rebuilt = self._shelf.fill(principal.workspace, corpus, force=force)
            self._corpora[principal.workspace] = corpus
            encoder = self._shelf.encoder(principal.workspace, corpus)
        return NotesState(
            content_hash=corpus.content_hash,
            encoder=encoder.name,
            dimensions=encoder.dimensions,
            documents=len(corpus.documents),
            spans=len(corpus.spans),
            rebuilt=rebuilt,
        )

    def search(
        self,
        principal: Principal,
        account_id: str,
        query: str,
        k: int = 8,
        *,
        book: Book | None = None,
    ) -> list[Evidence]:
        """Return the `k` best spans about an account, best first.

        Parameters
        ----------
        query
            Words; more than 64 terms are not looked at.
        book
            The book to search; the workspace's current one when left out.

        Returns
        -------
        list[Evidence]
            Document spans: metric `span`, unit `text`, value the words, period the date of
            publication, scope the account's owner (empty for intelligence on a segment).
            Empty when nothing shares a word or a likeness with the query. Newer documents,
            then those closer to the customer, then lower ids come first among equals.

        Raises
        ------
        NotFound
            When the account is missing or outside the scope.
        """
        corpus = self._corpus(principal, book)
        segment = segment_of(principal, corpus.book, account_id)
        about = [f"account:{account_id}"]
        if segment is not None:
            about.append(f"segment:{segment}")
        rows = corpus.rows_about(about)
        wanted = terms(query)[:LONGEST_QUERY]
        if not rows or not wanted or k < 1:
            return []
        lexical = corpus.lexical.scores(wanted)[rows]
        return self._best(principal, corpus, about, rows, wanted, lexical, k)

    def search_all(
        self, principal: Principal, query: str, k: int = 8, *, book: Book | None = None
    ) -> list[Evidence]:
        """Return the `k` best spans over all accounts in scope, best first.

        Searched are the documents of accounts in scope and the intelligence on their
        segments. Only what shares a word with the query is a candidate; of more than
        `MOST_CANDIDATES` those that share most are ranked further, by likeness as well, as
        `search` ranks. Arguments and evidence are those of `search`.
        """
        corpus = self._corpus(principal, book)
        everywhere = _about_in_scope(principal, corpus.book)
        wanted = terms(query)[:LONGEST_QUERY]
        scope = corpus.rows_about(everywhere)
        if not scope or not wanted or k < 1:
            return []
        scores = corpus.lexical.scores(wanted)
        sharing = sorted((row for row in scope if scores[row] > 0), key=lambda r: (-scores[r], r))
        chosen = {
            corpus.documents[corpus.spans[row].document].about for row in sharing[:MOST_CANDIDATES]
        }
        about = [entity for entity in everywhere if entity in chosen]
        if not about:
            return []
        rows = corpus.rows_about(about)
        lexical = scores[rows]
        found = self._best(principal, corpus, about, rows, wanted, lexical, k, sharing_only=True)
        return [_checked(principal, item, everywhere) for item in found]

    def _best(
        self,
        principal: Principal,
        corpus: Corpus,
        about: Sequence[str],
        rows: Sequence[int],
        wanted: Sequence[str],
        lexical: npt.NDArray[np.float64],
        k: int,
        *,
        sharing_only: bool = False,
    ) -> list[Evidence]:
        """Rank the rows about some entities; `lexical` has one score for each of `rows`."""
        sharing = lexical > 0
        if lexical.max() > 0:
            lexical = lexical / lexical.max()
        vectors = self._shelf.rows_about(principal.workspace, corpus, about)
        encoder = self._shelf.encoder(principal.workspace, corpus)
        dense = np.clip(vectors @ encoder.encode([list(wanted)])[0].astype(np.float64), 0.0, 1.0)
        # Rounded, so that the last bits of floating-point sums never decide an order.
        scores = np.round(LEXICAL_WEIGHT * lexical + DENSE_WEIGHT * dense, 6)
        ranked = sorted(
            (
                (-float(score), _tie(corpus.documents[corpus.spans[row].document]), row)
                for score, row, shares in zip(scores, rows, sharing, strict=True)
                if score > 0 and (shares or not sharing_only)
            ),
        )
        spans = _apart([corpus.spans[row] for _, _, row in ranked], corpus, k)
        found = [_evidence(corpus.documents[span.document], span) for span in spans]
        return [_checked(principal, item, about) for item in found]

    def retriever(
        self, principal: Principal, book: Book
    ) -> Callable[[str, str, int], Sequence[Evidence]]:
        """Return a function of account id, query and k, bound to a person and a book."""

        def retrieve(account_id: str, query: str, k: int) -> Sequence[Evidence]:
            return self.search(principal, account_id, query, k, book=book)

        return retrieve

    def close(self) -> None:
        """Let go of the vectors' files."""
        self._shelf.close()

    def _corpus(self, principal: Principal, book: Book | None) -> Corpus:
        book_id = self._books.current_id(principal) if book is None else book.book_id
        with self._lock:
            known = self._corpora.get(principal.workspace)
            if known is not None and known.book.book_id == book_id:
                return known
            self.rebuild(principal, book or self._books.get(principal, book_id))
            return self._corpora[principal.workspace]


def _about_in_scope(principal: Principal, book: Book) -> list[str]:
    """Entities whose documents a person may search: accounts in scope and their segments."""
    owners = book.owners
    mine = [account for account in owners if principal.scope.covers(owners[account])]
    rows = book.rows("accounts")
    segments = dict.fromkeys(rows[account]["segment"] for account in mine)
    return [
        *(f"account:{account}" for account in mine),
        *(f"segment:{segment}" for segment in segments if isinstance(segment, str) and segment),
    ]


def _tie(document: Document) -> tuple[int, int, str]:
    published = document.published or date.min
    return -published.toordinal(), _CLOSENESS.get(document.author_class, 3), document.document_id


def _apart(ranked: list[Span], corpus: Corpus, k: int) -> list[Span]:
    """Keep the first of spans that overlap by three tenths, or say the same words."""
    kept: list[Span] = []
    said: set[str] = set()
    for span in ranked:
        document = corpus.documents[span.document]
        words = " ".join(document.text[span.start : span.end].casefold().split())
        if words in said or any(_overlap(span, other) >= LARGEST_OVERLAP for other in kept):
            continue
        kept.append(span)
        said.add(words)
        if len(kept) == k:
            break
    return kept


def _overlap(one: Span, other: Span) -> float:
    if one.document != other.document:
        return 0.0
    shared = min(one.end, other.end) - max(one.start, other.start)
    return max(0, shared) / min(one.end - one.start, other.end - other.start)


def _evidence(document: Document, span: Span) -> Evidence:
    return Evidence(
        entity=f"{document.about}/document:{document.document_id}",
        metric="span",
        value=document.text[span.start : span.end],
        unit="text",
        period=document.published.isoformat() if document.published else "",
        source=DocumentSource(
            document_hash=document.text_hash,
            start=span.start,
            end=span.end,
            document_id=document.document_id,
            document_kind=document.kind,
            title=document.title,
            author=document.author,
            author_class=document.author_class,
            publisher=document.publisher,
            uri=document.uri,
            published=document.published,
            retrieved=document.retrieved,
        ),
        scope="" if document.account_id is None else (document.owner_id or UNOWNED),
    )


def _checked(principal: Principal, item: Evidence, about: Sequence[str]) -> Evidence:
    in_scope = not item.scope or principal.scope.covers(item.scope)
    if not in_scope or not any(item.is_about(subject) for subject in about):
        raise NotFound("The notes index offered a span outside the account asked for.")
    return item

"""Searching the notes: how fast, and what the dense half adds to BM25.

The queries are the reasons given for each planted insight, in other words than the notes
use; each has one gold passage. They were written together with the notes they ask for, so
this is no held-out set: it can show a fault, and proves no quality.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

import store.notes
from agent.gather import QUESTIONS
from api.books import example_folder
from bench.example import deserving, example, folder
from bench.notes import with_notes
from bench.report import Report, arguments, publish, seconds
from bench.timing import Times, timed
from domain.book import Book
from domain.evidence import DocumentSource
from domain.principal import Principal
from store.notes import NotesIndex

FIRST = 8
NOTED, NOTES, SENTENCES = 100, 50, 5
"""100 accounts with 50 notes of 5 sentences make 20,000 spans of two sentences."""


@dataclass(frozen=True)
class Query:
    """What is asked about an account, and the words that a good answer holds."""

    account_id: str
    text: str
    document_id: str
    words: str


def planted_queries() -> list[Query]:
    """Return a query for every planted insight that stands in a document."""
    file = example_folder() / "planted.toml"
    planted = tomllib.loads(file.read_text(encoding="utf-8"))
    return [
        Query(item["account_id"], item["why"], item["document_id"], item["must_contain"])
        for item in planted["insight"]
        if "document_id" in item
    ]


def place(notes: NotesIndex, principal: Principal, query: Query, k: int) -> int | None:
    """Return the place (from 1) of the first span that holds the gold words, or None."""
    found = notes.search(principal, query.account_id, query.text, k)
    for number, span in enumerate(found, start=1):
        source = span.source
        assert isinstance(source, DocumentSource)
        if source.document_id == query.document_id and _share(query.words, span.value) >= 0.5:
            return number
    return None


def quality(report: Report, notes: NotesIndex, principal: Principal) -> None:
    """Ask every query of both halves together and of each alone."""
    queries = planted_queries()
    weights = (store.notes.LEXICAL_WEIGHT, store.notes.DENSE_WEIGHT)
    table = report.table(
        f"{len(queries)} planted insights, asked for by their reasons (not held out)",
        ("ranking", "first", f"in the first {FIRST}", "mean reciprocal rank"),
    )
    try:
        for name, lexical, dense in (
            ("hybrid, as shipped", *weights),
            ("BM25 alone", 1.0, 0.0),
            ("vectors alone", 0.0, 1.0),
        ):
            store.notes.LEXICAL_WEIGHT, store.notes.DENSE_WEIGHT = lexical, dense
            places = [place(notes, principal, query, 4 * FIRST) for query in queries]
            hits = [number for number in places if number is not None]
            table.rows.append(
                (
                    name,
                    f"{sum(number == 1 for number in hits) / len(places):.2f}",
                    f"{sum(number <= FIRST for number in hits) / len(places):.2f}",
                    f"{sum(1 / number for number in hits) / len(places):.3f}",
                )
            )
    finally:
        store.notes.LEXICAL_WEIGHT, store.notes.DENSE_WEIGHT = weights


def speed(
    notes: NotesIndex, principal: Principal, accounts: Sequence[str], book: Book | None
) -> tuple[Times, Times]:
    """Ask every account the questions of a plan run; return first searches and later ones."""
    first: list[float] = []
    later: list[float] = []
    for account_id in accounts:
        for number, question in enumerate(QUESTIONS):
            began = time.perf_counter()
            notes.search(principal, account_id, question, FIRST, book=book)
            (later if number else first).append(time.perf_counter() - began)
    return Times(tuple(first)), Times(tuple(later))


def _share(wanted: str, said: str) -> float:
    """Share of the wanted words, in order and together or not, that were said."""
    words = wanted.casefold().split()
    return sum(word in said.casefold() for word in words) / len(words)


def main() -> int:
    """Measure and print."""
    given = arguments(__doc__, runs=60)
    report = Report("retrieval")
    with folder() as made, example(made / "home") as workspace:
        principal = workspace.principal()
        notes = workspace.store.notes
        reading = workspace.reading(principal)
        state = notes.rebuild(principal, reading.book)
        quality(report, notes, principal)
        table = report.table(
            "One search", ("index", "which", "P50", "P95", "max", "searches", "goal for P95")
        )

        def tell(spans: int, accounts: Sequence[str], book: Book | None) -> None:
            for which, times in zip(
                ("first about an account", "later ones"),
                speed(notes, principal, accounts, book),
                strict=True,
            ):
                spread = (times.percentile(0.5), times.percentile(0.95), max(times.seconds))
                cells = (*map(seconds, spread), str(len(times.seconds)), "30 ms")
                table.rows.append((f"{spans:,} spans", which, *cells))

        tell(state.spans, deserving(reading, given.runs), None)
        noted = deserving(reading, NOTED)
        book = with_notes(reading.book, noted, NOTES, sentences=SENTENCES)
        workspace.store.books.add(principal, book)
        built = timed(lambda: notes.rebuild(principal, book))
        state = notes.rebuild(principal, book)
        tell(state.spans, noted[: given.runs], book)
        report.note(
            f"Indexing {state.documents:,} documents with {state.spans:,} spans took "
            f"{seconds(built)}, once per import."
        )
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())

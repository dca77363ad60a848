"""Many notes: a book with seeded call notes about accounts of the example."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from domain.book import Book, frame
from domain.record import content_hash

_WHO = ("The owner", "The purchasing manager", "The store manager", "The workshop lead", "Finance")
_DID = (
    "asked for", "has budget for", "wants to try", "was unhappy with", "compared prices of",
    "put off", "will decide in spring on", "returned some of", "praised", "needs more of",
)  # fmt: skip
_WHAT = (
    "road frames", "mountain bikes", "helmets", "touring wheels", "the new jerseys", "cranks",
    "hydration packs", "the season order", "bib shorts", "tyres and tubes", "a demo day",
    "the warranty terms",
)  # fmt: skip
_AND = (
    "because a second store opens next year", "but a competing quote is cheaper",
    "if the payment terms stay as they are", "after last year's late delivery",
    "and will call back before the end of the month", "so a visit in January would help",
    "although staff turnover was high", "and would sign for a larger order",
)  # fmt: skip


def note(rng: random.Random, sentences: int) -> str:
    """Return a made-up note of so many sentences."""
    said = (
        f"{rng.choice(_WHO)} {rng.choice(_DID)} {rng.choice(_WHAT)} {rng.choice(_AND)}."
        for _ in range(sentences)
    )
    return " ".join(said)


def with_notes(book: Book, accounts: Sequence[str], each: int, *, sentences: int = 5) -> Book:
    """Return the book with `each` more notes about every one of `accounts`.

    The notes are of the two years before the book's date, and the same on every run.
    """
    rng = random.Random(len(accounts) * 1000 + each)
    rows = [
        {
            "document_id": f"N-{account}-{number}",
            "account_id": account,
            "kind": "note",
            "title": f"Call of week {number}",
            "author": "Bench",
            "author_class": "internal",
            "published": book.as_of - timedelta(days=1 + number * 730 // each),
            "text": note(rng, sentences),
        }
        for account in accounts
        for number in range(each)
    ]
    documents = pd.concat([book["documents"], frame("documents", rows)])
    documents = documents.sort_values("document_id", ignore_index=True)
    return replace(
        book,
        book_id=content_hash([book.book_id, list(accounts), each, sentences]),
        tables={**book.tables, "documents": documents},
    )

"""One side of a comparison: a book under the rules it was read with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.book import Book
from domain.coverage import CoverageModel
from domain.errors import InvalidInput, NoLaterBook
from tools.analyses import Analyses


@dataclass(frozen=True)
class Side:
    """A book, its coverage model and what was worked out from both."""

    book: Book
    coverage: CoverageModel
    analyses: Analyses

    @property
    def as_of(self) -> date:
        """Date of the book."""
        return self.book.as_of


def demand_later(before: Side, after: Side) -> None:
    """Refuse to compare a book with itself or with an earlier one.

    Raises
    ------
    NoLaterBook
        Both are the same book, or of one day.
    InvalidInput
        They are in the wrong order.
    """
    if after.as_of < before.as_of:
        raise InvalidInput(
            f"The books are in the wrong order: {after.as_of.isoformat()} lies before "
            f"{before.as_of.isoformat()}.",
            hint="Compare an earlier book with a later one.",
        )
    if after.book.book_id == before.book.book_id or after.as_of == before.as_of:
        raise NoLaterBook(
            f"Nothing later than the book of {before.as_of.isoformat()} is known.",
            hint="Import a newer export with `cadastre import FOLDER`, then review.",
        )

"""All three methods held against the book's own past."""

from __future__ import annotations

from domain.book import Book
from domain.coverage import CoverageModel
from domain.method import MethodHistory
from tools.method.potential import tested_potential
from tools.method.score import tested_score
from tools.method.whitespace import tested_whitespace
from tools.potential import Potential
from tools.whitespace import Whitespace


def method_history(
    book: Book, coverage: CoverageModel, potential: Potential, whitespace: Whitespace
) -> MethodHistory:
    """Hold the methods in use against what happened after the days they would have judged.

    Parameters
    ----------
    book, coverage
        Outcomes are collected by `coverage.history`; the card in use is that of the
        coverage model with its target segments.
    potential, whitespace
        Of the same book and rules.

    Returns
    -------
    MethodHistory
        Sections without history say so. Nothing is changed by it: a card that history
        proposes takes effect when a person adopts it.

    Notes
    -----
    The score by `tools.scorecard.history.weigh_history`, potential and whitespace by
    their own backtests; `docs/methodology.md` works each.
    """
    return MethodHistory(
        book_id=book.book_id,
        coverage_hash=coverage.hash,
        as_of=book.as_of,
        currency=book.currency,
        score=tested_score(book, coverage),
        potential=tested_potential(potential),
        whitespace=tested_whitespace(whitespace),
    )

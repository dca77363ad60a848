"""Where accounts stood before the current book: the earlier books, folded oldest first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.coverage import CoverageModel, parse_coverage
from domain.errors import PlannerError
from domain.principal import Principal

if TYPE_CHECKING:
    from store.books import BookEntry
    from store.store import Store
    from tools.standing import Standing

LOOKED_BACK = 6
"""Books that are read again to tell where accounts stood. What a tier was held by longer ago
than that is forgotten; each book takes a fraction of a second."""


Known = Callable[[str, CoverageModel], "Standing | None"]
"""(book id, rules) to where accounts stand there, if this process has worked it out."""


def earlier_standing(
    store: Store,
    principal: Principal,
    book_id: str,
    rules: CoverageModel,
    known: Known = lambda *_: None,
) -> Standing | None:
    """Return where accounts stood in the last book before `book_id`; None when it is the first.

    The last book is the one of the latest earlier date; of several with one date the one
    imported last counts, because it corrected the others. Each book is read under the rules
    that were in force when the next one came, `rules` where none are known, and is held
    against the book before it. A stored book that cannot be read any more starts anew.
    What is `known` of the last book is taken as it is, where both look back on the same books.
    """
    from tools.analyses import stand

    books = _before(store.books.list(principal), book_id)
    with suppress(PlannerError):
        if 1 < len(books) <= LOOKED_BACK:
            kept = store.coverage.in_force(principal, books[-1].added_at)
            last = known(books[-2].book_id, rules if kept is None else parse_coverage(kept))
            if last is not None:
                return last
    standing: Standing | None = None
    for book, following in pairwise(books):
        try:
            kept = store.coverage.in_force(principal, following.added_at)
            then = rules if kept is None else parse_coverage(kept)
            standing = stand(store.books.get(principal, book.book_id), then, standing)
        except PlannerError:
            standing = None
    return standing


def _before(entries: list[BookEntry], book_id: str) -> list[BookEntry]:
    """Return the books to fold, oldest first, and the book itself as the last."""
    itself = next(entry for entry in entries if entry.book_id == book_id)
    by_date: dict[object, BookEntry] = {}
    for entry in sorted(entries, key=lambda one: (one.as_of, one.added_at, one.book_id)):
        if entry.as_of < itself.as_of:
            by_date[entry.as_of] = entry
    return [*list(by_date.values())[-LOOKED_BACK:], itself]

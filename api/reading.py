"""The current book read under the current coverage model, computed once and kept at hand."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from domain.book import Book
from domain.coverage import CoverageModel, parse_coverage
from domain.method import MethodHistory
from domain.principal import Principal
from domain.vocabulary import Vocabulary

if TYPE_CHECKING:
    from api.accounts import RankedAccount, ScorePart
    from store.store import Store
    from tools.analyses import Analyses

_KEPT = 3
# Reading the TOML takes ten milliseconds, and every request asks for it.
_parsed = lru_cache(maxsize=16)(parse_coverage)


@dataclass(frozen=True)
class Reading:
    """A book under a coverage model; the analyses are computed on first use.

    A reading is whole: an account's peers decide its potential. What a person sees of it
    is cut by their scope.
    """

    book: Book
    coverage: CoverageModel

    @cached_property
    def analyses(self) -> Analyses:
        """Every analysis of the book."""
        from tools.analyses import analyse

        found = analyse(self.book, self.coverage)
        # A book and its analyses live as long as the process: left among the young
        # objects, they make every collection during a draft take a quarter of a second.
        gc.collect()
        gc.freeze()
        return found

    @cached_property
    def method(self) -> MethodHistory:
        """How score, potential and whitespace did on this book's past."""
        from tools.method import method_history

        return method_history(self.book, self.coverage, self.analyses)

    @cached_property
    def ranked(self) -> tuple[RankedAccount, ...]:
        """Every account in order of rank."""
        from api.accounts import ranked_accounts

        return ranked_accounts(self)

    @cached_property
    def parts(self) -> dict[str, tuple[ScorePart, ...]]:
        """The parts of every account's score."""
        from api.accounts import score_parts

        return score_parts(self)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names and words that the verifier knows."""
        from agent.vocabulary import build_vocabulary

        return build_vocabulary(self.book, self.coverage)


class Readings:
    """The readings of this process, by book and rules. Safe to call from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, str, str], Reading] = OrderedDict()
        self._lock = threading.RLock()

    def current(self, principal: Principal) -> Reading:
        """Return the current book under the current rules; NotFound while there is none."""
        book_id = self._store.books.current_id(principal)
        return self._of(principal, book_id, self.rules(principal))

    def of(self, principal: Principal, book_id: str, coverage_hash: str) -> Reading:
        """Return an earlier book under earlier rules, for what was begun on them."""
        return self._of(principal, book_id, self.rules(principal, coverage_hash))

    def rules(self, principal: Principal, coverage_hash: str | None = None) -> CoverageModel:
        """Return the coverage model of that hash, the current one without; NotFound else."""
        kept = self._store.coverage
        if coverage_hash is None:
            return _parsed(kept.current_text(principal))
        return _parsed(kept.text(principal, coverage_hash))

    def _of(self, principal: Principal, book_id: str, coverage: CoverageModel) -> Reading:
        key = (principal.workspace, book_id, coverage.hash)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = Reading(self._store.books.get(principal, book_id), coverage)
                self._kept[key] = found
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return found

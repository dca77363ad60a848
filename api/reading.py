"""The current book read under the current coverage model, computed once and kept at hand.

What approved plans found out is part of a reading: which findings are applied belongs to
its key, and the set is kept under its hash, so that what was begun under it can go on.
"""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from api.earlier import earlier_standing
from domain.book import Book
from domain.coverage import CoverageModel, parse_coverage
from domain.findings import ApprovedFinding, findings_hash
from domain.method import MethodHistory
from domain.principal import Principal
from domain.question import Question
from domain.vocabulary import Vocabulary

if TYPE_CHECKING:
    from api.accounts import RankedAccount, ScorePart
    from store.store import Store
    from tools.analyses import Analyses
    from tools.finding_states import JudgedFinding
    from tools.standing import Standing
    from tools.territory.inputs import Inputs

_KEPT = 4
_JUDGED = 64
# Reading the TOML takes ten milliseconds, and every request asks for it.
_parsed = lru_cache(maxsize=16)(parse_coverage)


@dataclass(frozen=True)
class Reading:
    """A book under a coverage model; the analyses are computed on first use.

    A reading is whole: an account's peers decide its potential. What a person sees of it
    is cut by their scope. `findings` are those of approved plans that it applies,
    `findings_hash` names them and is empty without any. `look_back` finds where accounts
    stood in the last book.
    """

    book: Book
    coverage: CoverageModel
    findings: tuple[ApprovedFinding, ...] = ()
    findings_hash: str = ""
    look_back: Callable[[], Standing | None] | None = field(default=None, compare=False)
    _questions: dict[str, tuple[Question, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _teams: dict[str, Inputs] = field(init=False, repr=False, compare=False, default_factory=dict)

    @property
    def ground(self) -> tuple[str, str, str]:
        """What decides everything it says: book, rules and findings, each by its hash."""
        return self.book.book_id, self.coverage.hash, self.findings_hash

    @cached_property
    def earlier(self) -> Standing | None:
        """Where accounts stood in the last book; None where there is none."""
        return self.look_back() if self.look_back is not None else None

    @cached_property
    def analyses(self) -> Analyses:
        """Every analysis of the book."""
        from tools.analyses import analyse

        found = analyse(self.book, self.coverage, self.findings, self.earlier)
        # A book and its analyses live as long as the process: left among the young
        # objects, they make every collection during a draft take a quarter of a second.
        gc.collect()
        gc.freeze()
        return found

    @cached_property
    def method(self) -> MethodHistory:
        """How score, potential and whitespace did on this book's past."""
        from store.blas import one_thread

        # Many small systems of equations: on a busy machine of two cores, threads that wait
        # for each other made a test of four seconds take five minutes.
        with one_thread():
            return self.analyses.method

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

    def questions(self, account_id: str) -> tuple[Question, ...]:
        """What an account's notes make to ask, worked out when it is first asked for."""
        if account_id not in self._questions:
            from agent.questions import questions_about

            self._questions[account_id] = questions_about(
                self.book, self.coverage, self.vocabulary, account_id
            )
        return self._questions[account_id]

    def team(self, name: str) -> Inputs:
        """Who and what a territory design of a team starts from; of every rep for no name.

        InvalidInput when the book has no such team.
        """
        if name not in self._teams:
            from tools.territory.inputs import read_inputs

            self._teams[name] = read_inputs(
                self.book, self.analyses, self.coverage, team=name or None
            )
        return self._teams[name]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names and words that the verifier knows."""
        from agent.vocabulary import build_vocabulary

        return build_vocabulary(self.book, self.coverage)


class _Judged(NamedTuple):
    """What was made of the approved findings, and what it was made from."""

    approved: tuple[ApprovedFinding, ...]
    names: tuple[str, ...]
    judged: tuple[JudgedFinding, ...]
    applied: tuple[ApprovedFinding, ...]
    digest: str


class Readings:
    """The readings of this process, by ground. Safe to call from several threads.

    `name_of` gives the name of a person by id: a finding is told with who approved it.
    """

    def __init__(self, store: Store, name_of: Callable[[str], str]) -> None:
        self._store = store
        self._name_of = name_of
        self._kept: OrderedDict[tuple[str, str, str, str], Reading] = OrderedDict()
        self._judged: OrderedDict[tuple[str, str, str, str], _Judged] = OrderedDict()
        self._lock = threading.RLock()

    def current(self, principal: Principal) -> Reading:
        """Return the current book under the current rules and the findings in force.

        NotFound while there is no book.
        """
        return self._current(principal, except_plan="")

    def for_plan(self, principal: Principal, plan_id: str) -> Reading:
        """Return the current reading without what that plan itself found out.

        A plan is drafted and checked on this: its approval brings its own findings into
        force, and must not by that make its own words out of date.
        """
        return self._current(principal, except_plan=plan_id)

    def of(
        self, principal: Principal, book_id: str, coverage_hash: str, findings: str = ""
    ) -> Reading:
        """Return an earlier book under earlier rules and findings, for what was begun on them."""
        rules = self.rules(principal, coverage_hash)
        return self._of(principal, book_id, rules, findings, None)

    def forget(self) -> None:
        """Read everything anew: a book was added, and later books are held against it."""
        with self._lock:
            self._kept.clear()

    def rules(self, principal: Principal, coverage_hash: str | None = None) -> CoverageModel:
        """Return the coverage model of that hash, the current one without; NotFound else."""
        kept = self._store.coverage
        if coverage_hash is None:
            return _parsed(kept.current_text(principal))
        return _parsed(kept.text(principal, coverage_hash))

    def ground(self, principal: Principal, plan_id: str = "") -> tuple[str, str, str]:
        """Return book, rules and findings that are current for a plan, without reading them."""
        book_id = self._store.books.current_id(principal)
        coverage = self.rules(principal)
        return book_id, coverage.hash, self._judge(principal, book_id, coverage, plan_id).digest

    def judged(self, principal: Principal) -> tuple[JudgedFinding, ...]:
        """Return the findings of all approved plans, each with whether it is applied."""
        book_id = self._store.books.current_id(principal)
        return self._judge(principal, book_id, self.rules(principal), "").judged

    def _current(self, principal: Principal, *, except_plan: str) -> Reading:
        book_id = self._store.books.current_id(principal)
        coverage = self.rules(principal)
        judged = self._judge(principal, book_id, coverage, except_plan)
        return self._of(principal, book_id, coverage, judged.digest, judged.applied)

    def _judge(
        self, principal: Principal, book_id: str, coverage: CoverageModel, except_plan: str
    ) -> _Judged:
        """Judge the approved findings, those of `except_plan` left out, on a book."""
        found = self._store.findings.approved(principal)
        if not found:
            return _Judged((), (), (), (), "")
        if not any(item.plan_id == except_plan for item in found):
            except_plan = ""
        names = tuple(self._name_of(item.approved_by) for item in found)
        key = (principal.workspace, book_id, coverage.hash, except_plan)
        with self._lock:
            known = self._judged.get(key)
            # The store gives the same object while nothing was decided or written.
            if known is not None and known.approved is found and known.names == names:
                return known
        from tools.finding_states import in_force, judge_findings

        named = [
            item.model_copy(update={"approved_by_name": name})
            for item, name in zip(found, names, strict=True)
            if not except_plan or item.plan_id != except_plan
        ]
        judged = judge_findings(self._store.books.get(principal, book_id), coverage, named)
        applied = in_force(judged)
        made = _Judged(found, names, judged, applied, findings_hash(applied))
        with self._lock:
            self._judged[key] = made
            while len(self._judged) > _JUDGED:
                self._judged.popitem(last=False)
        return made

    def _of(
        self,
        principal: Principal,
        book_id: str,
        coverage: CoverageModel,
        digest: str,
        findings: tuple[ApprovedFinding, ...] | None,
    ) -> Reading:
        """Return a reading; `findings` None takes them from where they are kept."""
        key = (principal.workspace, book_id, coverage.hash, digest)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                if findings is None:
                    findings = self._store.findings.kept(principal, digest)
                else:
                    # Kept before anything is begun on it: a run or a design may outlive it.
                    self._store.findings.keep(principal, findings)
                book = self._store.books.get(principal, book_id)
                known = partial(self._standing, principal.workspace)
                look_back = partial(
                    earlier_standing, self._store, principal, book_id, coverage, known
                )
                found = Reading(book, coverage, findings, digest, look_back)
                self._kept[key] = found
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return found

    def _standing(self, workspace: str, book_id: str, coverage: CoverageModel) -> Standing | None:
        """Where accounts stand in a book that is read already, without any findings."""
        with self._lock:
            found = self._kept.get((workspace, book_id, coverage.hash, ""))
        # Its analyses only if they are there: a standing alone takes half of their time.
        if found is None or "analyses" not in found.__dict__:
            return None
        return found.analyses.standing

"""What the graph is given: everything a run may read, and the few records it may keep.

The agent imports neither the store nor the importer. The store fulfils `RunRecords`
with a principal already bound, so that no node can widen its own scope.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol, get_args

from domain.book import Book
from domain.coverage import CoverageModel
from domain.decision import Decision
from domain.evidence import Evidence, Ledger
from domain.period import Period
from domain.plan import (
    AccountPlanDraft,
    PlanContent,
    PlanVersion,
    Remark,
    Resource,
    WriterNote,
)
from domain.principal import Principal
from domain.question import QuestionAnswer
from domain.vocabulary import Vocabulary
from tools.analyses import Analyses

EVERYBODY: frozenset[Resource] = frozenset(get_args(Resource))


@dataclass(frozen=True)
class Brief:
    """What a writer is told. `violations` is filled on the one retry."""

    account_id: str
    account_name: str
    owner_id: str
    owner_name: str
    tier: str
    depth: str
    period: Period
    as_of: date
    currency: str
    ledger: Ledger
    coverage: CoverageModel
    remarks: tuple[Remark, ...] = ()
    violations: tuple[str, ...] = ()
    resources: frozenset[Resource] = EVERYBODY
    """Who there is to do a play; see `agent.planning.resources_of`."""


@dataclass(frozen=True)
class Written:
    """A writer's draft and who wrote it at what cost."""

    draft: AccountPlanDraft
    note: WriterNote


class Writer(Protocol):
    """The one method every writer has."""

    def write(self, brief: Brief) -> Written:
        """Draft an account plan that cites nothing but `brief.ledger`."""
        ...


class Deciding(Protocol):
    """What every run may keep and read, under the principal it was started by."""

    def keep(self, kind: str, payload: str) -> str:
        """Store a text under its SHA-256 and return that digest; storing twice is once."""
        ...

    def fetch(self, digest: str) -> str:
        """Return a kept text; NotFound when there is none."""
        ...

    def keep_ledger(self, ledger: Ledger, *, book_id: str, as_of: date) -> str:
        """Store a ledger's evidence, texts and sightings; return its root."""
        ...

    def ledger(self, root: str) -> Ledger:
        """Return the ledger of that root (without vocabulary)."""
        ...

    def decision(self, decision_id: str) -> Decision:
        """Return a stored decision; NotFound when there is none."""
        ...

    def take_effect(self, decision_id: str) -> None:
        """Make a stored decision effective, once, keyed by the plan hash it binds."""
        ...


class RunRecords(Deciding, Protocol):
    """The records of plan runs."""

    def committed_hours(
        self, rep_id: str, period: Period, *, except_plan: str
    ) -> Mapping[date, Decimal]:
        """Hours per week (by Monday) of the rep's other approved plans in `period`."""
        ...

    def save_version(
        self,
        plan_id: str,
        content: PlanContent,
        *,
        base_version: int | None,
        run_id: str | None,
    ) -> int:
        """Store a version and return its number.

        Content equal to the newest version's gives that version's number. PlanSuperseded
        when `base_version` is not the newest.
        """
        ...

    def version(self, plan_id: str, version: int | None = None) -> PlanVersion:
        """Return one version, or the newest; NotFound outside the scope."""
        ...


Retrieve = Callable[[str, str, int], Sequence[Evidence]]
"""(account id, query, k) to the k best document spans about that account, best first."""


@dataclass(frozen=True)
class PlanningContext:
    """Given to every node; does not change during a run."""

    principal: Principal
    book: Book
    coverage: CoverageModel
    analyses: Analyses
    vocabulary: Vocabulary
    retrieve: Retrieve
    writer: Writer
    records: RunRecords
    answers: Callable[[str], Sequence[QuestionAnswer]] = lambda _: ()
    """Answers in force to questions about an account, by its id."""
    findings_hash: str = ""
    """Names the findings of approved plans that the analyses apply; empty for none."""
    read_ledgers: dict[str, Ledger] = field(default_factory=dict)
    """Ledgers read so far, by root: a root is a hash, so what it names never changes."""
    at_hand: dict[str, object] = field(default_factory=dict)
    """Texts of steps kept or read so far, as records, by digest."""

"""What the graph is given for a territory plan or a review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from agent.context import Deciding, Retrieve
from domain.assignment import Lock
from domain.coverage import CoverageModel
from domain.cycle import CycleDraft, CycleKind
from domain.cycle_version import CycleContent, CycleVersion
from domain.evidence import Ledger
from domain.plan import PlanVersion, Remark, WriterNote
from domain.principal import Principal
from domain.quarter import Quarter
from domain.record import Record
from domain.review import Adjustment, Carried, NotProposed, QuarterData, Trigger
from domain.territory_plan import RepCalendar, TerritoryTables, UnitPlan
from domain.vocabulary import Vocabulary
from tools.cycle.side import Side


class TerritoryParts(Record):
    """What analyses say of a territory's quarter, before a sentence is written."""

    reps: tuple[str, ...]
    tables: TerritoryTables
    calendars: tuple[RepCalendar, ...]
    units: tuple[UnitPlan, ...] = ()


class ReviewParts(Record):
    """What analyses say of a quarter gone, before a sentence is written."""

    data: QuarterData
    triggers: tuple[Trigger, ...]
    adjustments: tuple[Adjustment, ...]
    not_proposed: tuple[NotProposed, ...] = ()
    carried: tuple[Carried, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CycleBrief:
    """What a writer is told. `parts` are settled: a writer adds sentences and nothing else.

    `own` are the sentences of the embedded writer, which stand where nothing better does;
    `violations` is filled on the one retry.
    """

    kind: CycleKind
    quarter: Quarter
    head: str
    as_of: date
    currency: str
    coverage: CoverageModel
    ledger: Ledger
    parts: TerritoryParts | ReviewParts
    own: CycleDraft
    remarks: tuple[Remark, ...] = ()
    violations: tuple[str, ...] = ()


@dataclass(frozen=True)
class CycleWritten:
    """A writer's sentences and who wrote them at what cost."""

    draft: CycleDraft
    note: WriterNote


class CycleWriter(Protocol):
    """The one method every writer of a territory plan or review has."""

    def write(self, brief: CycleBrief) -> CycleWritten:
        """Write sentences that cite nothing but `brief.ledger`."""
        ...


class CycleRecords(Deciding, Protocol):
    """The records of a territory plan's or review's run."""

    def save_cycle(
        self,
        plan_id: str,
        content: CycleContent,
        *,
        base_version: int | None,
        run_id: str | None,
    ) -> int:
        """Store a version and return its number; see `store.cycle.CyclePlans`."""
        ...

    def cycle_version(self, plan_id: str, version: int | None = None) -> CycleVersion:
        """Return one version, or the newest; NotFound outside the scope."""
        ...


@dataclass(frozen=True)
class CycleContext:
    """Given to every node; does not change during a run.

    `rep_id` is the rep of a territory plan, or the customer's head owner; `customer` the
    account a team plan is for. `reps` are those whose rows may be read. `before` is the book
    that a review starts from; `plans` and `territory_plans` are the versions approved last,
    `earlier_plans` those approved before them, and `ledgers_of` reads their ledgers, by root.
    `read_ledgers` and `at_hand` hold what steps have kept or read so far, under the hash of
    its content.
    """

    principal: Principal
    kind: CycleKind
    side: Side
    quarter: Quarter
    reps: tuple[str, ...]
    name: str
    vocabulary: Vocabulary
    retrieve: Retrieve
    writer: CycleWriter
    records: CycleRecords
    rep_id: str = ""
    customer: str | None = None
    before: Side | None = None
    plans: Sequence[PlanVersion] = ()
    earlier_plans: Sequence[PlanVersion] = ()
    territory_plans: Sequence[CycleVersion] = ()
    ledgers_of: Callable[[], Mapping[str, Ledger]] = dict
    locks: Sequence[Lock] = ()
    findings_hash: str = ""
    read_ledgers: dict[str, Ledger] = field(default_factory=dict)
    at_hand: dict[str, object] = field(default_factory=dict)

    @property
    def head(self) -> str:
        """Entity that the whole plan is about."""
        if self.customer is not None:
            return f"customer:{self.customer}"
        return f"rep:{self.rep_id}" if self.rep_id else f"team:{self.name}"

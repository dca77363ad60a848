"""What a plan run remembers between steps: ids, digests and counts, never texts.

Checkpoints store the whole state at every step, so drafts, evidence and reports are
kept once under their SHA-256 through `RunRecords.keep`, and the state holds digests.
Every value is plain JSON: in strict mode a checkpoint gives objects back as dicts and
tuples as lists, so nothing else would survive a restart as what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol, TypedDict, TypeVar

from pydantic import TypeAdapter

from agent.context import Deciding
from domain.evidence import Evidence
from domain.findings import PlanFinding
from domain.period import Period
from domain.plan import Omission, Remark
from domain.record import Record, canonical_json

Kept = TypeVar("Kept", bound=Record)


class Usage(TypedDict):
    """What the run's writer has cost so far; `cost` is null where no prices are known."""

    input_tokens: int
    output_tokens: int
    cost: str | None


class FlowState(TypedDict, total=False):
    """What every run remembers. `…_digest` values are looked up in the kept texts."""

    run_id: str
    workspace: str
    plan_id: str
    account_id: str
    base_version: int | None
    book_id: str
    coverage_hash: str
    as_of: str
    remarks_digest: str
    findings_hash: str
    edited: bool

    cells_digest: str
    spans_digest: str
    ledger_root: str
    draft_digest: str
    writer_digest: str
    usage: Usage
    violations: list[str]
    rewrites: int
    report_digest: str
    found: int

    version: int
    plan_hash: str
    unchanged: bool
    decision_id: str
    applied: bool


class PlanningState(FlowState, total=False):
    """The state of one run of an account plan."""

    period: str
    carried_digest: str
    findings_digest: str

    owner_id: str
    tier: str
    repairs_digest: str
    schedule_digest: str


Update = dict[str, Any]
"""What a node changed, and nothing else."""


class Keeping(Protocol):
    """A context of a run, as far as its kept texts go."""

    @property
    def records(self) -> Deciding:
        """Where texts are kept."""
        ...

    @property
    def at_hand(self) -> dict[str, object]:
        """What this process kept or read in the run, by digest: a digest names one content."""
        ...


_EVIDENCE = TypeAdapter(list[Evidence])
_REMARKS = TypeAdapter(list[Remark])
_OMISSIONS = TypeAdapter(list[Omission])
_FINDINGS = TypeAdapter(list[PlanFinding])


def keep(context: Keeping, kind: str, value: Record) -> str:
    """Keep a record and return its digest."""
    digest = context.records.keep(kind, canonical_json(value))
    context.at_hand[digest] = value
    return digest


def kept(context: Keeping, model: type[Kept], digest: str) -> Kept:
    """Return the record kept under `digest`."""
    found = context.at_hand.get(digest)
    if not isinstance(found, model):
        found = context.at_hand[digest] = model.model_validate_json(context.records.fetch(digest))
    return found


def keep_all(context: Keeping, kind: str, values: Sequence[Record]) -> str:
    """Keep a list of records, in the order given, and return its digest."""
    plain = [value.model_dump(mode="json") for value in values]
    digest = context.records.keep(kind, canonical_json(plain))
    context.at_hand[digest] = tuple(values)
    return digest


def kept_evidence(context: Keeping, digest: str) -> list[Evidence]:
    """Return the evidence kept under `digest`."""
    found = context.at_hand.get(digest)
    if isinstance(found, tuple) and all(isinstance(item, Evidence) for item in found):
        return list(found)
    return _EVIDENCE.validate_json(context.records.fetch(digest))


def kept_remarks(context: Keeping, digest: str) -> tuple[Remark, ...]:
    """Return the remarks kept under `digest`; none where it is empty."""
    return tuple(_REMARKS.validate_json(context.records.fetch(digest))) if digest else ()


def kept_findings(context: Keeping, digest: str) -> tuple[PlanFinding, ...]:
    """Return the plan's findings kept under `digest`; none where it is empty."""
    return tuple(_FINDINGS.validate_json(context.records.fetch(digest))) if digest else ()


def kept_omissions(context: Keeping, digest: str) -> tuple[Omission, ...]:
    """Return the omissions kept under `digest`; none where it is empty."""
    return tuple(_OMISSIONS.validate_json(context.records.fetch(digest))) if digest else ()


def period_of(state: PlanningState) -> Period:
    """Return the planning period the run was started for."""
    start, _, end = state["period"].partition("/")
    return Period(date.fromisoformat(start), date.fromisoformat(end))

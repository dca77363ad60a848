"""A plan as a reader sees it: rendered sentences, numbered sources, tables, checks.

One view feeds the web page, the print page, the Markdown export and the terminal, so
that all four say the same. `agent.plan_view.view_plan` builds it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.plan import Blocker, Mark, Notice, Omission, Outcome, PlanStatus, Remark, SectionKey
from domain.record import Record

FINDINGS_NOTE = (
    "Typed by a person and not in the CRM; they enter the analyses once a version with them is "
    "approved."
)
PillKind = Literal["verified", "weak", "computed", "none"]


class Part(Record):
    """A run of text; `evidence_id` is set where a slot wrote it."""

    text: str
    evidence_id: str | None = None


class Pill(Record):
    """A citation mark behind a sentence. `label` is the source number, `ƒ` or `no source`."""

    label: str
    kind: PillKind
    evidence_id: str | None


class Sentence(Record):
    """One claim, rendered. `remarks` are the verifier's messages in plain words."""

    key: str
    parts: tuple[Part, ...]
    pills: tuple[Pill, ...]
    mark: Mark
    outcome: Outcome
    remarks: tuple[str, ...] = ()
    author: str | None = None

    @property
    def text(self) -> str:
        """The sentence without its pills."""
        return "".join(part.text for part in self.parts)


class Cell(Record):
    """One cell of a table; `sentence` where it is a claim of its own."""

    text: str
    evidence_id: str | None = None
    numeric: bool = False
    sentence: Sentence | None = None


class TableView(Record):
    """A table in a section. `kind` is `people`, `whitespace`, `plays` or `milestones`."""

    kind: Literal["people", "whitespace", "plays", "milestones"]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class SectionView(Record):
    """One of the seven sections. `summary` is its first sentence, shortened."""

    key: SectionKey
    title: str
    summary: str
    sentences: tuple[Sentence, ...]
    tables: tuple[TableView, ...]
    gap: str | None
    blockers: tuple[Blocker, ...]


class SourceView(Record):
    """An entry of the evidence rail and of the numbered list at the end.

    `label` is the number, or `ƒ` for a computed value; `quote` the words or the value,
    `highlight` the part of it that was cited; `facts` are lines such as `Published
    4 Nov 2026`; `formula` tells a calculation and its inputs.
    """

    evidence_id: str
    label: str
    kind: Literal["record", "document", "calculation", "human"]
    title: str
    type_name: str
    quote: str
    highlight: str | None
    facts: tuple[str, ...]
    formula: str | None
    match: str
    inputs: tuple[str, ...] = ()


class ScoreRow(Record):
    """One row of the waterfall, base and total included."""

    fact: str
    label: str
    dimension: str
    value: str
    bin: str
    points: int
    kind: Literal["base", "part", "total"]
    change: str = ""


class Check(Record):
    """One line of the plan checks."""

    label: str
    state: Literal["ok", "warn", "bad"]
    detail: str


class FindingView(Record):
    """What a person found out about the account; `note` says whether it is applied."""

    number: int
    said: str
    reason: str
    person_name: str
    said_on: date
    note: str = ""

    @property
    def text(self) -> str:
        """The finding on one line: what, why, who and when."""
        reason = self.reason if self.reason.endswith((".", "!", "?")) else f"{self.reason}."
        return f"{self.said}. {reason} Said by {self.person_name} on {self.said_on.isoformat()}."


class PlanView(Record):
    """Everything a page or an export shows about one plan version."""

    plan_id: str
    version: int
    newest_version: int
    base_version: int | None
    status: PlanStatus
    plan_hash: str
    title: str
    account_id: str
    account_name: str
    owner_id: str
    owner_name: str
    tier_label: str
    tier_note: str
    facts_line: str
    period: str
    as_of: date
    currency: str
    writer_note: str
    objective: Sentence
    sections: tuple[SectionView, ...]
    sources: tuple[SourceView, ...]
    computed: tuple[SourceView, ...]
    score: tuple[ScoreRow, ...]
    rank: str
    checks: tuple[Check, ...]
    capacity_line: str
    capacity_share: float
    committed_share: float
    blockers: tuple[Blocker, ...]
    warnings: tuple[Notice, ...]
    omissions: tuple[Omission, ...]
    remarks: tuple[Remark, ...]
    findings: tuple[FindingView, ...] = ()
    recheck: tuple[str, ...] = ()
    created_at: str
    created_by: str
    decision: str | None = None

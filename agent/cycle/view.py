"""A plan of a quarter as a reader sees it: sections, tables, charts' values, sources.

One view feeds the page, the print page, the Markdown export and the terminal, so that all
four say the same. `territory_view` and `review_view` build it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from agent.view import Pill, Sentence, SourceView
from domain.cycle import (
    CycleBlocker,
    CycleKind,
    CycleNotice,
    CycleOmission,
    CycleSection,
    CycleStatus,
)
from domain.evidence import Unit
from domain.plan import Remark
from domain.record import Record
from domain.review import Reading

State = Literal["", "ok", "warn", "bad", "muted"]


class CycleCell(Record):
    """One cell. `state` draws it as a state with a word, `small` is a second, quieter line.

    `evidence_id` is set where the text is one value of the ledger, `pills` where it rests on
    several.
    """

    text: str
    evidence_id: str | None = None
    numeric: bool = False
    small: str = ""
    state: State = ""
    link: str | None = None
    sentence: Sentence | None = None
    pills: tuple[Pill, ...] = ()


Row = tuple[CycleCell, ...]


class CycleTable(Record):
    """A table of a section. `total` is the row below the rule, `notes` stand under it.

    The first cell of a row names it.
    """

    kind: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    notes: tuple[str, ...] = ()


class SectionOf(Record):
    """One section: its sentences in order, its tables, what blocks in it and what is noted."""

    key: CycleSection
    title: str
    sentences: tuple[Sentence, ...]
    tables: tuple[CycleTable, ...]
    blockers: tuple[CycleBlocker, ...] = ()
    notices: tuple[CycleNotice, ...] = ()
    omissions: tuple[CycleOmission, ...] = ()
    notes: tuple[str, ...] = ()


class CycleView(Record):
    """What every plan of a quarter shows. `facts` stand beside the status, `cited` names the
    evidence that sentences rest on, apart from what only tables show."""

    plan_id: str
    version: int
    newest_version: int
    base_version: int | None
    kind: CycleKind
    status: CycleStatus
    plan_hash: str
    title: str
    quarter: str
    period: str
    facts: tuple[str, ...]
    as_of: date
    currency: str
    writer_note: str
    headline: Sentence | None
    sections: tuple[SectionOf, ...]
    sources: tuple[SourceView, ...]
    computed: tuple[SourceView, ...]
    cited: frozenset[str]
    blockers: tuple[CycleBlocker, ...]
    remarks: tuple[Remark, ...] = ()
    decision: str | None = None
    stale: tuple[str, ...] = ()
    created_at: str
    created_by: str

    def section(self, key: CycleSection) -> SectionOf:
        """Return one section; StopIteration where the kind has none of that key."""
        return next(item for item in self.sections if item.key == key)


class DayLine(Record):
    """One day of a week: touches of one kind, or one trip with its stops and travel."""

    day: date
    label: str
    what: str
    hours: str
    trip: bool = False


class WeekView(Record):
    """One week of a rep: hours planned against selling hours, and its days."""

    week: date
    label: str
    working_days: int
    planned: Decimal
    selling: Decimal
    travel: Decimal
    touches: int
    lines: tuple[DayLine, ...]


class CalendarOf(Record):
    """A rep's quarter. `told` sums it up, `unplaced` lists what does not fit."""

    rep_id: str
    rep_name: str
    told: str
    fits: bool
    weeks: tuple[WeekView, ...]
    unplaced: CycleTable | None
    notes: tuple[str, ...] = ()


class UnitOf(Record):
    """A mini-plan of one business unit."""

    account_id: str
    name: str
    facts: tuple[tuple[str, CycleCell], ...]
    steps: tuple[str, ...]
    missing: str


class TerritoryView(CycleView):
    """A territory plan as a reader sees it."""

    rep_id: str
    rep_name: str
    customer: str | None
    red: int
    calendars: tuple[CalendarOf, ...]
    units: tuple[UnitOf, ...]


class Bullet(Record):
    """One measure of one territory or of the team, as a bullet chart draws it.

    Values are None where they are unknown; `note` says why, and what else is to know.
    `relative` is gap over plan.
    """

    name: str
    metric: str
    label: str
    unit: Unit
    leading: bool
    plan: Decimal | None
    due: Decimal | None
    actual: Decimal | None
    relative: Decimal | None
    plan_cell: CycleCell
    due_cell: CycleCell
    actual_cell: CycleCell
    gap_cell: CycleCell
    reading: Reading
    note: str = ""


class Cause(Record):
    """Why a territory stands where it does: sourced, or marked as a guess."""

    sentence: Sentence
    guess: bool


class TerritoryOf(Record):
    """One territory of a review, worst gap first."""

    rep_id: str
    name: str
    main: Bullet
    bullets: tuple[Bullet, ...]
    plays: str
    adherence: CycleCell
    drift: bool
    plan: str | None
    link: str | None
    causes: tuple[Cause, ...]
    answered_by: tuple[int, ...]
    notes: tuple[str, ...] = ()


class AdjustmentOf(Record):
    """One recommendation with its price, its counter-case and what accepting opens.

    `decided` says who took which verdict and why, `opened` leads to what that opened; both
    are empty while it waits.
    """

    number: int
    sentence: Sentence | None
    answers: tuple[str, ...]
    rep_id: str | None
    cost: tuple[tuple[str, CycleCell], ...]
    gain: tuple[tuple[str, CycleCell], ...]
    against: Sentence | None
    against_figures: tuple[tuple[str, CycleCell], ...]
    opens: str
    verdict: Literal["", "accepted", "declined"] = ""
    decided: str = ""
    opened: str = ""
    opened_link: str = ""


class ReviewView(CycleView):
    """A review as a reader sees it. `claims` are the texts of claims to confirm, by key."""

    team: str
    earlier_as_of: date
    time_gone: str
    team_bullets: tuple[Bullet, ...]
    territories: tuple[TerritoryOf, ...]
    spread: CycleCell
    groups_told: str
    territory_problem: bool | None
    plans_current: CycleCell
    plays: str
    adjustments: tuple[AdjustmentOf, ...]
    claims: dict[str, str] = Field(default_factory=dict)

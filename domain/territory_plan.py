"""A territory plan: how one rep works one book of accounts in one quarter.

Seven steps: assessment, segmentation, opportunities, strategy, activities, resources,
metrics and milestones. A team's plan for one strategic customer has the same steps over the
customer's units, and a mini-plan for each.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from domain.cycle import CycleReport, Figure
from domain.plan import PlayKind, Remark, WriterNote
from domain.record import Record, content_hash

PLAIN_NUMBERS = frozenset(
    {
        "touches_per_week",
        "touches_week",
        "personal_touches_week",
        "touches_per_account",
        "touches_per_account_target",
        "qualified_meetings_due",
    }
)
"""Metrics of unit `ratio` that are numbers with a fraction, and no multiple of anything."""

FocusKind = Literal["expansion", "whitespace", "displacement", "new_logo", "retention"]
FOCUS_KINDS: dict[FocusKind, str] = {
    "expansion": "Expansion",
    "whitespace": "Whitespace in a partial deployment",
    "displacement": "Competitive displacement",
    "new_logo": "New logo",
    "retention": "Retention",
}


class SegmentRow(Record):
    """One tier: how many accounts, and what they could buy."""

    tier: str
    label: str
    accounts: Figure
    potential: Figure
    open_potential: Figure
    spend: Figure


class FocusAccount(Record):
    """One of the accounts that the quarter is about. `stage` is that of its furthest open deal.

    `plan_id` is its approved account plan, where it has one; `grounds` names the evidence
    that the rule of its kind read.
    """

    rank: int
    account_id: str
    name: Figure
    tier: str
    kind: FocusKind
    amount: Figure
    stage: Figure
    because: str = Field(description="The rule that chose the kind, in plain words.")
    plan_id: str | None = None
    grounds: tuple[str, ...] = ()


class ActivityRow(Record):
    """Touches that one tier asks for a week, and the hours they take."""

    tier: str
    label: str
    accounts: Figure
    touches_week: Figure
    hours_week: Figure
    cadence: str
    automated: bool


class GoalRow(Record):
    """A goal for the whole quarter."""

    metric: str
    label: str
    target: Figure


class ResourceRow(Record):
    """Help lent to the rep. `people` are rep ids of that function in the team, `accounts` where."""

    function: str
    label: str
    need: Figure
    people: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    note: str = ""


class TargetRow(Record):
    """New pipeline wanted from one tier."""

    tier: str
    label: str
    amount: Figure


class Targets(Record):
    """Pipeline targets by tier; `total` is their sum to the cent."""

    rows: tuple[TargetRow, ...]
    total: Figure


HealthStatus = Literal["green", "red", "unknown"]
ActionKind = Literal[
    "open_deal", "call_account", "visit_account", "meet_executive", "raise_deal", "set_quota"
]


class HealthAction(Record):
    """The one thing to do about a red row: about which account, by when, in how many hours."""

    kind: ActionKind
    account_id: str | None = None
    contact_id: str | None = None
    by: date
    hours: str
    amount: Figure | None = None


class HealthRow(Record):
    """One measure of the scorecard; a red row has an action.

    `due` is the part of the target that the time gone asks for, where it is judged by time.
    """

    metric: str
    label: str
    target: Figure
    current: Figure
    due: Figure | None = None
    status: HealthStatus
    action: HealthAction | None = None


class MilestoneRow(Record):
    """What has to be so by when."""

    due: date
    label: str
    figure: Figure


class TerritoryTables(Record):
    """The tables of a territory plan; every figure is in the ledger."""

    overview: tuple[Figure, ...]
    segments: tuple[SegmentRow, ...]
    focus: tuple[FocusAccount, ...]
    activities: tuple[ActivityRow, ...]
    goals: tuple[GoalRow, ...]
    resources: tuple[ResourceRow, ...]
    targets: Targets
    scorecard: tuple[HealthRow, ...]
    milestones: tuple[MilestoneRow, ...] = ()
    notes: tuple[str, ...] = ()


ItemSource = Literal["play", "cadence", "focus"]


class CalendarItem(Record):
    """One touch on one day; hours are decimal strings, travel of a trip is told once, on it.

    `play` is `plan_id/key` of the account plan's play it is.
    """

    day: date
    account_id: str
    kind: PlayKind
    source: ItemSource
    hours: str
    trip: str | None = None
    play: str | None = None


class Trip(Record):
    """Visits of one metro area on one working day, and the travel they share.

    `accounts` are in the order of the stops, `km` is the straight distance from the rep's base
    to the first of them; 0 where a promised visit's place is unknown.
    """

    trip_id: str
    day: date
    metro: str
    accounts: tuple[str, ...]
    travel_hours: str
    km: str
    mode: Literal["road", "air"]


class CalendarWeek(Record):
    """One week; `planned_hours` are those of its items, travel and preparation included."""

    week: date
    working_days: int
    selling_hours: str
    planned_hours: str
    travel_hours: str
    items: tuple[CalendarItem, ...]


UnplacedReason = Literal[
    "no hours", "no shared hours", "travel budget", "no place known", "no working day"
]


class Unplaced(Record):
    """Touches of one account that the quarter cannot hold, and why.

    A visit that no trip can make (`no place known`, `travel budget`) has a call in its place
    and takes 0 hours here.
    """

    account_id: str
    kind: PlayKind
    touches: int
    hours: str
    reason: UnplacedReason


class RepCalendar(Record):
    """A rep's quarter, week by week. All hours are decimal strings with at most 2 places.

    `needed_hours` is what cadence, visits and plays ask for; `planned_hours` what is placed,
    never above `selling_hours`; `missing_hours` what is not placed, nought where all fits.
    Promised plays stand even where they exceed a week: `over_promised` are those hours, and
    None where there are none.
    """

    rep_id: str
    time_zone: str | None
    weeks: tuple[CalendarWeek, ...]
    trips: tuple[Trip, ...]
    unplaced: tuple[Unplaced, ...]
    needed_hours: Figure
    selling_hours: Figure
    planned_hours: Figure
    missing_hours: Figure
    travel_hours: Figure
    over_promised: Figure | None = None
    notes: tuple[str, ...] = ()


class UnitStep(Record):
    """A next step in one unit: who of ours, with whom, by when."""

    kind: PlayKind
    rep_id: str
    contact_id: str | None
    by: date
    hours: str


class UnitPlan(Record):
    """A mini-plan for one business unit of a strategic customer."""

    account_id: str
    name: Figure
    rep_id: str | None
    kind: FocusKind
    spend: Figure
    potential: Figure
    target: Figure
    contacts: Figure
    missing_roles: tuple[str, ...]
    steps: tuple[UnitStep, ...]


class TerritoryPlanContent(Record):
    """Everything a territory plan says. Its hash is what an approval binds.

    `reps` are those whose accounts it is about: one, or the team of `customer`, the head of
    the family that a team's plan is for. The quarter's days before `plan_from` lie behind the
    book.
    """

    schema_version: Literal[1] = 1
    kind: Literal["territory"] = "territory"
    rep_id: str
    rep_name: str
    reps: tuple[str, ...]
    customer: str | None = None
    quarter: str
    period_start: date
    period_end: date
    plan_from: date
    as_of: date
    currency: str
    book_id: str
    coverage_hash: str
    findings_hash: str = ""
    ledger_root: str
    tables: TerritoryTables
    calendars: tuple[RepCalendar, ...]
    units: tuple[UnitPlan, ...] = ()
    report: CycleReport
    writer: WriterNote
    remarks: tuple[Remark, ...] = ()

    @property
    def plan_hash(self) -> str:
        """64 hexadecimal digits over the whole content."""
        return content_hash(self)

"""A review: what was planned, what happened, why, and which adjustments wait for a person."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.assignment import Event
from domain.cycle import CycleReport, Figure
from domain.evidence import Unit
from domain.plan import WriterNote
from domain.record import Record, content_hash

TriggerKind = Literal[
    "rep_left",
    "rep_joined",
    "owner_changed",
    "family_changed",
    "new_product",
    "potential_changed",
    "pipeline_changed",
    "deal_slipped",
    "renewal_slipped",
    "champion_gone",
    "competitor_appeared",
    "strategy_changed",
    "evidence_stale",
    "adherence_lost",
    "lock_expired",
]
TRIGGER_KINDS: dict[TriggerKind, str] = {
    "rep_left": "A rep left",
    "rep_joined": "A rep joined",
    "owner_changed": "Owner changed",
    "family_changed": "Acquisition or changed family",
    "new_product": "New product",
    "potential_changed": "Potential changed",
    "pipeline_changed": "Pipeline changed",
    "deal_slipped": "Deal slipped",
    "renewal_slipped": "Regular order slipped",
    "champion_gone": "Champion gone",
    "competitor_appeared": "Competitor appeared",
    "strategy_changed": "Strategy changed",
    "evidence_stale": "Evidence went stale",
    "adherence_lost": "Plan no longer followed",
    "lock_expired": "Exception expired",
}


class Trigger(Record):
    """One change between two books that a review has to answer.

    `subject` is the entity that changed. `before` and `after` are its values in the two
    books, `amount` the money at stake, each null where there is none. `evidence` names
    everything it rests on, the newest first; never empty.
    """

    trigger_id: str
    kind: TriggerKind
    subject: str
    rep_id: str | None = Field(description="Whose territory it is about; null for everyone's.")
    account_id: str | None
    before: Figure | None
    after: Figure | None
    amount: Figure | None
    on: date | None
    evidence: tuple[str, ...]


Reading = Literal["on track", "behind", "ahead", "unknown"]


class Measure(Record):
    """One measure: plan, actual and their gap (actual less plan), each null-valued if unknown.

    `leading` measures tell what is done, the others what came of it. `due` is the part of the
    plan that the time gone asks for; `reading` judges actual against it.
    """

    metric: str
    label: str
    unit: Unit
    leading: bool
    plan: Figure
    due: Figure
    actual: Figure
    gap: Figure
    reading: Reading


class PlayCount(Record):
    """Plays of approved account plans, by what became of them."""

    planned: Figure
    done: Figure
    late: Figure
    dropped: Figure
    open: Figure


class TierSize(Record):
    """Deals won in one tier: their number, their amounts together and on average."""

    tier: str
    label: str
    won: Figure
    average: Figure
    amount: Figure | None = None


class TerritoryRow(Record):
    """One rep's quarter. `drift` says that the plan is not followed and was not updated.

    `parts` are what the ratios among the measures, and those of a team, are worked out from.
    """

    rep_id: str
    name: str
    plan_id: str | None
    plan_version: int | None
    measures: tuple[Measure, ...]
    plays: PlayCount
    adherence: Figure
    drift: bool
    notes: tuple[str, ...] = ()
    sizes: tuple[TierSize, ...] = ()
    parts: tuple[Figure, ...] = ()

    def measure(self, metric: str) -> Measure | None:
        """Return one measure, or None."""
        return next((item for item in self.measures if item.metric == metric), None)

    def part(self, metric: str) -> Figure | None:
        """Return one part, or None."""
        return next((item for item in self.parts if item.metric == metric), None)


class QuarterData(Record):
    """The one data set that the weekly, monthly and quarterly pages are cut from.

    Team measures that add up are the sums of the territories' to the cent. `on_track` is
    the share of what is due that was judged as on track.
    """

    quarter: str
    period_start: date
    period_end: date
    since: date
    as_of: date
    currency: str
    days: int
    days_gone: int
    team: tuple[Measure, ...]
    territories: tuple[TerritoryRow, ...]
    plays: PlayCount
    sizes: tuple[TierSize, ...]
    spread: Figure
    groups: Literal["two groups", "one group", "too few reps to tell"]
    groups_told: str
    territory_problem: bool | None
    plans_current: Figure
    notes: tuple[str, ...] = ()
    on_track: float = 0.9

    def territory(self, rep_id: str) -> TerritoryRow | None:
        """Return one rep's row, or None."""
        return next((row for row in self.territories if row.rep_id == rep_id), None)

    def measure(self, metric: str) -> Measure | None:
        """Return one measure of the team, or None."""
        return next((item for item in self.team if item.metric == metric), None)


class OpensScenario(Record):
    """Accepting opens a repair of the design in force, or a new scenario, after an event."""

    kind: Literal["scenario"] = "scenario"
    event: Event


class OpensPlan(Record):
    """Accepting drafts a new version of an account's plan."""

    kind: Literal["plan"] = "plan"
    account_id: str
    remark: str


class OpensTerritoryPlan(Record):
    """Accepting drafts a new version of a rep's territory plan."""

    kind: Literal["territory_plan"] = "territory_plan"
    rep_id: str
    remark: str


class OpensCoverage(Record):
    """Accepting opens a changed coverage model for preview and adoption."""

    kind: Literal["coverage"] = "coverage"
    key: str
    value: str


Opens = Annotated[
    OpensScenario | OpensPlan | OpensTerritoryPlan | OpensCoverage, Field(discriminator="kind")
]


class Adjustment(Record):
    """One recommendation: the changes it answers, what it costs and gains, what it opens.

    Sentences `adjustment.N` and `against.N` of the report word it and its counter-case.
    """

    number: int
    triggers: tuple[str, ...]
    rep_id: str | None
    account_id: str | None
    cost: tuple[Figure, ...]
    gain: tuple[Figure, ...]
    against: tuple[Figure, ...]
    opens: Opens


class NotProposed(Record):
    """Something asked for that is no reason to adjust anything, with the rule that says so."""

    what: str
    rule: str
    evidence: tuple[str, ...] = ()


class Carried(Record):
    """A claim of an approved plan that this review carries forward.

    `state`: it still `holds` on the newer book; its value `changed`; what it rested on is
    `gone`; or it is `stale`. All but the first need a person's word before approval.
    """

    key: str
    plan_id: str
    plan_version: int
    account_id: str
    text: str
    said_on: date
    state: Literal["holds", "changed", "gone", "stale"]
    evidence: tuple[str, ...] = ()


class ReviewContent(Record):
    """Everything a quarterly review says. Its hash is what an approval binds."""

    schema_version: Literal[1] = 1
    kind: Literal["review"] = "review"
    quarter: str
    team: str
    reps: tuple[str, ...]
    period_start: date
    period_end: date
    as_of: date
    earlier_as_of: date
    currency: str
    book_id: str
    earlier_book_id: str
    coverage_hash: str
    earlier_coverage_hash: str
    findings_hash: str = ""
    ledger_root: str
    data: QuarterData
    triggers: tuple[Trigger, ...]
    adjustments: tuple[Adjustment, ...]
    not_proposed: tuple[NotProposed, ...] = ()
    carried: tuple[Carried, ...] = ()
    report: CycleReport
    writer: WriterNote

    @property
    def plan_hash(self) -> str:
        """64 hexadecimal digits over the whole content."""
        return content_hash(self)

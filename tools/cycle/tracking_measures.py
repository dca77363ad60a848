"""What a quarter is measured by, and how an actual is read against what was due."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.cycle import Figure
from domain.evidence import Operation, Unit
from domain.review import Measure, Reading
from tools.cycle.told import Teller, number


@dataclass(frozen=True)
class Spec:
    """One measure. One with `part` and `whole` is their ratio, any other adds up over territories.

    `part` and `whole` are metrics of figures of the same territory; `empty` says why there
    is no ratio where the whole is nought.
    """

    metric: str
    label: str
    unit: Unit
    leading: bool
    part: str = ""
    whole: str = ""
    empty: str = ""

    @property
    def operation(self) -> Operation:
        """How the ratio is worked out."""
        return "share" if self.unit == "share" else "ratio"


MEASURES: tuple[Spec, ...] = (
    Spec("touches", "Touches", "count", leading=True),
    Spec("meetings", "Meetings, visits and demos", "count", leading=True),
    Spec("demos", "Demos", "count", leading=True),
    Spec(
        "coverage_consistency", "Accounts touched in the week planned", "share", leading=True,
        part="weeks_kept", whole="weeks_due", empty="No touch was due.",
    ),
    Spec("strategic_accounts", "Strategic accounts engaged", "count", leading=True),
    Spec(
        "strategic_engagement", "Share of strategic accounts engaged", "share", leading=True,
        part="strategic_accounts_actual", whole="strategic_accounts_plan",
        empty="No account is of the highest tier.",
    ),
    Spec("new_pipeline", "New pipeline", "money", leading=True),
    Spec(
        "pipeline_coverage", "Pipeline coverage", "ratio", leading=True,
        part="open_pipeline", whole="pipeline_quota",
    ),
    Spec(
        "adherence", "Plan adherence", "share", leading=True,
        part="promises_kept", whole="promises_due", empty="Nothing was due.",
    ),
    Spec("bookings", "Bookings", "money", leading=False),
    Spec(
        "attainment", "Attainment", "share", leading=False,
        part="bookings_actual", whole="bookings_plan",
    ),
    Spec(
        "deal_size", "Average deal", "money", leading=False,
        part="won_amount", whole="deals_won", empty="No deal was won.",
    ),
    Spec(
        "strategic_win_rate", "Win rate in strategic accounts", "share", leading=False,
        part="strategic_won", whole="strategic_closed",
        empty="No deal was closed in a strategic account.",
    ),
)  # fmt: skip
"""Every measure of a territory and of a team, in reading order."""


def judge(actual: Decimal | None, due: Decimal | None, on_track: float) -> Reading:
    """Read an actual against what was due.

    On track from `on_track` of what is due to as much above it as the rest, both included:
    with 0.9, from 90 to 110 %. Where nothing is due, more than nothing is ahead.
    """
    if actual is None or due is None:
        return "unknown"
    share = Decimal(repr(on_track))
    low, high = sorted((due * share, due * (2 - share)))
    return "behind" if actual < low else "ahead" if actual > high else "on track"


def measured(
    teller: Teller, spec: Spec, plan: Figure, due: Figure, actual: Figure, on_track: float
) -> Measure:
    """Set an actual against its plan, and read it against what was due."""
    gap = teller.derive(
        f"{spec.metric}_gap", f"{spec.label}, gap", spec.unit, "difference", (actual, plan)
    )
    return Measure(
        metric=spec.metric,
        label=spec.label,
        unit=spec.unit,
        leading=spec.leading,
        plan=plan,
        due=due,
        actual=actual,
        gap=gap,
        reading=judge(number(actual), number(due), on_track),
    )

"""Touches and hours a week that the tiers of a territory ask for, and goals of the quarter."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.cycle import Figure
from domain.territory_plan import ActivityRow, GoalRow
from tools.cycle.plan_cells import CENT
from tools.cycle.plan_ground import PlanGround
from tools.cycle.segments import Segmented

AUTOMATED = "Automated: takes nobody's time."


@dataclass(frozen=True)
class Activities:
    """Rows by tier, the highest first; the sums leave automated tiers out."""

    rows: tuple[ActivityRow, ...]
    touches_week: Figure
    hours_week: Figure


def activities(ground: PlanGround, segmented: Segmented) -> Activities:
    """Multiply the accounts of each tier by its touches a week.

    Hours are touches times minutes, with preparation on top and without travel; an
    automated tier takes none.
    """
    cells, coverage = ground.cells, ground.side.coverage
    prepared = 1 + Decimal(repr(coverage.capacity.preparation_share))
    rows = []
    for tier in coverage.tiers:
        segment = segmented.row(tier.key)
        accounts = cells.of(segment.accounts)
        assert accounts is not None  # a count of accounts is always known
        part = f"tier:{tier.key}"
        touches = Decimal(accounts.value) * Decimal(repr(tier.touches_per_week))
        rate = cells.told("touches_per_week", "ratio", tier.touches_per_week, part=part)
        weekly = cells.told("touches_week", "ratio", touches, [accounts, rate], part=part)
        hours = Decimal(0) if tier.automated else touches * tier.minutes_per_touch / 60 * prepared
        taken = cells.told("touch_hours_week", "hours", hours.quantize(CENT), [weekly], part=part)
        rows.append(
            ActivityRow(
                tier=tier.key,
                label=tier.label,
                accounts=segment.accounts,
                touches_week=Figure.of(weekly, "Touches a week"),
                hours_week=Figure.of(
                    taken,
                    "Hours a week",
                    "Automated: takes nobody's time." if tier.automated else "",
                ),
                cadence=tier.cadence,
                automated=tier.automated,
            )
        )
    personal = [row for row in rows if not row.automated]
    return Activities(
        rows=tuple(rows),
        touches_week=cells.sum(
            "personal_touches_week",
            "Touches a week in person",
            "ratio",
            [row.touches_week for row in personal],
        ),
        hours_week=cells.sum(
            "personal_hours_week",
            "Hours a week they take",
            "hours",
            [row.hours_week for row in personal],
        ),
    )


_GOALS = {
    "discovery_calls": "Discovery calls",
    "demos": "Demos",
    "executive_meetings": "Executive meetings",
    "qualified_meetings": "Qualified meetings",
}


def goals(ground: PlanGround) -> tuple[GoalRow, ...]:
    """Return the goals of the coverage model for the whole quarter."""
    rules = ground.side.coverage.territory_plan
    rows = []
    for metric, label in _GOALS.items():
        found = ground.cells.told(f"{metric}_goal", "count", getattr(rules, metric))
        rows.append(GoalRow(metric=metric, label=label, target=Figure.of(found, label)))
    return tuple(rows)

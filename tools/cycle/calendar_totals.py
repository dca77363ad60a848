"""The sums of a rep's calendar as evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.cycle import Figure
from domain.evidence import CalculationSource, Evidence, Operation
from domain.plan import PlanVersion
from domain.quarter import Quarter
from domain.record import content_hash
from tools.cells import canonical, recompute
from tools.cycle.side import Side

ANALYSIS = "rep_calendar"
VERSION = 1
LABELS: Mapping[str, str] = {
    "calendar_needed_hours": "Hours asked for",
    "calendar_selling_hours": "Selling hours left",
    "calendar_planned_hours": "Hours planned",
    "calendar_missing_hours": "Hours missing",
    "calendar_travel_hours": "Hours of travel",
    "calendar_over_promised_hours": "Hours promised beyond the weeks",
}


@dataclass(frozen=True)
class Totals:
    """Figures of a calendar by metric, and the evidence behind them."""

    figures: Mapping[str, Figure]
    evidence: tuple[Evidence, ...]


def totals(
    side: Side,
    rep_id: str,
    quarter: Quarter,
    plans: Sequence[PlanVersion],
    focus: Sequence[str],
    hours: Mapping[str, Decimal],
) -> Totals:
    """Make evidence of a calendar's sums; the hours missing are those needed less planned."""
    reading = side.analyses.facts.reading
    arguments = content_hash(
        [
            reading.arguments_hash(ANALYSIS),
            str(quarter.period),
            sorted(plan.content.plan_hash for plan in plans if plan.content.owner_id == rep_id),
            list(focus),
        ]
    )
    entity = f"rep:{rep_id}"

    def told(metric: str, value: str, parents: Sequence[Evidence] = ()) -> Evidence:
        operation: Operation = "difference" if parents else "analysis"
        return Evidence(
            entity=entity,
            metric=metric,
            value=value,
            unit="hours",
            period=str(quarter.period),
            source=CalculationSource(
                analysis=ANALYSIS,
                version=VERSION,
                arguments_hash=arguments,
                pointer=f"{rep_id}/{metric}",
                operation=operation,
                parents=tuple(parent.id for parent in parents),
            ),
            scope=reading.scope(entity),
        )

    found = {metric: told(metric, canonical(value, "hours")) for metric, value in hours.items()}
    parents = [found["calendar_needed_hours"], found["calendar_planned_hours"]]
    missing = recompute("difference", parents, "hours")
    found["calendar_missing_hours"] = told("calendar_missing_hours", missing, parents)
    return Totals(
        {metric: Figure.of(item, LABELS[metric]) for metric, item in found.items()},
        tuple(found.values()),
    )

"""What the record says of a plan, as evidence: status, version, period, hours, due dates."""

from __future__ import annotations

from decimal import Decimal

from domain.evidence import CalculationSource, Evidence, RecordSource, Unit
from domain.plan import PlanStatus, PlanVersion
from domain.record import decimal_string

STATUS: dict[PlanStatus, str] = {
    "in_review": "in review", "approved": "approved", "returned": "returned",
    "rejected": "rejected", "superseded": "superseded",
}  # fmt: skip


def standing_of(version: PlanVersion) -> dict[str, Evidence]:
    """Return `status`, `version`, `start` and `end` of a plan version."""
    content = version.content
    told: tuple[tuple[str, str, Unit], ...] = (
        ("status", STATUS[version.status], "text"),
        ("version", str(version.version), "count"),
        ("start", content.period_start.isoformat(), "date"),
        ("end", content.period_end.isoformat(), "date"),
    )
    return {
        field: Evidence(
            entity=f"account:{content.account_id}",
            metric=f"plan_{field}",
            value=value,
            unit=unit,
            source=RecordSource(table="plans", row=version.plan_id, field=field),
            scope=content.owner_id,
        )
        for field, value, unit in told
    }


def hours_of(version: PlanVersion) -> dict[str, Evidence]:
    """Return `plan_hours`, `selling_hours` and `tier_hours` of a plan's schedule."""
    schedule = version.content.schedule
    entity = f"account:{version.content.account_id}"
    return {
        metric: _scheduled(version, entity, metric, getattr(schedule, metric), "hours")
        for metric in ("plan_hours", "selling_hours", "tier_hours")
    }


def play_cells(version: PlanVersion) -> dict[str, tuple[Evidence, Evidence]]:
    """Return the due date and the hours of every scheduled play, by the play's key."""
    entity = f"account:{version.content.account_id}"
    return {
        play.key: (
            _scheduled(version, f"{entity}/play:{play.key}", "due", play.due.isoformat(), "date"),
            _scheduled(version, f"{entity}/play:{play.key}", "play_hours", play.hours, "hours"),
        )
        for play in version.content.schedule.plays
    }


def _scheduled(version: PlanVersion, entity: str, metric: str, value: str, unit: Unit) -> Evidence:
    return Evidence(
        entity=entity,
        metric=metric,
        value=decimal_string(Decimal(value)) if unit == "hours" else value,
        unit=unit,
        source=CalculationSource(
            analysis="plan_schedule",
            version=1,
            arguments_hash=version.content.plan_hash,
            pointer=f"{entity}/{metric}",
        ),
        scope=version.content.owner_id,
    )

"""What stands between a quarter's plan or review and approval, beside its words."""

from __future__ import annotations

from decimal import Decimal

from agent.cycle.carried_blockers import carried_blockers
from agent.cycle.context import CycleContext, ReviewParts, TerritoryParts
from agent.cycle.freshness import stale_load_bearing
from domain.cycle import CycleBlocker, CycleNotice, CycleReport
from domain.evidence import Ledger
from domain.record import decimal_string
from domain.territory_plan import RepCalendar


def practical(
    context: CycleContext,
    parts: TerritoryParts | ReviewParts,
    report: CycleReport,
    ledger: Ledger,
) -> tuple[list[CycleBlocker], list[CycleNotice]]:
    """Return blockers and notices: hours, stale facts, claims nobody confirmed.

    A calendar holds what fits, so hours that the cadence asks for beyond it are a notice.
    Promised plays above a week's selling hours block: they need an override that names the
    hours missing.
    """
    blockers = stale_load_bearing(
        report.sentences, ledger, context.side.coverage, as_of=context.side.as_of
    )
    notices: list[CycleNotice] = []
    if isinstance(parts, ReviewParts):
        blockers += carried_blockers(parts.carried)
        notices += [
            CycleNotice(code="note", section="adjustments", message=note) for note in parts.notes
        ]
        return blockers, notices
    for calendar in parts.calendars:
        surplus = _promised_surplus(calendar)
        if surplus:
            blockers.append(_over_promised(surplus))
        missing = Decimal(calendar.missing_hours.value or "0")
        if missing:
            notices.append(_not_carried_out(calendar, missing))
    return blockers, notices


def _promised_surplus(calendar: RepCalendar) -> Decimal:
    return sum(
        (
            max(Decimal(0), Decimal(week.planned_hours) - Decimal(week.selling_hours))
            for week in calendar.weeks
        ),
        Decimal(0),
    )


def _over_promised(hours: Decimal) -> CycleBlocker:
    missing = decimal_string(hours, 2)
    return CycleBlocker(
        code="over_capacity",
        section="activities",
        message=f"Plays of approved account plans take {missing} hours more than their weeks have.",
        remedy="override",
        hours_missing=missing,
    )


def _not_carried_out(calendar: RepCalendar, missing: Decimal) -> CycleNotice:
    needed = decimal_string(Decimal(calendar.needed_hours.value or "0"), 1)
    return CycleNotice(
        code="cadence_does_not_fit",
        section="activities",
        message=f"The cadence of the tiers asks for {needed} hours; "
        f"{decimal_string(missing, 1)} of them do not fit and are not planned.",
    )

"""From a writer's plays to days and hours in the owner's calendar."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agent.context import PlanningContext
from agent.gather import trip_to
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import AccountPlanDraft, Blocker, Notice, Play, Schedule
from domain.record import decimal_string
from tools.practicality import practicality
from tools.schedule import Calendar, play_hours, schedule_plays
from tools.selling_time import selling_weeks, working_days


def fit_into_week(
    context: PlanningContext,
    draft: AccountPlanDraft,
    account_id: str,
    period: Period,
    ledger: Ledger,
    plan_id: str,
    most_hours: Decimal | None = None,
) -> tuple[Schedule, list[Blocker], list[Notice]]:
    """Schedule a draft's plays beside the owner's other approved plans, and check the fit.

    The account must have an owner. Hours and dates are set here and by no writer.
    """
    book, coverage = context.book, context.coverage
    rep_id = book.owners[account_id]
    assert rep_id is not None  # `scope` refuses unowned accounts before anything is drafted
    tier = coverage.tier(context.analyses.tiers.of(account_id))
    trip = trip_to(context, account_id, rep_id)
    calendar = Calendar(
        period,
        working_days(book, rep_id, period),
        selling_weeks(book, rep_id, period, coverage),
        context.records.committed_hours(rep_id, period, except_plan=plan_id),
    )
    schedule = schedule_plays(
        draft.plays,
        calendar,
        coverage,
        tier,
        travel_hours=Decimal(decimal_string(trip.hours, 1)) if trip else Decimal(0),
        before=_dates_to_precede(draft.plays, ledger),
        travel_note=f"round trip by {trip.mode}, {trip.km:.0f} km one way" if trip else "",
        most_hours=most_hours,
    )
    blockers, notices = practicality(
        draft.plays,
        schedule,
        book=book,
        account_id=account_id,
        rep_id=rep_id,
        tier=tier,
        coverage=coverage,
        period=period,
        trip=trip,
    )
    if most_hours is not None:
        notices.append(_told_of_limit(schedule, most_hours))
    return schedule, blockers, notices


def within_hours(
    context: PlanningContext, draft: AccountPlanDraft, account_id: str, most_hours: Decimal
) -> AccountPlanDraft:
    """Keep the plays that fit so many hours, most important first; at least one stays.

    Milestones of plays that go, and reasons that rest on them, go along.
    """
    owner = context.book.owners[account_id]
    assert owner is not None  # `scope` refuses unowned accounts before anything is drafted
    trip = trip_to(context, account_id, owner)
    travel = Decimal(decimal_string(trip.hours, 1)) if trip else Decimal(0)
    kept: list[Play] = []
    spent = Decimal(0)
    for play in draft.plays:
        hours = play_hours(play.kind, context.coverage, travel)
        own = hours if play.done_by == "rep" else Decimal(0)
        if kept and spent + own > most_hours:
            continue
        kept.append(play)
        spent += own
    keys = {play.key for play in kept}
    return draft.model_copy(
        update={
            "plays": kept,
            "milestones": [item for item in draft.milestones if item.play in keys],
        }
    )


def _told_of_limit(schedule: Schedule, most_hours: Decimal) -> Notice:
    planned, asked = Decimal(schedule.plan_hours), decimal_string(most_hours, 2)
    if planned > most_hours:
        return Notice(
            code="above_asked_hours",
            section="plays",
            message=f"The plan takes {decimal_string(planned, 1)} hours; {asked} were asked for, "
            "and its most important play alone takes more.",
        )
    given = Decimal(schedule.tier_hours)
    told = (
        f"It takes {decimal_string(planned, 1)} of the {asked} hours asked for"
        if most_hours >= given
        else f"It is cut to the {asked} hours asked for"
    )
    return Notice(
        code="within_asked_hours",
        section="plays",
        message=f"{told}; the tier's cadence gives {decimal_string(given, 1)}.",
    )


def _dates_to_precede(plays: list[Play], ledger: Ledger) -> dict[str, date]:
    return {
        play.key: date.fromisoformat(ledger[play.before].value)
        for play in plays
        if play.before is not None and play.before in ledger and ledger[play.before].unit == "date"
    }

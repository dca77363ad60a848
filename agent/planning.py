"""From a writer's plays to days and hours in the owner's calendar."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agent.context import EVERYBODY, PlanningContext
from agent.gather import trip_to
from agent.granting import told_of_wishes
from agent.wishes import Wishes
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import AccountPlanDraft, Blocker, Notice, Play, Resource, Schedule
from domain.record import decimal_string
from tools.cycle.people import of_function
from tools.practicality import practicality
from tools.schedule import Calendar, schedule_plays
from tools.selling_time import selling_weeks, working_days


def fit_into_week(
    context: PlanningContext,
    draft: AccountPlanDraft,
    account_id: str,
    period: Period,
    ledger: Ledger,
    plan_id: str,
    wishes: Wishes | None = None,
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
        most_hours=wishes.most_hours if wishes else None,
        last_day=wishes.last_day if wishes else None,
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
    if wishes is not None:
        notices += told_of_wishes(wishes, draft, schedule)
    return schedule, blockers, notices


def resources_of(context: PlanningContext, rep_id: str, period: Period) -> frozenset[Resource]:
    """Who can do plays of a rep's plans: the functions that somebody who works with them holds.

    Operations are of the company and in no table of reps, so they are always among them.
    """
    return frozenset(
        resource
        for resource in EVERYBODY
        if resource in ("rep", "operations")
        or of_function(context.book, [rep_id], resource, period)
    )


def _dates_to_precede(plays: list[Play], ledger: Ledger) -> dict[str, date]:
    return {
        play.key: date.fromisoformat(ledger[play.before].value)
        for play in plays
        if play.before is not None and play.before in ledger and ledger[play.before].unit == "date"
    }

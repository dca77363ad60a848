"""Whether a scheduled plan can be carried out; where not, by how many hours it fails."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.book import Book
from domain.coverage import CoverageModel, Tier
from domain.period import Period
from domain.plan import Blocker, Notice, Play, Schedule
from domain.record import decimal_string
from tools.schedule import CUSTOMER_FACING
from tools.selling_time import last_day, rep_row, working_days
from tools.travel import Trip, overlap_hours

ZERO = Decimal(0)
OVER_CAPACITY = "over_capacity"


def hours_missing(schedule: Schedule) -> Decimal:
    """Hours by which planned and promised work exceeds the weeks it was put into."""
    over = ZERO
    for week in schedule.weeks:
        needed = Decimal(week.plan_hours) + Decimal(week.committed_hours)
        over += max(ZERO, needed - Decimal(week.selling_hours))
    # Hours are rounded week by week: a plan is not impossible for minutes while the period
    # as a whole has the room.
    room = (
        Decimal(schedule.selling_hours)
        - Decimal(schedule.committed_hours)
        - Decimal(schedule.plan_hours)
    )
    return over if room < 0 or over >= 1 else ZERO


def capacity_blocker(schedule: Schedule) -> Blocker | None:
    """Return the blocker over hours that a schedule makes, or None where it fits."""
    missing = hours_missing(schedule)
    if missing <= 0:
        return None
    amount = decimal_string(missing, 1)
    return _blocker(
        OVER_CAPACITY,
        f"The plan does not fit the rep's weeks: {amount} hours are missing.",
        "override",
        hours=amount,
    )


def practicality(
    plays: list[Play],
    schedule: Schedule,
    *,
    book: Book,
    account_id: str,
    rep_id: str,
    tier: Tier,
    coverage: CoverageModel,
    period: Period,
    trip: Trip | None,
) -> tuple[list[Blocker], list[Notice]]:
    """Check hours, dates, owner, cadence, travel and shared working hours.

    Returns
    -------
    blockers, notices
        A blocker whose remedy is `override` names the hours missing; one whose remedy
        is `edit` asks for another play or owner. Notices do not block.
    """
    blockers: list[Blocker] = []
    notices: list[Notice] = []
    over = capacity_blocker(schedule)
    if over is not None:
        blockers.append(over)
    _check_owner(book, rep_id, period, blockers)
    _check_dates(book, rep_id, schedule, period, blockers)
    _check_cadence(plays, schedule, tier, period, notices)
    if any(play.kind == "visit" for play in plays):
        _check_travel(trip, coverage, blockers, notices)
    _check_overlap(plays, schedule, book, account_id, rep_id, coverage, blockers)
    return blockers, notices


def _blocker(code: str, message: str, remedy: str, hours: str | None = None) -> Blocker:
    return Blocker.model_validate(
        {
            "code": code,
            "section": "plays",
            "message": message,
            "remedy": remedy,
            "hours_missing": hours,
        }
    )


def _check_owner(book: Book, rep_id: str, period: Period, blockers: list[Blocker]) -> None:
    left = last_day(rep_row(book, rep_id))
    if left is not None and left < period.end:
        blockers.append(
            _blocker(
                "owner_leaves",
                f"The owner's last working day is {left.isoformat()}, before the period "
                "ends; the account needs another owner first.",
                "edit",
            )
        )


def _check_dates(
    book: Book, rep_id: str, schedule: Schedule, period: Period, blockers: list[Blocker]
) -> None:
    days = set(working_days(book, rep_id, period))
    for play in schedule.plays:
        if play.due not in days:
            blockers.append(
                _blocker(
                    "no_working_day",
                    f"No working day of the owner is left for one play by {play.due.isoformat()}.",
                    "override",
                    hours=play.hours,
                )
            )


def _check_cadence(
    plays: list[Play], schedule: Schedule, tier: Tier, period: Period, notices: list[Notice]
) -> None:
    spent = sum((Decimal(item.hours) for item in schedule.plays if item.done_by == "rep"), ZERO)
    given = Decimal(schedule.tier_hours)
    if spent > given:
        notices.append(
            Notice(
                code="above_tier_hours",
                section="plays",
                message=f"The plays take {decimal_string(spent, 1)} hours; the {tier.label} "
                f"cadence gives {decimal_string(given, 1)} in the period.",
            )
        )
    touches = sum(1 for play in plays if play.kind in CUSTOMER_FACING)
    allowed = Decimal(repr(tier.touches_per_week)) * period.days / 7
    if touches > max(Decimal(1), allowed):
        notices.append(
            Notice(
                code="above_cadence",
                section="plays",
                message=f"The plays touch the account {touches} times; the {tier.label} "
                f"cadence is {tier.cadence}.",
            )
        )


def _check_travel(
    trip: Trip | None,
    coverage: CoverageModel,
    blockers: list[Blocker],
    notices: list[Notice],
) -> None:
    budget = coverage.travel.budget_hours_per_visit
    if trip is None:
        notices.append(
            Notice(
                code="travel_unknown",
                section="plays",
                message="Travel is not counted: coordinates of the account or of the rep's "
                "base are blank.",
            )
        )
    elif trip.hours > budget:
        over = decimal_string(trip.hours - budget, 1)
        blockers.append(
            _blocker(
                "travel_over_budget",
                f"A visit takes {decimal_string(trip.hours, 1)} hours of travel, {over} more "
                "than the travel budget allows.",
                "override",
                hours=over,
            )
        )


def _check_overlap(
    plays: list[Play],
    schedule: Schedule,
    book: Book,
    account_id: str,
    rep_id: str,
    coverage: CoverageModel,
    blockers: list[Blocker],
) -> None:
    theirs = book.rows("accounts")[account_id]["time_zone"]
    ours = rep_row(book, rep_id)["time_zone"]
    due: dict[str, date] = {item.key: item.due for item in schedule.plays}
    remote = [play for play in plays if play.kind in {"call", "meeting", "demo"}]
    if not isinstance(theirs, str) or not isinstance(ours, str) or not remote:
        return
    shared = min(overlap_hours(ours, theirs, due[play.key]) for play in remote)
    if shared < coverage.travel.overlap_hours:
        short = decimal_string(coverage.travel.overlap_hours - shared, 1)
        blockers.append(
            _blocker(
                "no_shared_hours",
                f"The rep and the account share {decimal_string(shared, 1)} working hours a "
                f"day, {short} fewer than the coverage model asks for.",
                "override",
                hours=short,
            )
        )

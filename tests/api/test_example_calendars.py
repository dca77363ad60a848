"""The calendars of every rep of the example: each fits, or says by how much it does not."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest

from api.reading import Reading
from domain.errors import NothingToPlan
from domain.quarter import quarter_at
from domain.territory_plan import RepCalendar
from tools.cycle.calendar_days import days_left
from tools.cycle.calendar_ics import calendar_ics
from tools.cycle.rep_calendar import rep_calendar
from tools.cycle.side import Side
from tools.travel import overlap_hours


@pytest.fixture(scope="module")
def side(read_once: Reading) -> Side:
    return Side(read_once.book, read_once.coverage, read_once.analyses)


@pytest.fixture(scope="module")
def calendars(side: Side) -> dict[str, RepCalendar]:
    quarter = quarter_at(side.as_of, side.coverage.quarters)
    found = {}
    for rep in side.book.rows("reps"):
        focus = side.analyses.ranks.of_owner(rep)[:10]
        with suppress(NothingToPlan):
            found[rep] = rep_calendar(side, rep, quarter, (), focus).calendar
    return found


def test_every_rep_but_the_one_who_left_has_a_calendar_that_fits_or_says_what_is_missing(
    side: Side, calendars: dict[str, RepCalendar]
) -> None:
    # Graham Pellew left in June.
    assert set(calendars) == set(side.book.rows("reps")) - {"R-280"}
    for calendar in calendars.values():
        for week in calendar.weeks:
            assert Decimal(week.planned_hours) <= Decimal(week.selling_hours)
        lost = sum((Decimal(item.hours) for item in calendar.unplaced), Decimal(0))
        assert Decimal(calendar.missing_hours.value or "") == lost
        planned = Decimal(calendar.planned_hours.value or "")
        assert Decimal(calendar.needed_hours.value or "") == planned + lost
    # Both kinds occur: some reps have time to spare, some are asked for more than they have.
    told = {rep: Decimal(calendar.missing_hours.value or "") for rep, calendar in calendars.items()}
    assert told["R-284"] == 0
    assert told["R-291"] > 100


def test_nothing_is_planned_on_a_day_off_or_without_shared_hours(
    side: Side, calendars: dict[str, RepCalendar]
) -> None:
    quarter = quarter_at(side.as_of, side.coverage.quarters)
    zones = {key: row["time_zone"] for key, row in side.book.rows("accounts").items()}
    for rep, calendar in calendars.items():
        days = set(days_left(side, rep, quarter).days)
        for item in (item for week in calendar.weeks for item in week.items):
            assert item.day in days
            if item.kind == "call":
                shared = overlap_hours(calendar.time_zone, zones[item.account_id], item.day)
                assert shared >= side.coverage.travel.overlap_hours


def test_every_trip_of_the_example_keeps_to_the_travel_budget(
    side: Side, calendars: dict[str, RepCalendar]
) -> None:
    trips = [trip for calendar in calendars.values() for trip in calendar.trips]

    assert any(len(trip.accounts) == 3 for trip in trips)
    for trip in trips:
        least = Decimal(trip.travel_hours) / len(trip.accounts)
        assert least <= Decimal(repr(side.coverage.travel.budget_hours_per_visit))


def test_the_calendars_go_into_any_calendar_program(
    side: Side, calendars: dict[str, RepCalendar]
) -> None:
    names = {key: row["name"] for key, row in side.book.rows("accounts").items()}
    for calendar in calendars.values():
        text = calendar_ics(calendar, names)
        items = sum(len(week.items) for week in calendar.weeks)
        assert text.count("\r\nBEGIN:VEVENT\r\n") == items + len(calendar.trips)
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))

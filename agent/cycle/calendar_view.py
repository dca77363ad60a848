"""A rep's quarter week by week, as lines that a reader can work from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from agent.cycle.view import CalendarOf, CycleCell, CycleTable, DayLine, WeekView
from agent.cycle.writing import Hand, hours, listed, number_of, plain, short_day
from domain.plan import PlayKind
from domain.territory_plan import CalendarItem, CalendarWeek, RepCalendar, Trip

MOST_NAMES = 8
KINDS: dict[PlayKind, str] = {
    "meeting": "Meetings",
    "demo": "Demos",
    "visit": "Visits",
    "call": "Calls",
    "email": "E-mails",
    "internal": "Internal",
}
ONE: dict[PlayKind, str] = {
    "meeting": "Meeting",
    "demo": "Demo",
    "visit": "Visit",
    "call": "Call",
    "email": "E-mail",
    "internal": "Internal work",
}


def calendar_view(calendar: RepCalendar, hand: Hand) -> CalendarOf:
    """Write a calendar: trips of a day on one line, touches of one kind on another."""
    trips = {trip.trip_id: trip for trip in calendar.trips}
    missing = number_of(calendar.missing_hours)
    return CalendarOf(
        rep_id=calendar.rep_id,
        rep_name=hand.rep(calendar.rep_id),
        told=_told(calendar, hand),
        fits=missing == 0,
        weeks=tuple(_week(week, trips, hand) for week in calendar.weeks),
        unplaced=_unplaced(calendar, hand) if calendar.unplaced else None,
        notes=calendar.notes,
    )


def _told(calendar: RepCalendar, hand: Hand) -> str:
    needed, selling = hand.text(calendar.needed_hours), hand.text(calendar.selling_hours)
    planned, travel = hand.text(calendar.planned_hours), hand.text(calendar.travel_hours)
    missing = number_of(calendar.missing_hours)
    line = f"The work asks for {needed}, the quarter has {selling}. {planned} are planned"
    line += f", {travel} of them travel"
    if missing is None:
        return f"{line}; how much does not fit is unknown."
    if missing == 0:
        return f"{line}; everything fits."
    return f"{line}; {hand.text(calendar.missing_hours)} do not fit."


def _week(week: CalendarWeek, trips: dict[str, Trip], hand: Hand) -> WeekView:
    days: dict[date, list[CalendarItem]] = {}
    for item in week.items:
        days.setdefault(item.day, []).append(item)
    return WeekView(
        week=week.week,
        label=short_day(week.week).partition(" ")[2],
        working_days=week.working_days,
        planned=Decimal(week.planned_hours),
        selling=Decimal(week.selling_hours),
        travel=Decimal(week.travel_hours),
        touches=len(week.items),
        lines=tuple(line for day in sorted(days) for line in _day(day, days[day], trips, hand)),
    )


def _day(
    day: date, items: Sequence[CalendarItem], trips: dict[str, Trip], hand: Hand
) -> Iterator[DayLine]:
    label = short_day(day)
    for key in dict.fromkeys(item.trip for item in items if item.trip):
        stops = [item for item in items if item.trip == key]
        trip = trips.get(key)
        took = sum((Decimal(item.hours) for item in stops), Decimal(0))
        what = f"Trip: {_names(stops, hand)}"
        if trip is not None:
            took += Decimal(trip.travel_hours)
            way = "by road" if trip.mode == "road" else "by air"
            what = (
                f"Trip to {trip.metro} {way}: {_names(stops, hand)}; "
                f"{hours(trip.travel_hours)} of it travel, {Decimal(trip.km):,.0f} km"
            )
        yield DayLine(day=day, label=label, what=what, hours=hours(took), trip=True)
    for kind, word in KINDS.items():
        touched = [item for item in items if item.kind == kind and not item.trip]
        if touched:
            named = ONE[kind] if len(touched) == 1 else word
            took = sum((Decimal(item.hours) for item in touched), Decimal(0))
            yield DayLine(
                day=day, label=label, what=f"{named}: {_names(touched, hand)}", hours=hours(took)
            )


def _names(items: Sequence[CalendarItem], hand: Hand) -> str:
    names = (
        hand.account(item.account_id) + (" (play)" if item.source == "play" else "")
        for item in items
    )
    return listed(dict.fromkeys(names), MOST_NAMES)


def _unplaced(calendar: RepCalendar, hand: Hand) -> CycleTable:
    rows = tuple(
        (
            plain(hand.account(item.account_id)),
            plain(KINDS[item.kind] if item.touches != 1 else ONE[item.kind]),
            plain(f"{item.touches:,}", numeric=True),
            plain(hours(item.hours) if Decimal(item.hours) else "–", numeric=True),
            plain(item.reason),
        )
        for item in calendar.unplaced
    )
    return CycleTable(
        kind="unplaced",
        caption="What the quarter cannot hold",
        columns=("Account", "What", "Touches", "Hours", "Why not"),
        rows=rows,
    )


def weeks_table(calendar: CalendarOf) -> CycleTable:
    """Write the weeks as a table: the same values as the bars."""
    rows: list[tuple[CycleCell, ...]] = [
        (
            plain(f"Week of {week.label}"),
            plain(f"{week.working_days}", numeric=True),
            plain(hours(week.planned), numeric=True),
            plain(hours(week.selling), numeric=True),
            plain(hours(week.travel), numeric=True),
            plain(f"{week.touches:,}", numeric=True),
        )
        for week in calendar.weeks
    ]
    return CycleTable(
        kind="weeks",
        caption=f"Hours of {calendar.rep_name}, week by week",
        columns=("Week", "Days", "Planned", "Selling hours", "Travel", "Touches"),
        rows=tuple(rows),
    )

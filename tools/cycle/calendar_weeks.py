"""Write down what the weeks of a rep hold: items by day, and the trips they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.record import decimal_string
from domain.territory_plan import CalendarItem, CalendarWeek, ItemSource, Trip
from tools.cycle.calendar_demand import Promise, visit_hours
from tools.cycle.calendar_ground import Ground
from tools.cycle.day_choice import call_days, trip_days
from tools.cycle.placing import Board
from tools.cycle.side import Side
from tools.cycle.trips import Route, route
from tools.schedule import ZERO


@dataclass(frozen=True)
class _Out:
    """A trip with its day, before it has an id.

    `plays` are the promised visits it makes, `seen` the accounts visited beside them.
    """

    day: date
    metro: str
    way: Route
    plays: tuple[Promise, ...]
    seen: tuple[str, ...]


def written(
    side: Side, here: Ground, board: Board, metro_of: Mapping[str, str]
) -> tuple[tuple[CalendarWeek, ...], tuple[Trip, ...]]:
    """Give everything its day; weeks and trips in order of date."""
    weeks: list[CalendarWeek] = []
    trips: list[Trip] = []
    for week, days in board.left.by_week.items():
        items, out = _week(side, here, board, week, metro_of)
        travel = sum((Decimal(trip.travel_hours) for trip in out), ZERO)
        worked = sum((Decimal(item.hours) for item in items), ZERO)
        weeks.append(
            CalendarWeek(
                week=week,
                working_days=len(days),
                selling_hours=decimal_string(board.left.selling[week]),
                planned_hours=decimal_string(worked + travel),
                travel_hours=decimal_string(travel),
                items=tuple(items),
            )
        )
        trips += out
    return tuple(weeks), tuple(trips)


def _week(
    side: Side, here: Ground, board: Board, week: date, metro_of: Mapping[str, str]
) -> tuple[list[CalendarItem], list[Trip]]:
    placed = trip_days(board, week)
    calls = call_days(board, week, placed, lambda account: here.call_days(account)[week])
    out = [_Out(day, trip.outing.metro, trip.way, (), trip.way.stops) for trip, day in placed]
    out += _promised(side, here, board, week, metro_of)
    each = decimal_string(visit_hours(side))
    items = []
    trips: list[Trip] = []
    for trip in sorted(out, key=lambda one: (one.day, one.metro, one.way.stops)):
        number = sum(other.day == trip.day for other in trips) + 1
        name = f"{trip.day.isoformat()}-{number}"
        trips.append(
            Trip(
                trip_id=name,
                day=trip.day,
                metro=trip.metro,
                accounts=trip.way.stops,
                travel_hours=decimal_string(trip.way.hours),
                km=decimal_string(trip.way.km),
                mode=trip.way.mode,
            )
        )
        items += [_play(play, name) for play in trip.plays]
        items += [_item(trip.day, account, "visit", here, each, name) for account in trip.seen]
    items += [_play(play, None) for play in board.promised[week] if play.kind != "visit"]
    items += [
        _item(day, call.account_id, "call", here, decimal_string(call.hours)) for call, day in calls
    ]
    stop = {(trip.trip_id, account): n for trip in trips for n, account in enumerate(trip.accounts)}
    items.sort(
        key=lambda item: (
            item.day,
            item.trip is None,
            item.trip or "",
            stop.get((item.trip or "", item.account_id), here.position[item.account_id]),
            item.play or "",
        )
    )
    return items, trips


def _item(
    day: date, account: str, kind: Any, here: Ground, hours: str, trip: str | None = None
) -> CalendarItem:
    source: ItemSource = "focus" if account in here.focus else "cadence"
    return CalendarItem(
        day=day, account_id=account, kind=kind, source=source, hours=hours, trip=trip
    )


def _play(play: Promise, trip: str | None) -> CalendarItem:
    return CalendarItem(
        day=play.day,
        account_id=play.account_id,
        kind=play.kind,
        source="play",
        hours=decimal_string(play.hours),
        trip=trip,
        play=play.play,
    )


def _promised(
    side: Side, here: Ground, board: Board, week: date, metro_of: Mapping[str, str]
) -> list[_Out]:
    """Promised visits of one metro on one day are one trip, with those who join it.

    Its travel is what was promised, and the hops to those who join.
    """
    plays: dict[tuple[date, str], list[Promise]] = {}
    for play in board.promised[week]:
        if play.kind == "visit":
            metro = metro_of.get(play.account_id) or here.cities.get(play.account_id)
            plays.setdefault((play.day, metro or play.account_id), []).append(play)
    found = []
    for (day, metro), together in plays.items():
        joined = [item for item in board.joined[week] if (item.day, item.metro) == (day, metro)]
        seen = tuple(item.account_id for item in joined)
        stops = sorted({*seen, *(play.account_id for play in together)})
        travel = sum((play.travel_hours for play in together), ZERO)
        travel += sum((item.hop_hours for item in joined), ZERO)
        way = Route(tuple(stops), travel, ZERO, "road")
        if here.base is not None and all(stop in here.places for stop in stops):
            real = route(here.base, stops, here.places, side.coverage.travel)
            way = Route(real.stops, travel, real.km, real.mode)
        found.append(_Out(day, metro, way, tuple(together), seen))
    return found

"""Write down what the weeks of a rep hold: items by day, and the trips they belong to."""

from __future__ import annotations

from collections.abc import Sequence
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
    """A trip with its day, before it has an id. `plays` are the promised ones it makes."""

    day: date
    metro: str
    way: Route
    plays: tuple[Promise, ...] = ()


def written(
    side: Side, here: Ground, board: Board
) -> tuple[tuple[CalendarWeek, ...], tuple[Trip, ...]]:
    """Give everything its day; weeks and trips in order of date."""
    weeks: list[CalendarWeek] = []
    trips: list[Trip] = []
    for week, days in board.left.by_week.items():
        items, out = _week(side, here, board, week)
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
    side: Side, here: Ground, board: Board, week: date
) -> tuple[list[CalendarItem], list[Trip]]:
    placed = trip_days(board, week)
    calls = call_days(board, week, placed, lambda account: here.call_days(account)[week])
    out = [_Out(day, trip.outing.metro, trip.way) for trip, day in placed]
    out += _promised(side, here, board.promised[week])
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
        if trip.plays:
            items += [_play(play, name) for play in trip.plays]
        else:
            items += [
                _item(trip.day, account, "visit", here, each, trip=name)
                for account in trip.way.stops
            ]
    items += [_play(play, None) for play in board.promised[week] if play.kind != "visit"]
    items += [
        _item(day, call.account_id, "call", here, decimal_string(call.hours))
        for call, day in calls
    ]
    items.sort(key=lambda item: (item.day, item.trip is None, item.trip or ""))
    ordered = {id(item): place for place, item in enumerate(items)}
    items.sort(
        key=lambda item: (
            item.day,
            item.trip is None,
            item.trip or "",
            ordered[id(item)] if item.trip else here.position[item.account_id],
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


def _promised(side: Side, here: Ground, plays: Sequence[Promise]) -> list[_Out]:
    """Promised visits of one city on one day are one trip; travel is what was promised."""
    grouped: dict[tuple[date, str], list[Promise]] = {}
    for play in plays:
        if play.kind == "visit":
            city = here.cities.get(play.account_id, play.account_id)
            grouped.setdefault((play.day, city), []).append(play)
    found = []
    for (day, city), together in grouped.items():
        stops = sorted({play.account_id for play in together})
        travel = sum((play.travel_hours for play in together), ZERO)
        known = here.base is not None and all(stop in here.places for stop in stops)
        way = Route(tuple(stops), travel, ZERO, "road")
        if known:
            assert here.base is not None
            real = route(here.base, stops, here.places, side.coverage.travel)
            way = Route(real.stops, travel, real.km, real.mode)
        found.append(_Out(day, city, way, tuple(together)))
    return found

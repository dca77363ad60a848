"""Days for what a week holds: promised plays stand, trips come next, calls fill the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from tools.cycle.placing import Board, Call, PlacedTrip

ZERO = Decimal(0)


def trip_days(board: Board, week: date) -> list[tuple[PlacedTrip, date]]:
    """Give each trip of a week a day of its own: the one with least on it, near its date."""
    load = _promised_load(board, week)
    taken = {item.day for item in board.promised[week] if item.kind == "visit"}
    met = {(item.day, item.account_id) for item in board.promised[week]}
    found = []
    for trip in board.trips[week]:
        day = min(
            (day for day in board.left.by_week[week] if day not in taken),
            key=lambda day: (
                sum((day, account) in met for account in trip.stops),
                load[day],
                abs((day - trip.outing.wanted).days),
                day,
            ),
        )
        taken.add(day)
        load[day] += trip.hours
        found.append((trip, day))
    return found


def call_days(
    board: Board,
    week: date,
    trips: Sequence[tuple[PlacedTrip, date]],
    possible: Callable[[str], Sequence[date]],
) -> list[tuple[Call, date]]:
    """Give each call of a week a day: within a day of its date, the one with least on it.

    `possible` tells the days of the week on which an account can be called. An account is
    touched once a day.
    """
    load = _promised_load(board, week)
    met = {(item.day, item.account_id) for item in board.promised[week]}
    for trip, day in trips:
        load[day] += trip.hours
        met |= {(day, account) for account in trip.stops}
    found = []
    for call in board.calls[week]:
        days = [day for day in possible(call.account_id) if (day, call.account_id) not in met]
        day = min(days, key=lambda day: (_off(day, call) > 1, load[day], _off(day, call), day))
        met.add((day, call.account_id))
        load[day] += call.hours
        found.append((call, day))
    return found


def _off(day: date, call: Call) -> int:
    return abs((day - call.wanted).days)


def _promised_load(board: Board, week: date) -> dict[date, Decimal]:
    load = dict.fromkeys(board.left.by_week[week], ZERO)
    for item in board.promised[week]:
        load[item.day] += item.hours + item.travel_hours
    return load

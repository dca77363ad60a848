"""Days for what a week holds: promised plays stand, trips come next, calls fill the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from tools.cycle.placing import Board, Call, PlacedTrip

ZERO = Decimal(0)
WORKING_DAY = Decimal(8)


def trip_days(board: Board, week: date) -> list[tuple[PlacedTrip, date]]:
    """Give each trip of a week a day of its own: the one with least on it, near its date."""
    days = board.left.by_week[week]
    load = _promised_load(board, week)
    taken = {item.day for item in board.promised[week] if item.kind == "visit"}
    met = _met(board, week)
    found = []
    for trip in board.trips[week]:
        day = min(
            (day for day in days if day not in taken),
            key=lambda day: (
                trip.hours > WORKING_DAY and day - timedelta(days=1) not in days,
                sum((day, account) in met for account in trip.stops),
                load[day],
                abs((day - trip.outing.wanted).days),
                day,
            ),
        )
        taken.add(day)
        _travelled(load, day, trip.hours)
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
    touched once a day, and not on two days running where another day is near.
    """
    load = _promised_load(board, week)
    met = _met(board, week)
    for trip, day in trips:
        _travelled(load, day, trip.hours)
        met |= {(day, account) for account in trip.stops}
    found = []
    for call in board.calls[week]:
        days = [day for day in possible(call.account_id) if (day, call.account_id) not in met]
        running = {
            day + timedelta(days=step)
            for day, account in met
            if account == call.account_id
            for step in (-1, 1)
        }
        day = min(
            days,
            key=lambda day: (
                _off(day, call) > 1, day in running, load[day], _off(day, call), day
            ),
        )  # fmt: skip
        met.add((day, call.account_id))
        load[day] += call.hours
        found.append((call, day))
    return found


def _travelled(load: dict[date, Decimal], day: date, hours: Decimal) -> None:
    """Count a trip on its day; what is more than a working day is travelled the day before."""
    load[day] += min(hours, WORKING_DAY)
    before = day - timedelta(days=1)
    load[before if before in load else day] += max(ZERO, hours - WORKING_DAY)


def _off(day: date, call: Call) -> int:
    return abs((day - call.wanted).days)


def _met(board: Board, week: date) -> set[tuple[date, str]]:
    """Days on which an account is met for a promised play, or on the way of one."""
    promised = {(item.day, item.account_id) for item in board.promised[week]}
    return promised | {(item.day, item.account_id) for item in board.joined[week]}


def _promised_load(board: Board, week: date) -> dict[date, Decimal]:
    load = dict.fromkeys(board.left.by_week[week], ZERO)
    for item in board.promised[week]:
        load[item.day] += item.hours + item.travel_hours
    for joined in board.joined[week]:
        load[joined.day] += joined.hop_hours
    return load

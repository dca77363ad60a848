"""Trips: visits of one metro put together, what the travel takes, and what it costs a stop."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from domain.coverage import Travel
from domain.period import Period
from tools.cycle.metros import Metro, Point
from tools.schedule import CENT
from tools.travel import distance_km, round_trip


@dataclass(frozen=True)
class Route:
    """The way of one trip: round trip to the nearest stop, and the hops from stop to stop.

    `km` is the straight distance from the base to that stop.
    """

    stops: tuple[str, ...]
    hours: Decimal
    km: Decimal
    mode: Literal["road", "air"]


@dataclass(frozen=True)
class Outing:
    """Visits of one metro that should be made on one day, about `wanted`.

    `stops` are in the order of the accounts. `reach` is by how many weeks it may move.
    """

    metro: str
    wanted: date
    stops: tuple[str, ...]
    reach: int


def route(base: Point, stops: Sequence[str], places: Mapping[str, Point], rules: Travel) -> Route:
    """Return the way from the base through all stops: always on to the nearest one left."""
    left = sorted(stops)
    here = min(left, key=lambda stop: (distance_km(base, places[stop]), stop))
    there = round_trip(base, places[here], rules)
    hours, way = there.hours, [here]
    left.remove(here)
    while left:
        last = places[here]
        here = min(left, key=lambda stop: (distance_km(last, places[stop]), stop))
        hours += round_trip(last, places[here], rules).hours / 2
        left.remove(here)
        way.append(here)
    return Route(
        tuple(way),
        Decimal(repr(hours)).quantize(CENT),
        Decimal(repr(there.km)).quantize(Decimal(1)),
        there.mode,
    )


def affordable(way: Route, rules: Travel) -> bool:
    """Say whether a trip's travel stays within the budget of its stops together."""
    budget = Decimal(repr(rules.budget_hours_per_visit))
    return way.hours <= budget * len(way.stops)


def outings(
    metro: Metro,
    visits: Mapping[str, int],
    span: Period,
    base: Point,
    places: Mapping[str, Point],
    rules: Travel,
    most: int,
) -> tuple[tuple[Outing, ...], dict[str, int]]:
    """Put the visits of a metro into as few days as they fit, evenly over the days left.

    Parameters
    ----------
    visits
        Visits wanted of each account; an account is seen once a trip.
    most
        Stops a day.

    Returns
    -------
    outings
        In order of date. Fewer, where the travel needs more stops to share it than that.
    beyond
        Visits that no trip within the travel budget makes, by account.
    """
    wanted = {account: visits[account] for account in metro.accounts if visits.get(account, 0)}
    if not wanted:
        return (), {}
    total = sum(wanted.values())
    nearest = route(base, [min(wanted, key=lambda a: (distance_km(base, places[a]), a))], places,
                    rules)  # fmt: skip
    budget = Decimal(repr(rules.budget_hours_per_visit))
    share = max(1, math.ceil(nearest.hours / budget))
    if share > min(most, len(wanted)):
        return (), wanted
    count = min(max(max(wanted.values()), math.ceil(total / most)), max(1, total // share))
    trips: list[list[str]] = [[] for _ in range(count)]
    beyond: dict[str, int] = {}
    for account, number in wanted.items():
        for visit in range(number):
            ideal = Decimal(2 * visit + 1) * count / (2 * number) - Decimal("0.5")
            open_ = [
                place
                for place, stops in enumerate(trips)
                if len(stops) < most and account not in stops
            ]
            if not open_:
                beyond[account] = beyond.get(account, 0) + 1
                continue
            best = min(open_, key=lambda p: (len(trips[p]), abs(p - ideal), p))
            trips[best].append(account)
    found = []
    for place, stops in enumerate(trips):
        if not stops:
            continue
        if not affordable(route(base, stops, places, rules), rules):
            for account in stops:
                beyond[account] = beyond.get(account, 0) + 1
            continue
        # Who is seen once a quarter may be seen at any time of it.
        reach = math.ceil(span.days / 7 / max(wanted[account] for account in stops))
        after = (2 * place + 1) * span.days // (2 * count)
        found.append(Outing(metro.name, span.start + timedelta(days=after), tuple(stops), reach))
    return tuple(found), beyond

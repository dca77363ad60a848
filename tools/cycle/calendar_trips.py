"""Which visits of a rep go together: on the day of a promised visit, on a trip, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.cycle.calendar_demand import Asked, Promise
from tools.cycle.calendar_ground import Ground
from tools.cycle.metros import Metro, metros
from tools.cycle.side import Side
from tools.cycle.trips import Outing, Route, affordable, outings, route
from tools.schedule import ZERO

Refusal = Literal["no place known", "travel budget"]


@dataclass(frozen=True)
class Joining:
    """A visit made on the day of a promised one near by; `hop_hours` is the way more."""

    account_id: str
    metro: str
    day: date
    hop_hours: Decimal


@dataclass(frozen=True)
class Trips:
    """Visits put together; `refused` are those no trip can make, by account and reason.

    `metro_of` names the metro of each account that has visits, asked for or promised.
    """

    outings: tuple[Outing, ...]
    joining: tuple[Joining, ...]
    refused: Mapping[tuple[str, Refusal], int]
    metro_of: Mapping[str, str]


def way(side: Side, here: Ground, stops: Sequence[str]) -> Route | None:
    """Return the way through some stops; None where the travel budget forbids it."""
    assert here.base is not None  # without a base there are no trips
    found = route(here.base, stops, here.places, side.coverage.travel)
    return found if affordable(found, side.coverage.travel) else None


def put_together(
    side: Side, here: Ground, wanted: Mapping[str, Asked], promised: Sequence[Promise]
) -> Trips:
    """Put the visits that are asked for into trips, metro by metro.

    Where a visit in the metro is promised already, the best accounts near by are seen on the
    same day first. The rest get trips of their own.
    """
    visits = {account: item.visits for account, item in wanted.items() if item.visits}
    refused: dict[tuple[str, Refusal], int] = {
        (account, "no place known"): number
        for account, number in visits.items()
        if here.base is None or account not in here.places
    }
    if here.base is None:
        return Trips((), (), refused, {})
    rules, most = side.coverage.travel, side.coverage.territory_plan.stops_a_day
    fixed = {item.account_id for item in promised if item.kind == "visit"}
    order = [account for account in here.order if visits.get(account) or account in fixed]
    found: list[Outing] = []
    joining: list[Joining] = []
    metro_of: dict[str, str] = {}
    for metro in metros(order, here.places, here.cities, rules.nearby_km):
        metro_of |= dict.fromkeys(metro.accounts, metro.name)
        joining += _joining(side, here, metro, visits, promised, most)
        trips, beyond = outings(metro, visits, here.left.span, here.base, here.places, rules, most)
        found += trips
        refused |= {(account, "travel budget"): number for account, number in beyond.items()}
    return Trips(tuple(found), tuple(joining), refused, metro_of)


def _joining(
    side: Side,
    here: Ground,
    metro: Metro,
    visits: dict[str, int],
    promised: Sequence[Promise],
    most: int,
) -> list[Joining]:
    """Take visits that can be made on promised days out of `visits`, the best account's first."""
    days: dict[date, list[str]] = {}
    for item in promised:
        if item.kind == "visit" and item.account_id in metro.accounts:
            stops = days.setdefault(item.day, [])
            if item.account_id not in stops:
                stops.append(item.account_id)
    found = []
    for day, stops in sorted(days.items()):
        for account in metro.accounts:
            if len(stops) >= most:
                break
            if account in stops or not visits.get(account):
                continue
            assert here.base is not None  # metros are of reps with a base
            before = route(here.base, stops, here.places, side.coverage.travel).hours
            stops.append(account)
            after = route(here.base, stops, here.places, side.coverage.travel).hours
            visits[account] -= 1
            found.append(Joining(account, metro.name, day, max(ZERO, after - before)))
    return found

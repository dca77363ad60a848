"""Metros: which of a rep's accounts lie near enough to one another to share a trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.travel import distance_km

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Metro:
    """Accounts that can share a trip, the best first; `name` is the first one's city."""

    name: str
    accounts: tuple[str, ...]


def metros(
    order: Sequence[str], places: Mapping[str, Point], cities: Mapping[str, str], near_km: float
) -> tuple[Metro, ...]:
    """Group accounts into metros of which any two members are at most `near_km` apart.

    Parameters
    ----------
    order
        Accounts, the best first; one without a place is in no metro.
    places, cities
        Where each lies. An account without a city gives its own id as the metro's name.
    near_km
        How far apart two accounts of a metro may lie, in a straight line.

    Returns
    -------
    tuple[Metro, ...]
        In order of their best account. Each metro is begun by the best account that has none
        yet; the others join it nearest first while they are near to all who are in it. So the
        account that matters most chooses its company, no chain of neighbours grows across a
        country, and the order of rows changes nothing. Fewer metros may be possible.
    """
    free = [account for account in order if account in places]
    found = []
    while free:
        seed = free[0]
        here = places[seed]
        near = sorted(
            (distance_km(here, places[other]), place, other)
            for place, other in enumerate(free[1:])
            if abs(here[0] - places[other][0]) * 111 <= near_km
        )
        members = [seed]
        for km, _, other in near:
            if km > near_km:
                break
            if all(distance_km(places[one], places[other]) <= near_km for one in members[1:]):
                members.append(other)
        inside = set(members)
        found.append(Metro(cities.get(seed, seed), tuple(a for a in free if a in inside)))
        free = [account for account in free if account not in inside]
    return tuple(found)

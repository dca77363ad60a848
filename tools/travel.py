"""Travel hours and shared working hours, from coordinates and time zones alone.

Distances are great circles (haversine, mean Earth radius 6,371.0 km) times a detour
factor. Up to `road_up_to_km` a trip is driven; beyond, it is flown: a fixed time for
the airports plus the flight. `docs/methodology.md#travel` works an example by hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.coverage import Travel
from domain.errors import InvalidInput

EARTH_RADIUS_KM = 6371.0
WORKDAY = (time(9), time(17))


@dataclass(frozen=True)
class Trip:
    """A round trip: `hours` door to door, `km` one way, and how it is made."""

    hours: float
    km: float
    mode: Literal["road", "air"]


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) pairs in degrees, in km."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def round_trip(base: tuple[float, float], place: tuple[float, float], rules: Travel) -> Trip:
    """Estimate the round trip from a rep's base to an account.

    Parameters
    ----------
    base, place
        (latitude, longitude) in degrees, both known.
    rules
        Detour factor, speeds and the distance up to which people drive.
    """
    km = distance_km(base, place)
    if km <= rules.road_up_to_km:
        return Trip(2 * km * rules.detour / rules.road_km_per_hour, km, "road")
    return Trip(2 * (rules.air_fixed_hours + km / rules.air_km_per_hour), km, "air")


def overlap_hours(zone: str, other: str, day: date) -> float:
    """Hours of `day` in which it is 9 to 17 o'clock in both time zones.

    Raises InvalidInput when a zone is not an IANA name.
    """
    try:
        ours, theirs = ZoneInfo(zone), ZoneInfo(other)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(
            f"{zone!r} or {other!r} is not a time zone.",
            hint="Use IANA names such as Europe/Berlin.",
        ) from error
    start, end = (datetime.combine(day, hour, ours) for hour in WORKDAY)
    best = 0.0
    # The other side's working day that overlaps may carry the previous or next date.
    for offset in (-1, 0, 1):
        there = day + timedelta(days=offset)
        first, last = (datetime.combine(there, hour, theirs) for hour in WORKDAY)
        shared = min(end, last).timestamp() - max(start, first).timestamp()
        best = max(best, shared / 3600)
    return best

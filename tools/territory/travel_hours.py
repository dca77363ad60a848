"""Hours on the road for every account-rep pair at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from domain.coverage import Travel
from tools.balance.problem import Floats
from tools.travel import EARTH_RADIUS_KM


def distances_km(places: pd.DataFrame, bases: pd.DataFrame) -> Floats:
    """(n, R) great-circle distances; nan where a coordinate of either side is missing.

    `places` has `latitude` and `longitude`, `bases` `base_latitude` and `base_longitude`,
    in degrees.
    """
    lat, lon = (
        np.radians(places[name].to_numpy(dtype="float64"))[:, None]
        for name in ("latitude", "longitude")
    )
    base_lat, base_lon = (
        np.radians(bases[name].to_numpy(dtype="float64"))[None, :]
        for name in ("base_latitude", "base_longitude")
    )
    half = (
        np.sin((base_lat - lat) / 2) ** 2
        + np.cos(lat) * np.cos(base_lat) * np.sin((base_lon - lon) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def trip_hours(places: pd.DataFrame, bases: pd.DataFrame, rules: Travel) -> Floats:
    """(n, R) hours of a round trip from each base to each place, door to door.

    By road or air as `tools.travel.round_trip` has it for one pair. Where a coordinate is
    missing the trip is unknown and counts `budget_hours_per_visit`.
    """
    km = distances_km(places, bases)
    road = 2 * km * rules.detour / rules.road_km_per_hour
    air = 2 * (rules.air_fixed_hours + km / rules.air_km_per_hour)
    hours = np.where(km <= rules.road_up_to_km, road, air)
    return np.where(np.isnan(km), rules.budget_hours_per_visit, hours)

"""Travel hours and shared working hours."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coverage import Travel
from domain.errors import InvalidInput
from tools.travel import distance_km, overlap_hours, round_trip

RULES = Travel(
    detour=1.25,
    road_km_per_hour=75,
    road_up_to_km=400,
    air_km_per_hour=750,
    air_fixed_hours=3,
    budget_hours_per_visit=8,
    nearby_km=100,
    overlap_hours=2,
)
PLACES = st.tuples(st.floats(-89, 89), st.floats(-179, 179))


def test_one_degree_of_latitude_is_a_three_hundred_and_sixtieth_of_the_meridian() -> None:
    # 2 pi x 6371 km / 360 = 111.19 km
    assert distance_km((0, 0), (1, 0)) == pytest.approx(2 * math.pi * 6371 / 360)


def test_a_near_account_is_driven_to_and_a_far_one_flown_to() -> None:
    # One degree: 111.19 km x 1.25 / 75 km/h = 1.853 h each way, 3.706 h there and back.
    near = round_trip((0, 0), (1, 0), RULES)
    assert (near.mode, round(near.hours, 3)) == ("road", 3.706)
    # Ten degrees: 1,111.9 km / 750 = 1.483 h flight + 3 h fixed, 8.965 h there and back.
    far = round_trip((0, 0), (10, 0), RULES)
    assert (far.mode, round(far.hours, 3)) == ("air", 8.965)


@given(PLACES, PLACES)
def test_the_way_there_is_as_long_as_the_way_back(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    assert distance_km(a, b) == pytest.approx(distance_km(b, a), abs=1e-6)
    assert 0 <= distance_km(a, b) <= math.pi * 6371 + 1e-6


def test_new_york_and_berlin_share_two_winter_hours() -> None:
    # 9 to 17 in New York is 15 to 23 in Berlin: 15 to 17 is shared.
    assert overlap_hours("America/New_York", "Europe/Berlin", date(2026, 12, 1)) == 2.0


def test_sydney_and_berlin_share_none() -> None:
    assert overlap_hours("Australia/Sydney", "Europe/Berlin", date(2026, 12, 1)) == 0.0


def test_a_time_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"'Mars/Base' .*not a time zone"):
        overlap_hours("Mars/Base", "Europe/Berlin", date(2026, 12, 1))

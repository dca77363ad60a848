"""Metros and trips: who shares a trip, and what the travel takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.period import Period
from tools.cycle.metros import Metro, metros
from tools.cycle.trips import affordable, outings, route
from tools.travel import distance_km

SPAN = Period(date(2026, 11, 2), date(2026, 11, 29))


def test_a_chain_of_neighbours_is_cut_where_its_ends_lie_too_far_apart():
    # 0.4 degrees of latitude are 44.5 km, 0.8 are 89: with 60 km only neighbours share a
    # trip. A, the best, takes B; C is 89 km from A and begins a metro of its own.
    places = {"A": (50.0, 10.0), "B": (50.4, 10.0), "C": (50.8, 10.0)}

    found = metros(("A", "B", "C"), places, {"A": "Ahausen", "C": "Cehausen"}, 60)

    assert found == (Metro("Ahausen", ("A", "B")), Metro("Cehausen", ("C",)))


def test_the_best_account_chooses_its_company():
    # B, between the two, goes with whoever ranks first.
    places = {"A": (50.0, 10.0), "B": (50.4, 10.0), "C": (50.8, 10.0)}

    assert metros(("C", "A", "B"), places, {}, 60) == (Metro("C", ("C", "B")), Metro("A", ("A",)))


spots = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda p: (45 + p[0] / 10, p[1] / 10))


@settings(max_examples=40, deadline=None)
@given(st.lists(spots, max_size=12), st.integers(5, 120))
def test_every_account_is_in_one_metro_of_accounts_that_are_near_each_other(spots, km):
    places = {f"A{n:02d}": spot for n, spot in enumerate(spots)}
    order = tuple(places)

    found = metros(order, places, {}, km)

    assert sorted(a for metro in found for a in metro.accounts) == sorted(order)
    for metro in found:
        assert all(
            distance_km(places[a], places[b]) <= km for a in metro.accounts for b in metro.accounts
        )
        assert list(metro.accounts) == sorted(metro.accounts)
    assert all(one.accounts[0] < other.accounts[0] for one, other in pairwise(found))


def test_a_trip_goes_to_the_nearest_stop_and_on_from_there(coverage):
    # Half a degree to B and on to C and A: 55.6, 11.12 and 11.12 km of latitude.
    # 2 x 55.6 x 1.3 / 70 + 2 x 11.12 x 1.3 / 70 = 2.065 + 0.413 = 2.48 h.
    places = {"A": (50.7, 10.0), "B": (50.5, 10.0), "C": (50.6, 10.0)}

    way = route((50.0, 10.0), ("A", "B", "C"), places, coverage.travel)

    assert (way.stops, way.hours, way.km, way.mode) == (
        ("B", "C", "A"), Decimal("2.48"), Decimal(56), "road",
    )  # fmt: skip


def test_visits_are_spread_over_as_few_trips_as_hold_them(coverage):
    # A wants three visits, so three trips; B, C and D, one each, go along on one each.
    places = dict.fromkeys("ABCD", (50.0, 10.0))
    visits = {"A": 3, "B": 1, "C": 1, "D": 1}

    trips, beyond = outings(
        Metro("M", tuple("ABCD")), visits, SPAN, (50.0, 10.0), places, coverage.travel, 3
    )

    assert sorted(trip.stops for trip in trips) == [("A", "B"), ("A", "C"), ("A", "D")]
    # The middles of three thirds of 28 days: after 4, 14 and 23 days.
    assert [trip.wanted.day for trip in trips] == [6, 16, 25]
    assert beyond == {}


def test_far_trips_are_made_with_as_many_stops_as_the_budget_needs(coverage):
    # 30 degrees are 3,336 km: 2 x (3.5 + 3,336 / 700) = 16.5 h, three stops of 8 h. Two trips
    # of two would both be too dear: one of three is made, and D, the last, is left out.
    places = dict.fromkeys("ABCD", (80.0, 10.0))

    trips, beyond = outings(
        Metro("M", tuple("ABCD")), dict.fromkeys(places, 1), SPAN, (50.0, 10.0), places,
        coverage.travel, 3,
    )  # fmt: skip

    assert [trip.stops for trip in trips] == [("A", "B", "C")]
    assert beyond == {"D": 1}
    assert affordable(route((50.0, 10.0), "ABC", places, coverage.travel), coverage.travel)
    assert not affordable(route((50.0, 10.0), "AB", places, coverage.travel), coverage.travel)

"""Which rep may have which account, rule by rule, and what is blank breaks none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coverage import CoverageModel
from tests.tools.territory.tiny_inputs import (
    BERLIN,
    HAMBURG,
    MUNICH,
    PERIOD,
    tiny_inputs,
    with_rules,
)
from tools.territory.eligibility import Blocked, account_rules, unit_rules
from tools.territory.families import family_heads, per_unit, seats, units_of
from tools.territory.travel_hours import distances_km, trip_hours
from tools.travel import distance_km, round_trip


def judged(accounts: list[dict[str, Any]], reps: list[dict[str, Any]], coverage) -> Blocked:
    inputs = tiny_inputs(accounts, reps)
    return account_rules(inputs.accounts, inputs.reps, coverage, PERIOD)


@pytest.mark.parametrize(
    ("rule", "column", "field"),
    [
        ("language", "language", "languages"),
        ("segment", "segment", "segments"),
        ("industry", "industry", "industries"),
        ("region", "territory_group", "groups"),
    ],
)
def test_a_rep_has_accounts_of_their_list_alone(coverage, rule, column, field) -> None:
    found = judged(
        [{"id": "a", column: "North"}, {"id": "b", column: "South"}, {"id": "c"}],
        [{"id": "ann", field: ("north", "East")}, {"id": "bo"}],
        coverage,
    )
    # Letters in either case; the blank account and the rep without a list fit everything.
    assert found[rule].tolist() == [[False, False], [True, False], [False, False]]


def test_models_and_rules_that_are_off_judge_nothing(coverage: CoverageModel) -> None:
    off = with_rules(
        coverage, models=("geographic",), languages=False, time_zones=False, nearby=False
    )
    assert list(judged([{"id": "a"}], [{"id": "ann"}], off)) == ["region"]
    hybrid = with_rules(coverage, models=("hybrid",))
    assert set(judged([{"id": "a"}], [{"id": "ann"}], hybrid)) == {
        "region", "segment", "industry", "named_account", "language", "time_zone", "nearby",
    }  # fmt: skip


def test_too_few_shared_hours_keep_an_account_away(coverage: CoverageModel) -> None:
    found = judged(
        [
            {"id": "a", "time_zone": "America/New_York"},
            {"id": "b", "time_zone": "America/Chicago"},
            {"id": "c"},
        ],
        [{"id": "ann", "time_zone": "Europe/London"}, {"id": "bo"}],
        coverage,
    )
    # London shares 3 hours with New York and 2 with Chicago; 3 are asked for.
    assert found["time_zone"].tolist() == [[False, False], [True, False], [False, False]]


def test_a_new_rep_must_have_an_account_nearby_and_an_owner_need_not(coverage) -> None:
    accounts = [
        {"id": "a", "owner": "ann", "at": BERLIN},
        {"id": "b", "owner": "bo", "at": MUNICH},
        {"id": "c", "at": HAMBURG},  # 255 km from Berlin, 612 km from Munich
        {"id": "d", "at": None},
    ]
    reps = [{"id": "ann"}, {"id": "bo", "at": HAMBURG}, {"id": "cy", "at": MUNICH}]
    found = judged(accounts, reps, coverage)["nearby"]
    # Cy is new: the base in Munich counts. Bo's base does not, his account does.
    assert found.tolist() == [
        [False, True, True],
        [True, False, False],
        [False, True, True],
        [False, False, False],
    ]
    two = judged(accounts, reps, with_rules(coverage, nearby_accounts=2))["nearby"]
    assert two[0].tolist() == [False, True, True]
    assert two[2].tolist() == [True, True, True]
    wide = judged(accounts, reps, with_rules(coverage, nearby_km=1000.0))["nearby"]
    assert not wide.any()


def test_geography_reaches_as_far_as_base_and_accounts_do(coverage: CoverageModel) -> None:
    found = judged(
        [{"id": "a", "at": MUNICH}, {"id": "b", "at": HAMBURG, "owner": "bo"}],
        [{"id": "ann", "at": BERLIN}, {"id": "bo", "at": MUNICH}, {"id": "cy", "at": None}],
        with_rules(coverage, adjacent_km=500.0),
    )["region"]
    # Berlin to Munich 504 km, to Hamburg 255; Bo owns Hamburg; nothing is known of Cy.
    assert found.tolist() == [[True, False, False], [False, False, False]]


def test_named_accounts_go_to_named_reps(coverage: CoverageModel) -> None:
    accounts = [{"id": "a"}, {"id": "b", "tier": "strategic"}, {"id": "c"}]
    reps = [{"id": "ann"}, {"id": "bo"}]
    named = {
        "models": ("named",), "named_accounts": ("a",), "named_tiers": ("strategic",),
        "named_reps": ("ann",),
    }  # fmt: skip
    found = judged(accounts, reps, with_rules(coverage, **named))["named_account"]
    assert found.tolist() == [[False, True], [False, True], [False, False]]
    both = with_rules(coverage, **named, named_exclusive=True)
    assert judged(accounts, reps, both)["named_account"][2].tolist() == [True, False]


def test_a_family_is_judged_where_its_head_sits_and_by_every_member(coverage) -> None:
    accounts = [
        {"id": "a", "parent_id": "c", "at": MUNICH, "language": "German"},
        {"id": "b", "at": BERLIN},
        {"id": "c", "at": HAMBURG},
    ]
    inputs = tiny_inputs(accounts, [{"id": "ann", "at": HAMBURG, "languages": ("English",)}])
    unit = units_of(inputs.accounts, together=True)
    assert unit.tolist() == [0, 1, 0]
    assert seats(inputs.accounts, unit).tolist() == [2, 1]
    by_account = account_rules(inputs.accounts, inputs.reps, coverage, PERIOD)
    found = unit_rules(by_account, unit, np.array([2, 1]), np.zeros((2, 1), dtype=bool))
    assert by_account["nearby"].ravel().tolist() == [True, False, False]
    assert found["nearby"].ravel().tolist() == [False, False]
    assert found["language"].ravel().tolist() == [True, False]
    assert units_of(inputs.accounts, together=False).tolist() == [0, 1, 2]


def test_parents_are_followed_out_of_the_table_and_rings_end() -> None:
    accounts = tiny_inputs(
        [
            {"id": "a", "parent_id": "outside"},
            {"id": "b", "parent_id": "a"},
            {"id": "c", "parent_id": "outside"},
            {"id": "d", "parent_id": "e"},
            {"id": "e", "parent_id": "d"},
            {"id": "f"},
        ],
        [{"id": "ann"}],
    ).accounts
    assert family_heads(accounts).to_dict() == {
        "a": "outside", "b": "outside", "c": "outside", "d": "d", "e": "d", "f": "f",
    }  # fmt: skip
    # The head of the first family is not in the table: the member with most potential sits.
    unit = units_of(accounts, together=True)
    assert seats(accounts.assign(potential=[1, 3, 2, 1, 1, 1]), unit).tolist() == [1, 3, 5]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_what_units_gather_adds_up(units: list[int]) -> None:
    unit = np.unique(units, return_inverse=True)[1].ravel()
    values = np.arange(len(unit) * 2, dtype=np.float64).reshape(-1, 2)
    summed = per_unit(values, unit, np.add)
    for number in range(unit.max() + 1):
        assert summed[number].tolist() == values[unit == number].sum(axis=0).tolist()


_LATITUDE, _LONGITUDE = st.floats(-89, 89), st.floats(-180, 180)


@given(st.tuples(_LATITUDE, _LONGITUDE), st.tuples(_LATITUDE, _LONGITUDE))
def test_all_trips_at_once_are_those_of_one_pair(base, place) -> None:
    from domain.coverage import parse_coverage
    from tests.tools.conftest import DEFAULTS

    rules = parse_coverage(DEFAULTS.read_text()).travel
    inputs = tiny_inputs([{"id": "a", "at": place}], [{"id": "ann", "at": base}])
    km = distances_km(inputs.accounts, inputs.reps)[0, 0]
    assert km == pytest.approx(distance_km(base, place), abs=1e-6)
    hours = trip_hours(inputs.accounts, inputs.reps, rules)[0, 0]
    if abs(km - rules.road_up_to_km) > 1e-6:
        assert hours == pytest.approx(round_trip(base, place, rules).hours, abs=1e-6)


def test_a_trip_to_an_unknown_place_counts_the_budgeted_hours(coverage: CoverageModel) -> None:
    inputs = tiny_inputs(
        [{"id": "a", "at": None}, {"id": "b"}], [{"id": "ann"}, {"id": "bo", "at": None}]
    )
    hours = trip_hours(inputs.accounts, inputs.reps, coverage.travel)
    assert hours.tolist() == [[8.0, 8.0], [0.0, 8.0]]

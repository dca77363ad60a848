"""Hours and trips of an account: cadence, history, open deals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coverage import CoverageModel
from tests.tools.conftest import make_book
from tests.tools.territory.tiny_inputs import BERLIN, HAMBURG, PERIOD, with_rules
from tools.territory.reps import ramp, split_list
from tools.territory.service import service, touch_history, trip_sharing


def taken(coverage: CoverageModel, **columns: Any) -> pd.Series:
    row = {"tier": "tier_1", "logged_hours": 0.0, "logged_visits": 0.0, "deal_hours": 0.0,
           "trip_sharing": 1.0, **columns}  # fmt: skip
    return service(pd.DataFrame([row], index=["a"]), coverage, PERIOD).loc["a"]


def test_hours_and_trips_of_the_worked_example(coverage: CoverageModel) -> None:
    found = taken(coverage, logged_hours=1.25, logged_visits=1.0, deal_hours=4.0, trip_sharing=3.0)
    # 10.71 h x 1.25 are 13.3875; 0.75 x 13.3875 + 0.25 x 1.25 + 4 = 14.353.
    assert found["hours"] == 14.35
    # 90/7 x 0.08 = 1.0286 visits; (0.75 x 1.0286 + 0.25 x 1) / 3.
    assert found["visits"] == pytest.approx((0.75 * 90 / 7 * 0.08 + 0.25) / 3)


def test_without_history_the_tier_alone_counts(coverage: CoverageModel) -> None:
    nan = float("nan")
    found = taken(coverage, logged_hours=nan, logged_visits=nan)
    assert found["hours"] == 13.39
    assert found["visits"] == pytest.approx(90 / 7 * 0.08)


def test_an_automated_tier_takes_what_was_logged_and_deals_alone(coverage: CoverageModel) -> None:
    assert taken(coverage, tier="tier_3").to_dict() == {"hours": 0.0, "visits": 0.0}
    found = taken(coverage, tier="tier_3", logged_hours=4.0, deal_hours=1.0)
    assert found.to_dict() == {"hours": 2.0, "visits": 0.0}


def test_history_is_scaled_prepared_and_nobody_elses_work(coverage: CoverageModel) -> None:
    book = make_book(
        accounts=[{"account_id": "a"}, {"account_id": "b"}],
        reps=[{"rep_id": "ann"}, {"rep_id": "sue", "function": "inside_sales"}],
        activities=[
            {"account_id": "a", "rep_id": "ann", "occurred": day, "minutes": minutes, "kind": kind}
            for day, minutes, kind in (
                (date(2026, 11, 2), 90, "visit"),
                (date(2026, 6, 1), None, "call"),
                (date(2026, 5, 17), 600, "visit"),  # the 181st day
                (date(2026, 5, 18), 30, "visit"),  # the 180th
            )
        ]
        + [{"account_id": "b", "rep_id": "sue", "occurred": date(2026, 11, 2), "minutes": 60}],
        opportunities=[
            {"account_id": "a", "stage": "proposal"},
            {"account_id": "a", "stage": "qualification"},
            {"account_id": "b", "stage": "won"},
        ],
    )
    found = touch_history(book, coverage, PERIOD)
    # 90 + 30 for a call without minutes + 30, in 180 days: 2.5 h x 1.25 / 2.
    assert found["logged_hours"].to_dict() == {"a": 2.5 * 1.25 / 2, "b": 0.0}
    assert found["logged_visits"].to_dict() == {"a": 1.0, "b": 0.0}
    assert found["deal_hours"].to_dict() == {"a": 6.0, "b": 0.0}


def test_a_book_without_activities_has_no_history(coverage: CoverageModel) -> None:
    found = touch_history(make_book(accounts=[{"account_id": "a"}]), coverage, PERIOD)
    assert found["logged_hours"].isna().all()
    assert found["deal_hours"].to_dict() == {"a": 0.0}


def places(*at: tuple[float, float] | None, tier: str = "tier_1") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "latitude": [float("nan") if one is None else one[0] for one in at],
            "longitude": [float("nan") if one is None else one[1] for one in at],
            "tier": tier,
            "logged_visits": 0.0,
        }
    )


def test_neighbours_share_a_trip_up_to_the_cap(coverage: CoverageModel) -> None:
    near = (52.6, 13.5)
    found = trip_sharing(places(BERLIN, near, HAMBURG, None), coverage)
    assert found.tolist() == [2.0, 2.0, 1.0, 1.0]
    assert trip_sharing(places(*[BERLIN] * 5), coverage).tolist() == [3.0] * 5
    alone = with_rules(coverage, visits_per_trip=1.0)
    assert trip_sharing(places(*[BERLIN] * 5), alone).tolist() == [1.0] * 5


def test_an_account_that_nobody_visits_shares_no_trip(coverage: CoverageModel) -> None:
    table = pd.concat([places(BERLIN), places(BERLIN, tier="tier_3")], ignore_index=True)
    assert trip_sharing(table, coverage).tolist() == [1.0, 1.0]


@given(st.floats(0, 1), st.floats(0, 100), st.floats(0, 100))
def test_hours_lie_between_cadence_and_history(share: float, logged: float, deals: float) -> None:
    from domain.coverage import parse_coverage
    from tests.tools.conftest import DEFAULTS

    coverage = with_rules(parse_coverage(DEFAULTS.read_text()), history_share=share)
    hours = taken(coverage, logged_hours=logged, deal_hours=deals)["hours"] - deals
    assert min(13.3875, logged) - 0.01 <= hours <= max(13.3875, logged) + 0.01


def test_a_ramp_goes_by_months_in_the_middle_of_the_period() -> None:
    shares = (0.25, 0.4, 0.55)
    # The middle is 31 Dec 2026; a month is 30.4 days.
    assert ramp(date(2026, 12, 15), PERIOD, shares) == 0.25
    assert ramp(date(2027, 2, 1), PERIOD, shares) == 0.25
    assert ramp(date(2026, 10, 30), PERIOD, shares) == 0.55
    assert ramp(date(2026, 9, 1), PERIOD, shares) == 1.0
    assert ramp(None, PERIOD, shares) == 1.0


def test_lists_are_split_at_semicolons() -> None:
    assert split_list(" French;English ; ;French") == ("French", "English")
    assert split_list(float("nan")) == ()

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ColumnsMissing, NotCitable, UnknownTier
from domain.period import Period
from tools.cells import Reading
from tools.workload import selling_hours, workload

PERIOD = Period(date(2026, 11, 16), date(2027, 2, 7))  # 84 days, 12 weeks
READING = Reading("book-1", "rules-1", date(2026, 11, 13), {"A-1": "ana"})


def accounts(*rows: tuple[str, str | None, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["account_id", "rep_id", "tier"])


@pytest.fixture
def reps() -> pd.DataFrame:
    return pd.DataFrame({"rep_id": ["ana", "bo", "cy"], "selling_hours": [60.0, 120.0, 0.0]})


def told(table, reps, coverage):
    return workload(table, reps, coverage, period=PERIOD, reading=READING)


def test_moving_an_account_moves_its_hours_and_no_others(reps, coverage):
    # Strategic: 12 weeks x 2 touches x 60 minutes = 24 h, and a quarter more to prepare: 30.
    before = accounts(("A-1", "ana", "strategic"), ("A-2", "bo", "tier_1"))
    after = before.assign(rep_id=["bo", "bo"])
    moved = (
        told(after, reps, coverage).by_rep["needed_hours"]
        - told(before, reps, coverage).by_rep["needed_hours"]
    )
    assert moved.to_dict() == {"ana": -30.0, "bo": 30.0, "cy": 0.0}


def test_load_is_hours_needed_over_hours_there_are(reps, coverage):
    # Tier 1: 12 x 1 x 50 minutes = 10 h, 12.5 with preparation; 42.5 of 60 is 0.708333.
    result = told(accounts(("A-1", "ana", "strategic"), ("A-2", "ana", "tier_1")), reps, coverage)
    assert result.by_account["tier_hours"].tolist() == [24.0, 10.0]
    assert result.by_rep.loc["ana"].tolist() == [42.5, 60.0, 0.708333, 2]
    cell = result.cite("rep:ana", "load")
    assert (cell.value, cell.source.operation, cell.scope) == ("0.708333", "ratio", "ana")
    assert result.cite("account:A-1", "tier_hours").scope == "ana"


def test_unassigned_and_automated_accounts_load_nobody(reps, coverage):
    result = told(accounts(("A-1", None, "strategic"), ("A-2", "ana", "tier_3")), reps, coverage)
    assert result.by_rep["needed_hours"].tolist() == [0.0, 0.0, 0.0]
    assert result.by_rep["accounts"].tolist() == [0, 0, 0]


def test_work_without_hours_is_an_infinite_load_and_cannot_be_cited(reps, coverage):
    result = told(accounts(("A-1", "cy", "tier_1")), reps, coverage)
    assert np.isinf(result.by_rep.at["cy", "load"])
    with pytest.raises(NotCitable, match="no load of rep:cy"):
        result.cite("rep:cy", "load")


def test_travel_counts_once_a_touch(reps, coverage):
    # 12 touches of 1 h 50 minutes' worth: 12.5 h as above, and 12 x 1.5 h on the road.
    table = accounts(("A-1", "ana", "tier_1")).assign(travel_hours=[1.5])
    assert told(table, reps, coverage).by_rep.at["ana", "needed_hours"] == 12.5 + 18.0


def test_selling_hours_leave_out_leave(tiny_book, coverage):
    # 12 weeks x 20 h less one week of leave; a blank row takes the model's 24 h.
    book = tiny_book(
        reps=[{"rep_id": "ana", "selling_hours_week": 20.0}, {"rep_id": "bo"}],
        leave=[{"rep_id": "ana", "starts": "2026-12-21", "ends": "2026-12-25"}],
    )
    hours = selling_hours(book, coverage, PERIOD).set_index("rep_id")["selling_hours"]
    assert hours.to_dict() == {"ana": 220.0, "bo": 288.0}


def test_missing_columns_and_unknown_tiers_are_named(reps, coverage):
    with pytest.raises(ColumnsMissing, match="Table accounts lacks tier"):
        told(pd.DataFrame({"account_id": [], "rep_id": []}), reps, coverage)
    with pytest.raises(UnknownTier, match="'platinum' is not in the coverage model"):
        told(accounts(("A-1", "ana", "platinum")), reps, coverage)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ana", "bo", "cy", None]),
            st.sampled_from(["strategic", "tier_1", "tier_2", "tier_3"]),
        ),
        max_size=12,
    )
)
def test_hours_of_reps_add_up_to_hours_of_their_accounts(coverage, rows):
    reps = pd.DataFrame({"rep_id": ["ana", "bo", "cy"], "selling_hours": [60.0, 120.0, 0.0]})
    table = accounts(*((f"A-{n}", rep, tier) for n, (rep, tier) in enumerate(rows)))
    result = told(table, reps, coverage)
    owned = result.by_account[table.set_index("account_id")["rep_id"].notna()]
    assert result.by_rep["needed_hours"].sum() == pytest.approx(owned["needed_hours"].sum())

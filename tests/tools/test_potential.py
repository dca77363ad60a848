from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ColumnsMissing
from tools.facts import facts
from tools.peer_quantiles import leave_one_out
from tools.potential import potential


def spenders(spends: dict[str, float], **columns) -> dict:
    return {
        "accounts": [{"account_id": account, **columns} for account in spends],
        "orders": [
            {"account_id": account, "ordered": date(2026, 5, 1), "amount": amount}
            for account, amount in spends.items()
            if amount
        ],
    }


def told(book, coverage):
    return potential(facts(book, coverage), coverage).table


def test_potential_is_read_from_the_others_and_never_from_the_account_itself(tiny_book, coverage):
    # The others of A spend 10, 20, 30, 40, 50: median 30, P75 40, P90 46.
    book = tiny_book(
        **spenders({"A": 999.0, "B": 10.0, "C": 20.0, "D": 30.0, "E": 40.0, "F": 50.0})
    )
    row = told(book, coverage).loc["A"]
    assert [row[f"potential_p{q}"] for q in (50, 75, 90)] == [30.0, 40.0, 46.0]
    assert row["peer_count"] == 5
    assert row["peer_group"] == "5 other active accounts of every kind, a wide comparison"
    assert row["open_potential"] == 0
    assert row["spend_to_p75"] == 24.975


def test_a_prospect_gets_the_potential_of_those_who_buy(tiny_book, coverage):
    book = tiny_book(**spenders({"A": 0, "B": 10, "C": 20, "D": 30, "E": 40, "F": 50, "G": 0}))
    row = told(book, coverage).loc["A"]
    assert (row["potential_p50"], row["open_potential"]) == (30.0, 40.0)
    assert row["peer_count"] == 5


def test_fewer_than_five_others_tell_nothing(tiny_book, coverage):
    book = tiny_book(**spenders({"A": 5, "B": 10, "C": 20, "D": 30, "E": 40}))
    row = told(book, coverage).loc["A"]
    assert row[["potential_p50", "open_potential", "peer_count", "peer_group"]].isna().all()


def test_peers_agree_in_as_many_columns_as_leave_enough_of_them(shop_book, coverage):
    table = told(shop_book, coverage)
    # 23 other road shops suffice for a minimum of 20; road shop n spends 300 n, so the
    # others of R-01 spend 600 to 7,200, and their median is 300 x 13.
    assert table.at["R-01", "potential_p50"] == 3900
    assert table.at["R-01", "peer_group"] == "23 other active accounts: Road, Bikes, North America"
    wider = coverage.model_copy(update={"peers": coverage.peers.model_copy(update={"minimum": 30})})
    assert told(shop_book, wider).at["R-01", "peer_count"] == 47


def test_an_account_without_a_segment_is_compared_with_everyone(tiny_book, coverage):
    book = tiny_book(**spenders(dict.fromkeys("ABCDEFG", 10.0)))
    assert told(book, coverage)["peer_level"].eq(0).all()


def test_spending_held_for_two_years_lifts_p50_but_not_past_p75(shop_book, coverage):
    table = told(shop_book, coverage)
    # R-16 spends 4,800 in both years; the others' median is 300 x 12, their P75 300 x 18.5.
    assert table.at["R-16", "peer_p50"] == 3600
    assert table.at["R-16", "potential_p75"] == 5550
    assert table.at["R-16", "potential_p50"] == 4800
    assert table.at["R-16", "potential_basis"].startswith("own spend that holds")
    # R-24 spends 7,200 in both; the others' P75 is 300 x 17.5.
    assert table.at["R-24", "potential_p50"] == table.at["R-24", "potential_p75"] == 5250


def test_one_good_year_lifts_nothing(tiny_book, coverage):
    rows = spenders({"A": 45.0, "B": 10.0, "C": 20.0, "D": 30.0, "E": 40.0, "F": 50.0})
    assert told(tiny_book(**rows), coverage).at["A", "potential_p50"] == 30.0


def test_a_good_year_in_a_regular_rhythm_lifts_p50_to_what_was_spent(tiny_book, coverage):
    rows = spenders({"A": 0.0, "B": 10.0, "C": 20.0, "D": 30.0, "E": 40.0, "F": 50.0})
    # 4 x 9 = 36 a year, orders 90 days apart; the others' median is 30 and their P75 40.
    days = [date(2026, 1, 5), date(2026, 4, 5), date(2026, 7, 4), date(2026, 10, 2)]
    rows["orders"] += [{"account_id": "A", "ordered": day, "amount": 9.0} for day in days]
    assert told(tiny_book(**rows), coverage).at["A", "potential_p50"] == 36.0


def test_open_potential_is_the_difference_of_its_parents(shop_book, coverage):
    result = potential(facts(shop_book, coverage), coverage)
    cell = result.cite("account:R-01", "open_potential")
    # P75 of the others of R-01 is 300 x 18.5 = 5,550, less 300 spent.
    assert (cell.value, cell.source.operation) == ("5250", "difference")
    ratio = result.cite("account:R-01", "spend_to_p75")
    assert (ratio.value, ratio.source.operation) == ("0.054054", "ratio")
    assert result.cite("account:R-24", "open_potential").source.operation == "analysis"


def test_a_column_that_no_account_has_is_named(shop_book, coverage):
    wrong = coverage.model_copy(
        update={"peers": coverage.peers.model_copy(update={"by": ("colour",)})}
    )
    with pytest.raises(ColumnsMissing, match=r"peers\.by names colour"):
        told(shop_book, wrong)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.01, 1e6), min_size=6, max_size=30), st.integers(0, 5))
def test_leave_one_out_equals_numpy_without_the_row(values, row):
    numbers = np.array(values)
    peers = np.arange(len(numbers))
    quantiles = (0.5, 0.75, 0.9)
    got = leave_one_out(
        numbers, peers, np.array([row]), quantiles, active=np.ones(len(numbers), dtype=bool)
    )
    np.testing.assert_allclose(got[0], np.quantile(np.delete(numbers, row), quantiles))


@settings(max_examples=3, deadline=None)
@given(st.randoms(use_true_random=False))
def test_quantiles_rise_and_row_order_is_irrelevant(tiny_book, coverage, random):
    spends = {f"A{n}": float(n * 7 % 50 + 1) for n in range(30)}
    shuffled = list(spends.items())
    random.shuffle(shuffled)
    one = told(tiny_book(**spenders(spends)), coverage)
    two = told(tiny_book(**spenders(dict(shuffled))), coverage)
    pd.testing.assert_frame_equal(one.sort_index(), two.sort_index())
    assert (one["potential_p50"] <= one["potential_p75"]).all()
    assert (one["potential_p75"] <= one["potential_p90"]).all()

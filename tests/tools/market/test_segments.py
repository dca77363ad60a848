from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ColumnsMissing, DuplicateIds, InvalidInput
from tools.market.segments import segment_view

# Two shops of ten staff and one of sixty in the US, a wholesaler without a country.
FOUR = pd.DataFrame(
    [
        ("c1", "Shop", 10, "US", True, True, 100.0, 300.0, 0.5),
        ("c2", "Shop", 10, "US", False, True, 0.0, 200.0, 0.5),
        ("c3", "Shop", 60, "US", False, False, 0.0, 400.0, 0.25),
        ("c4", "Wholesale", None, None, False, False, None, None, 0.25),
    ],
    columns=[
        "id", "kind", "staff", "country", "customer", "owned", "spend", "potential", "chance",
    ],
)  # fmt: skip


def test_each_cell_tells_what_is_reached_and_what_the_rest_may_bring():
    view = segment_view(FOUR, by=["kind", "staff"], bands={"staff": [50]}, fewest=1)

    small = view.table.loc["Shop / below 50"]
    assert (small["companies"], small["customers"], small["owned"]) == (2, 1, 2)
    assert (small["reached_share"], small["owned_share"]) == (0.5, 1.0)
    assert (small["spend"], small["potential"]) == (100.0, 500.0)
    assert small["spend_share"] == 0.2
    # Only c2 is not reached: half a chance of 200.
    assert (small["unreached_potential"], small["expected"]) == (200.0, 100.0)
    # A quarter of a chance of 400 is as much; the cell with more open potential comes first.
    assert view.table.index.tolist() == [
        "Shop / 50 and more", "Shop / below 50", "Wholesale / staff not stated",
    ]  # fmt: skip


def test_a_share_of_peers_who_buy_is_no_chance():
    # Half of the shops are customers; without a chance of its own, nothing is expected.
    view = segment_view(FOUR.drop(columns="chance"), by=["kind"], fewest=1)

    assert view.table["reached_share"].to_dict() == {"Shop": 0.333333, "Wholesale": 0.0}
    assert view.table["expected"].isna().all()


def test_what_is_blank_is_a_level_of_its_own_and_an_unknown_potential_is_counted():
    view = segment_view(FOUR, by=["country"], fewest=1)

    unplaced = view.table.loc["country not stated"]
    assert (unplaced["companies"], unplaced["unknown_potential"]) == (1, 1)
    assert (unplaced["potential"], unplaced["spend"]) == (0.0, 0.0)
    assert np.isnan(unplaced["spend_share"])


def test_small_cells_are_pooled_and_a_row_still_small_is_marked():
    many = pd.DataFrame({"kind": ["A"] * 6 + ["B", "B", "C", "D"], "customer": [True] * 10})

    view = segment_view(many, by=["kind"], fewest=5)

    assert view.table["companies"].to_dict() == {"A": 6, "3 smaller cells": 4}
    assert view.table["small"].to_dict() == {"A": False, "3 smaller cells": True}
    assert view.table.loc["3 smaller cells", ["kind", "pooled"]].tolist() == ["several", 3]
    # One small cell alone keeps its name: pooling it would hide nothing.
    lone = segment_view(many[many["kind"].isin(["A", "B"])], by=["kind"], fewest=5)
    assert lone.table["small"].to_dict() == {"A": False, "B": True}


def test_nobody_known_as_a_customer_is_not_the_same_as_no_customers():
    unknown = FOUR.assign(customer=pd.array([None] * 4, dtype="boolean"))

    view = segment_view(unknown, by=["kind"], fewest=1)

    assert view.table["customers"].isna().all()
    assert view.table["reached_share"].isna().all()
    assert view.total["expected"] is None
    assert view.total["companies"] == 4


def test_no_companies_give_no_cells():
    view = segment_view(FOUR.iloc[:0], by=["kind", "country"])

    assert view.table.empty
    assert view.total["companies"] == 0


@pytest.mark.parametrize(
    ("change", "by", "error", "words"),
    [
        ({}, [], InvalidInput, "at least one column"),
        ({}, ["kind", "kind"], InvalidInput, "names a column twice: kind, kind"),
        ({}, ["size"], ColumnsMissing, "no column size.*There are id, kind|no column size"),
        ({"id": "c1"}, ["kind"], DuplicateIds, "stand twice in the market: c1"),
        ({"potential": -1.0}, ["kind"], InvalidInput, "potential below nought"),
        ({"potential": np.inf}, ["kind"], InvalidInput, "potential holds something that is no fin"),
        ({"potential": "much"}, ["kind"], InvalidInput, "potential holds something that is no fin"),
        ({"chance": 40}, ["kind"], InvalidInput, "chances outside 0 to 1"),
        ({"customer": 2}, ["kind"], InvalidInput, "customer must be true or false"),
        ({"customer": "maybe"}, ["kind"], InvalidInput, "customer must be true or false"),
        ({"staff": np.inf}, ["staff"], InvalidInput, "staff holds infinite values"),
    ],
)
def test_a_market_that_makes_no_sense_is_refused(change, by, error, words):
    with pytest.raises(error, match=words):
        segment_view(FOUR.assign(**change), by=by, key="id")


COMPANIES = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", None]),
        st.one_of(st.none(), st.integers(0, 300)),
        st.booleans(),
        st.one_of(st.none(), st.floats(0, 1e6)),
        st.floats(0, 1),
    ),
    max_size=40,
)


@given(COMPANIES, st.integers(1, 6), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_cells_add_up_to_the_market_whatever_the_order_of_rows(rows, fewest, random):
    columns = ["kind", "staff", "customer", "potential", "chance"]
    frame = pd.DataFrame(rows, columns=columns).astype({"staff": "Int64", "potential": "float64"})
    shuffled = frame.sample(frac=1, random_state=random.randrange(1000))

    view = segment_view(frame, by=["kind", "staff"], bands={"staff": [10, 50]}, fewest=fewest)
    again = segment_view(shuffled, by=["kind", "staff"], bands={"staff": [10, 50]}, fewest=fewest)

    assert view.table["companies"].sum() == view.total["companies"] == len(frame)
    for name in ("customers", "potential", "unreached_potential", "expected"):
        if view.total[name] is not None:
            assert view.table[name].sum() == pytest.approx(view.total[name], abs=0.005)
    inside = view.table["reached_share"].dropna()
    assert (view.table.loc[inside.index, "reached_low"] <= inside + 1e-6).all()
    assert (view.table.loc[inside.index, "reached_high"] >= inside - 1e-6).all()
    assert view.table.drop(columns=["potential", "unreached_potential", "expected"]).equals(
        again.table.drop(columns=["potential", "unreached_potential", "expected"]).loc[
            view.table.index
        ]
    )

"""Recency, frequency, spend, breadth, returns and engagement, strictly as of a day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ColumnsMissing, InvalidInput
from tools.history.event_facts import event_facts, history_rows

AS_OF = date(2026, 3, 31)


def events(*rows: tuple[object, ...]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["account", "day", "amount", "product", "kind"])
    return made.assign(day=pd.to_datetime(made["day"]))


def told(table: pd.DataFrame, **settings) -> pd.DataFrame:
    asked = {"as_of": AS_OF, "entity": "account", "when": "day", "amount": "amount",
             "item": "product", "kind": "kind"}  # fmt: skip
    return event_facts(table, **{**asked, **settings})


THREE = events(
    ("A", "2025-10-01", 100.0, "bike", "shop"),
    ("A", "2026-02-28", 40.0, "cap", "web"),
    ("A", "2026-03-02", 20.5, "cap", "web"),  # day 30 of the 30 up to 31 March
    ("A", "2026-03-20", -15.0, "bike", "web"),
    ("A", "2026-04-01", 999.0, "vest", "fair"),  # a day too late
    ("B", "2026-03-31", 5.0, "cap", "shop"),
)


def test_the_facts_of_one_account_by_hand():
    row = told(THREE).loc["A"]
    # The return lowers the spend, but the last event is the order of 2 March, 29 days ago.
    assert row[["days_since_last", "days_since_first"]].tolist() == [29, 181]
    assert row[["events_30d", "events_90d", "events_all"]].tolist() == [1, 2, 3]
    # 20.5 - 15; with the 40 of 28 February; with the 100 of October.
    assert row[["spend_30d", "spend_90d", "spend_all"]].tolist() == [5.5, 45.5, 145.5]
    assert row[["returns_30d", "returned_30d", "returns_all"]].tolist() == [1, 15.0, 1]
    assert row[["items_30d", "items_90d", "items_all"]].tolist() == [1, 1, 2]
    assert row[["events_all_shop", "events_all_web", "events_30d_web"]].tolist() == [1, 2, 1]
    # The fair has not happened yet, so nobody knows of that kind.
    assert not [name for name in row.index if "fair" in name]


def test_an_entity_that_did_nothing_has_noughts_and_no_last_day():
    row = told(THREE, entities=["C", "B"]).loc["C"]
    assert row[["events_all", "spend_all", "items_30d"]].tolist() == [0, 0.0, 0]
    assert pd.isna(row["days_since_last"])
    assert told(THREE, entities=["C", "B"]).index.tolist() == ["C", "B"]


def test_before_every_event_there_is_nobody_to_tell_of():
    assert told(THREE, as_of="2020-01-01").shape[0] == 0
    assert told(THREE.iloc[:0]).shape[0] == 0
    assert "spend_30d" in told(THREE.iloc[:0])
    assert told(THREE, as_of="2020-01-01", entities=["A"])["events_all"].tolist() == [0]


def test_an_account_of_returns_alone_has_no_event_and_spent_less_than_nothing():
    row = told(events(("A", "2026-03-01", -8.0, "cap", "web"))).loc["A"]
    assert row[["events_all", "spend_all", "returned_all", "items_all"]].tolist() == [0, -8, 8, 0]


def test_equal_events_count_each_and_a_blank_amount_counts_as_an_event_of_nought():
    row = told(events(*[("A", "2026-03-01", 2.0, "cap", "web")] * 2,
                      ("A", "2026-03-01", None, None, None))).loc["A"]  # fmt: skip
    assert row[["events_all", "spend_all", "items_all", "events_all_web"]].tolist() == [3, 4, 1, 2]


def test_events_without_a_date_or_an_entity_are_left_out_and_counted():
    more = pd.concat(
        [THREE, events(("A", None, 7.0, "cap", "web"), (None, "2026-01-01", 7.0, "cap", "web"))]
    )
    pd.testing.assert_frame_equal(told(THREE), told(more))
    assert told(more).attrs["left_out"] == {"without_date": 1, "without_entity": 1}


def test_without_amounts_every_event_counts_and_windows_are_ours_to_choose():
    table = told(THREE, amount=None, item=None, kind=None, windows=[7])
    assert list(table) == ["days_since_last", "days_since_first", "events_7d", "events_all"]
    assert table.loc["A", "events_all"] == 4


def test_named_kinds_become_columns_whether_they_occurred_or_not():
    table = told(THREE, kinds=["web", "fair"], windows=[])
    assert table.loc["A", ["events_all_web", "events_all_fair"]].tolist() == [2, 0]


def test_dates_of_any_type_are_read_as_days():
    wanted = told(THREE)
    days = THREE["day"]
    for column in (
        days.dt.date,
        days.dt.strftime("%Y-%m-%d"),
        days.dt.strftime("%Y%m%d"),
        days.dt.strftime("%Y-%m-%dT23:59:59").astype("category"),
        days.dt.to_period("D"),
        days.astype("datetime64[ns]"),
        # 22:00 in New York is the next day in London; the day is that of the zone's clock.
        (days + pd.Timedelta(hours=22)).dt.tz_localize("America/New_York"),
        days.map(lambda day: day.to_pydatetime() + timedelta(hours=12)).astype(object),
    ):
        pd.testing.assert_frame_equal(wanted, told(THREE.assign(day=column)))
    pd.testing.assert_frame_equal(wanted, told(THREE, as_of=np.datetime64("2026-03-31")))
    pd.testing.assert_frame_equal(wanted, told(THREE, as_of=pd.Timestamp("2026-03-31 18:00")))


def test_amounts_and_names_of_any_type_are_read_by_value():
    wanted = told(THREE)
    for column in (
        THREE["amount"].map(lambda value: Decimal(str(value))),
        THREE["amount"].astype(str),
        THREE["amount"].astype("Float64"),
    ):
        pd.testing.assert_frame_equal(wanted, told(THREE.assign(amount=column)))
    named = THREE.astype({"account": "category", "product": "category", "kind": "category"})
    pd.testing.assert_frame_equal(wanted, told(named), check_index_type=False)
    numbered = THREE.assign(product=THREE["product"].map({"bike": 1, "cap": 2, "vest": 3}))
    pd.testing.assert_frame_equal(wanted, told(numbered.astype({"product": "Int64"})))


def test_each_row_is_told_as_of_its_own_day():
    rows = pd.DataFrame(
        {"who": ["A", "A", "Z", None], "on": ["2026-02-28", "2026-03-31", "2026-03-31"] * 1
         + ["2026-03-31"]},
        index=[7, 7, 3, 1],
    )  # fmt: skip
    table = history_rows(
        THREE, rows, entity="account", when="day", rows_entity="who", rows_when="on",
        amount="amount",
    )  # fmt: skip
    assert table.index.tolist() == [7, 7, 3, 1]
    assert table["spend_all"].tolist()[:3] == [140.0, 145.5, 0.0]
    assert table["days_since_last"].iloc[:2].tolist() == [0, 29]
    assert table.iloc[3].isna().all()


def test_a_row_that_is_an_event_itself_can_be_kept_from_seeing_itself():
    rows = THREE.iloc[:3]
    asked = {"entity": "account", "when": "day", "windows": [30]}
    assert history_rows(THREE, rows, **asked)["events_all"].tolist() == [1, 2, 3]
    table = history_rows(THREE, rows, same_day=False, **asked)
    assert table["events_all"].tolist() == [0, 1, 2]
    # 30 days up to and with 1 March, from 31 January on; the last event was 2 days ago.
    assert table["events_30d"].tolist() == [0, 0, 1]
    assert table["days_since_last"].iloc[2] == 2


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"entity": "who"}, ColumnsMissing, "events has no column who"),
        ({"item": "sku"}, ColumnsMissing, "events has no column sku"),
        ({"as_of": "soon"}, InvalidInput, "as_of is 'soon', which is no day"),
        ({"as_of": None}, InvalidInput, "as_of is None"),
        ({"windows": [30, 0]}, InvalidInput, "windows are whole days from 1 on"),
        ({"windows": [1.5]}, InvalidInput, "windows are whole days from 1 on"),
        ({"entities": ["A", "A"]}, InvalidInput, "names one twice"),
        ({"entities": ["A", None]}, InvalidInput, "holds a blank"),
        ({"entities": [1, 2]}, InvalidInput, "account holds numbers in one table and text"),
        ({"kinds": range(101)}, InvalidInput, "kind holds 101 kinds"),
    ],
)
def test_bad_settings_are_told(change, error, words):
    with pytest.raises(error, match=words) as caught:
        told(THREE, **change)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("amount", [1, 2, np.inf, 4, 5, 6], "amount is infinite, .* in rows 2"),
        ("amount", [1, 2, "much", 4, "more", ""], r"amount is no number in rows 2\."),
        ("day", ["2026-13-01"] * 6, r"'2026-13-01', in rows 0, 1, 2, 3, 4 and 1 more"),
        ("day", ["31.03.2026"] * 6, "no date"),
        ("day", [1.0] * 6, "day holds numbers"),
    ],
)
def test_bad_values_are_told_with_their_rows(column, values, words):
    with pytest.raises(InvalidInput, match=words):
        told(THREE.assign(**{column: values}))


def test_two_columns_of_one_name_are_told():
    twice = pd.concat([THREE, THREE[["day"]]], axis=1)
    with pytest.raises(InvalidInput, match="more than one column day"):
        told(twice)


def test_what_is_wrong_with_later_rows_is_no_error_and_no_fact():
    later = events(("A", "2027-01-01", np.inf, "cap", "web"), (None, "2027-01-01", 1, "x", "y"))
    more = pd.concat([THREE, later])
    pd.testing.assert_frame_equal(told(THREE), told(more))
    assert told(more).attrs == told(THREE).attrs


when = st.integers(-200, 0).map(lambda n: AS_OF + timedelta(days=n))
event = st.tuples(
    st.sampled_from(["A", "B", "C", None]), st.one_of(when, st.none()),
    st.one_of(st.floats(-1e6, 1e6), st.none()), st.sampled_from(["x", "y", None]),
    st.sampled_from(["call", "visit"]),
)  # fmt: skip
late = st.tuples(
    st.sampled_from(["A", "B", "D"]),
    st.integers(1, 400).map(lambda n: AS_OF + timedelta(days=n)),
    st.floats(-1e6, 1e6), st.sampled_from(["x", "z"]), st.sampled_from(["call", "fair"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    known=st.lists(event, max_size=12),
    later=st.lists(late, max_size=6),
    shuffle=st.randoms(use_true_random=False),
)
def test_facts_do_not_change_when_later_events_are_added_or_rows_reordered(known, later, shuffle):
    mixed = known + later
    shuffle.shuffle(mixed)
    asked = {"entities": ["A", "B", "C"]}
    before, after = told(events(*known), **asked), told(events(*mixed), **asked)
    pd.testing.assert_frame_equal(before, after, check_exact=True)


@settings(max_examples=40, deadline=None)
@given(known=st.lists(event, max_size=12), days=st.lists(when, min_size=1, max_size=4))
def test_rows_of_a_day_are_the_facts_as_of_that_day(known, days):
    table = events(*known)
    rows = pd.DataFrame([(who, day) for day in days for who in "AB"], columns=["account", "day"])
    asked = {"amount": "amount", "item": "product", "kind": "kind", "kinds": ["call"]}
    every = history_rows(table, rows, entity="account", when="day", **asked)
    for place, day in enumerate(days):
        once = told(table, as_of=day, entities=["A", "B"], kinds=["call"])
        part = every.iloc[2 * place : 2 * place + 2]
        pd.testing.assert_frame_equal(part.set_index(once.index), once, check_exact=True)


@settings(max_examples=40, deadline=None)
@given(known=st.lists(event, max_size=12))
def test_windows_add_up(known):
    table = told(events(*known), entities=["A", "B", "C"], windows=[30, 90])
    assert (table["events_30d"] <= table["events_90d"]).all()
    assert (table["events_90d"] <= table["events_all"]).all()
    kinds = table[[name for name in table if name.startswith("events_all_")]].sum(axis=1)
    assert (kinds == table["events_all"]).all()
    assert (table["items_30d"] <= table["events_30d"]).all()
    money = [(who, amount or 0) for who, day, amount, *_ in known if day is not None and who]
    for name in "ABC":
        spent = sum(amount for who, amount in money if who == name)
        assert table.at[name, "spend_all"] == pytest.approx(spent, abs=1e-5)

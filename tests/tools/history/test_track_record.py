"""Win rates as known on each row's own day, worked by hand and never from the future."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ColumnsMissing, InvalidInput
from tools.history.track_record import track_record


def deals(*rows: tuple[object, object, object, object]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["owner", "product", "closed", "won"])
    return made.assign(closed=pd.to_datetime(made["closed"]))


def asked(*rows: tuple[object, object, str]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["owner", "product", "opened"])
    return made.assign(opened=pd.to_datetime(made["opened"]))


def told(events, rows, **settings):
    given_settings = {"by": ["owner", "product"], "lag_days": 90, "half_life_days": 365}
    return track_record(
        events, rows=rows, when="opened", closed="closed", outcome="won",
        **{**given_settings, **settings},
    )  # fmt: skip


PAST = deals(
    ("ana", "bike", "2025-01-01", 1),
    ("ana", "cap", "2024-01-02", 0),  # 365 days before the first
    ("bo", "bike", "2024-01-02", 0),
)


def test_rates_fade_lag_and_lean_on_the_base_rate():
    # On 2026-01-01 the first outcome is 365 days old (counts 1/2), the others 730 (1/4).
    # Base: (1/2) / (1/2 + 1/4 + 1/4) = 1/2. Ana: (1/2 + 4 x 1/2) / (3/4 + 4) = 2.5 / 4.75.
    # Bo: (0 + 2) / (1/4 + 4). Ana and bikes: (1/2 + 2) / (1/2 + 4).
    table = told(PAST, asked(("ana", "bike", "2026-01-01"), ("bo", "cap", "2026-01-01")))
    first, second = table.iloc[0], table.iloc[1]
    assert first["win_rate_all"] == pytest.approx(0.5)
    assert first["outcomes_all"] == pytest.approx(1.0)
    assert first["win_rate_owner"] == pytest.approx(2.5 / 4.75)
    assert first["outcomes_owner"] == pytest.approx(0.75)
    assert first["win_rate_owner_and_product"] == pytest.approx(2.5 / 4.5)
    assert second["win_rate_owner"] == pytest.approx(2 / 4.25)
    # Bo never sold a cap: the base rate, and no outcome behind it.
    assert second["win_rate_owner_and_product"] == pytest.approx(0.5)
    assert second["outcomes_owner_and_product"] == 0


def test_an_outcome_counts_from_the_day_it_is_old_enough():
    one = deals(("ana", "bike", "2025-01-01", 1))
    days = asked(("ana", "bike", "2025-03-31"), ("ana", "bike", "2025-04-01"))  # 89, 90 days on
    table = told(one, days)
    assert np.isnan(table["win_rate_owner"].iloc[0])
    assert table["outcomes_owner"].tolist() == pytest.approx([0, 0.5 ** (90 / 365)])
    assert table["win_rate_owner"].iloc[1] == 1.0


def test_without_a_lag_an_outcome_of_the_same_day_still_does_not_count():
    one = deals(("ana", "bike", "2025-01-01", 1))
    days = asked(("ana", "bike", "2025-01-01"), ("ana", "bike", "2025-01-02"))
    assert told(one, days, lag_days=0)["outcomes_all"].gt(0).tolist() == [False, True]


def test_a_blank_has_no_record_and_an_unseen_value_the_base_rate():
    rows = asked((None, "bike", "2026-01-01"), ("new", "bike", "2026-01-01"))
    table = told(PAST, rows)
    columns = ["win_rate_owner", "outcomes_owner", "win_rate_owner_and_product"]
    assert table.loc[0, columns].isna().all()
    assert table.loc[1, columns].tolist() == pytest.approx([0.5, 0, 0.5])


def test_a_column_of_blanks_has_no_record_whatever_its_type():
    rows = asked(("ana", "bike", "2026-01-01")).assign(owner=np.nan)
    table = told(PAST, rows)
    assert table[["win_rate_owner", "outcomes_owner"]].isna().all(axis=None)
    assert table["outcomes_product"].iloc[0] == pytest.approx(0.75)


def test_open_deals_are_left_out_and_counted():
    more = pd.concat([PAST, deals(("ana", "bike", None, 1), ("ana", "bike", "2025-01-01", None))])
    rows = asked(("ana", "bike", "2026-01-01"))
    pd.testing.assert_frame_equal(told(PAST, rows), told(more, rows))
    assert told(more, rows).attrs["left_out"] == 2


def test_equal_rows_count_each():
    twice = pd.concat([PAST, PAST])
    rows = asked(("ana", "bike", "2026-01-01"))
    assert told(twice, rows)["outcomes_owner"].iloc[0] == pytest.approx(1.5)


def test_half_a_century_at_a_half_life_of_a_week_neither_overflows_nor_loses_the_latest():
    events = deals(("ana", "bike", "1970-01-01", 0), ("ana", "bike", "2025-12-25", 1))
    row = told(
        events, asked(("ana", "bike", "2026-01-01")), half_life_days=7, lag_days=1
    ).iloc[0]  # fmt: skip
    assert row["outcomes_owner"] == 0.5
    assert row["win_rate_owner"] == 1.0


def test_without_pseudo_count_the_rate_is_bare_and_the_base_rate_where_there_is_none():
    rows = asked(("ana", "bike", "2026-01-01"), ("new", "bike", "2026-01-01"))
    rates = told(PAST, rows, pseudo_count=0)["win_rate_owner"]
    assert rates.tolist() == pytest.approx([0.5 / 0.75, 0.5])


def test_pairs_can_be_left_out_and_the_rows_keep_their_index():
    rows = asked(("ana", "bike", "2026-01-01"), ("bo", "bike", "2026-01-01"))
    rows.index = ["x", "x"]
    table = told(PAST, rows, pairs=False)
    assert table.index.tolist() == ["x", "x"]
    assert "win_rate_owner_and_product" not in table


@pytest.mark.parametrize("empty", ["events", "rows"])
def test_no_events_and_no_rows_are_answered(empty):
    rows = asked(("ana", "bike", "2026-01-01"))
    if empty == "events":
        table = told(PAST.iloc[:0], rows)
        assert table["outcomes_all"].tolist() == [0]
        assert table["win_rate_owner"].isna().all()
    else:
        assert told(PAST, rows.iloc[:0]).shape == (0, 8)


@pytest.mark.parametrize("kind", ["category", "object", "str", "Int64", "float", "datetime"])
def test_groups_of_any_type_are_matched_by_value(kind):
    def typed(values):
        if kind in {"Int64", "float"}:
            return values.map({"ana": 1, "bo": 2, "bike": 3, "cap": 4}).astype(kind)
        if kind == "datetime":
            return values.map({"ana": pd.Timestamp(1), "bo": pd.Timestamp(2)})
        return values.astype(kind)

    rows = asked(("ana", "bike", "2026-01-01"), ("bo", "cap", "2026-01-01"))
    plain = told(PAST, rows, by=["owner"])
    events = PAST.assign(owner=typed(PAST["owner"]), won=PAST["won"].astype("boolean"))
    pd.testing.assert_frame_equal(
        plain, told(events, rows.assign(owner=typed(rows["owner"])), by=["owner"])
    )


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"events": PAST.drop(columns="won")}, ColumnsMissing, "events has no column won"),
        ({"rows": asked().drop(columns="owner")}, ColumnsMissing, "rows has no column owner"),
        ({"events": PAST.assign(won=[1, 0, 2])}, InvalidInput, "it is 2 for example, in rows 2"),
        (
            {"events": PAST.assign(won=["won", "lost", "lost"])},
            InvalidInput,
            "it is won for example, in rows 0, 1, 2",
        ),
        ({"events": PAST.assign(closed=20250101)}, InvalidInput, "closed holds numbers"),
        (
            {"events": PAST.assign(closed=["2025-01-01", "01/02/2025", ""])},
            InvalidInput,
            "closed has values that are no date, such as '01/02/2025', in rows 1",
        ),
        ({"rows": asked(("ana", "bike", None))}, InvalidInput, "opened is blank in rows 0"),
        ({"events": PAST.assign(owner=[1, 2, 3])}, InvalidInput, "owner holds numbers in one"),
        ({"half_life_days": 0}, InvalidInput, "half_life_days is 0, out of range"),
        ({"lag_days": -1}, InvalidInput, "lag_days is -1"),
        ({"by": ["owner", "owner"]}, InvalidInput, "each once"),
        ({"by": "owner"}, InvalidInput, "it must list columns"),
    ],
)
def test_bad_input_is_told_where_and_what_to_do(change, error, words):
    change = {"events": PAST, "rows": asked(("ana", "bike", "2026-01-01")), **change}
    with pytest.raises(error, match=words) as caught:
        told(change.pop("events"), change.pop("rows"), **change)
    assert caught.value.hint


START = date(2020, 1, 1)
day = st.integers(0, 1500).map(lambda n: pd.Timestamp(START + timedelta(days=n)))
value = st.sampled_from(["a", "b", None])
deal = st.tuples(value, value, st.one_of(day, st.none()), st.sampled_from([0, 1, None]))
question = st.tuples(value, value, day)


def framed(rows, columns):
    made = pd.DataFrame(rows, columns=columns).astype({"owner": "object", "product": "object"})
    last = columns[2]
    return made.assign(**{last: pd.to_datetime(made[last])})


@settings(max_examples=60, deadline=None)
@given(
    known=st.lists(deal, max_size=12),
    rows=st.lists(question, min_size=1, max_size=6),
    later=st.lists(
        st.tuples(value, value, st.integers(0, 900), st.sampled_from([0, 1])), max_size=8
    ),
    lag=st.sampled_from([0, 1, 90]),
    half_life=st.sampled_from([3.0, 365.0]),
    shuffle=st.randoms(use_true_random=False),
)
def test_rates_do_not_change_when_later_outcomes_are_added_or_rows_reordered(
    known, rows, later, lag, half_life, shuffle
):
    columns = ["owner", "product", "closed", "won"]
    asked_rows = framed(rows, ["owner", "product", "opened"])
    last = max(row[2] for row in rows) - pd.Timedelta(days=max(lag, 1) - 1)
    added = [(a, b, last + pd.Timedelta(days=n), won) for a, b, n, won in later]
    mixed = known + added
    shuffle.shuffle(mixed)
    settings_given = {"lag_days": lag, "half_life_days": half_life}
    before = told(framed(known, columns), asked_rows, **settings_given)
    after = told(framed(mixed, columns), asked_rows, **settings_given)
    pd.testing.assert_frame_equal(before, after, check_exact=True)


@settings(max_examples=60, deadline=None)
@given(
    known=st.lists(deal, max_size=15),
    rows=st.lists(question, min_size=1, max_size=5),
    lag=st.sampled_from([0, 30]),
    half_life=st.sampled_from([5.0, 200.0]),
)
def test_rates_are_those_of_adding_up_one_by_one(known, rows, lag, half_life):
    table = told(
        framed(known, ["owner", "product", "closed", "won"]),
        framed(rows, ["owner", "product", "opened"]),
        lag_days=lag, half_life_days=half_life,
    )  # fmt: skip
    for place, (owner, product, on) in enumerate(rows):
        used = [
            (a, b, won, 0.5 ** ((on - closed).days / half_life))
            for a, b, closed, won in known
            if closed is not None and won is not None and (on - closed).days >= max(lag, 1)
        ]
        every = sum(weight for *_, weight in used)
        base = sum(weight * won for _, _, won, weight in used) / every if every else np.nan
        mine = [(won, weight) for a, b, won, weight in used if (a, b) == (owner, product)]
        row = table.iloc[place]
        if owner is None or product is None:
            assert np.isnan(row["outcomes_owner_and_product"])
            continue
        count = sum(weight for _, weight in mine)
        assert row["outcomes_owner_and_product"] == pytest.approx(count, abs=1e-12)
        wins = sum(weight * won for won, weight in mine)
        assert row["win_rate_owner_and_product"] == pytest.approx(
            (wins + 4 * base) / (count + 4), nan_ok=True
        )

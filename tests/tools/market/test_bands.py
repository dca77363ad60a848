from __future__ import annotations

import pandas as pd
import pytest

from domain.errors import InvalidInput
from tools.market.bands import levels
from tools.shares import wilson


def told(values, cuts=None, **kind):
    return levels(pd.Series(values, name="staff_count", **kind), cuts)


def test_bands_begin_where_they_say_and_blanks_come_last():
    column = told([9, 10, 49, 50, None], [10, 50], dtype="Int64")

    assert column.tolist() == [
        "below 10", "10 to 49", "10 to 49", "50 and more", "staff count not stated",
    ]  # fmt: skip
    assert column.cat.categories.tolist() == [
        "below 10", "10 to 49", "50 and more", "staff count not stated",
    ]  # fmt: skip


def test_fractions_keep_their_bands_open_to_the_right():
    assert told([0.5, 1.5, 2.5], [1, 2]).tolist() == ["below 1", "1 to below 2", "2 and more"]


def test_a_number_of_bands_cuts_into_about_equal_counts():
    counts = told(range(1, 101), 4).value_counts(sort=False)

    assert counts.tolist() == [25, 25, 25, 25, 0]
    # One value repeated cannot be cut.
    assert told([7] * 20 + [None], 4).tolist() == ["any"] * 20 + ["staff count not stated"]


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([3, 1, 3], "int64", ["3", "1", "3"]),
        ([True, None, False], "boolean", ["True", "staff count not stated", "False"]),
        (["b", " ", None], "object", ["b", "staff count not stated", "staff count not stated"]),
        (["x  y", "a", "a"], "category", ["x y", "a", "a"]),
        (["2024-03-01", None, "2026-01-01"], "datetime64[ns]",
         ["2024", "staff count not stated", "2026"]),
    ],
)  # fmt: skip
def test_columns_of_every_kind_become_words(values, dtype, expected):
    assert levels(pd.Series(values, name="staff_count").astype(dtype)).tolist() == expected


@pytest.mark.parametrize(
    ("values", "cuts", "words"),
    [
        ([1, 2], [5, 5], "bands of staff_count must rise"),
        ([1, 2], [], "bands of staff_count must rise"),
        ([1, 2], 1, "cannot be cut into 1 bands"),
        (["a"], [1], "holds no numbers"),
        ([float("inf")], None, "infinite"),
    ],
)
def test_bands_that_cannot_be_are_refused(values, cuts, words):
    with pytest.raises(InvalidInput, match=words):
        told(values, cuts)


def test_wilsons_interval_leaves_room_for_what_was_not_seen():
    # 5 of 10 at 95 %, z = 1.96: middle .5, half .263 (Wilson 1927).
    low, high = wilson([5, 0, 10, 0], [10, 10, 10, 0])

    assert low.round(3).tolist() == [0.237, 0.0, 0.722, 0.0]
    assert high.round(3).tolist() == [0.763, 0.278, 1.0, 1.0]


@pytest.mark.parametrize(("hits", "trials", "confidence"), [(3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1)])
def test_an_interval_of_nonsense_is_refused(hits, trials, confidence):
    with pytest.raises(InvalidInput):
        wilson(hits, trials, confidence=confidence)

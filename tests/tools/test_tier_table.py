"""Tiers of plain tables: bounds, what history holds, and what bad input is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ColumnsMissing, DuplicateIds, InvalidInput, UnknownTier
from tests.tools.conftest import DEFAULT_TIERS
from tools.tier_table import place

KEYS = [tier.key for tier in DEFAULT_TIERS]


def table(*rows: tuple) -> pd.DataFrame:
    """One account per row: potential, access, cycle, fit."""
    return pd.DataFrame(
        rows,
        columns=["potential", "access", "cycle", "fit"],
        index=[f"A{n}" for n in range(len(rows))],
    )


def full(*potentials: float | None) -> pd.DataFrame:
    """Accounts that meet every rule beside potential."""
    return table(*[(value, "executive", "active", 5) for value in potentials])


@pytest.mark.parametrize(
    ("potential", "tier"),
    [
        (500_000, "strategic"),
        (150_000.01, "strategic"),
        (150_000, "tier_1"),
        (75_000, "tier_1"),
        (74_999.99, "tier_2"),
        (25_000, "tier_2"),
        (24_999.99, "tier_3"),
        (0, "tier_3"),
        (None, "tier_3"),
    ],
)
def test_a_bound_belongs_to_the_higher_tier_but_strategic_asks_for_more(potential, tier) -> None:
    assert place(full(potential), DEFAULT_TIERS).table["tier"].tolist() == [tier]


@pytest.mark.parametrize(
    ("potential", "had", "tier", "note"),
    [
        # 10 % of 75,000 is 7,500: Tier 1 holds down to 67,500, and Tier 2 up to 82,500.
        (73_500, "tier_1", "tier_1", "held in Tier 1 from the last book: 2 % below its bound"),
        (67_500, "tier_1", "tier_1", "held in Tier 1 from the last book: 10 % below its bound"),
        (67_499.99, "tier_1", "tier_2", "Tier 2: every rule is met"),
        (
            76_500,
            "tier_2",
            "tier_2",
            "held in Tier 2 from the last book: 2 % above the bound of Tier 1",
        ),
        (75_000, "tier_2", "tier_2", "held in Tier 2 from the last book: at the bound of Tier 1"),
        (82_499.99, "tier_2", "tier_2", "held in Tier 2"),
        (82_500, "tier_2", "tier_1", "Tier 1: every rule is met"),
        (150_000, "strategic", "strategic", "held in Strategic from the last book: at its bound"),
        (149_900, "strategic", "strategic", "less than 1 % below its bound"),
        (134_999.99, "strategic", "tier_1", "Tier 1: every rule is met"),
        (160_000, "tier_1", "tier_1", "held in Tier 1"),
        (165_000, "tier_1", "strategic", "Strategic: every rule is met"),
        # From far below, no bound in between holds anything.
        (76_500, "tier_3", "tier_1", "Tier 1: every rule is met"),
        # From far above neither: 70,000 is no small move from Strategic.
        (70_000, "strategic", "tier_2", "Tier 2: every rule is met"),
        (None, "tier_1", "tier_3", "potential unknown"),
    ],
)
def test_a_small_move_of_potential_flips_no_tier(potential, had, tier, note) -> None:
    found = place(full(potential), DEFAULT_TIERS, previous=pd.Series({"A0": had})).table.loc["A0"]

    assert found["tier"] == tier
    assert note in found["tier_note"]
    assert found["held"] == ("held in" in note or "less than" in note)


def test_lost_access_counts_at_once_and_so_does_gained_access() -> None:
    had = pd.Series({"A0": "tier_1", "A1": "tier_1"})
    rows = table((73_500, "below director", "active", 5), (73_500, "director", "active", 5))

    found = place(rows, DEFAULT_TIERS, previous=had).table

    assert found["tier"].tolist() == ["tier_2", "tier_1"]
    assert found["tier_note"].tolist() == [
        "Tier 2; Tier 1 but for director access; potential held in Tier 1 from the last book: "
        "2 % below its bound",
        "Tier 1; held in Tier 1 from the last book: 2 % below its bound",
    ]


def test_without_history_or_with_no_share_the_bounds_alone_decide() -> None:
    rows = full(73_500, 76_500)
    had = pd.Series({"A0": "tier_1", "A1": "tier_2"})

    assert place(rows, DEFAULT_TIERS).table["tier"].tolist() == ["tier_2", "tier_1"]
    by_bounds = place(rows, DEFAULT_TIERS, previous=had, share=0).table
    assert by_bounds["tier"].tolist() == ["tier_2", "tier_1"]
    assert not by_bounds["held"].any()
    strangers = pd.Series({"B": "tier_1"})
    assert place(rows, DEFAULT_TIERS, previous=strangers).table["tier"].tolist() == [
        "tier_2",
        "tier_1",
    ]


@settings(deadline=None, max_examples=25)
@given(
    potential=st.floats(0, 400_000).map(lambda value: round(value, 2)),
    move=st.floats(-0.04, 0.04),
)
def test_a_move_of_four_percent_and_back_never_changes_the_tier_twice(potential, move) -> None:
    # Whatever the first move did, coming back by so little is within the band of 10 %.
    first = place(full(potential), DEFAULT_TIERS).table
    moved = place(
        full(round(potential * (1 + move), 2)), DEFAULT_TIERS, previous=first["potential_tier"]
    ).table
    back = place(full(potential), DEFAULT_TIERS, previous=moved["potential_tier"]).table

    assert moved["tier"].tolist() == first["tier"].tolist()
    assert back["tier"].tolist() == first["tier"].tolist()


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_and_strange_dtypes_change_nothing(seed) -> None:
    rng = np.random.default_rng(seed)
    plain = table(
        *zip(
            rng.uniform(0, 300_000, 12).round(2),
            rng.choice(["executive", "director", "none", None], 12),
            rng.choice(["active", "six_months", "early", "none", None], 12),
            rng.choice([-4, 0, 5], 12),
            strict=True,
        )
    )
    had = pd.Series(rng.choice(KEYS, 12), index=plain.index)
    expected = place(plain, DEFAULT_TIERS, previous=had).table

    mixed = plain.sample(frac=1, random_state=seed).astype(
        {"potential": "object", "access": "category", "cycle": "string", "fit": "Int64"}
    )
    again = place(mixed, DEFAULT_TIERS, previous=had.sample(frac=1, random_state=seed)).table

    pd.testing.assert_frame_equal(again.loc[expected.index], expected)


def test_no_rows_are_placed_nowhere() -> None:
    assert place(full().astype({"potential": "float64"}), DEFAULT_TIERS).table.empty


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"drop": "cycle"}, ColumnsMissing, "The table lacks cycle, which its tiers ask for"),
        ({"potential": [float("inf"), 1]}, InvalidInput, "potential is infinite for A0"),
        ({"potential": [1, -5]}, InvalidInput, "potential is negative for A1"),
        ({"potential": ["much", 1]}, InvalidInput, "potential holds values that are no numbers"),
        ({"access": ["ceo", None]}, InvalidInput, "access is 'ceo' for A0"),
        ({"cycle": [7.5, None]}, InvalidInput, "cycle is '7.5' for A0"),
        ({"fit": [True, False]}, InvalidInput, "fit holds bool values"),
        ({"index": ["A", "A"]}, DuplicateIds, "The table has A more than once"),
    ],
)
def test_bad_input_is_named(change, error, words) -> None:
    rows = full(1, 2)
    if "drop" in change:
        rows = rows.drop(columns=change["drop"])
    elif "index" in change:
        rows.index = change["index"]
    else:
        rows = rows.assign(**change)

    with pytest.raises(error, match=words):
        place(rows, DEFAULT_TIERS)


def test_tiers_and_history_that_cannot_be_used_are_named() -> None:
    with pytest.raises(InvalidInput, match="lower bounds of potential must fall"):
        place(full(1), DEFAULT_TIERS[::-1])
    with pytest.raises(InvalidInput, match="there are no tiers"):
        place(full(1), ())
    with pytest.raises(InvalidInput, match=r"share is 2"):
        place(full(1), DEFAULT_TIERS, share=2)
    with pytest.raises(UnknownTier, match="previous names 'gold', which is no tier here"):
        place(full(1), DEFAULT_TIERS, previous=pd.Series({"A0": "gold"}))

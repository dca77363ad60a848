"""Where a rep's hours end among the rep's accounts; nothing is moved by it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import NotCitable
from domain.period import Period
from tools.capacity_cut import capacity_cut
from tools.cells import Reading
from tools.ranks import ranks
from tools.workload import workload

PERIOD = Period(date(2026, 11, 16), date(2027, 2, 7))  # 84 days, 12 weeks


def cut(coverage, hours: dict[str, float], *rows: tuple[str, str | None, str, float]):
    """One account per row: id, owner, tier, expected value."""
    order = {tier.key: at for at, tier in enumerate(coverage.tiers)}
    table = pd.DataFrame(
        rows, columns=["account_id", "owner_id", "tier", "expected_value"]
    ).set_index("account_id")
    owners = {row[0]: row[1] for row in rows}
    reading = Reading("book-1", "rules-1", date(2026, 11, 13), owners)
    table["order"] = table["tier"].map(order).astype("int64")
    table["owner_id"] = table["owner_id"].astype("str")
    placed = SimpleNamespace(table=table, reading=reading)
    asked = workload(
        table.reset_index().rename(columns={"owner_id": "rep_id"}),
        pd.DataFrame({"rep_id": list(hours), "selling_hours": list(hours.values())}),
        coverage,
        period=PERIOD,
        reading=reading,
    )
    return capacity_cut(ranks(SimpleNamespace(table=table), placed), placed, asked, coverage)


def test_expected_value_orders_a_tier_and_hours_cut_it(coverage) -> None:
    # Strategic asks for 30 h in 12 weeks, Tier 1 for 12.5. Ana has 60: 30 + 12.5 + 12.5 = 55
    # fit, the third Tier 1 account would make it 67.5.
    found = cut(
        coverage,
        {"ana": 60.0},
        ("T-low", "ana", "tier_1", 10.0),
        ("T-high", "ana", "tier_1", 30.0),
        ("S", "ana", "strategic", 5.0),
        ("T-mid", "ana", "tier_1", 20.0),
    )

    assert found.by_account["within_capacity"].to_dict() == {
        "T-low": False,
        "T-high": True,
        "S": True,
        "T-mid": True,
    }
    assert found.by_account["cut_note"].to_dict() == {
        "T-low": "Below the line: with it 67.5 h are asked for, and the rep has 60",
        "T-high": "Within capacity: 42.5 of 60 h are taken with it",
        "S": "Within capacity: 30 of 60 h are taken with it",
        "T-mid": "Within capacity: 55 of 60 h are taken with it",
    }
    assert found.by_rep.loc["ana"].to_dict() == {
        "within": 3,
        "hours_within": 55.0,
        "below": 1,
        "hours_below": 12.5,
        "selling_hours": 60.0,
        "cut_tier": "tier_1",
    }
    assert found.cite("account:T-low", "hours_through").value == "67.5"
    assert found.cite("account:T-low", "cut_note").scope == "ana"
    assert found.cite("rep:ana", "cut_below").value == "1"


def test_a_small_account_does_not_jump_the_line(coverage) -> None:
    # 30 of 40 h; the second strategic account needs 60. Tier 2 (2.31 h) would fit into the
    # 10 h that are left, but stands behind it.
    found = cut(
        coverage,
        {"ana": 40.0},
        ("S-1", "ana", "strategic", 9.0),
        ("S-2", "ana", "strategic", 8.0),
        ("T", "ana", "tier_2", 7.0),
    )
    assert found.by_account["within_capacity"].tolist() == [True, False, False]
    assert found.by_rep.at["ana", "cut_tier"] == "strategic"


def test_automated_tiers_are_never_cut_and_unowned_accounts_have_no_line(coverage) -> None:
    found = cut(
        coverage,
        {"ana": 0.0},
        ("S", "ana", "strategic", 1.0),
        ("A", "ana", "tier_3", 1.0),
        ("N", None, "strategic", 1.0),
        ("G", "gone", "strategic", 1.0),
    )
    table = found.by_account
    assert table["within_capacity"].tolist()[:2] == [False, True]
    assert table["within_capacity"].isna().tolist() == [False, False, True, True]
    assert table.at["S", "cut_note"] == "Below the line: asks for 30 h, and the rep has none"
    assert table.at["A", "cut_note"] == "Automated: takes none of the rep's hours"
    for account in ("N", "G"):
        with pytest.raises(NotCitable):
            found.cite(f"account:{account}", "cut_note")


def test_a_rep_with_enough_hours_has_no_cut(coverage) -> None:
    found = cut(coverage, {"ana": 30.0, "bo": 0.0}, ("S", "ana", "strategic", 1.0))
    assert found.by_rep["below"].tolist() == [0, 0]
    assert found.by_rep["cut_tier"].isna().all()


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_hours_add_up_and_the_line_follows_the_order(coverage, seed) -> None:
    rng = np.random.default_rng(seed)
    rows = [
        (
            f"A{n}",
            rng.choice(["ana", "bo", None]),
            str(rng.choice([tier.key for tier in coverage.tiers])),
            float(rng.uniform(0, 100)),
        )
        for n in range(12)
    ]
    hours = {"ana": float(rng.uniform(0, 120)), "bo": 40.0}
    found = cut(coverage, hours, *rows)

    again = cut(coverage, hours, *rows[::-1])
    pd.testing.assert_frame_equal(again.by_account.loc[found.by_account.index], found.by_account)
    for rep, line in found.by_rep.iterrows():
        assert line["hours_within"] <= line["selling_hours"]
        mine = [row[0] for row in rows if row[1] == rep]
        through = found.by_account.loc[mine, "hours_through"].dropna()
        assert len(through) == line["within"] + line["below"]
        if len(through):
            assert through.max() == pytest.approx(line["hours_within"] + line["hours_below"])
        inside = found.by_account.loc[through.index, "within_capacity"].astype(bool)
        assert (through[inside] <= line["selling_hours"]).all()
        assert (through[~inside] > line["selling_hours"]).all()

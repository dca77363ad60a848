"""Which method tells a book's potential, and what the regression's figures are made of."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from domain.errors import NotCitable
from tools.cells import Reading
from tools.facts import Facts
from tools.potential import Potential, potential
from tools.potential_trial import FACTS

READING = Reading("book-1", "coverage-1", date(2026, 11, 13))


def book_of(rows: int, *, staff_counts: bool, seed: int = 1) -> Facts:
    """Accounts whose spend follows staff (or nothing), the same way in both years."""
    rng = np.random.default_rng(seed)
    staff = np.exp(rng.normal(4.0, 1.5, rows)).round() + 1
    index = pd.Index([f"A-{at:04d}" for at in range(rows)], name="account_id")
    table = pd.DataFrame(
        {
            "segment": rng.choice(["Shop", "Chain"], rows),
            "product_focus": "Road",
            "territory_group": rng.choice(["North", "South"], rows),
            "country": "US",
            "region": rng.choice(["Ohio", "Iowa", "Utah"], rows),
            "industry": "Retail",
            "employees": pd.array(staff.astype(int), dtype="Int64"),
            "annual_revenue": np.nan,
            "next_order_due": pd.NaT,
        },
        index=index,
    )
    trend = np.sqrt(staff) if staff_counts else np.ones(rows)
    for column in ("net_spend_12m", "net_spend_prior_12m"):
        table[column] = (1_000 * trend * np.exp(rng.normal(0, 0.4, rows))).round(2)
    return Facts(table, READING)


@pytest.fixture(scope="module")
def known() -> Facts:
    facts = book_of(300, staff_counts=True)
    facts.table.loc["A-0003", list(FACTS)] = None
    facts.table.loc["A-0004", ["net_spend_12m", "net_spend_prior_12m"]] = 0.0
    return facts


@pytest.fixture(scope="module")
def found(known: Facts, coverage) -> Potential:  # type: ignore[no-untyped-def]
    return potential(known, coverage)


def test_the_regression_tells_potential_where_it_held_better_on_the_books_past(
    found: Potential,
) -> None:
    assert found.method == "regression"
    assert found.backtest is not None
    loss = found.backtest.by_level["pinball"]
    assert (loss["regression"] < loss["peer quantiles"]).all()
    assert found.table.at["A-0000", "potential_basis"].endswith("with such facts, by regression")


def test_peers_tell_potential_where_facts_say_nothing_more(coverage) -> None:  # type: ignore[no-untyped-def]
    found = potential(book_of(300, staff_counts=False), coverage)

    assert found.method == "peer quantiles"
    assert found.factors == ()
    assert not found.table["potential_basis"].str.contains("regression").any()
    with pytest.raises(NotCitable):
        found.cite("account:A-0000", "potential_factor:employees")


def test_peers_tell_potential_where_the_coverage_model_leaves_it_to_them(
    known: Facts,
    coverage,  # type: ignore[no-untyped-def]
) -> None:
    pinned = coverage.peers.model_copy(update={"method": "peers"})
    found = potential(known, coverage.model_copy(update={"peers": pinned}))

    # The regression held better on this book's past, and is still shown beside them.
    assert found.method == "peer quantiles"
    assert found.backtest is not None
    assert found.backtest.method == "peer quantiles"
    assert {method for method, _ in found.backtest.by_level.index} == {
        "peer quantiles", "regression",
    }  # fmt: skip
    assert not found.table["potential_basis"].str.contains("regression").any()


def test_below_a_hundred_active_accounts_nothing_but_peers_is_tried(coverage) -> None:  # type: ignore[no-untyped-def]
    found = potential(book_of(99, staff_counts=True), coverage)

    assert found.method == "peer quantiles"
    assert found.backtest is not None
    assert set(found.backtest.told) == {"peer quantiles"}


def test_an_account_of_unknown_facts_keeps_the_quantiles_of_its_peers(found: Potential) -> None:
    row = found.table.loc["A-0003"]

    assert "regression" not in row["potential_basis"]
    assert pd.isna(row["potential_base"])
    assert row["peer_group"].endswith("of every kind, a wide comparison")


def test_those_who_taught_the_regression_are_told_as_a_group(found: Potential) -> None:
    # 300 accounts, of whom A-0004 buys nothing.
    assert found.table.at["A-0000", "peer_count"] == 298
    assert found.table.at["A-0004", "peer_count"] == 299
    assert found.cite("account:A-0000", "peer_group").value == (
        "298 other active accounts, weighed by their facts"
    )


def test_a_prospect_is_judged_by_its_facts(found: Potential) -> None:
    row = found.table.loc["A-0004"]

    assert row["potential_basis"] == "the median of active accounts with such facts, by regression"
    assert row["open_potential"] == row["potential_p75"] > 0


def test_no_account_is_judged_by_what_it_spent_itself(known: Facts, coverage) -> None:  # type: ignore[no-untyped-def]
    changed = known.table.copy()
    changed.loc["A-0010", "net_spend_12m"] *= 50
    before, after = (
        potential(Facts(table, READING), coverage).table.loc["A-0010"]
        for table in (known.table, changed)
    )

    for level in ("potential_p75", "potential_p90", "peer_p50"):
        assert after[level] == pytest.approx(before[level], abs=0.01)


def test_base_times_factors_less_the_unit_is_p75(found: Potential) -> None:
    cited = {
        name: float(found.cite("account:A-0000", name).value)
        for name in (
            "potential_base", "potential_unit", "potential_p75",
            *(f"potential_factor:{fact}" for fact in found.factors),
        )
    }  # fmt: skip
    product = cited["potential_base"]
    for fact in found.factors:
        product *= cited[f"potential_factor:{fact}"]

    assert product - cited["potential_unit"] == pytest.approx(cited["potential_p75"], rel=1e-4)
    assert {"employees", "segment"} <= set(found.factors)


def test_contributions_are_those_of_p75_in_log_units(found: Potential) -> None:
    assert found.logs is not None
    told = np.log1p(found.table["potential_p75"] / found.table["potential_unit"])

    assert (found.logs.sum(axis=1) - told[found.logs.index]).abs().max() < 1e-4  # cents


def test_levels_never_cross_and_the_order_of_rows_changes_nothing(
    known: Facts, found: Potential, coverage
) -> None:  # type: ignore[no-untyped-def]
    turned = potential(Facts(known.table[::-1], READING), coverage)

    pd.testing.assert_frame_equal(turned.table[::-1], found.table)
    assert (found.table["potential_p50"] <= found.table["potential_p75"]).all()
    assert (found.table["potential_p75"] <= found.table["potential_p90"]).all()


def test_the_backtest_says_how_often_each_level_held(found: Potential) -> None:
    back = found.backtest
    assert back is not None

    # Both years follow the same law: what held last year holds this year.
    held = back.by_level.loc["regression"]
    assert held["coverage"].tolist() == pytest.approx([0.5, 0.75, 0.9], abs=0.06)
    assert len(back.accounts) == 299
    assert str(back.period) == "2025-11-14/2026-11-13"
    assert back.out_of_time
    assert back.growth is not None
    assert back.growth.accounts == 29


def test_named_peers_lie_within_what_the_reader_may_see(found: Potential) -> None:
    within = [f"A-{at:04d}" for at in range(0, 300, 2)]

    named = found.peers("A-0001", within=within)

    assert len(named) == 5
    assert set(named["peer_id"]) <= set(within)
    staff = found.facts.table["employees"].astype(float)
    ratio = staff[named["peer_id"]] / staff["A-0001"]
    assert ratio.between(0.5, 2.0).all()
    assert found.peers("A-0001", within=[]).empty

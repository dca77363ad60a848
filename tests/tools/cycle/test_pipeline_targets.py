"""Targets add up to the cent, whatever they are shared by."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.coverage import CoverageModel
from domain.territory_plan import Targets
from tests.tools.cycle.plan_side import Q4, Row, placed
from tools.cycle.plan_cells import shared_out
from tools.cycle.territory_figures import territory_figures

cents = st.integers(0, 10**11).map(lambda value: Decimal(value) / 100)


def targets(
    coverage: CoverageModel, rows: list[Row], quota: float, pipeline: float = 0.0
) -> Targets:
    """Targets of a quarter: three times the quota, less one open deal, is missing."""
    side = placed(
        coverage,
        rows,
        quotas=[{"rep_id": "ana", "starts": "2026-10-01", "ends": "2026-12-31", "amount": quota}],
        opportunities=[
            {
                "account_id": "A",
                "stage": "qualification",
                "amount": pipeline,
                "closes": "2026-12-01",
            }
        ],
    )
    return territory_figures(side, "ana", Q4, ()).tables.targets


def by_tier(found: Targets) -> dict[str, str | None]:
    return {row.tier: row.amount.value for row in found.rows}


def test_the_gap_is_shared_by_open_potential_of_tiers_with_personal_coverage(
    coverage: CoverageModel,
) -> None:
    rows: list[Row] = [
        {"account_id": "A", "tier": "strategic", "open": 40.0},
        {"account_id": "B", "tier": "tier_1", "open": 30.0},
        {"account_id": "C", "tier": "tier_1", "open": 10.0},
        {"account_id": "D", "tier": "tier_2", "open": 20.0},
        {"account_id": "E", "tier": "tier_3", "open": 900.0},
    ]
    found = targets(coverage, rows, 200_000.0, pipeline=100_000.0)
    # 600,000 are wanted and 500,000 missing: 40 : 40 : 20 of it.
    assert by_tier(found) == {
        "strategic": "200000", "tier_1": "200000", "tier_2": "100000", "tier_3": "0",
    }  # fmt: skip
    assert found.total.value == "500000"


def test_one_tier_with_open_potential_takes_all_even_an_automated_one(
    coverage: CoverageModel,
) -> None:
    rows: list[Row] = [
        {"account_id": "A", "p50": 9.0},
        {"account_id": "B", "tier": "tier_3", "open": 5.0},
    ]
    found = targets(coverage, rows, 100.01)
    assert by_tier(found)["tier_3"] == found.total.value == "300.03"


def test_without_open_potential_potential_counts_and_then_accounts(
    coverage: CoverageModel,
) -> None:
    rows: list[Row] = [
        {"account_id": "A", "p50": 30.0}, {"account_id": "B", "tier": "tier_2", "p50": 10.0},
    ]  # fmt: skip
    assert by_tier(targets(coverage, rows, 100.0))["tier_1"] == "225"
    rows = [
        {"account_id": "A"}, {"account_id": "B", "tier": "tier_2"},
        {"account_id": "C", "tier": "tier_2"},
    ]  # fmt: skip
    assert by_tier(targets(coverage, rows, 100.0))["tier_2"] == "200"


def test_three_equal_thirds_of_a_cent_go_to_the_earlier_tier() -> None:
    weights = {"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)}
    shares = shared_out(Decimal("100.00"), weights)
    assert [str(share) for share in shares.values()] == ["33.34", "33.33", "33.33"]


@settings(max_examples=40)
@given(total=cents, weights=st.lists(cents, min_size=1, max_size=5))
def test_shares_add_up_and_are_within_a_cent_of_exact(
    total: Decimal, weights: list[Decimal]
) -> None:
    named = {str(number): weight for number, weight in enumerate(weights)}
    shares = shared_out(total, named)
    whole = sum(weights)
    assert sum(shares.values()) == (total if whole else 0)
    for key, weight in named.items():
        exact = total * weight / whole if whole else Decimal(0)
        assert abs(shares[key] - exact) < Decimal("0.01000001")

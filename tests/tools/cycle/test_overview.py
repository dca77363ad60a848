"""Quota, bookings, pipeline and gaps of a quarter, added up by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.coverage import CoverageModel
from domain.cycle import Figure
from tests.tools.cycle.plan_side import AS_OF, Q4, placed
from tools.cycle.territory_figures import TerritoryFigures, territory_figures

QUOTA = [{"rep_id": "ana", "starts": "2026-10-01", "ends": "2026-12-31", "amount": 92_000.0}]


def figures(coverage: CoverageModel, **tables: Any) -> TerritoryFigures:
    """Ana's plan over two accounts; A-3 is bo's."""
    accounts = [
        {"account_id": "A-1", "p50": 80_000.0, "open": 30_000.0},
        {"account_id": "A-2", "tier": "tier_2", "p50": 30_000.0, "open": 10_000.0},
        {"account_id": "A-3", "owner_id": "bo"},
    ]
    reps = [{"rep_id": "ana", "selling_hours_week": 30.0}, {"rep_id": "bo"}]
    side = placed(coverage, accounts, **{"reps": reps, "quotas": QUOTA, **tables})
    return territory_figures(side, "ana", Q4, ())


def told(found: TerritoryFigures, metric: str) -> Figure:
    return next(item for item in found.tables.overview if item.metric == metric)


def value(found: TerritoryFigures, metric: str) -> str | None:
    return told(found, metric).value


def deal(account: str, amount: float | None, closes: str | None, **more: Any) -> dict[str, Any]:
    row = {"account_id": account, "stage": "qualification", "amount": amount, "closes": closes}
    return {**row, "opened": "2026-10-05", **more}


def test_a_quota_counts_by_its_days_in_the_quarter_and_is_carried_on(
    coverage: CoverageModel,
) -> None:
    # 91 days at 1,000 a day; 73 of them lie in the quarter, and 92 days owe 92,000.
    half = [{"rep_id": "ana", "starts": "2026-09-13", "ends": "2026-12-12", "amount": 91_000.0}]
    found = told(figures(coverage, quotas=half), "quota_quarter")
    assert found.value == "92000"
    assert "the latest daily rate is carried on" in found.note

    whole = told(figures(coverage), "quota_quarter")
    assert whole.value == "92000"
    assert "carried on" not in whole.note


def test_bookings_are_what_the_rep_sold_in_the_quarter_so_far(coverage: CoverageModel) -> None:
    orders = [
        {"account_id": "A-1", "rep_id": "ana", "ordered": "2026-10-01", "amount": 5_000.0},
        {"account_id": "A-2", "ordered": "2026-11-13", "amount": 700.5},
        {"account_id": "A-2", "ordered": "2026-11-02", "amount": -200.25},
        {"account_id": "A-3", "rep_id": "ana", "ordered": "2026-10-10", "amount": 40.0},
        {"account_id": "A-1", "rep_id": "bo", "ordered": "2026-10-10", "amount": 9_000.0},
        {"account_id": "A-1", "rep_id": "ana", "ordered": "2026-09-30", "amount": 8_000.0},
    ]
    # 5,000 + 700.50 - 200.25 + 40: bo's sale and September's are not in it.
    found = figures(coverage, orders=orders)
    assert value(found, "booked_quarter") == "5540.25"
    assert value(found, "gap_to_quota") == "86459.75"


def test_a_quota_that_is_reached_says_so(coverage: CoverageModel) -> None:
    orders = [{"account_id": "A-1", "rep_id": "ana", "ordered": AS_OF, "amount": 93_000.0}]
    left = told(figures(coverage, orders=orders), "gap_to_quota")
    assert left.value == "-1000"
    assert left.note == "The quota is reached."


def test_pipeline_holds_open_deals_of_the_accounts_that_close_by_the_quarters_end(
    coverage: CoverageModel,
) -> None:
    deals = [
        deal("A-1", 100_000.0, "2026-12-31"),
        deal("A-2", 38_000.0, "2026-10-20"),
        deal("A-1", 5_000.0, "2027-01-01"),
        deal("A-1", 6_000.0, None),
        deal("A-2", None, "2026-12-01"),
        deal("A-1", 7_000.0, "2026-11-01", stage="won"),
        deal("A-3", 8_000.0, "2026-12-01", owner_id="ana"),
        deal("A-1", 9_000.0, "2026-12-01", opened="2026-11-14"),
    ]
    found = figures(coverage, opportunities=deals)
    # 138,000 of 92,000 is 1.5; three times 92,000 is 276,000, and 138,000 are missing.
    pipeline = told(found, "open_pipeline_quarter")
    assert pipeline.value == "138000"
    assert "without an amount are left out" in pipeline.note
    assert "has passed" in pipeline.note
    assert value(found, "deals_undated") == "1"
    assert value(found, "pipeline_coverage") == "1.5"
    assert value(found, "pipeline_wanted") == "276000"
    assert value(found, "pipeline_gap") == "138000"


def test_the_gap_to_the_coverage_wanted_is_never_below_nought(coverage: CoverageModel) -> None:
    found = figures(coverage, opportunities=[deal("A-1", 500_000.0, "2026-12-01")])
    assert value(found, "pipeline_gap") == "0"


@pytest.mark.parametrize("amount", [None, 0.0])
def test_without_a_quota_coverage_gaps_and_targets_are_unknown_and_none_is_nought(
    coverage: CoverageModel, amount: float | None
) -> None:
    quotas = [] if amount is None else [{**QUOTA[0], "amount": amount}]
    found = figures(coverage, quotas=quotas, opportunities=[deal("A-1", 1_000.0, "2026-12-01")])
    assert value(found, "open_pipeline_quarter") == "1000"
    for metric in ("pipeline_coverage", "pipeline_wanted", "pipeline_gap", "gap_to_quota"):
        unknown = told(found, metric)
        assert unknown.value is None
        assert unknown.evidence_id is None
        assert "quota" in unknown.note
    assert found.tables.targets.total.value is None
    row = found.tables.scorecard[0]
    assert (row.metric, row.status) == ("pipeline_coverage", "unknown")
    assert row.action is not None
    assert row.action.kind == "set_quota"


def test_tables_that_an_export_lacks_leave_their_figures_unknown(coverage: CoverageModel) -> None:
    found = figures(coverage)
    for metric in ("booked_quarter", "open_pipeline_quarter", "deals_undated"):
        assert value(found, metric) is None
        assert "The book holds no" in told(found, metric).note
    assert [row.status for row in found.tables.scorecard] == ["unknown"] * 5


def test_regular_orders_due_are_counted_with_the_median_of_the_last_three(
    coverage: CoverageModel,
) -> None:
    # A-1 orders every 30 days, next on 3 December; A-2 every 30 days and is 3 days overdue.
    orders = [
        {"account_id": account, "ordered": last - timedelta(days=30 * n), "amount": amount}
        for account, last, amounts in (
            ("A-1", date(2026, 11, 3), (400.0, 100.0, 250.0, 999.0)),
            ("A-2", date(2026, 10, 11), (50.0, 50.0, 60.0, 60.0)),
        )
        for n, amount in enumerate(amounts)
    ]
    found = figures(coverage, orders=orders)
    count = told(found, "regular_orders_due")
    assert count.value == "2"
    assert count.note == "Overdue ones are in it."
    assert value(found, "regular_orders_amount") == "300"  # 250 + 50


def test_hours_left_begin_after_the_book_and_leave_out_leave(coverage: CoverageModel) -> None:
    # 16 November to 31 December are 34 working days; six hours each, a week of five off.
    leave = [{"rep_id": "ana", "starts": "2026-12-07", "ends": "2026-12-11"}]
    assert value(figures(coverage), "selling_hours_left") == "204"
    assert value(figures(coverage, leave=leave), "selling_hours_left") == "174"

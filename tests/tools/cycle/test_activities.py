"""Touches and hours a week by tier: the preset of 10, 25, 60 and 105 accounts, by hand."""

from __future__ import annotations

import pytest

from domain.coverage import CoverageModel
from domain.territory_plan import TerritoryTables
from tests.tools.cycle.plan_side import Q4, placed
from tools.cycle.territory_figures import TerritoryFigures, territory_figures

PRESET = {
    "strategic": (10, 250_000.0),
    "tier_1": (25, 112_000.0),
    "tier_2": (60, 40_000.0),
    "tier_3": (105, 14_285.71),
}


@pytest.fixture(scope="module")
def found(coverage: CoverageModel) -> TerritoryFigures:
    rows = [
        {"account_id": f"{tier}-{number}", "tier": tier, "p50": potential, "open": 10.1}
        for tier, (count, potential) in PRESET.items()
        for number in range(count)
    ]
    return territory_figures(placed(coverage, rows), "ana", Q4, ())


@pytest.fixture(scope="module")
def tables(found: TerritoryFigures) -> TerritoryTables:
    return found.tables


def test_segments_count_accounts_and_add_up_potential(tables: TerritoryTables) -> None:
    assert [row.accounts.value for row in tables.segments] == ["10", "25", "60", "105"]
    # 2.5M, 2.8M, 2.4M and 105 x 14,285.71 = 1,499,999.55: 9.2M in all.
    assert [row.potential.value for row in tables.segments] == [
        "2500000", "2800000", "2400000", "1499999.55",
    ]  # fmt: skip
    totals = {item.metric: item.value for item in tables.overview}
    assert totals["plan_accounts"] == "200"
    assert totals["plan_potential"] == "9199999.55"
    assert [row.open_potential.value for row in tables.segments] == [
        "101",
        "252.5",
        "606",
        "1060.5",
    ]


def test_the_tiers_ask_for_20_and_25_and_13_8_touches_a_week(tables: TerritoryTables) -> None:
    touches = [row.touches_week.value for row in tables.activities]
    # 10 x 2, 25 x 1, 60 x 0.2308 (one a month), 105 x 0.0769 (one a quarter, automated).
    assert touches == ["20", "25", "13.848", "8.0745"]
    totals = {item.metric: item.value for item in tables.overview}
    assert totals["personal_touches_week"] == "58.848"


def test_hours_are_touches_times_minutes_with_preparation_and_none_for_automated_tiers(
    tables: TerritoryTables,
) -> None:
    # 20 x 60, 25 x 50 and 13.848 x 40 minutes, a quarter of each on top.
    assert [row.hours_week.value for row in tables.activities] == ["25", "26.04", "11.54", "0"]
    totals = {item.metric: item.value for item in tables.overview}
    assert totals["personal_hours_week"] == "62.58"
    assert [row.automated for row in tables.activities] == [False, False, False, True]


def test_goals_and_help_are_those_of_the_coverage_model(tables: TerritoryTables) -> None:
    assert {row.metric: row.target.value for row in tables.goals} == {
        "discovery_calls": "20", "demos": "15", "executive_meetings": "8",
        "qualified_meetings": "20",
    }  # fmt: skip
    assert [(row.function, row.need.value) for row in tables.resources] == [
        ("inside_sales", "15"), ("marketing", "10"), ("solution_engineering", "6"),
        ("customer_success", "3"),
    ]  # fmt: skip

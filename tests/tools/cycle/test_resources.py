"""Help lent to a quarter: to which accounts by which rule, and by whom of the team."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.coverage import CoverageModel
from domain.cycle_rules import TerritoryPlanRules
from domain.territory_plan import ResourceRow
from tests.tools.cycle.plan_side import Q4, placed
from tools.cycle.territory_figures import territory_figures


@pytest.fixture(scope="module")
def rows(coverage: CoverageModel) -> dict[str, ResourceRow]:
    people = [
        {"rep_id": "ana", "team": "North", "manager_id": "mo"},
        {"rep_id": "mo", "team": "North", "function": "manager"},
        {"rep_id": "in-1", "team": "North", "function": "inside_sales"},
        {"rep_id": "in-2", "team": "South", "manager_id": "mo", "function": "inside_sales"},
        {"rep_id": "in-3", "team": "South", "function": "inside_sales"},
        {
            "rep_id": "in-4", "team": "North", "function": "inside_sales",
            "active_to": "2026-11-01",
        },
        {"rep_id": "cs-1", "team": "South", "function": "customer_success"},
        {"rep_id": "se-1", "team": "North", "function": "solution_engineering"},
    ]  # fmt: skip
    accounts = [
        {"account_id": f"A-{number}", "tier": tier, "p50": 1000.0 - number}
        for number, tier in enumerate(("strategic", "tier_1", "tier_1", "tier_2", "tier_3"))
    ]
    side = placed(
        coverage,
        accounts,
        reps=people,
        opportunities=[
            {"account_id": "A-1", "stage": "qualification", "amount": 1.0},
            {"account_id": "A-3", "stage": "proposal", "amount": 1.0},
        ],
        orders=[
            {"account_id": "A-2", "ordered": "2026-06-01", "amount": 70.0},
            {"account_id": "A-3", "ordered": "2026-06-01", "amount": 90.0},
            {"account_id": "A-1", "ordered": "2024-06-01", "amount": 900.0},
        ],
    )
    rules = TerritoryPlanRules(sdr_accounts=1, abm_accounts=2, business_reviews=1)
    changed = side.coverage.model_copy(update={"territory_plan": rules})
    found = territory_figures(replace(side, coverage=changed), "ana", Q4, ()).tables.resources
    return {row.function: row for row in found}


def test_each_kind_of_help_goes_to_the_accounts_of_its_rule(rows: dict[str, ResourceRow]) -> None:
    assert rows["inside_sales"].accounts == ("A-0",)  # the best without a deal
    assert rows["marketing"].accounts == ("A-0", "A-1")  # the best of full-plan tiers
    assert rows["solution_engineering"].accounts == ("A-3", "A-1")  # proposal first
    assert rows["customer_success"].accounts == ("A-3",)  # most spend of 12 months


def test_people_are_of_the_same_team_or_manager_and_still_there(
    rows: dict[str, ResourceRow],
) -> None:
    assert rows["inside_sales"].people == ("in-1", "in-2")
    assert rows["solution_engineering"].people == ("se-1",)


def test_a_team_without_the_function_says_so(rows: dict[str, ResourceRow]) -> None:
    assert rows["customer_success"].people == ()
    assert "nobody of this function" in rows["customer_success"].note
    assert "nobody" not in rows["solution_engineering"].note
    assert "Marketing has no row" in rows["marketing"].note

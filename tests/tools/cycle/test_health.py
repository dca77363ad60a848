"""The health scorecard: what is red and why, and one thing to do about each red row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.coverage import CoverageModel
from domain.cycle_rules import TerritoryPlanRules
from domain.territory_plan import HealthRow, TerritoryTables
from tests.tools.cycle.plan_side import Q4, placed
from tools.cycle.side import Side
from tools.cycle.territory_figures import territory_figures


def touch(account: str, on: str, kind: str = "call") -> dict[str, Any]:
    return {"account_id": account, "occurred": on, "kind": kind}


@pytest.fixture(scope="module")
def side(coverage: CoverageModel) -> Side:
    """Two strategic accounts, one Tier 1, one automated; three meetings in the quarter."""
    contacts = [
        {"contact_id": "C-1", "account_id": "S-2", "level": "staff", "role": "economic buyer"},
        {"contact_id": "C-2", "account_id": "S-2", "level": "executive"},
        {"contact_id": "C-3", "account_id": "T-1", "attitude": "opposed", "role": "purchasing"},
        {"contact_id": "C-4", "account_id": "T-1", "role": "user"},
    ]
    return placed(
        coverage,
        [
            {"account_id": "S-1", "tier": "strategic", "p50": 300_000.0, "open": 1_000.0},
            {"account_id": "S-2", "tier": "strategic", "p50": 200_000.0, "open": 3_000.0},
            {"account_id": "T-1", "tier": "tier_1", "p50": 100_000.0, "open": 2_000.0},
            {"account_id": "N-1", "tier": "tier_3", "p50": 1_000.0, "open": 9_000.0},
        ],
        contacts=contacts,
        orders=[{"account_id": "N-1", "ordered": "2024-01-02", "amount": 5.0}],
        quotas=[
            {"rep_id": "ana", "starts": "2026-10-01", "ends": "2026-12-31", "amount": 10_000.0}
        ],
        opportunities=[
            {
                "account_id": account, "stage": stage, "amount": amount, "closes": closes,
                "opened": "2026-01-05",
            }
            for account, stage, amount, closes in (
                ("S-2", "qualification", 24_000.0, "2026-12-01"),
                ("S-1", "won", 20_000.0, "2026-02-01"),
                ("T-1", "won", 30_000.0, "2026-11-13"),
                ("T-1", "won", 90_000.0, "2025-11-13"),
            )
        ],
        activities=[
            touch("S-1", "2026-10-14", "meeting"),
            touch("S-2", "2026-10-13", "visit"),
            touch("T-1", "2026-11-13", "demo"),
            touch("T-1", "2026-08-16"),
            touch("T-1", "2026-08-15"),
            touch("N-1", "2026-11-01", "meeting"),
        ],
        leave=[{"rep_id": "ana", "starts": "2026-11-17", "ends": "2026-11-18"}],
    )  # fmt: skip


@pytest.fixture(scope="module")
def tables(side: Side) -> TerritoryTables:
    return territory_figures(side, "ana", Q4, ()).tables


def row(tables: TerritoryTables, metric: str) -> HealthRow:
    return next(item for item in tables.scorecard if item.metric == metric)


def under(side: Side, **rules: Any) -> TerritoryTables:
    changed = TerritoryPlanRules(**rules)
    coverage = side.coverage.model_copy(update={"territory_plan": changed})
    return territory_figures(replace(side, coverage=coverage), "ana", Q4, ()).tables


def test_pipeline_below_three_times_the_quota_is_red_and_a_deal_is_to_be_opened(
    tables: TerritoryTables,
) -> None:
    found = row(tables, "pipeline_coverage")
    assert (found.target.value, found.current.value, found.status) == ("3", "2.4", "red")
    # S-2 has most open potential in person, but a deal already; T-1 comes next.
    action = found.action
    assert action is not None
    assert (action.kind, action.account_id) == ("open_deal", "T-1")
    assert action.amount is not None
    assert action.amount.value == "2000"
    # The user: the only other contact is opposed. A call takes 30 + 15 minutes.
    assert (action.contact_id, action.hours) == ("C-4", "0.75")
    # The second working day left: 16 November, then two days of leave, then the 19th.
    assert action.by == date(2026, 11, 19)


def test_touches_of_ninety_days_are_taken_for_the_quarter_over_tiers_in_person(
    tables: TerritoryTables,
) -> None:
    # From 16 August: four touches of three accounts, in 90 days; 4 / 3 x 92 / 90.
    found = row(tables, "touches_per_account")
    assert (found.current.value, found.status) == ("1.362963", "red")
    assert "last 90 days" in found.current.note
    assert found.action is not None
    # S-2 was last touched 31 days ago at two touches a week; S-1 30 days ago.
    assert (found.action.kind, found.action.account_id) == ("call_account", "S-2")


def test_a_strategic_account_is_engaged_for_thirty_days_after_a_touch(
    tables: TerritoryTables,
) -> None:
    # S-1 was touched 30 days ago, S-2 31.
    found = row(tables, "strategic_engagement")
    assert (found.current.value, found.status) == ("0.5", "red")
    assert found.action is not None
    assert (found.action.kind, found.action.account_id) == ("meet_executive", "S-2")
    # The executive, not the buyer; a meeting takes 60 + 30 minutes.
    assert (found.action.contact_id, found.action.hours) == ("C-2", "1.5")


def test_meetings_are_judged_by_the_days_gone_and_automated_tiers_do_not_count(
    side: Side, tables: TerritoryTables
) -> None:
    # 44 of 92 days are gone: of 20 meetings 9.565217 are due, and 3 were held.
    found = row(tables, "qualified_meetings")
    assert found.due is not None
    assert (found.target.value, found.due.value) == ("20", "9.565217")
    assert (found.current.value, found.status) == ("3", "red")
    assert found.action is not None

    # Of 6 meetings 2.869565 are due.
    enough = row(under(side, qualified_meetings=6), "qualified_meetings")
    assert (enough.status, enough.action) == ("green", None)
    assert row(under(side, qualified_meetings=7), "qualified_meetings").status == "red"


def test_the_average_deal_is_of_those_won_in_twelve_months(tables: TerritoryTables) -> None:
    # 20,000 and 30,000; the one of 13 November last year is 365 days old.
    found = row(tables, "average_deal_size")
    assert (found.current.value, found.status) == ("25000", "red")
    assert found.action is not None
    assert found.action.kind == "raise_deal"


def test_a_measure_exactly_on_target_is_green(side: Side) -> None:
    found = under(side, pipeline_coverage=2.4, strategic_engagement=0.5, average_deal_size=25_000)
    for metric in ("pipeline_coverage", "strategic_engagement", "average_deal_size"):
        assert (row(found, metric).status, row(found, metric).action) == ("green", None)


def test_every_action_falls_on_a_working_day_left_in_the_quarter(tables: TerritoryTables) -> None:
    off = {date(2026, 11, 17), date(2026, 11, 18)}
    days = [item.action.by for item in tables.scorecard if item.action]
    assert len(days) == 5
    for day in days:
        assert date(2026, 11, 14) <= day <= date(2026, 12, 31)
        assert day.weekday() < 5
        assert day not in off


def test_milestones_are_two_to_five_with_half_of_the_target_halfway(
    tables: TerritoryTables,
) -> None:
    # 30,000 are wanted, 24,000 there: 6,000 in all, half by 8 December (24 of 48 days).
    told = [(row.due, row.label, row.figure.value) for row in tables.milestones]
    assert told == [
        (date(2026, 12, 1), "Name of S-2: deal closed", "24000"),
        (date(2026, 12, 8), "Half of the new pipeline opened", "3000"),
        (date(2026, 12, 31), "All of the new pipeline opened", "6000"),
    ]

"""A team's plan for one strategic customer: its units, what each carries, and what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.coverage import CoverageModel
from domain.cycle_rules import TerritoryPlanRules
from domain.errors import InvalidInput, NotFound, NothingToPlan
from domain.territory_plan import UnitPlan
from tests.tools.cycle.plan_side import Q4, placed
from tests.tools.cycle.traced import check_traced
from tools.cycle.customer_plan import CustomerPlan, customer_plan
from tools.cycle.side import Side


def unit(key: str, parent: str | None, owner: str | None, **more: Any) -> dict[str, Any]:
    return {"account_id": key, "parent_id": parent, "owner_id": owner, **more}


@pytest.fixture(scope="module")
def side(coverage: CoverageModel) -> Side:
    """HEAD buys nothing; two units lie below it, two below one of those; RING is a ring."""
    accounts = [
        unit("HEAD", None, "ana"),
        unit("U-1", "HEAD", "ana", tier="strategic", p50=90_000.0, open=30_000.0),
        unit("U-2", "HEAD", "bo", p50=80_000.0, open=20_000.0),
        unit("U-21", "U-2", "bo", tier="tier_2", p50=70_000.0, open=10_000.0),
        unit("U-22", "U-2", None, tier="tier_3", p50=1_000.0),
        unit("RING-1", "RING-2", "ana"),
        unit("RING-2", "RING-1", "ana"),
        unit("LONE", None, "ana"),
        unit("OPEN-1", "OPEN", None),
        unit("OPEN", None, "ana"),
        unit("FAR", None, "ana"),
        unit("FAR-1", "FAR", "ana", latitude=-33.9, longitude=151.2),
    ]
    return placed(
        coverage,
        accounts,
        reps=[
            {"rep_id": "ana", "team": "Key", "base_latitude": 41.9, "base_longitude": -87.6},
            {"rep_id": "bo", "team": "Key"},
            {"rep_id": "cs", "team": "Key", "function": "customer_success"},
            {"rep_id": "in", "team": "Key", "function": "inside_sales"},
        ],
        contacts=[
            {"contact_id": "C-1", "account_id": "U-1", "role": "economic buyer"},
            {"contact_id": "C-2", "account_id": "U-2", "role": "user"},
            {"contact_id": "C-3", "account_id": "U-1"},
        ],
        orders=[
            {"account_id": "U-1", "ordered": "2026-10-05", "amount": 1_000_000.0},
            {"account_id": "U-2", "ordered": "2026-02-02", "amount": 1_000_000.0},
        ],
        leave=[{"rep_id": "ana", "starts": "2026-11-16", "ends": "2026-11-20"}],
    )


def plan(side: Side, customer: str = "HEAD", **rules: Any) -> CustomerPlan:
    changed = TerritoryPlanRules(**rules)
    coverage = side.coverage.model_copy(update={"territory_plan": changed})
    return customer_plan(replace(side, coverage=coverage), customer, Q4, ())


@pytest.fixture(scope="module")
def found(side: Side) -> CustomerPlan:
    return plan(side, customer_target_annual=4_000_000.0)


def told(found: CustomerPlan, metric: str) -> str | None:
    return next(item.value for item in found.tables.overview if item.metric == metric)


def the(found: CustomerPlan, account: str) -> UnitPlan:
    return next(item for item in found.units if item.account_id == account)


def test_units_are_all_accounts_below_at_any_depth_in_order_of_rank(found: CustomerPlan) -> None:
    assert [item.account_id for item in found.units] == ["U-1", "U-2", "U-21", "U-22"]
    # bo owns two of the units, ana one.
    assert found.reps == ("bo", "ana")
    assert any("without an owner" in note for note in found.tables.notes)


def test_a_head_that_buys_is_a_unit_itself(side: Side) -> None:
    assert [item.account_id for item in plan(side, "U-2").units] == ["U-2", "U-21", "U-22"]


def test_growth_from_two_to_four_million_is_shared_by_open_potential_to_the_cent(
    found: CustomerPlan,
) -> None:
    assert told(found, "plan_spend_12m") == "2000000"
    assert told(found, "customer_growth") == "2000000"
    # 30 : 20 : 10 : 0 of two million.
    assert [item.target.value for item in found.units] == [
        "1000000", "666666.67", "333333.33", "0",
    ]  # fmt: skip
    assert sum(Decimal(item.target.value or 0) for item in found.units) == 2_000_000
    # 4,000,000 x 92 / 365 is the quarter's part of it; U-1 bought a million in it.
    assert told(found, "quota_quarter") == "1008219.18"
    assert told(found, "booked_quarter") == "1000000"


def test_without_a_target_the_open_potential_of_the_units_is_the_growth(side: Side) -> None:
    open_ = plan(side)
    assert told(open_, "customer_growth") == "60000"
    assert [item.target.value for item in open_.units] == ["30000", "20000", "10000", "0"]


def test_a_customer_that_spends_as_much_already_has_no_growth_to_share(side: Side) -> None:
    done = plan(side, customer_target_annual=1_500_000.0)
    assert told(done, "customer_growth") == "0"
    assert [item.target.value for item in done.units] == ["0"] * 4


def test_each_unit_has_two_or_three_steps_with_person_day_and_hours(found: CustomerPlan) -> None:
    for item in found.units:
        assert 2 <= len(item.steps) <= 3
        assert [step.by for step in item.steps] == sorted(step.by for step in item.steps)
        for step in item.steps:
            assert step.by.weekday() < 5
            assert date(2026, 11, 14) <= step.by <= date(2026, 12, 31)
            assert Decimal(step.hours) > 0


def test_steps_follow_what_a_unit_is_and_who_is_missing(found: CustomerPlan) -> None:
    first = the(found, "U-1")
    # It buys and has room to grow; roles are missing; customer success reviews the business.
    assert first.kind == "expansion"
    assert first.missing_roles == ("purchasing", "technical evaluator", "user")
    assert first.contacts.value == "2"
    assert [(step.kind, step.rep_id, step.contact_id) for step in first.steps] == [
        ("meeting", "ana", "C-1"), ("email", "ana", "C-1"), ("meeting", "cs", "C-3"),
    ]  # fmt: skip
    # Ana is on leave until the 20th; 60 + 30 minutes.
    assert (first.steps[0].by, first.steps[0].hours) == (date(2026, 11, 23), "1.5")

    # Nobody is on file and nothing is bought: inside sales looks for the buyer first.
    last = the(found, "U-22")
    assert (last.rep_id, last.kind) == (None, "new_logo")
    assert [(step.kind, step.rep_id) for step in last.steps] == [
        ("call", "in"), ("visit", "bo"), ("internal", "bo"),
    ]  # fmt: skip


def test_no_visit_is_proposed_beyond_the_travel_budget(side: Side) -> None:
    # Chicago to Sydney and back is days of travel; eight hours are allowed.
    (unit,) = plan(side, "FAR").units
    assert [step.kind for step in unit.steps] == ["call", "meeting", "internal"]


def test_every_figure_is_traced_and_read_by_whoever_covers_the_whole_team(
    found: CustomerPlan,
) -> None:
    assert check_traced((found.tables, found.units), found.evidence) > 60
    whole = {item.scope for item in found.evidence if item.entity.startswith("customer:")}
    assert whole == {"bo\x1fana"}
    assert {item.scope for item in found.evidence if item.entity == "account:U-1"} == {"ana"}
    assert {item.scope for item in found.evidence if item.entity == "rep:bo"} == {"bo"}


def test_a_customer_without_units_or_unknown_is_refused_in_words(side: Side) -> None:
    with pytest.raises(NotFound, match="no account 'GONE'"):
        plan(side, "GONE")
    with pytest.raises(InvalidInput, match=r"LONE\) has no business units"):
        plan(side, "LONE")
    with pytest.raises(NothingToPlan, match="No business unit of OPEN has an owner"):
        plan(side, "OPEN")


def test_parents_in_a_ring_are_followed_once(side: Side) -> None:
    assert [item.account_id for item in plan(side, "RING-1").units] == ["RING-2"]

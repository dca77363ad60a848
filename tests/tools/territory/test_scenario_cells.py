from __future__ import annotations

from decimal import Decimal

import pytest

from agent.render import format_value
from domain.errors import NotCitable
from domain.evidence import CalculationSource, Ledger
from tests.tools.territory.small_team import row_of, small_case
from tools.cells import recompute
from tools.territory.scenario_cells import ScenarioCells

DESIGN = "scenario:S-1/design:1"


@pytest.fixture(scope="module")
def row():
    case = small_case(
        [
            {"account_id": "A-1", "owner_id": "ana", "potential": 100.0, "hours": 30.0,
             "revenue": 50.0, "relationship": 3.0, "relationship_years": 4.0},
            {"account_id": "A-2", "owner_id": "ana", "potential": 60.0, "hours": 10.0,
             "relationship": 1.0},
            {"account_id": "B-1", "owner_id": "bo", "potential": 40.0, "hours": 20.0},
            {"account_id": "F-1", "owner_id": "gone", "potential": 20.0, "hours": 4.0},
        ],
        [{"rep_id": "ana"}, {"rep_id": "bo", "travel": 1.5}],
    )  # fmt: skip
    return row_of(case, {"A-1": "bo", "F-1": "ana"})


@pytest.fixture(scope="module")
def cells(row):
    return ScenarioCells(row, "S-1")


def test_the_figures_of_a_design_are_citable(cells, row):
    point = row.points[1]
    gap = cells.cite(DESIGN, "gap")
    objective, bound = cells.cite(DESIGN, "objective"), cells.cite(DESIGN, "bound")
    assert Decimal(gap.value) == Decimal(objective.value) - Decimal(bound.value)
    assert Decimal(gap.value) == pytest.approx(Decimal(point.gap), abs=Decimal("1e-5"))
    assert gap.source.parents == (objective.id, bound.id)
    moved = cells.cite(DESIGN, "accounts_moved")
    assert (moved.value, moved.unit) == ("1", "count")
    revenue = cells.cite(DESIGN, "revenue_moved")
    assert (revenue.value, revenue.period) == ("50", "2025-11-14/2026-11-13")
    kept = [cells.cite(DESIGN, name).value for name in ("relationships_kept", "relationships")]
    assert kept == ["0", "1"]


def test_a_reader_sees_points_with_decimals_and_spreads_in_per_cent(cells, row):
    spread = cells.cite(DESIGN, "spread_workload")
    assert format_value(spread, "percent", "USD").endswith(" %")
    objective = cells.cite(DESIGN, "objective")
    assert format_value(objective, "decimal", "USD") == f"{row.points[1].objective:,.2f}"


def test_the_gap_is_a_share_of_a_positive_bound_only(cells, row):
    # At no prices the bound is the cheapest of everything: nobody moves, which is nought.
    with pytest.raises(NotCitable, match="no gap_share"):
        cells.cite(DESIGN, "gap_share")
    known = row.points[1].model_copy(update={"objective": 10.3, "bound": 10.0})
    bounded = row.model_copy(update={"points": (row.points[0], known)})
    share = ScenarioCells(bounded, "S-1").cite(DESIGN, "gap_share")
    assert (share.value, share.unit) == ("0.03", "share")


def test_a_rep_before_and_after(cells):
    bo = f"{DESIGN}/rep:bo"
    told = {name: cells.cite(bo, name).value for name in ("potential_before", "potential_after")}
    assert told == {"potential_before": "40", "potential_after": "140"}
    change = cells.cite(bo, "potential_change")
    assert (change.value, change.unit, change.scope) == ("100", "money", "bo")
    assert cells.cite(bo, "accounts_change").value == "1"
    # 50 h of service and 2 trips of 1.5 h in a capacity of 100 h.
    assert cells.cite(bo, "needed_hours").value == "53"
    assert cells.cite(bo, "load").value == "0.53"
    assert cells.cite(bo, "name").value == "Bo"


def test_a_move_names_who_gives_and_who_takes(cells):
    move = f"{DESIGN}/move:A-1"
    assert [cells.cite(move, name).value for name in ("account", "from", "to")] == [
        "Shop A-1",
        "Ana",
        "Bo",
    ]
    assert cells.cite(move, "travel_change").value == "1.5"
    # 3 of 4 of the relationship value.
    assert cells.cite(move, "relationship_share").value == "0.75"
    assert cells.cite(move, "potential").scope == "ana"


def test_a_move_of_an_account_whose_owner_left_is_the_new_reps(cells):
    move = f"{DESIGN}/move:F-1"
    assert cells.cite(move, "to").scope == "ana"
    with pytest.raises(NotCitable, match="There is no from of"):
        cells.cite(move, "from")
    with pytest.raises(NotCitable, match="no price_of_keeping"):
        cells.cite(move, "price_of_keeping")


@pytest.mark.parametrize(
    ("entity", "metric"),
    [
        ("scenario:S-2/design:1", "gap"),
        ("scenario:S-1/design:9", "gap"),
        ("scenario:S-1/design:01", "gap"),
        ("scenario:S-1", "gap"),
        ("scenario:S-1/design:1", "robustness"),
        ("scenario:S-1/design:1", "charm"),
        ("scenario:S-1/design:1/rep:zoe", "name"),
        ("scenario:S-1/design:1/move:A-2", "to"),
        ("scenario:S-1/design:1/move:A-1/x:1", "to"),
        ("account:A-1", "potential"),
    ],
)
def test_what_a_scenario_does_not_hold_cannot_be_cited(cells, entity, metric):
    with pytest.raises(NotCitable, match=f"There is no {metric} of {entity} to cite"):
        cells.cite(entity, metric)


def test_another_row_of_designs_gives_other_evidence_and_the_same_gives_the_same(row):
    other = row.model_copy(update={"seed": 1})
    one, same, new = (
        ScenarioCells(of, "S-1").cite(DESIGN, "accounts_moved") for of in (row, row, other)
    )
    assert one.id == same.id
    assert one.id != new.id
    assert one.source.arguments_hash == row.hash


def test_all_cells_of_a_design_make_a_ledger_in_which_every_sum_holds(cells):
    ledger = Ledger.of(cells.all(1))
    assert {item.entity for item in ledger.entries.values()} == {
        DESIGN,
        *(f"{DESIGN}/{part}" for part in ("rep:ana", "rep:bo", "move:A-1", "move:F-1")),
    }
    derived = 0
    for item in ledger.entries.values():
        assert isinstance(item.source, CalculationSource)
        assert (item.source.analysis, item.source.version) == ("balance", 1)
        if item.source.operation != "analysis":
            parents = [ledger[parent] for parent in item.source.parents]
            assert recompute(item.source.operation, parents, item.unit) == item.value
            derived += 1
    assert derived == 1 + 2 * 4  # the gap; three changes and a load for each rep
    with pytest.raises(NotCitable):
        list(cells.all(5))


def test_the_present_assignment_is_design_0_and_changes_nothing(cells):
    entity = "scenario:S-1/design:0"
    assert cells.cite(entity, "accounts_moved").value == "0"
    assert cells.cite(f"{entity}/rep:ana", "potential_change").value == "0"

"""Every figure of a territory plan is traced, recomputed, and the same for the same book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from agent.plan_sources import value_text
from domain.coverage import CoverageModel
from domain.errors import NotFound, NothingToPlan
from domain.quarter import QuarterRules, quarter_named
from tests.tools.cycle.plan_side import Q4, place, placed
from tests.tools.cycle.traced import check_traced
from tools.cycle.side import Side
from tools.cycle.territory_figures import TerritoryFigures, territory_figures


@pytest.fixture(scope="module")
def small(coverage: CoverageModel) -> Side:
    reps = [
        {"rep_id": "ana", "selling_hours_week": 30.0}, {"rep_id": "new"},
        {"rep_id": "idle", "selling_hours_week": 0.0}, {"rep_id": "away"},
    ]  # fmt: skip
    leave = [{"rep_id": "away", "starts": "2026-11-01", "ends": "2027-01-31"}]
    quotas = [{"rep_id": "new", "starts": "2026-10-01", "ends": "2026-12-31", "amount": 900.0}]
    deals = [{"account_id": "A-1", "stage": "proposal", "amount": 5.0, "closes": "2026-12-01"}]
    return placed(
        coverage, [{"account_id": "A-1"}], reps=reps, leave=leave, quotas=quotas,
        opportunities=deals,
    )  # fmt: skip


def test_the_order_of_rows_changes_nothing(coverage: CoverageModel) -> None:
    side = busy(coverage)
    tables = {
        name: table.iloc[::-1].reset_index(drop=True) for name, table in side.book.tables.items()
    }
    turned = replace(side.book, tables=tables)
    told = {
        str(account): (tier, potential, open_)
        for account, tier, potential, open_ in zip(
            side.analyses.tiers.table.index,
            side.analyses.tiers.table["tier"],
            side.analyses.potential.table["potential_p50"],
            side.analyses.potential.table["open_potential"],
            strict=True,
        )
    }
    other = place(turned, coverage, told)
    assert territory_figures(other, "ana", Q4, ()) == territory_figures(side, "ana", Q4, ())


def busy(coverage: CoverageModel) -> Side:
    """Accounts with orders, deals of equal size, contacts and touches: ties everywhere."""
    keys = [f"A-{number}" for number in range(6)]
    return placed(
        coverage,
        [{"account_id": key, "p50": 100_000.0, "open": 6_000.0} for key in keys],
        contacts=[
            {"contact_id": f"C-{key}-{n}", "account_id": key} for key in keys for n in range(2)
        ],
        orders=[
            {"account_id": key, "ordered": f"2026-{month:02d}-11", "amount": 500.0}
            for key in keys[:4]
            for month in (7, 8, 9, 10)
        ],
        opportunities=[
            {"account_id": key, "stage": "proposal", "amount": 7_000.0, "closes": "2026-12-03"}
            for key in keys[2:]
            for _ in range(2)
        ],
        activities=[{"account_id": key, "occurred": "2026-11-02"} for key in keys],
        quotas=[
            {"rep_id": "ana", "starts": start, "ends": end, "amount": 50_000.0}
            for start, end in (("2026-08-01", "2026-10-31"), ("2026-11-01", "2027-01-31"))
        ],
        reps=[
            {"rep_id": "ana", "team": "North"},
            {"rep_id": "x", "team": "North", "function": "inside_sales"},
            {"rep_id": "y", "team": "North", "function": "inside_sales"},
        ],
    )


def test_every_figure_of_a_busy_plan_is_traced(coverage: CoverageModel) -> None:
    found = territory_figures(busy(coverage), "ana", Q4, ())
    assert check_traced(found.tables, found.evidence) > 80


def plan(side: Side, rep: str, quarter: str = "2026Q4") -> TerritoryFigures:
    return territory_figures(side, rep, quarter_named(quarter, QuarterRules()), ())


def test_a_rep_without_accounts_gets_a_plan_that_says_so(small: Side) -> None:
    found = plan(small, "new")
    tables = found.tables
    assert "owns no account" in tables.notes[0]
    assert tables.overview[0].value == "0"
    assert tables.focus == ()
    assert [row.accounts.value for row in tables.segments] == ["0"] * 4
    # Three times 900 is missing, and nobody is there to take it up.
    assert tables.targets.total.value == "0"
    assert "No account" in tables.targets.total.note
    assert [row.amount.value for row in tables.targets.rows] == ["0"] * 4
    red = tables.scorecard[0]
    assert (red.status, red.action is not None) == ("red", True)
    check_traced(tables, found.evidence)


def test_what_cannot_be_planned_is_told_in_words(small: Side) -> None:
    with pytest.raises(NotFound, match="no rep 'bo'"):
        plan(small, "bo")
    with pytest.raises(NothingToPlan, match="2026Q3 ended on 2026-09-30"):
        plan(small, "ana", "2026Q3")
    for rep in ("idle", "away"):
        with pytest.raises(NothingToPlan, match=f"{rep} has no selling hours left"):
            plan(small, rep)


def test_a_quarter_ahead_is_planned_whole_and_nothing_is_booked_or_met_yet(small: Side) -> None:
    found = plan(small, "ana", "2027Q1")
    told = {item.metric: item for item in found.tables.overview}
    # 1 January to 31 March 2027 are 64 working days of six hours.
    assert told["selling_hours_left"].value == "384"
    assert found.tables.scorecard[3].current.note == "The quarter has not begun."
    assert all(
        date(2027, 1, 1) <= item.due <= date(2027, 3, 31) for item in found.tables.milestones
    )


def test_nothing_is_left_of_a_quarter_on_its_last_day(
    coverage: CoverageModel,
) -> None:
    side = placed(coverage, [{"account_id": "A-1"}], as_of=date(2026, 12, 31))
    with pytest.raises(NothingToPlan, match="no day is left"):
        territory_figures(side, "ana", Q4, ())


def test_touches_are_written_as_numbers_and_coverage_as_a_multiple(
    coverage: CoverageModel,
) -> None:
    found = territory_figures(busy(coverage), "ana", Q4, ())
    written = {item.metric: value_text(item, "USD") for item in found.evidence}
    assert written["personal_touches_week"] == "6.00"
    assert written["pipeline_coverage_target"] == "3.0x"

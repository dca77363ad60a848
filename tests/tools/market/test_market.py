"""The market of a small book, worked by hand: who is in it, who sees what, what is cited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.book import QualityFinding, QualityReport
from domain.coverage import CoverageModel
from domain.errors import NotCitable
from domain.market_rules import MarketRules
from tools.analyses import analyse

OLD, NEW = date(2025, 6, 1), date(2026, 6, 1)


@pytest.fixture(scope="module")
def rules(coverage) -> CoverageModel:
    market = MarketRules(dimensions=("segment", "country"), fewest=1, pseudo_count=0)
    return coverage.model_copy(update={"market": market})


@pytest.fixture(scope="module")
def book(tiny_book):
    """Six shops of two reps, one unowned, and four companies that are no account.

    A1 to A4 bought in both years, A5 for the first time this year, A6 never.
    """
    accounts = [
        {"account_id": f"A{n}", "segment": "Shop", "country": "US", "owner_id": owner}
        for n, owner in enumerate(["r1", "r1", "r2", "r2", "r1", None], start=1)
    ]
    orders = [
        {"account_id": f"A{n}", "ordered": day, "amount": 100.0 * n}
        for n in range(1, 6)
        for day in (OLD, NEW)
        if n < 5 or day == NEW
    ]
    companies = [
        {"company_id": "M1", "name": "Branch", "parent_account_id": "A1", "segment": "Shop",
         "country": "US", "employees": 7, "source": "Register", "observed": date(2026, 10, 1)},
        {"company_id": "M2", "name": "Free", "segment": "Shop", "country": "US"},
        {"company_id": "M3", "name": "Abroad", "segment": "Shop", "country": "CA"},
        {"company_id": "M4", "name": "Of a prospect", "parent_account_id": "A6",
         "segment": "Shop", "country": "US"},
        {"company_id": "M5", "name": "A1 once more", "segment": "Shop", "country": "US"},
    ]  # fmt: skip
    made = tiny_book(
        accounts=accounts,
        orders=orders,
        reps=[{"rep_id": "r1"}, {"rep_id": "r2"}],
        products=[{"product_id": "P-1", "name": "Bike", "category": "Bikes",
                   "subcategory": "Bikes"}],
        market_companies=companies,
    )  # fmt: skip
    known = QualityFinding(
        code="already_an_account", table="market_companies", severity="warning", state="doubtful",
        rows=("A1", "M5"), message="", consequence="",
    )  # fmt: skip
    return replace(made, quality=QualityReport(findings=(known,), rows_by_table={}))


@pytest.fixture(scope="module")
def analyses(book, rules):
    """Analyses in which account An could spend 100 n a year."""
    found = analyse(book, rules)
    table = found.potential.table.assign(potential_p50=[100.0 * n for n in range(1, 7)])
    return replace(found, potential=replace(found.potential, table=table))


def test_a_company_that_is_an_account_already_counts_once(analyses):
    market = analyses.market()

    assert "M5" not in market.companies.index
    assert len(market.companies) == 6 + 4


def test_the_cells_of_the_book_are_worked_by_hand(analyses):
    cell = analyses.market().view.table.loc["Shop / US"]

    # Six accounts and M1, M2, M4; A1 to A5 bought in the last 12 months; A6 is unowned.
    assert (cell["companies"], cell["customers"], cell["owned"]) == (9, 5, 5)
    assert cell["reached_share"] == round(5 / 9, 6)
    assert cell["spend"] == 100 + 200 + 300 + 400 + 500
    # A year ago A5, A6 and four companies were no customers; A5 has come since, of five in
    # the US. Who is no customer today has that chance of its potential: A6 of 600, and M1,
    # M2 and M4 of the median account's 350.
    assert analyses.market().companies.loc["M1", "chance"] == 0.2
    assert cell["unreached_potential"] == 600 + 3 * 350
    assert cell["expected"] == 0.2 * 1650


def test_only_relatives_of_customers_are_told_and_the_worth_is_chance_times_potential(analyses):
    table = analyses.market().relatives.table

    assert table.index.tolist() == ["A1/relative:M1"]
    row = table.iloc[0]
    assert (row["potential"], row["worth"]) == (350.0, 70.0)
    assert "Fewer than five families" in analyses.market().relatives.note


def test_a_reader_sees_and_counts_what_is_theirs_alone(analyses):
    market = analyses.market("r2")

    assert market.companies.index.tolist() == ["A3", "A4"]
    assert market.view.total["companies"] == 2
    assert market.relatives.table.empty
    assert analyses.market("r1").companies.index.tolist() == ["A1", "A2", "A5", "M1"]


def test_every_cell_is_cited_with_who_may_read_it(analyses):
    share = analyses.cite("segment:Shop / US", "reached_share")
    assert (share.value, share.scope) == ("0.555556", "r1\x1fr2")
    assert [parent.metric for parent in analyses.parents(share)] == ["customers", "companies"]

    name = analyses.cite("account:A1/relative:M1", "name")
    assert (name.value, name.kind, name.period, name.scope) == (
        "Branch", "record", "2026-10-01", "r1",
    )  # fmt: skip
    assert name.source.table == "market_companies"
    worth = analyses.cite("account:A1/relative:M1", "worth")
    assert [parent.metric for parent in analyses.parents(worth)] == ["chance", "potential"]


@pytest.mark.parametrize(
    ("entity", "metric"),
    [
        ("segment:Shop / FR", "companies"),
        ("segment:Shop / US", "mood"),
        ("account:A1/relative:M9", "name"),
        ("account:A1/relative:M1", "annual_revenue"),
        ("account:A1/site:Bikes", "worth"),
    ],
)
def test_what_is_not_there_cannot_be_cited(analyses, entity, metric):
    with pytest.raises(NotCitable):
        analyses.cite(entity, metric)


def test_the_rep_and_the_whole_are_different_facts(analyses):
    whole = analyses.market().cite("segment:Shop / US", "companies")
    own = analyses.market("r1").cite("segment:Shop / US", "companies")
    assert (whole.value, own.value) == ("9", "4")
    assert whole.id != own.id
    assert own.scope == "r1"


def test_nothing_is_computed_before_somebody_asks(book, rules):
    fresh = analyse(book, rules)
    fresh.cite("account:A1", "net_spend_12m")
    assert fresh._markets == {}


def test_a_book_without_orders_or_market_companies_says_so(tiny_book, rules):
    bare = tiny_book(
        accounts=[{"account_id": f"A{n}", "segment": "Shop", "country": "US"} for n in range(6)]
    )
    market = analyse(bare, rules).market()

    assert market.view.table["reached_share"].isna().all()
    assert market.view.total["companies"] == 6
    assert market.notes == (
        "The export has no market companies: the market is the accounts alone.",
        "The export has no orders: who is a customer is not known.",
    )
    assert analyse(tiny_book(), rules).market().view.table.empty


def test_sisters_of_another_rep_are_no_evidence_for_this_one(tiny_book, rules):
    accounts = [
        {"account_id": "H", "owner_id": "r2"},
        {"account_id": "S", "parent_id": "H", "owner_id": "r1"},
        {"account_id": "T", "parent_id": "H", "owner_id": "r1"},
        {"account_id": "N"},
    ]
    orders = [
        {"account_id": "H", "ordered": NEW, "amount": 900.0},
        {"account_id": "T", "ordered": NEW, "amount": 300.0},
        {"account_id": "N", "ordered": NEW, "amount": 50.0},
    ]
    made = tiny_book(
        accounts=accounts, orders=orders, reps=[{"rep_id": "r1"}, {"rep_id": "r2"}],
        products=[{"product_id": "P-1", "name": "Bike", "category": "Bikes",
                   "subcategory": "Bikes"}],
    )  # fmt: skip
    analyses = analyse(made, rules)

    whole, own = analyses.market(), analyses.market("r1")
    assert whole.cite("account:S/site:Bikes", "sisters").value == "2"
    assert whole.cite("account:S/site:Bikes", "sisters").scope == "r1\x1fr2"
    told = analyses.cite("account:S/site:Bikes", "sister_spend")
    assert (told.value, told.scope) == ("300", "r1")
    assert own.sites_of("S") == ("account:S/site:Bikes",)

"""Which accounts a quarter is about, and of what kind: one account for each rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest

from domain.coverage import CoverageModel
from domain.cycle_rules import TerritoryPlanRules
from domain.plan import PlanVersion
from domain.quarter import QuarterRules, quarter_named
from domain.territory_plan import FocusAccount, TerritoryTables
from tests.tools.cycle.plan_side import Q4, placed
from tools.cycle.side import Side
from tools.cycle.territory_figures import TerritoryFigures, territory_figures
from tools.whitespace import Whitespace

# In order of potential, so that this is the order of rank too.
ACCOUNTS = (
    "new", "rival", "overdue", "shrinking", "falling", "wide", "open", "deal", "due", "small",
    "plain",
)  # fmt: skip
OPEN = {"new": 5_000.0, "rival": 70_000.0, "falling": 9_000.0, "open": 8_000.0}
WORTH = {"wide": 6_000.0, "open": 6_000.0, "small": 300.0}


def orders(account: str, last: date, *amounts: float, every: int = 30) -> list[dict[str, Any]]:
    """Orders so many days apart, the last one first."""
    return [
        {"account_id": account, "ordered": last - timedelta(days=every * n), "amount": amount}
        for n, amount in enumerate(amounts)
    ]


def document(account: str, number: int, **more: Any) -> dict[str, Any]:
    row = {
        "document_id": f"D-{number}", "account_id": account, "kind": "competitive",
        "title": "Rival opens a depot", "author_class": "external", "publisher": "Trade Weekly",
        "uri": "https://trade.example/depot", "published": "2026-10-30",
        "text": "The rival opened a depot next door.",
    }  # fmt: skip
    return {**row, **more}


@pytest.fixture(scope="module")
def side(coverage: CoverageModel) -> Side:
    regular = date(2026, 11, 3)  # and every 30 days: next on 3 December
    lines = [
        *orders("rival", date(2026, 5, 1), 10.0),
        *orders("overdue", date(2026, 10, 11), 40.0, 50.0, 60.0, 60.0),
        *orders("shrinking", regular, 80.0, 100.0, 100.0, 100.0),
        # 100 in the last 12 months, 150 in the 12 before.
        *orders("falling", date(2026, 5, 1), 100.0, 150.0, every=365),
        *orders("wide", date(2026, 5, 1), 10.0),
        *orders("open", date(2026, 5, 1), 10.0),
        *orders("deal", date(2026, 5, 1), 10.0),
        *orders("due", regular, 91.0, 100.0, 110.0, 100.0),
        *orders("small", date(2026, 5, 1), 10.0),
        *orders("plain", date(2026, 5, 1), 10.0),
    ]
    accounts = [
        {"account_id": key, "p50": 9_000.0 - number, "open": OPEN.get(key, 0.0)}
        for number, key in enumerate(ACCOUNTS)
    ]
    found = placed(
        coverage,
        accounts,
        orders=lines,
        products=[{"product_id": "P-1", "name": "Bike", "category": "B", "subcategory": "B"}],
        reps=[{"rep_id": "ana", "selling_hours_week": 40.0}],
        opportunities=[
            {"account_id": "deal", "stage": stage, "amount": amount, "closes": "2026-12-15"}
            for stage, amount in (("qualification", 900.0), ("proposal", 400.0), ("won", 5.0))
        ],
        documents=[
            document("rival", 1),
            document("open", 2, publisher=None),
            document("open", 3, uri=None),
            document("open", 4, published=None),
            document("open", 5, published="2026-03-01"),  # 257 days old: 180 are allowed
            document("open", 6, published="2026-11-14"),
            document("open", 7, kind="note"),
            document("deal", 8, publisher=" "),
        ],
    )
    white = cast(Whitespace, _Worth(found.analyses.whitespace))
    return replace(found, analyses=replace(found.analyses, whitespace=white))


class _Worth:
    """Whitespace of the worth given by hand."""

    def __init__(self, plain: Whitespace) -> None:
        self._plain = plain

    def worth(self, account: str) -> float:
        return WORTH.get(account, 0.0)

    def cite(self, entity: str, metric: str, cite: Any = None) -> Any:
        if metric == "whitespace_worth":
            return self._plain.reading and _cell(self._plain, entity)
        return self._plain.cite(entity, metric, cite)


def _cell(plain: Whitespace, entity: str) -> Any:
    from tools.cells import Metric, calculation

    worth = WORTH[entity.partition(":")[2]]
    how = Metric("whitespace_worth", "money")
    return calculation(plain.reading, "whitespace", 1, entity, how, worth)


@pytest.fixture(scope="module")
def found(side: Side) -> TerritoryFigures:
    return territory_figures(more(side, focus_accounts=11), "ana", Q4, ())


def more(side: Side, **rules: Any) -> Side:
    """The same side under other rules of the territory plan."""
    changed = TerritoryPlanRules(**rules)
    return replace(side, coverage=side.coverage.model_copy(update={"territory_plan": changed}))


def row(found: TerritoryTables, account: str) -> FocusAccount:
    return next(item for item in found.focus if item.account_id == account)


@pytest.mark.parametrize(
    ("account", "kind", "amount", "because"),
    [
        ("new", "new_logo", "9000", "never ordered"),
        ("rival", "displacement", "70000", "published, dated document"),
        ("overdue", "retention", "50", "overdue"),
        ("shrinking", "retention", "100", "last order fell"),
        ("falling", "retention", "50", "spend fell"),
        ("wide", "whitespace", "6000", "lines it lacks"),
        ("open", "expansion", "8000", "comparable accounts spend more"),
        ("deal", "expansion", "1300", "a deal is open"),
        ("due", "retention", "100", "is to be kept"),
        ("small", "whitespace", "300", "lines it lacks"),
        ("plain", "expansion", "0", "about as much"),
    ],
)
def test_the_first_rule_that_holds_gives_kind_amount_and_reason(
    found: TerritoryFigures, account: str, kind: str, amount: str, because: str
) -> None:
    focus = row(found.tables, account)
    assert (focus.kind, focus.amount.value) == (kind, amount)
    assert because in focus.because
    assert not any(letter.isdigit() for letter in focus.because)


def test_a_displacement_rests_on_the_document_itself(found: TerritoryFigures) -> None:
    (ground,) = row(found.tables, "rival").grounds
    evidence = next(item for item in found.evidence if item.id == ground)
    assert evidence.source.kind == "document"
    assert evidence.source.publisher == "Trade Weekly"
    assert evidence.scope == "ana"


def test_the_stage_is_that_of_the_deal_furthest_along(found: TerritoryFigures) -> None:
    assert row(found.tables, "deal").stage.value == "proposal"
    nothing = row(found.tables, "open").stage
    assert (nothing.value, nothing.note) == (None, "No deal is open.")


def test_the_best_ranked_come_first_and_no_more_than_the_coverage_model_says(side: Side) -> None:
    tables = territory_figures(more(side, focus_accounts=5), "ana", Q4, ()).tables
    # Of those worth a visit (5,000) new, rival, wide and open rank in this order; of those
    # that are not, overdue ranks first.
    assert [(item.rank, item.account_id) for item in tables.focus] == [
        (1, "new"), (2, "rival"), (3, "wide"), (4, "open"), (5, "overdue"),
    ]  # fmt: skip


def test_an_order_due_before_a_quarter_ahead_is_no_matter_of_it(side: Side) -> None:
    # Both are due on 3 December: not in January to March. What is overdue today stays so.
    ahead = quarter_named("2027Q1", QuarterRules())
    tables = territory_figures(more(side, focus_accounts=11), "ana", ahead, ()).tables
    kinds = {key: row(tables, key).kind for key in ("shrinking", "due", "overdue")}
    assert kinds == {"shrinking": "expansion", "due": "expansion", "overdue": "retention"}


def test_accounts_below_the_capacity_line_are_no_focus(side: Side) -> None:
    cut = side.analyses.cut
    table = cut.by_account.copy()
    table.loc[list(ACCOUNTS[2:]), "within_capacity"] = False
    below = replace(side, analyses=replace(side.analyses, cut=replace(cut, by_account=table)))
    tables = territory_figures(below, "ana", Q4, ()).tables
    assert [item.account_id for item in tables.focus] == ["new", "rival"]
    assert any("capacity line" in note for note in tables.notes)


def test_an_approved_plan_comes_with_its_account(side: Side) -> None:
    content = {"account_id": "rival"}
    versions = [
        _version("PL-1", "approved", content),
        _version("PL-2", "in_review", {"account_id": "new"}),
    ]
    tables = territory_figures(side, "ana", Q4, versions).tables
    assert row(tables, "rival").plan_id == "PL-1"
    assert row(tables, "new").plan_id is None


def _version(plan_id: str, status: str, content: dict[str, str]) -> PlanVersion:
    from domain.plan import PlanContent

    return PlanVersion.model_construct(
        plan_id=plan_id,
        version=1,
        base_version=None,
        status=status,
        content=PlanContent.model_construct(**content),
        created_at="",
        created_by="",
        run_id=None,
    )


def test_a_fall_smaller_than_the_coverage_model_minds_is_no_retention(side: Side) -> None:
    # 150 to 100 fell by a third; half is asked for, so open potential decides.
    tables = territory_figures(more(side, spend_falls=0.5), "ana", Q4, ()).tables
    assert row(tables, "falling").kind == "expansion"

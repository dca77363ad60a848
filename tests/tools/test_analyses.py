from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.errors import NotCitable
from tools.analyses import analyse
from tools.cells import recompute


@pytest.fixture(scope="module")
def analyses(shop_book, coverage):
    return analyse(shop_book, coverage)


ACCOUNT_METRICS = """
net_spend_12m net_spend_prior_12m spend_change_12m orders_12m last_order_date last_order_amount
previous_order_amount third_last_order_amount last_order_change previous_order_change
order_interval_days order_interval_spread_days days_since_order top_category
top_category_share product_lines_12m first_order_date potential_p50 potential_p75
potential_p90 open_potential peer_count peer_group spend_to_p75 score score_base
points:days_since_order tier tier_note win_probability expected_value rank rank_of
whitespace_lines whitespace_worth tier_hours
""".split()


def test_every_metric_of_an_account_is_cited_under_its_owners_scope(analyses):
    for metric in ACCOUNT_METRICS:
        cell = analyses.cite("account:R-01", metric)
        assert (cell.metric, cell.scope) == (metric, "r1"), metric
        assert cell.source.arguments_hash
    for metric in ("line", "peer_share", "peer_p75", "chance", "worth", "own_spend_12m"):
        assert analyses.cite("account:R-01/gap:Vests", metric).scope == "r1"
    for metric in ("selling_hours", "needed_hours", "load"):
        assert analyses.cite("rep:r1", metric).scope == "r1"
    assert analyses.cite("account:R-24", "net_spend_12m").scope == ""


def test_every_derived_cell_of_every_account_follows_from_its_parents(analyses):
    for account in analyses.facts.table.index:
        for metric in ACCOUNT_METRICS:
            try:
                cell = analyses.cite(f"account:{account}", metric)
            except NotCitable:
                continue
            parents = analyses.parents(cell)
            assert [parent.id for parent in parents] == list(cell.source.parents)
            if cell.source.operation != "analysis":
                assert recompute(cell.source.operation, parents, cell.unit) == cell.value


def test_a_cell_comes_with_all_its_ancestors_each_once(analyses):
    cells = analyses.cite_all("account:R-01", "expected_value")
    assert [cell.metric for cell in cells[:3]] == [
        "expected_value",
        "win_probability",
        "potential_p50",
    ]
    assert {"score", "score_base", "points:cycle"} <= {cell.metric for cell in cells}
    assert len({cell.id for cell in cells}) == len(cells)


def test_what_is_shown_in_tables_is_what_is_cited(analyses):
    for account in ("R-01", "T-12"):
        table = analyses.facts.table.loc[account]
        cell = analyses.cite(f"account:{account}", "spend_change_12m")
        assert Decimal(cell.value) == Decimal(repr(float(table["spend_change_12m"])))
        score = int(analyses.score.table.at[account, "score"])
        assert analyses.cite(f"account:{account}", "score").value == str(score)


@pytest.mark.parametrize(
    ("entity", "metric"),
    [
        ("account:R-01", "mood"),
        ("account:R-99", "score"),
        ("rep:r1", "score"),
        ("account:R-01/gap:Boats", "worth"),
        ("account:R-24", "rank"),
        ("account:R-01", "next_order_due"),
        ("product:P-1", "line"),
    ],
)
def test_a_cell_that_does_not_exist_cannot_be_cited(analyses, entity, metric):
    with pytest.raises(NotCitable, match=f"There is no {metric} of {entity} to cite"):
        analyses.cite(entity, metric)


def test_peer_facts_never_name_another_account(tiny_book, coverage):
    names = {name: f"Velvet {name} Cycles" for name in "ABCDEFGH"}
    book = tiny_book(
        accounts=[{"account_id": f"ID-{key}", "name": name} for key, name in names.items()],
        orders=[
            {"account_id": f"ID-{key}", "ordered": "2026-05-01", "amount": 10.0} for key in names
        ],
    )
    result = analyse(book, coverage)
    for key in names:
        for metric in ("peer_group", "tier_note", "potential_basis"):
            text = result.cite(f"account:ID-{key}", metric).value
            assert not any(other in text or f"ID-{k}" in text for k, other in names.items())


def test_the_same_fact_keeps_its_id_and_another_book_gives_another(analyses, shop_book, coverage):
    again = analyse(shop_book, coverage)
    for metric in ("score", "open_potential", "rank"):
        assert again.cite("account:R-01", metric) == analyses.cite("account:R-01", metric)
    other = analyse(replace(shop_book, book_id="book-2"), coverage)
    assert other.cite("account:R-01", "rank").id != analyses.cite("account:R-01", "rank").id
    with pytest.raises(NotCitable, match="under another book"):
        other.parents(analyses.cite("account:R-01", "open_potential"))


def test_a_book_with_accounts_alone_is_analysed(tiny_book, coverage):
    result = analyse(tiny_book(accounts=[{"account_id": "A"}]), coverage)
    assert result.tiers.of("A") == "tier_3"
    assert result.ranks.order == ("A",)
    assert result.cite("account:A", "score").value
    with pytest.raises(NotCitable):
        result.cite("account:A", "net_spend_12m")


def test_an_empty_book_is_analysed(tiny_book, coverage):
    result = analyse(tiny_book(), coverage)
    assert result.ranks.order == ()
    assert result.tiers.counts() == {}
    assert result.workload.by_rep.empty

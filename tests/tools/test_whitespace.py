from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from domain.errors import NotCitable
from tools.facts import facts
from tools.potential import potential
from tools.whitespace import BECAUSE_CELLS, whitespace
from tools.whitespace_backtest import reliability

PRODUCTS = [
    {"product_id": "P-1", "name": "Bike", "category": "Bikes", "subcategory": "Bikes"},
    {"product_id": "P-2", "name": "Cap", "category": "Clothing", "subcategory": "Caps"},
]


def told(book, coverage):
    known = facts(book, coverage)
    return whitespace(book, known, potential(known, coverage), coverage)


def eight_shops(cap_buyers: dict[str, float], *, months_ago: int = 2, **more) -> dict:
    """Eight shops buy bikes every quarter for two years; some bought caps once."""
    accounts = [{"account_id": name} for name in "ABCDEFGH"]
    orders = [
        {"account_id": name, "ordered": date(year, month, 1), "amount": 100.0}
        for name in "ABCDEFGH"
        for year in (2025, 2026)
        for month in (1, 4, 7, 10)
    ]
    orders += [
        {
            "account_id": name,
            "ordered": date(2026, 11 - months_ago, 1),
            "amount": amount,
            "product_id": "P-2",
        }
        for name, amount in cap_buyers.items()
    ]
    return {"accounts": accounts, "orders": orders, "products": PRODUCTS, **more}


CAPS = {"B": 10.0, "C": 20.0, "D": 30.0, "E": 40.0, "F": 50.0}


def test_a_gap_has_a_share_of_peers_a_chance_and_a_worth(tiny_book, coverage):
    result = told(tiny_book(**eight_shops(CAPS)), coverage)
    gap = result.gaps_table.loc["A/gap:Caps"]
    # Of the 7 others 5 buy caps, for 10 to 50: median 30, P75 40.
    assert gap["peer_share"] == round(5 / 7, 6)
    assert (gap["peer_p50"], gap["peer_p75"]) == (30.0, 40.0)
    # All 8 bought no caps in the year before the last half year, 5 of them in it. Without
    # A: 5 of 7; leaning on the whole book's 5 of 8 with 30 accounts: (5 + 18.75) / 37.
    half_year = (5 + 30 * 5 / 8) / (7 + 30)
    assert gap["chance"] == round(1 - (1 - half_year) ** 2, 6)
    assert gap["worth"] == round(gap["chance"] * 30.0, 2)
    assert gap["own_spend_12m"] == 0
    assert result.gaps("A") == ("account:A/gap:Caps",)
    assert result.gaps("B") == ()


def test_a_line_that_is_no_longer_on_sale_is_no_gap(tiny_book, coverage):
    ended = [PRODUCTS[0], {**PRODUCTS[1], "live_to": date(2026, 11, 13)}]
    result = told(tiny_book(**{**eight_shops(CAPS), "products": ended}), coverage)
    assert result.lines == ("Bikes",)
    assert result.gaps("A") == ()


def test_a_line_not_yet_on_sale_or_not_sold_for_a_year_is_no_gap(tiny_book, coverage):
    future = [PRODUCTS[0], {**PRODUCTS[1], "live_from": date(2026, 11, 14)}]
    assert told(tiny_book(**{**eight_shops(CAPS), "products": future}), coverage).lines == (
        "Bikes",
    )
    unsold = [*PRODUCTS, {"product_id": "P-3", "name": "Vest", "subcategory": "Vests"}]
    assert (
        "Vests" not in told(tiny_book(**{**eight_shops(CAPS), "products": unsold}), coverage).lines
    )


def test_fewer_than_five_buyers_are_not_told(tiny_book, coverage):
    result = told(tiny_book(**eight_shops(dict(list(CAPS.items())[:4]))), coverage)
    assert result.gaps_table.empty


def test_little_spend_is_still_a_gap_and_lowers_its_worth(tiny_book, coverage):
    # The five others spend 10 to 50, median 30; 2.90 is below a tenth of it, 3 is not.
    little = told(tiny_book(**eight_shops({**CAPS, "A": 2.9})), coverage)
    gap = little.gaps_table.loc["A/gap:Caps"]
    assert gap["worth"] == round(gap["chance"] * (30 - 2.9), 2)
    assert told(tiny_book(**eight_shops({**CAPS, "A": 3.0})), coverage).gaps("A") == ()


def test_an_account_that_never_bought_has_no_gaps(tiny_book, coverage):
    tables = eight_shops(CAPS)
    tables["accounts"].append({"account_id": "Z"})
    result = told(tiny_book(**tables), coverage)
    assert result.gaps("Z") == ()
    assert result.cite("account:Z", "whitespace_lines").value == "0"
    with pytest.raises(NotCitable, match="no whitespace_worth of account:Z"):
        result.cite("account:Z", "whitespace_worth")


def test_only_the_gaps_worth_most_are_listed_and_add_up(shop_book, coverage):
    one_row = coverage.model_copy(
        update={"whitespace": coverage.whitespace.model_copy(update={"rows": 1})}
    )
    result = told(shop_book, one_row)
    assert result.gaps_table.groupby("account_id").size().max() == 1
    assert result.gaps_table.loc["T-03/gap:Vests", "worth"] > 0
    full = told(shop_book, coverage)
    cell = full.cite("account:T-03", "whitespace_worth")
    assert cell.source.operation == "sum"
    listed = full.gaps_table[full.gaps_table["account_id"] == "T-03"]["worth"]
    assert float(cell.value) == round(listed.sum(), 2) == full.worth("T-03")
    assert listed.is_monotonic_decreasing


def test_a_small_book_says_so(tiny_book, coverage):
    note = told(tiny_book(**eight_shops(CAPS)), coverage).note
    assert note.startswith("Small book (8 active accounts, 2 live product lines)")


def test_a_book_without_products_or_orders_has_no_gaps(tiny_book, coverage):
    result = told(tiny_book(accounts=[{"account_id": "A"}]), coverage)
    assert result.gaps_table.empty
    assert result.lines == ()
    assert told(tiny_book(), coverage).gaps_table.empty


def test_the_order_of_rows_is_irrelevant(tiny_book, coverage):
    tables = eight_shops(CAPS)
    turned = {name: list(reversed(rows)) for name, rows in eight_shops(CAPS).items()}
    pd.testing.assert_frame_equal(
        told(tiny_book(**tables), coverage).gaps_table,
        told(tiny_book(**turned), coverage).gaps_table,
    )


def two_kinds(accounts: int = 240, lines: int = 12) -> dict:
    """Road shops buy the first half of the lines, mountain shops the other, over three years."""
    rng = np.random.default_rng(4)
    half = lines // 2
    orders, shops = [], []
    for number in range(accounts):
        name, kind = f"S-{number:03d}", number % 2
        shops.append({"account_id": name, "product_focus": ("Road", "Mountain")[kind]})
        for line in rng.choice(half, size=rng.integers(2, half), replace=False) + kind * half:
            for ago in rng.integers(0, 1_080, size=4):
                orders.append(
                    {"account_id": name, "ordered": date(2026, 11, 13) - timedelta(int(ago)),
                     "amount": float(rng.integers(50, 150)), "product_id": f"P-{line:02d}"}
                )  # fmt: skip
    products = [
        {"product_id": f"P-{line:02d}", "name": f"Product {line}", "category": "All",
         "subcategory": f"Line {line:02d}"}
        for line in range(lines)
    ]  # fmt: skip
    return {"accounts": shops, "orders": orders, "products": products}


@pytest.fixture(scope="module")
def large(tiny_book, coverage):
    return told(tiny_book(**two_kinds()), coverage)


def test_a_large_book_is_told_by_the_model(large):
    assert (large.method, large.note) == ("stack", "")
    gaps = large.gaps_table
    # What its own kind buys is likelier than what the other kind buys.
    line = gaps["line"].str[-2:].astype(int)
    own = (line < 6) == (gaps["account_id"].str[-3:].astype(int) % 2 == 0)
    assert gaps.loc[own, "chance"].mean() > 2 * gaps.loc[~own, "chance"].mean() or own.all()


def test_parts_add_up_to_the_log_odds_as_printed(large):
    entity = f"account:{large.gaps_table.index[0]}"
    told_odds = large.cite(entity, "log_odds")
    parts = [large.cite(entity, name) for name in BECAUSE_CELLS]
    assert told_odds.source.operation == "sum"
    assert Decimal(told_odds.value) == sum(Decimal(part.value) for part in parts)
    chance = large.cite(entity, "chance")
    assert float(chance.value) == round(1 / (1 + math.exp(-float(told_odds.value))), 6)
    assert chance.source.parents == (told_odds.id,)


def test_the_reason_names_lines_and_no_account(large):
    gaps = large.gaps_table
    words = gaps["because"]
    ending = "of comparable accounts without it took it up in the last half year"
    assert words.str.endswith(ending).all()
    assert words.str.startswith("bought by others with Line").any()
    assert not words.str.contains("S-").any()
    assert gaps["confidence"].between(0, 1).all()
    assert large.cite(f"account:{gaps.index[0]}", "because").value == words.iloc[0]


def test_the_backtest_sets_what_was_told_against_what_was_bought(large):
    found = large.backtest
    assert found is not None
    assert found.as_of == date(2025, 11, 13)
    assert found.gaps == found.reliability["gaps"].sum() > 0
    assert found.brier < found.brier_peer_share
    assert found.reliability["chance"].is_monotonic_increasing


def test_a_book_without_the_year_before_has_no_backtest(tiny_book, coverage):
    tables = eight_shops({})
    tables["orders"] = [row for row in tables["orders"] if row["ordered"] > date(2026, 1, 1)]
    assert told(tiny_book(**tables), coverage).backtest is None


def test_reliability_by_hand():
    chance, adopted = np.array([0.4, 0.1, 0.2, 0.3]), np.array([True, False, False, True])
    found = reliability(chance, adopted, bins=2)
    assert found.to_dict("list") == {
        "gaps": [2, 2], "chance": pytest.approx([0.15, 0.35]), "adopted": [0.0, 1.0]
    }  # fmt: skip


def test_a_small_book_is_told_by_its_peers(tiny_book, coverage):
    result = told(tiny_book(**eight_shops(CAPS)), coverage)
    gap = result.gaps_table.loc["A/gap:Caps"]
    assert result.method == "peers"
    # The whole book: 5 of 8 in half a year; the group says the same, so it adds nothing else.
    whole = 1 - (1 - 5 / 8) ** 2
    assert gap["because:recent"] == round(math.log(whole / (1 - whole)), 6)
    assert gap["because:ease"] == 0
    assert gap["because"].startswith("64 % of comparable accounts without it")
    assert pd.isna(gap["lift"])

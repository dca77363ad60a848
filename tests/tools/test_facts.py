from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from domain.errors import NotCitable
from tools.facts import facts

AS_OF = date(2026, 11, 13)
LINES = [
    {"product_id": "P-1", "name": "Frame", "category": "Components", "subcategory": "Frames"},
    {"product_id": "P-2", "name": "Helmet", "category": "Accessories", "subcategory": "Helmets"},
]


def orders(*rows: tuple[str, float]) -> list[dict]:
    return [
        {"account_id": "A", "ordered": date.fromisoformat(day), "amount": amount}
        for day, amount in rows
    ]


def test_spend_of_two_years_and_its_change(tiny_book, coverage):
    # 100 + 35 = 135 in the year to 13 Nov 2026 (a return of 15 included), 100 before.
    book = tiny_book(
        accounts=[{"account_id": "A"}],
        orders=orders(
            ("2025-11-13", 100.0), ("2025-11-14", 100.0), ("2026-11-13", 50.0), ("2026-11-13", -15)
        ),
    )
    row = facts(book, coverage).table.loc["A"]
    assert (row["net_spend_12m"], row["net_spend_prior_12m"]) == (135.0, 100.0)
    assert row["spend_change_12m"] == 0.35
    assert row["orders_12m"] == 2


def test_a_regular_rhythm_foretells_the_next_order(tiny_book, coverage):
    # Gaps 92, 90, 92, 90: median 91, spread 2. Last order 13 Oct 2026 + 91 = 12 Jan 2027.
    book = tiny_book(
        accounts=[{"account_id": "A"}],
        orders=orders(
            ("2025-10-14", 10), ("2026-01-14", 10), ("2026-04-14", 12), ("2026-07-15", 16),
            ("2026-10-13", 14),
        ),
    )  # fmt: skip
    row = facts(book, coverage).table.loc["A"]
    assert row["order_interval_days"] == 91
    assert row["order_interval_spread_days"] == 2
    assert row["next_order_due"] == pd.Timestamp("2027-01-12")
    # 14 after 16 is -12.5 %; 16 after 12 is +33.3333 %.
    assert row["last_order_change"] == -0.125
    assert row["previous_order_change"] == 0.333333


@pytest.mark.parametrize(
    "days",
    [
        ["2026-04-14", "2026-07-15", "2026-10-13"],  # two gaps are no rhythm
        ["2025-10-14", "2026-01-14", "2026-02-14", "2026-10-13"],  # gaps of 31 to 241 days
        ["2024-01-14", "2024-04-14", "2024-07-14", "2024-10-13"],  # ended two years ago
    ],
)
def test_without_a_kept_rhythm_no_order_is_foretold(tiny_book, coverage, days):
    book = tiny_book(accounts=[{"account_id": "A"}], orders=orders(*((day, 10.0) for day in days)))
    assert pd.isna(facts(book, coverage).table.at["A", "next_order_due"])


def test_orders_of_one_day_count_as_one_and_returns_are_no_order(tiny_book, coverage):
    book = tiny_book(
        accounts=[{"account_id": "A"}],
        orders=orders(("2026-03-01", 10), ("2026-03-01", 5), ("2026-06-01", -4)),
    )
    row = facts(book, coverage).table.loc["A"]
    assert row["orders_12m"] == 1
    assert row["last_order_amount"] == 15
    assert row["net_spend_12m"] == 11
    assert pd.isna(row["previous_order_amount"])


def test_the_top_category_and_its_share_of_spend(tiny_book, coverage):
    rows = orders(("2026-03-01", 88.0), ("2026-04-01", 12.0))
    rows[0]["product_id"], rows[1]["product_id"] = "P-1", "P-2"
    book = tiny_book(accounts=[{"account_id": "A"}], orders=rows, products=LINES)
    row = facts(book, coverage).table.loc["A"]
    assert (row["top_category"], row["top_category_share"]) == ("Components", 0.88)
    assert row["product_lines_12m"] == 2


@pytest.mark.parametrize(
    ("people", "executive", "director", "access"),
    [
        ([], None, None, None),
        ([{"level": None}], None, None, None),
        ([{"level": "staff", "last_contact": "2026-10-01"}], False, False, "below director"),
        ([{"level": "director", "last_contact": "2026-10-01"}], False, True, "director"),
        ([{"level": "executive", "last_contact": "2026-10-01"}], True, True, "executive"),
        # On record but never met: nobody can confirm access, nobody can deny it.
        ([{"level": "executive"}], None, None, None),
        ([{"level": "executive", "last_contact": "2026-12-24"}], None, None, None),
    ],
)
def test_access_is_true_once_met_and_unknown_without_a_known_level(
    tiny_book, coverage, people, executive, director, access
):
    contacts = [{"account_id": "A", **person} for person in people]
    row = facts(tiny_book(accounts=[{"account_id": "A"}], contacts=contacts), coverage).table.loc[
        "A"
    ]
    told = [None if pd.isna(row[name]) else row[name] for name in
            ("has_executive_access", "has_director_access", "access")]  # fmt: skip
    assert told == [executive, director, access]


@pytest.mark.parametrize(
    ("deals", "signals", "cycle"),
    [
        ([{"stage": "proposal"}], [], "active"),
        ([{"stage": "prospecting", "closes": "2027-03-01"}], [], "six_months"),
        ([{"stage": "prospecting", "closes": "2027-09-01"}], [], "early"),
        ([{"stage": "lost"}], [], "none"),
        ([{"stage": "proposal", "opened": "2026-11-14"}, {"stage": "won"}], [], "none"),
        ([{"stage": "won"}], [{"strength": 2, "observed": "2026-10-01"}], "early"),
        ([{"stage": "won"}], [{"strength": 1, "observed": "2026-10-01"}], "none"),
        ([], [], None),
    ],
)
def test_the_buying_cycle_is_read_from_deals_orders_and_signals(
    tiny_book, coverage, deals, signals, cycle
):
    book = tiny_book(
        accounts=[{"account_id": "A"}],
        opportunities=[{"account_id": "A", **deal} for deal in deals],
        intent_signals=[{"account_id": "A", **signal} for signal in signals],
    )
    told = facts(book, coverage).table.at["A", "cycle"]
    assert (None if pd.isna(told) else told) == cycle


def test_what_was_not_queried_is_unknown_and_what_was_is_nought(tiny_book, coverage):
    book = tiny_book(accounts=[{"account_id": "A"}, {"account_id": "B"}])
    row = facts(book, coverage).table.loc["A"]
    for name in ("net_spend_12m", "orders_12m", "open_pipeline", "contacts", "touches_90d"):
        assert pd.isna(row[name]), name
    asked = tiny_book(
        accounts=[{"account_id": "A"}, {"account_id": "B"}],
        orders=[{"account_id": "B", "ordered": AS_OF, "amount": 5.0}],
        opportunities=[{"account_id": "B", "stage": "proposal", "amount": 7.0}],
        activities=[{"account_id": "B", "occurred": AS_OF}],
    )
    row = facts(asked, coverage).table.loc["A"]
    assert [row[name] for name in ("net_spend_12m", "orders_12m", "open_pipeline")] == [0, 0, 0]
    assert row["touches_90d"] == 0


def test_an_account_falls_into_the_first_target_segment_it_fits(tiny_book, coverage):
    book = tiny_book(
        accounts=[
            {"account_id": "A", "employees": 50},
            {"account_id": "B", "employees": 49},
            {"account_id": "C"},
        ]
    )
    told = facts(book, coverage).table["target_segment"]
    assert told["A"] == "Mid-sized businesses"
    assert told[["B", "C"]].isna().all()


def test_a_book_without_accounts_has_facts_without_rows(tiny_book, coverage):
    assert facts(tiny_book(), coverage).table.empty


def test_cells_are_cited_in_their_period_and_scope(tiny_book, coverage):
    book = tiny_book(
        accounts=[{"account_id": "A", "owner_id": "ana"}],
        reps=[{"rep_id": "ana"}],
        orders=orders(("2026-03-01", 10.5)),
    )
    cell = facts(book, coverage).cite("account:A", "net_spend_12m")
    assert (cell.value, cell.unit, cell.scope) == ("10.5", "money", "ana")
    assert cell.period == "2025-11-14/2026-11-13"
    with pytest.raises(NotCitable, match="no spend_change_12m of account:A to cite"):
        facts(book, coverage).cite("account:A", "spend_change_12m")

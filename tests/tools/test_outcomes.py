"""Rows to fit a card on: facts of a past day, what came after it, and when that was known."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.coverage import CoverageModel, parse_coverage
from domain.errors import CoverageInvalid
from tests.tools.conftest import AS_OF, DEFAULTS
from tools.facts import facts
from tools.outcomes import Outcomes, outcomes
from tools.potential import potential


def ruled(coverage: CoverageModel, **changes: object) -> CoverageModel:
    rules = coverage.history.model_validate({**coverage.history.model_dump(), **changes})
    return coverage.model_copy(update={"history": rules})


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def order(account: str, days_ago: int, amount: float = 10.0) -> dict:
    return {"account_id": account, "ordered": ago(days_ago), "amount": amount}


def rows_of(found: Outcomes) -> list[tuple[str, int, int]]:
    """Account, days before the book's date, outcome."""
    gone = (pd.Timestamp(AS_OF) - found.when).dt.days
    return list(zip(found.account_id, gone, found.outcome, strict=True))


def test_an_order_within_the_days_after_is_the_outcome(tiny_book, coverage):
    # Days 182 and 91 before the book's: 300 days of history less a run-in of 100 leave 200.
    # A ordered 150 and 91 days ago: after day 182 but not after day 91, whose own it is.
    book = tiny_book(
        accounts=[{"account_id": "A"}, {"account_id": "B"}],
        orders=[order("A", 300), order("A", 150), order("A", 91), order("B", 0)],
    )
    found = outcomes(book, ruled(coverage, run_in_days=100))
    assert rows_of(found) == [("A", 182, 1), ("B", 182, 0), ("A", 91, 0), ("B", 91, 1)]
    assert (found.known - found.when).dt.days.tolist() == [91] * 4
    assert found.table["days_since_order"].tolist()[:3] == [118, pd.NA, 0]
    assert "4 rows of 2 accounts on 2 days" in found.note
    assert "2 with an order" in found.note


def test_a_return_or_an_order_taken_back_the_same_day_is_no_order(tiny_book, coverage):
    orders = [order("A", 300), order("A", 50, -5.0), order("A", 40, 8.0), order("A", 40, -8.0)]
    book = tiny_book(accounts=[{"account_id": "A"}], orders=orders)
    found = outcomes(book, ruled(coverage, run_in_days=200))
    assert rows_of(found) == [("A", 91, 0)]


def test_accounts_not_founded_yet_are_left_out_and_prospects_are_asked(tiny_book, coverage):
    accounts = [
        {"account_id": "new", "founded": 2027},
        {"account_id": "old", "founded": 1980},
        {"account_id": "unknown"},
    ]
    book = tiny_book(accounts=accounts, orders=[order("old", 300)])
    found = outcomes(book, ruled(coverage, run_in_days=200))
    assert found.account_id.tolist() == ["old", "unknown"]


def test_days_go_back_no_further_than_the_rules_say(tiny_book, coverage):
    book = tiny_book(accounts=[{"account_id": "A"}], orders=[order("A", 2000)])

    def days(**changes):
        return [gone for _, gone, _ in rows_of(outcomes(book, ruled(coverage, **changes)))]

    assert days(earliest_days=300, every_days=100) == [291, 191, 91]
    assert days(days_at_most=2) == [182, 91]
    assert days(outcome_days=400, every_days=800, run_in_days=0, earliest_days=2000) == [
        2000,
        1200,
        400,
    ]


def test_facts_and_potential_are_those_of_the_day(shop_book, coverage):
    found = outcomes(shop_book, ruled(coverage, run_in_days=0))
    day = found.when.iloc[-1].date()
    known = facts(shop_book, coverage, as_of=day)
    whole = known.table.join(potential(known, coverage).table)
    mine = found.table[found.when == pd.Timestamp(day)]
    pd.testing.assert_frame_equal(
        mine.set_index(whole.index).dropna(axis=1, how="all"),
        whole.dropna(axis=1, how="all"),
        check_dtype=False,
    )


DEALS = [
    {"account_id": "A", "stage": "won", "opened": ago(60), "closes": ago(20)},
    {"account_id": "A", "stage": "lost", "opened": ago(50), "closes": ago(0)},
    {"account_id": "B", "stage": "proposal", "opened": ago(50), "closes": ago(-30)},
    {"account_id": "B", "stage": "won", "opened": ago(500), "closes": ago(400)},
]


def test_a_closed_deal_is_a_row_of_the_day_it_was_opened(tiny_book, coverage):
    book = tiny_book(accounts=[{"account_id": "A"}, {"account_id": "B"}], opportunities=DEALS)
    found = outcomes(book, ruled(coverage, outcome="won"))
    # B's first deal, the book's earliest row, lies within the run-in of 365 days.
    assert rows_of(found) == [("A", 60, 1), ("A", 50, 0)]
    assert found.known.dt.date.tolist() == [ago(20), ago(0)]
    # Itself; and, ten days on, the one that was won later beside it.
    assert found.table["open_opportunities"].tolist() == [1, 2]
    assert "2, of which 1 were won" in found.note
    assert "1 too early" in found.note


@pytest.mark.parametrize(
    "deal",
    [
        {"opened": None, "closes": ago(3)},
        {"opened": ago(3), "closes": None},
        {"opened": ago(3), "closes": ago(5)},
        {"opened": ago(3), "closes": ago(-5)},
        {"opened": ago(0), "closes": ago(0)},
    ],
)
def test_a_deal_without_days_that_make_sense_is_left_out(tiny_book, coverage, deal):
    deals = [*DEALS, {"account_id": "A", "stage": "won", **deal}]
    book = tiny_book(accounts=[{"account_id": "A"}, {"account_id": "B"}], opportunities=deals)
    found = outcomes(book, ruled(coverage, outcome="won"))
    assert rows_of(found) == [("A", 60, 1), ("A", 50, 0)]
    assert "1 without days of opening and closing" in found.note


def test_many_opening_days_share_facts_of_a_day_that_is_never_later(tiny_book, coverage):
    deals = [
        {"account_id": "A", "stage": "won", "opened": ago(100 - n), "closes": ago(1)}
        for n in range(10)
    ]
    touches = [{"account_id": "A", "occurred": ago(95)}]
    book = tiny_book(accounts=[{"account_id": "A"}], opportunities=deals, activities=touches)
    found = outcomes(book, ruled(coverage, outcome="won", run_in_days=0, days_at_most=2))
    # Facts of 100 and 95 days ago; deals opened from day 95 on see the touch of that day.
    assert found.table["open_opportunities"].tolist() == [1] * 5 + [6] * 5
    assert found.table["touches_90d"].fillna(0).tolist() == [0] * 5 + [1] * 5
    assert "fewer days" in found.note


@pytest.mark.parametrize(
    ("outcome", "words"), [("order", "holds no order"), ("won", "no closed opportunity")]
)
def test_a_book_without_history_has_no_rows_and_says_so(tiny_book, coverage, outcome, words):
    for accounts in ([{"account_id": "A"}], []):
        found = outcomes(tiny_book(accounts=accounts), ruled(coverage, outcome=outcome))
        assert (len(found.table), len(found.outcome)) == (0, 0)
        assert "potential_p50" in found.table
        assert words in found.note


def test_a_short_history_has_no_rows_either(tiny_book, coverage):
    book = tiny_book(accounts=[{"account_id": "A"}], orders=[order("A", 120)])
    assert "too short a history" in outcomes(book, coverage).note


later = st.lists(
    st.tuples(
        st.sampled_from(["orders", "opportunities", "activities"]),
        st.sampled_from("AB"),
        st.integers(0, 90).map(ago),
    ),
    max_size=5,
)


@settings(max_examples=12, deadline=None)
@given(added=later, kind=st.sampled_from(["order", "won"]))
def test_rows_known_by_a_day_do_not_change_with_what_comes_after_it(
    tiny_book, coverage, added, kind
):
    def rows(extra):
        tables = {
            "accounts": [{"account_id": "A"}, {"account_id": "B"}],
            "orders": [order("A", 300), order("A", 150), order("B", 120)],
            "opportunities": [
                {"account_id": "A", "stage": "won", "opened": ago(150), "closes": ago(120)},
                {"account_id": "B", "stage": "lost", "opened": ago(140), "closes": ago(91)},
            ],
            "activities": [{"account_id": "A", "occurred": ago(200)}],
        }
        dated = {"orders": "ordered", "opportunities": "opened", "activities": "occurred"}
        more = {"orders": {"amount": 5.0}, "opportunities": {"stage": "won", "closes": ago(0)}}
        for number, (table, account, day) in enumerate(extra):
            row = {"account_id": account, dated[table]: day, **more.get(table, {})}
            if table == "orders":
                row["order_line_id"] = f"later-{number}"
            tables[table].append(row)
        found = outcomes(tiny_book(**tables), ruled(coverage, outcome=kind, run_in_days=0))
        early = found.known <= pd.Timestamp(ago(91))
        assert early.any()
        whole = found.table.assign(outcome=found.outcome, when=found.when, who=found.account_id)
        return whole[early]

    pd.testing.assert_frame_equal(rows([]), rows(added), check_dtype=False)


def test_the_section_may_be_left_out_and_nonsense_in_it_is_told():
    text = DEFAULTS.read_text(encoding="utf-8")
    shipped = parse_coverage(text)
    head, _, _ = text.partition("[history]")
    assert parse_coverage(head).history == shipped.history
    assert parse_coverage(head).hash == shipped.hash

    with pytest.raises(CoverageInvalid, match=r"history\.outcome = 'loss'"):
        parse_coverage(text.replace('outcome = "order"', 'outcome = "loss"'))
    with pytest.raises(CoverageInvalid, match=r"history\.standing\.0 = 'owner_id'"):
        parse_coverage(head + '[history]\nstanding = ["owner_id"]\n')

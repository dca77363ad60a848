"""Facts of a day before the book's own: what is told, what is missing, and no leak."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.tables import STAGES
from tests.tools.conftest import AS_OF
from tools.facts import facts

DAY = date(2026, 3, 1)


def on(tiny_book, coverage, day=DAY, **tables):
    tables.setdefault("accounts", [{"account_id": "A"}, {"account_id": "B"}])
    return facts(tiny_book(**tables), coverage, as_of=day).table


@pytest.mark.parametrize(
    ("deal", "count"),
    [
        ({"stage": "proposal", "opened": "2026-02-01"}, 1),
        ({"stage": "proposal", "opened": "2026-03-02"}, 0),
        # Won or lost since: open on the day, however it ended.
        ({"stage": "won", "opened": "2026-02-01", "closes": "2026-05-01"}, 1),
        ({"stage": "lost", "opened": "2026-02-01", "closes": "2026-03-02"}, 1),
        ({"stage": "lost", "opened": "2026-02-01", "closes": "2026-03-01"}, 0),
        ({"stage": "won", "closes": "2026-02-01"}, 0),
        # No day to tell by: it may have been open.
        ({"stage": "proposal"}, None),
        ({"stage": "won", "opened": "2026-02-01"}, None),
        ({"stage": "won", "opened": "2026-02-01", "closes": "2027-01-01"}, None),
    ],
)
def test_a_deal_was_open_when_opened_by_the_day_and_closed_after_it(
    tiny_book, coverage, deal, count
):
    # B's deal, lost long before, shows that deals were on record at all.
    other = {"account_id": "B", "stage": "lost", "opened": "2025-01-01", "closes": "2025-02-01"}
    table = on(tiny_book, coverage, opportunities=[{"account_id": "A", **deal}, other])
    told = table.at["A", "open_opportunities"]
    assert (None if pd.isna(told) else told) == count
    assert table.at["B", "open_opportunities"] == 0


def test_the_stage_and_worth_a_deal_had_are_unknown_and_so_is_the_cycle(tiny_book, coverage):
    deals = [{"account_id": "A", "stage": "won", "opened": "2026-02-01", "closes": "2026-05-01",
              "amount": 900.0}]  # fmt: skip
    table = on(tiny_book, coverage, opportunities=deals)
    assert table["open_pipeline"].isna().all()
    assert pd.isna(table.at["A", "cycle"])
    assert pd.isna(table.at["A", "cycle_active"])
    assert pd.isna(table.at["A", "cycle_six_months"])
    assert table.at["A", "cycle_early"]
    assert table.loc["B", ["cycle", "cycle_active", "cycle_early"]].tolist() == [
        "none", False, False,
    ]  # fmt: skip


def test_a_regular_order_falling_due_makes_the_cycle_active_whatever_the_deals(tiny_book, coverage):
    # Gaps of 90 days, the last order on 1 Jan 2026: the next falls due on 1 Apr.
    days = [date(2026, 1, 1) - timedelta(days=90 * n) for n in range(5)]
    orders = [{"account_id": "A", "ordered": day, "amount": 10.0} for day in days]
    deals = [{"account_id": "A", "stage": "proposal", "opened": "2026-02-01"}]
    row = on(tiny_book, coverage, orders=orders, opportunities=deals).loc["A"]
    assert (row["cycle"], row["cycle_basis"]) == ("active", "a regular order that falls due")


def test_people_and_owners_of_an_earlier_day_are_missing(tiny_book, coverage):
    people = [{"account_id": "A", "level": "executive", "attitude": "supportive",
               "last_contact": "2026-01-01"}]  # fmt: skip
    tables = {
        "accounts": [{"account_id": "A", "owner_id": "ana", "segment": "Shop", "employees": 3}],
        "reps": [{"rep_id": "ana"}],
        "contacts": people,
    }
    row = on(tiny_book, coverage, **tables).loc["A"]
    for name in ("contacts", "supportive_contacts", "opposed_contacts", "access", "owner_id",
                 "has_executive_access", "has_director_access"):  # fmt: skip
        assert pd.isna(row[name]), name
    assert (row["segment"], row["employees"]) == ("Shop", 3)
    today = on(tiny_book, coverage, day=AS_OF, **tables).loc["A"]
    assert (today["owner_id"], today["access"], today["contacts"]) == ("ana", "executive", 1)


def test_the_company_says_which_descriptions_stood_in_the_past(tiny_book, coverage):
    fewer = coverage.history.model_copy(update={"standing": ("segment",)})
    rules = coverage.model_copy(update={"history": fewer})
    account = {"account_id": "A", "segment": "Shop", "employees": 60, "country": "US"}
    row = on(tiny_book, rules, accounts=[account]).loc["A"]
    assert row["segment"] == "Shop"
    assert row[["employees", "country", "target_segment"]].isna().all()


after = st.integers(1, 200).map(lambda n: DAY + timedelta(days=n))


@st.composite
def later_rows(draw):
    """Rows that say nothing of DAY: each is dated after it."""
    account = draw(st.sampled_from("AB"))
    day = draw(after)
    return draw(
        st.sampled_from(
            [
                ("orders", {"ordered": day, "amount": draw(st.sampled_from([-5.0, 0.0, 70.0]))}),
                ("opportunities", {"stage": draw(st.sampled_from(STAGES)), "opened": day,
                                   "closes": day + timedelta(days=3), "amount": 9.0}),
                ("activities", {"occurred": day}),
                ("intent_signals", {"observed": day, "strength": 3}),
                ("contacts", {"last_contact": day, "level": "executive", "attitude": "opposed"}),
            ]
        )
    ), account  # fmt: skip


def known_by_then():
    return {
        "orders": [
            {"account_id": "A", "ordered": day, "amount": 30.0}
            for day in ("2025-03-01", "2025-06-01", "2025-09-01", "2025-12-01")
        ],
        "opportunities": [
            {"account_id": "A", "stage": "proposal", "opened": date(2026, 1, 1)},
            {"account_id": "B", "stage": "lost", "opened": date(2025, 1, 1),
             "closes": date(2025, 5, 1)},
        ],
        "activities": [{"account_id": "A", "occurred": date(2026, 1, 1)}],
        "intent_signals": [{"account_id": "A", "strength": 2, "observed": date(2026, 2, 1)}],
        "contacts": [{"account_id": "A", "level": "staff", "last_contact": date(2026, 1, 1)}],
    }  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(later=st.lists(later_rows(), max_size=6))
def test_facts_of_a_day_do_not_change_when_later_rows_are_added(tiny_book, coverage, later):
    before = on(tiny_book, coverage, **known_by_then())
    tables = known_by_then()
    for number, ((table, row), account) in enumerate(later):
        key = {"orders": "order_line_id", "opportunities": "opportunity_id"}.get(table)
        named = {key: f"later-{number}"} if key else {}
        tables[table].append({"account_id": account, **row, **named})
    pd.testing.assert_frame_equal(before, on(tiny_book, coverage, **tables))


@settings(max_examples=15, deadline=None)
@given(stage=st.sampled_from(STAGES), amount=st.sampled_from([None, 0.0, 5000.0]), ends=after)
def test_how_a_deal_went_on_does_not_show_in_facts_of_a_day_before(
    tiny_book, coverage, stage, amount, ends
):
    def told(**deal):
        tables = known_by_then()
        tables["opportunities"][0] |= deal
        return on(tiny_book, coverage, **tables)

    pd.testing.assert_frame_equal(told(), told(stage=stage, amount=amount, closes=ends))

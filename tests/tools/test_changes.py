"""What changed since a day: worked by hand, as of the book's date, and nobody else's rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput, NotCitable
from domain.evidence import REPS_JOINED_BY
from tests.tools.conftest import make_book
from tools.change_cells import SUMMED, UNOWNED
from tools.changes import changes

AS_OF, SINCE = date(2026, 11, 13), date(2026, 11, 1)


def order(account: str, day: date, amount: float, product: str = "P-1") -> dict[str, object]:
    return {"account_id": account, "ordered": day, "amount": amount, "product_id": product}


def book(**more):
    """Two accounts of Ana, one of Bo; thirteen days are looked at, 1 to 13 Nov."""
    tables = {
        "accounts": [
            {"account_id": "A", "owner_id": "ana"},
            {"account_id": "B", "owner_id": "ana"},
            {"account_id": "C", "owner_id": "bo"},
        ],
        "reps": [{"rep_id": "ana"}, {"rep_id": "bo"}],
        "products": [
            {"product_id": "P-1", "name": "Frame", "category": "Bikes", "subcategory": "Frames"},
            {"product_id": "P-2", "name": "Cap", "category": "Clothing", "subcategory": "Caps"},
        ],
        "orders": [
            order("A", date(2025, 6, 1), 10.0),
            order("A", date(2025, 11, 1), 200.0),
            order("A", date(2025, 11, 13), 50.0),
            order("A", date(2025, 11, 14), 999.0),  # after the same days a year before
            order("A", date(2026, 10, 31), 999.0),  # before the first day
            order("A", date(2026, 11, 1), 300.0),
            order("A", date(2026, 11, 1), 90.0, "P-2"),
            order("A", date(2026, 11, 13), -15.0),
            order("A", date(2026, 11, 14), 999.0),  # after the book's date
            order("B", date(2026, 11, 5), 25.5),
            order("C", date(2026, 11, 5), 7.0),
        ],
        "opportunities": [
            {"account_id": "A", "opened": date(2026, 11, 2), "stage": "proposal", "amount": 40.0},
            {
                "account_id": "A", "opened": date(2026, 9, 1), "closes": date(2026, 11, 3),
                "stage": "won", "amount": 500.0,
            },
            {
                "account_id": "B", "opened": date(2026, 9, 1), "closes": date(2026, 11, 9),
                "stage": "lost", "amount": 60.0,
            },
            {
                "account_id": "B", "opened": date(2026, 9, 1), "closes": date(2026, 12, 9),
                "stage": "won", "amount": 70.0,
            },
        ],
        "activities": [
            {"account_id": "A", "occurred": date(2026, 10, 31)},
            {"account_id": "A", "occurred": date(2026, 11, 1)},
            {"account_id": "A", "occurred": date(2026, 11, 14)},
            {"account_id": "C", "occurred": date(2026, 11, 2)},
        ],
        "contacts": [
            # From 1 Oct there are 44 days, and 44 days before it begin on 18 Aug.
            {"account_id": "A", "contact_id": "quiet", "last_contact": date(2026, 8, 18)},
            {"account_id": "A", "contact_id": "long gone", "last_contact": date(2026, 8, 17)},
            {"account_id": "A", "contact_id": "met", "last_contact": date(2026, 10, 1)},
        ],
        "documents": [
            {
                "document_id": "N-1", "account_id": "A", "kind": "note", "title": "t",
                "author_class": "internal", "published": date(2026, 11, 10), "text": "x",
            },
        ],
    }  # fmt: skip
    return make_book(as_of=AS_OF, **{**tables, **more})


def test_a_span_is_worked_out_by_hand(coverage):
    found = changes(book(), coverage, SINCE, ["A"], head="account:A")

    unknown = ("touches_prior_span", "quiet_contacts_span")
    told = {name: found.cite("account:A", name).value for name in SUMMED if name not in unknown}
    assert told == {
        "accounts_span": "1",
        "order_value_span": "375",  # 300 + 90 - 15; neither 31 Oct nor 14 Nov
        "order_value_prior_span": "250",  # 200 + 50: 1 to 13 Nov 2025
        "orders_span": "1",  # both lines of 1 Nov are one order, the return is none
        "orders_prior_span": "2",
        "deals_opened_span": "1",
        "deals_opened_value_span": "40",
        "deals_won_span": "1",
        "deals_won_value_span": "500",
        "deals_lost_span": "0",
        "deals_lost_value_span": "0",
        "new_lines_span": "1",
        "touches_span": "1",
        "documents_span": "1",
    }
    # (375 - 250) / 250 = 0.5, and the activities do not reach back a year.
    assert found.cite("account:A", "order_value_change").value == "0.5"
    assert found.cite("account:A", "order_value_difference").value == "125"
    with pytest.raises(NotCitable, match="touches_prior_span"):
        found.cite("account:A", "touches_prior_span")
    assert found.cite("account:A", "order_value_span").period == "2026-11-01/2026-11-13"
    assert found.cite("account:A", "order_value_prior_span").period == "2025-11-01/2025-11-13"
    (line,) = found.new_lines
    assert (line.line, line.ordered, line.amount) == ("Caps", date(2026, 11, 1), Decimal("90"))


def test_a_contact_met_before_a_month_or_more_and_not_since_has_gone_quiet(coverage):
    month = changes(book(), coverage, date(2026, 10, 1), ["A"], head="account:A")
    days = changes(book(), coverage, SINCE, ["A"], head="account:A")

    assert month.cite("account:A", "quiet_contacts_span").value == "1"
    assert month.quiet == (("A", "quiet"),)
    assert days.quiet == ()
    with pytest.raises(NotCitable):
        days.cite("account:A", "quiet_contacts_span")


def test_a_team_is_the_sum_of_its_reps_and_its_readers_see_them_all(coverage):
    found = changes(book(), coverage, SINCE, ["A", "B", "C"], head="team")

    total, ana, bo = found.cite_all("team", "order_value_span")
    assert (total.value, ana.value, bo.value) == ("407.5", "400.5", "7")  # 375 + 25.5; 7
    assert total.source.operation == "sum"
    assert total.source.parents == (ana.id, bo.id)
    assert total.scope == REPS_JOINED_BY.join(("ana", "bo"))
    assert (ana.entity, ana.scope) == ("team/rep:ana", "ana")


def test_accounts_without_an_owner_are_nobodys_rows_but_those_of_who_sees_everything(coverage):
    free = book(accounts=[{"account_id": "A"}, {"account_id": "B", "owner_id": "ana"}])

    found = changes(free, coverage, SINCE, ["A", "B"], head="team")

    assert found.cite("account:A", "orders_span").scope == UNOWNED
    assert set(found.cite("team", "orders_span").scope.split(REPS_JOINED_BY)) == {UNOWNED, "ana"}


def test_a_line_is_not_new_where_no_order_came_before_the_span(coverage):
    young = book(orders=[order("A", date(2026, 11, 2), 5.0)])

    found = changes(young, coverage, SINCE, ["A"], head="account:A")

    with pytest.raises(NotCitable):
        found.cite("account:A", "new_lines_span")
    assert found.new_lines == ()
    with pytest.raises(NotCitable):  # nothing is on file of the year before
        found.cite("account:A", "order_value_change")


def test_a_table_without_rows_was_not_queried_and_tells_nothing(coverage):
    bare = book(opportunities=[], activities=[], documents=[], contacts=[])

    found = changes(bare, coverage, SINCE, ["A"], head="account:A")

    for metric in ("deals_won_span", "touches_span", "documents_span", "quiet_contacts_span"):
        with pytest.raises(NotCitable):
            found.cite("account:A", metric)
    assert found.cite("account:A", "orders_span").value == "1"


def test_a_day_after_the_books_date_is_refused_in_words(coverage):
    with pytest.raises(InvalidInput, match="after the book's date"):
        changes(book(), coverage, AS_OF + timedelta(days=1), ["A"], head="account:A")
    with pytest.raises(InvalidInput, match="no account"):
        changes(book(), coverage, SINCE, [], head="team")


amounts = st.integers(-5_000, 50_000).map(lambda cents: cents / 100)
days = st.dates(date(2025, 10, 20), date(2026, 11, 20))
rows = st.lists(st.tuples(st.sampled_from("ABC"), days, amounts), max_size=30)


@settings(max_examples=25, deadline=None)
@given(rows=rows)
def test_totals_are_the_sum_over_accounts_to_the_cent(coverage, rows):
    found = changes(
        book(orders=[order(*row) for row in rows]), coverage, SINCE, ["A", "B", "C"], head="team"
    )

    for metric in SUMMED:
        try:
            parts = [Decimal(found.cite(f"account:{key}", metric).value) for key in "ABC"]
        except NotCitable:
            with pytest.raises(NotCitable):
                found.cite("team", metric)
            continue
        assert Decimal(found.cite("team", metric).value) == sum(parts)


@settings(max_examples=25, deadline=None)
@given(rows=rows, more=rows)
def test_rows_of_other_accounts_and_of_other_days_change_nothing(coverage, rows, more):
    plain = book(orders=[order(*row) for row in rows])
    foreign = [order("C", day, amount) for _, day, amount in more]
    late = [order("A", AS_OF + timedelta(days=1), amount) for *_, amount in more]
    noisy = book(orders=[*(order(*row) for row in rows), *foreign, *late])

    told = [changes(on, coverage, SINCE, ["A", "B"], head="rep:ana") for on in (plain, noisy)]

    assert told[0].table.equals(told[1].table)
    assert told[0].new_lines == told[1].new_lines
    assert told[0].begins == told[1].begins

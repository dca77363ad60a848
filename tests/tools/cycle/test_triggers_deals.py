"""Deals and regular orders that slipped: each by hand, and the near miss."""

from __future__ import annotations

from datetime import date

import pytest

from tests.tools.cycle.two_books import EARLIER, LATER, compare, order, side, values


def deal(**row):
    return {
        "opportunity_id": "1", "account_id": "A", "name": "Spring range", "stage": "proposal",
        "amount": 5_000.0, "opened": "2026-10-01", "closes": "2027-03-31", **row,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        # 14 days are enough, 13 are not; earlier is no slip.
        ({}, {"closes": "2027-04-14"}, ("2027-03-31", "2027-04-14", "5000")),
        ({}, {"closes": "2027-04-13"}, None),
        ({}, {"closes": "2027-03-01"}, None),
        ({}, {"stage": "qualification"}, ("proposal", "qualification", "5000")),
        ({}, {"stage": "negotiation"}, None),
        # Open on the day it was to close; open the day after, it is late.
        ({"closes": "2027-02-12"}, {"closes": "2027-02-12"}, None),
        (
            {"closes": "2027-02-11"},
            {"closes": "2027-02-11"},
            ("2027-02-11", "2027-02-11", "5000"),
        ),
        ({"closes": "2027-02-11"}, {"closes": "2027-02-11", "stage": "won"}, None),
        # It was late at the earlier book already.
        ({"closes": "2026-11-12"}, {"closes": "2026-11-12"}, None),
        ({"closes": "2026-11-13"}, {"closes": "2026-11-13"}, ("2026-11-13", "2026-11-13", "5000")),
        # New since, and late.
        (None, {"closes": "2027-01-31"}, (None, "2027-01-31", "5000")),
        (None, {}, None),
        ({}, {"closes": "2027-04-14", "amount": None}, ("2027-03-31", "2027-04-14", None)),
        ({"closes": None}, {}, None),
        ({"stage": "lost"}, {"stage": "prospecting", "closes": "2027-06-30"}, None),  # reopened
        ({"account_id": "X"}, {"account_id": "X", "closes": "2027-06-30"}, None),  # Zoe's
        ({"account_id": "D"}, {"account_id": "D", "closes": "2027-06-30"}, None),  # nobody's
    ],
)  # fmt: skip
def test_a_deal_slips_in_time_back_a_stage_or_past_its_date(coverage, was, now, told):
    other = deal(opportunity_id="9", account_id="C", amount=1.0, closes="2027-12-31")
    before = side(coverage, EARLIER, opportunities=[other, *([] if was is None else [deal(**was)])])
    after = side(coverage, LATER, opportunities=[other, deal(**now)])
    rows = compare(before, after).rows
    assert [values(row) for row in rows] == ([told] if told else [])
    if told:
        assert (rows[0].kind, rows[0].subject) == ("deal_slipped", "account:A/opportunity:1")
        assert (rows[0].rep_id, rows[0].account_id) == ("ana", "A")
        late = rows[0].on < LATER
        assert rows[0].after.note == ("past, and the deal is still open" if late else "")


# ---------------------------------------------------------------- regular orders

# Every 60 days, the last on 1 Nov 2026: the next is due on 31 Dec 2026.
REGULAR = [
    order("A", day, 100.0)
    for day in (date(2026, 5, 5), date(2026, 7, 4), date(2026, 9, 2), date(2026, 11, 1))
]


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        (date(2027, 1, 13), None),  # 13 days overdue: a day to go
        (date(2027, 1, 14), "14"),
        (LATER, "43"),
        (date(2027, 6, 1), "152"),  # long over, and still told of this pair of books
    ],
)
def test_a_regular_order_slipped_that_is_two_weeks_overdue(coverage, as_of, days):
    before = side(coverage, EARLIER, orders=REGULAR)
    rows = compare(before, side(coverage, as_of, orders=REGULAR)).rows
    assert [(row.kind, values(row)) for row in rows] == (
        [("renewal_slipped", ("2026-12-31", days, "100"))] if days else []
    )
    if days:
        assert (rows[0].account_id, rows[0].on) == ("A", date(2026, 12, 31))


def test_an_order_that_came_did_not_slip(coverage):
    before = side(coverage, EARLIER, orders=REGULAR)
    came = [*REGULAR, order("A", date(2027, 2, 12), 1.0)]
    assert compare(before, side(coverage, LATER, orders=came)).rows == ()
    returned = [*REGULAR, order("A", date(2027, 1, 5), -50.0)]
    assert [row.kind for row in compare(before, side(coverage, LATER, orders=returned)).rows] == [
        "renewal_slipped"
    ]


def test_an_order_that_had_slipped_before_or_was_not_regular_is_not_told(coverage):
    # On 14 Jan 2027 it is 14 days overdue, so that the review of that book told it.
    slipped = side(coverage, date(2027, 1, 14), orders=REGULAR)
    assert compare(slipped, side(coverage, LATER, orders=REGULAR)).rows == ()
    waited = side(coverage, date(2027, 1, 13), orders=REGULAR)
    assert len(compare(waited, side(coverage, LATER, orders=REGULAR)).rows) == 1
    before = side(coverage, EARLIER, orders=REGULAR[1:])  # two gaps are no rhythm
    assert compare(before, side(coverage, LATER, orders=REGULAR[1:])).rows == ()

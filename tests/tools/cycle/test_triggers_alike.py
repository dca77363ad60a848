"""Books that are alike: an unchanged copy and shuffled rows give nothing, time only what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assignment import Lock
from domain.book import Book
from domain.errors import InvalidInput, NoLaterBook
from tests.tools.cycle.test_triggers_deals import REGULAR
from tests.tools.cycle.two_books import (
    EARLIER,
    LATER,
    OWNERS,
    accounts,
    compare,
    order,
    reps,
    side,
    side_of,
)
from tools.cycle.triggers import compared, triggers
from tools.facts import facts

LOOKED_AT = ("ana", "bo", "zoe", "cy")
OF_TIME = {
    "rep_left", "rep_joined", "new_product", "deal_slipped", "renewal_slipped", "champion_gone",
    "competitor_appeared", "lock_expired",
}  # fmt: skip
"""What a calendar alone brings about."""
DAYS = st.dates(date(2026, 6, 1), date(2027, 6, 1)) | st.none()


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[dict[str, object]]]:
    """Books with every table that is compared, dates on both sides of both books."""
    owners = {key: draw(st.sampled_from(["ana", "bo", "zoe", None])) for key in [*OWNERS, "E", "F"]}
    heads = {
        key: {"parent_id": draw(st.sampled_from(["A", "B", None]))} for key in ("C", "D", "E", "F")
    }
    some = st.integers(0, 3)
    return {
        "accounts": accounts(owners, **heads),
        "reps": reps(
            ana={"active_to": draw(DAYS)},
            cy={"name": "Cy", "active_from": draw(DAYS), "active_to": draw(DAYS)},
        ),
        "orders": [*REGULAR, order("B", EARLIER - timedelta(days=draw(some)), 5.0)],
        "contacts": [
            {
                "contact_id": f"P-{number}", "account_id": draw(st.sampled_from("ABC")),
                "role": draw(st.sampled_from(["champion", "user", None])),
                "attitude": draw(st.sampled_from(["supportive", "opposed", None])),
                "influence": "high", "last_contact": draw(DAYS),
            }
            for number in range(draw(some))
        ],
        "opportunities": [
            {
                "opportunity_id": f"O-{number}", "account_id": draw(st.sampled_from("ABCD")),
                "stage": draw(st.sampled_from(["prospecting", "proposal", "won", "lost"])),
                "amount": draw(st.sampled_from([None, 0.01, 90_000.0])), "closes": draw(DAYS),
            }
            for number in range(draw(some))
        ],
        "products": [
            {
                "product_id": f"P-{number}", "name": "p", "category": "c",
                "subcategory": draw(st.sampled_from(["s", "t"])), "live_from": draw(DAYS),
                "live_to": draw(DAYS),
            }
            for number in range(draw(some))
        ],
        "documents": [
            {
                "document_id": f"D-{number}", "account_id": "A", "kind": "competitive",
                "title": "t", "author_class": "external", "publisher": "p", "uri": "u",
                "published": draw(DAYS), "text": "Norvane is here.",
            }
            for number in range(draw(some))
        ],
    }  # fmt: skip


def shuffled(book: Book, seed: int) -> Book:
    return replace(
        book,
        book_id="shuffled",
        tables={
            name: rows.sample(frac=1, random_state=seed).reset_index(drop=True)
            if len(rows) > 1
            else rows
            for name, rows in book.tables.items()
        },
    )


@pytest.fixture(scope="module")
def rules(coverage):
    company = coverage.company.model_copy(update={"competitors": ("Norvane",)})
    return coverage.model_copy(update={"company": company})


LOCKS = [Lock(account_id="A", rep_id="bo", by="mo", reason="r", until=date(2026, 12, 31))]


@settings(max_examples=8, deadline=None)
@given(rows=tables(), seed=st.integers(0, 99))
def test_an_unchanged_copy_of_the_same_day_gives_none_whatever_the_order_of_rows(rules, rows, seed):
    one = side(rules, EARLIER, **rows)
    other = shuffled(one.book, seed)
    two = side_of(other, rules)
    assert compared(one, two, reps=LOOKED_AT, locks=LOCKS).rows == ()
    assert compared(two, one, reps=LOOKED_AT, locks=LOCKS).rows == ()


@settings(max_examples=8, deadline=None)
@given(rows=tables(), days=st.integers(1, 120))
def test_the_same_rows_on_a_later_day_give_only_what_time_brings(rules, rows, days):
    later = EARLIER + timedelta(days=days)
    found = compare(side(rules, EARLIER, **rows), side(rules, later, **rows), LOOKED_AT)
    assert {row.kind for row in found.rows} <= OF_TIME
    for row in found.rows:
        if row.kind in ("deal_slipped", "renewal_slipped", "competitor_appeared", "new_product"):
            assert row.on is not None
            assert row.on <= later


@settings(max_examples=8, deadline=None)
@given(was=tables(), now=tables(), seed=st.integers(0, 99))
def test_rows_in_another_order_give_the_same_triggers(rules, was, now, seed):
    before, after = side(rules, EARLIER, **was), side(rules, LATER, **now)
    found = compare(before, after, LOOKED_AT, locks=LOCKS)
    again = []
    for one in (before, after):
        book = replace(shuffled(one.book, seed), book_id=one.book.book_id)
        again.append(side_of(book, rules))
    assert compare(*again, LOOKED_AT, locks=LOCKS[::-1]) == found
    # Ids name what changed: no two are the same.
    keys = [row.trigger_id for row in found.rows]
    assert len(set(keys)) == len(keys)
    assert all(row.evidence for row in found.rows)
    assert list(found.evidence) == sorted(found.evidence, key=lambda item: item.id)


def test_ids_do_not_depend_on_the_books_ids(coverage):
    before = side(coverage, EARLIER, p50={"A": 40_000.0})
    after = side(coverage, LATER, p50={"A": 90_000.0})
    renamed = replace(after, book=replace(after.book, book_id="other"))
    ids = [compare(before, one).rows[0].trigger_id for one in (after, renamed)]
    assert ids[0] == ids[1]
    more = side(coverage, LATER, p50={"A": 90_000.01})
    assert compare(before, more).rows[0].trigger_id != ids[0]


def test_books_of_one_day_or_in_the_wrong_order_are_refused(coverage):
    one, two = side(coverage, EARLIER), side(coverage, LATER)
    with pytest.raises(InvalidInput, match="The books are in the wrong order"):
        triggers(two, one, reps=("ana",))
    with pytest.raises(NoLaterBook, match="Nothing later than the book of 2026-11-13"):
        triggers(one, one, reps=("ana",))


def test_empty_books_and_nobody_to_look_at_give_none(coverage):
    bare = {"accounts": [], "orders": [], "reps": []}
    empty = [side(coverage, day, **bare) for day in (EARLIER, LATER)]
    assert compare(*empty, ()).rows == ()
    full = [side(coverage, day) for day in (EARLIER, LATER)]
    assert compare(empty[0], full[1], ()).rows == ()
    # All rows of a table that one export lacks are new or gone, and none is a crash.
    kinds = {row.kind for row in compare(empty[0], full[1]).rows}
    assert kinds == {"rep_joined"}
    assert {row.kind for row in compare(full[0], empty[1]).rows} == {"rep_left"}
    assert isinstance(full[0].book["accounts"], pd.DataFrame)


def test_the_quick_sides_of_these_tests_hold_what_the_analyses_hold(rules):
    deals = [
        {"opportunity_id": "1", "account_id": "A", "name": "n", "stage": "proposal", "amount": 5.0}
    ]
    quick = side(rules, EARLIER, orders=REGULAR, opportunities=deals)
    read = [
        "net_spend_12m", "next_order_due", "last_order_date", "last_order_amount",
        "open_pipeline", "segment", "industry", "target_segment",
    ]  # fmt: skip
    whole = facts(quick.book, rules).table[read]
    pd.testing.assert_frame_equal(quick.analyses.facts.table[read], whole)

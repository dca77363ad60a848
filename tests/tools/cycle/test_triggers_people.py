"""Reps who left or joined, champions who are gone: each by hand, and the near miss."""

from __future__ import annotations

from datetime import date

import pytest

from tests.tools.cycle.two_books import (
    EARLIER,
    LATER,
    OWNERS,
    accounts,
    compare,
    reps,
    side,
    values,
)
from tools.cycle.side import Side


@pytest.fixture(scope="module")
def before(coverage) -> Side:
    return side(coverage, EARLIER)


UNOWNED = accounts({**OWNERS, "A": None, "B": None})


def test_a_leaver_is_told_once_with_the_accounts_to_place_and_what_they_spent(coverage, before):
    # Ana had A and B. A has no owner now, B went to Bo: one is to be placed. They spent
    # 300 + 100 in the 12 months before the earlier book.
    after = side(
        coverage, LATER, reps=reps("ana"), accounts=accounts({**OWNERS, "A": None, "B": "bo"})
    )
    found = compare(before, after)
    (row,) = found.rows

    assert (row.kind, row.subject, row.rep_id) == ("rep_left", "rep:ana", "ana")
    assert values(row) == ("2", "1", "400")
    assert row.on is None
    assert {item.metric for item in found.evidence} >= {
        "previous_accounts_owned", "accounts_to_place", "previous_spend_of_accounts",
        "previous_net_spend_12m", "name",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("2026-12-31", True),  # passed
        ("2027-02-12", True),  # the very day of the later book
        ("2027-03-31", True),  # the last day of the calendar quarter
        ("2027-04-01", False),
        (None, False),
    ],
)
def test_a_last_day_counts_up_to_the_end_of_the_quarter(coverage, before, last, told):
    after = side(coverage, LATER, reps=reps(ana={"active_to": last}))
    rows = compare(before, after).rows
    assert [row.kind for row in rows] == (["rep_left"] if told else [])
    if told:
        assert rows[0].on == date.fromisoformat(last)


def test_a_last_day_that_was_known_counts_again_only_once_it_has_passed(coverage):
    known = reps(ana={"active_to": "2027-02-12"})
    passed = reps(ana={"active_to": "2027-02-11"})
    for rows, count in ((known, 0), (passed, 1)):
        before, after = (side(coverage, day, reps=rows) for day in (EARLIER, LATER))
        assert len(compare(before, after).rows) == count


def test_who_had_left_before_does_not_leave_again(coverage):
    before = side(coverage, EARLIER, reps=reps(ana={"active_to": "2026-11-12"}))
    after = side(coverage, LATER, reps=reps("ana"))
    assert compare(before, after).rows == ()


def test_a_rep_all_of_whose_accounts_lost_their_owner_left(coverage, before):
    (row,) = compare(before, side(coverage, LATER, accounts=UNOWNED)).rows
    assert (row.kind, values(row)) == ("rep_left", ("2", "2", "400"))


def test_a_rep_who_keeps_one_account_did_not_leave(coverage, before):
    after = side(coverage, LATER, accounts=accounts({**OWNERS, "A": None}))
    (row,) = compare(before, after).rows
    assert (row.kind, row.account_id, values(row)) == (
        "owner_changed", "A", ("Ana Ito", "nobody", "300"),
    )  # fmt: skip


def test_a_rep_who_became_a_manager_works_no_accounts_any_more(coverage, before):
    after = side(coverage, LATER, reps=reps(ana={"function": "manager"}))
    assert [row.kind for row in compare(before, after).rows] == ["rep_left"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"active_from": "2027-01-04"}, True),
        ({}, True),  # new on file, without a first day
        ({"active_from": "2027-03-31"}, True),  # announced for this quarter
        ({"active_from": "2027-04-01"}, False),
        ({"function": "manager"}, False),
        ({"active_from": "2027-01-04", "active_to": "2027-02-01"}, False),
    ],
)
def test_a_rep_joined_who_is_new_and_starts_by_the_end_of_the_quarter(coverage, before, row, told):
    after = side(coverage, LATER, reps=reps(cy={"name": "Cy Ode", **row}))
    rows = compare(before, after, ("ana", "bo", "cy")).rows
    assert [item.subject for item in rows] == (["rep:cy"] if told else [])
    if told:
        assert (rows[0].kind, values(rows[0])) == ("rep_joined", (None, "0", None))
        assert rows[0].on == (row.get("active_from") and date.fromisoformat(row["active_from"]))


def test_a_rep_on_file_joins_on_the_first_working_day(coverage):
    rows = reps(cy={"name": "Cy", "active_from": "2026-12-01"})
    before, after = (side(coverage, day, reps=rows) for day in (EARLIER, LATER))
    (row,) = compare(before, after, ("cy",)).rows
    assert (row.kind, row.on) == ("rep_joined", date(2026, 12, 1))


# ---------------------------------------------------------------- champions

WARM = {"attitude": "supportive", "influence": "high"}


def contact(**row):
    return {
        "contact_id": "P", "account_id": "A", "name": "Pia Roe", "role": "champion",
        "last_contact": "2027-02-01", **row,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now", "standing", "state"),
    [
        (contact(), None, "champion", "no longer on file"),
        (contact(role="executive sponsor"), None, "executive sponsor", "no longer on file"),
        (contact(role="user", **WARM), None, "supportive, of high influence", "no longer on file"),
        (contact(), contact(account_id="B"), "champion", "works elsewhere"),
        (contact(), contact(attitude="opposed"), "champion", "opposed"),
    ],
)
def test_a_champion_is_gone_who_left_moved_or_turned(coverage, was, now, standing, state):
    before = side(coverage, EARLIER, contacts=[was])
    after = side(coverage, LATER, contacts=[now] if now else [])
    (row,) = compare(before, after).rows
    assert (row.kind, row.subject, row.rep_id) == ("champion_gone", "account:A/contact:P", "ana")
    assert values(row) == (standing, state, "300")
    assert row.on is None


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (contact(role="user"), None),
        (contact(role="user", attitude="supportive", influence="medium"), None),
        (contact(role="user", attitude="neutral", influence="high"), None),
        (contact(account_id="X"), None),  # Zoe's account
        (contact(account_id="D"), None),  # nobody's account
        (contact(attitude="opposed"), contact(attitude="opposed")),  # was so before
        (contact(), contact(role="user", attitude="neutral")),
    ],
)
def test_others_who_are_gone_were_no_champions(coverage, was, now):
    before = side(coverage, EARLIER, contacts=[was])
    after = side(coverage, LATER, contacts=[now] if now else [])
    assert compare(before, after).rows == ()


@pytest.mark.parametrize(
    ("met_before", "met", "silent"),
    [
        # 90 days before 12 Feb 2027 is 14 Nov 2026: on that day not yet, a day before it yes.
        ("2026-11-13", "2026-11-14", False),
        ("2026-11-13", "2026-11-13", True),
        # 90 days before 13 Nov 2026 is 15 Aug 2026: a day before it was silent already.
        ("2026-08-15", "2026-08-15", True),
        ("2026-08-14", "2026-08-14", False),
        (None, "2026-08-14", False),  # nobody had met them
        ("2026-11-01", None, True),  # a date that is lost is no new contact
    ],
)
def test_a_champion_falls_silent_when_last_met_longer_ago_than_the_limit(
    coverage, met_before, met, silent
):
    before = side(coverage, EARLIER, contacts=[contact(last_contact=met_before)])
    after = side(coverage, LATER, contacts=[contact(last_contact=met)])
    rows = compare(before, after).rows
    assert [values(row) for row in rows] == ([("champion", "silent", "300")] if silent else [])
    if met_before == met == "2026-08-15":
        assert rows[0].on == date(2026, 11, 14)  # 91 days after

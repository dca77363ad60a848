"""Which findings of approved plans are applied to a book, and the reasons for the others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.tools.conftest import AS_OF
from tests.tools.finding_rows import approved, deal, person, potential
from tools.finding_states import in_force, judge_findings


@pytest.fixture
def judge(tiny_book, coverage):
    def judged(*findings, **tables):
        book = tiny_book(accounts=[{"account_id": "A-1"}], **tables)
        return judge_findings(book, coverage, findings)

    return judged


def test_a_finding_is_applied_up_to_the_last_day_its_kind_may_have(judge, coverage):
    limit = timedelta(days=coverage.freshness.human)
    fresh = approved("A-1", potential("1", AS_OF - limit))
    old = approved("A-1", potential("1", AS_OF - limit - timedelta(days=1)))

    assert judge(fresh)[0].state == "in_force"
    (judged,) = judge(old)
    assert judged.state == "stale"
    assert "say it again in a new version" in judged.why


def test_a_finding_said_after_the_books_date_waits_for_a_newer_book(judge):
    (judged,) = judge(approved("A-1", potential("1", AS_OF + timedelta(days=1))))
    assert judged.state == "ahead"


def test_a_finding_about_an_account_that_is_gone_is_not_applied(judge):
    (judged,) = judge(approved("A-9", potential("1")))
    assert judged.state == "no_account"


def test_of_two_findings_about_the_same_the_one_approved_later_holds(judge):
    first = approved("A-1", potential("1"), sequence=3)
    second = approved("A-1", potential("2"), sequence=7)
    judged = judge(second, first)

    assert [one.state for one in judged] == ["replaced", "in_force"]
    assert in_force(judged) == (second,)


def test_a_stale_finding_replaces_nothing(judge, coverage):
    old = AS_OF - timedelta(days=coverage.freshness.human + 1)
    first = approved("A-1", potential("1"), sequence=3)
    second = approved("A-1", potential("2", old), sequence=7)

    assert in_force(judge(first, second)) == (first,)


MET = {"level": "executive", "met_on": date(2026, 11, 1)}


def kim(**more: object) -> dict[str, object]:
    return {"contact_id": "C-1", "account_id": "A-1", "name": "Kim Lee"} | more


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (kim(level="executive", last_contact="2026-11-01"), "in_crm"),
        (kim(level="executive", last_contact="2026-11-05"), "in_crm"),
        (kim(level="executive", last_contact="2026-10-31"), "in_force"),
        (kim(level="executive"), "in_force"),
        (kim(level="staff", last_contact="2026-11-05"), "in_force"),
    ],
)
def test_a_person_is_left_to_the_crm_once_it_says_all_that_was_found(judge, row, state):
    by_id = approved("A-1", person("Kim Lee", contact_id="C-1", **MET))
    by_name = approved("A-1", person("KIM LEE", **MET))

    assert judge(by_id, contacts=[row])[0].state == state
    assert judge(by_name, contacts=[row])[0].state == state


def opportunity(**more: object) -> dict[str, object]:
    return {"account_id": "A-1", "name": "Other", "stage": "proposal"} | more


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (opportunity(name="Spring Fleet"), "in_crm"),
        (opportunity(name="Spring fleet", stage="won", closes="2026-12-01"), "in_crm"),
        # A deal of the name that ended before the finding was said is another.
        (opportunity(name="Spring fleet", stage="won", closes="2025-12-01"), "in_force"),
        (opportunity(amount=40000.0, opened=AS_OF, closes="2027-02-15"), "in_crm"),
        (opportunity(amount=40000.0, opened="2026-01-01", closes="2027-02-15"), "in_force"),
        (opportunity(amount=40000.0, opened=AS_OF, closes="2027-06-01"), "in_force"),
        (opportunity(amount=41000.0, opened=AS_OF, closes="2027-01-31"), "in_force"),
    ],
)
def test_a_deal_is_left_to_the_crm_once_it_holds_the_same(judge, row, state):
    (judged,) = judge(approved("A-1", deal()), opportunities=[row])
    assert judged.state == state


def test_a_deal_past_its_expected_close_has_lapsed(judge):
    earlier = AS_OF - timedelta(days=20)
    (judged,) = judge(approved("A-1", deal(said_on=earlier, closes=AS_OF - timedelta(days=1))))
    assert judged.state == "lapsed"


def test_the_order_in_which_findings_are_given_is_irrelevant(judge):
    findings = [
        approved("A-1", potential("1"), sequence=3),
        approved("A-1", deal(), sequence=3, number=2),
        approved("A-1", potential("2"), sequence=7),
    ]
    assert judge(*findings) == judge(*reversed(findings))

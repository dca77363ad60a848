"""The register of exceptions and its alarm, at the bound."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.assignment import Forbid, Lock
from domain.territory_rules import TerritoryRules
from tests.tools.territory.tiny_inputs import AS_OF
from tools.territory.exceptions import exception_register

ACCOUNTS = [f"a{number:02d}" for number in range(30)]


def lock(account: str, until: date | None = None, rep: str = "ann") -> Lock:
    return Lock(account_id=account, rep_id=rep, by="max", reason="a promise", until=until)


def register(*constraints, accounts=ACCOUNTS, rules: TerritoryRules | None = None):
    return exception_register(
        constraints, accounts=accounts, as_of=AS_OF, rules=rules or TerritoryRules()
    )


def test_exactly_a_tenth_under_exception_raises_no_alarm_and_one_more_does() -> None:
    three = register(*(lock(account) for account in ACCOUNTS[:3]))
    assert (three.under_exception, three.accounts, three.alarm) == (3, 30, "")
    four = register(*(lock(account) for account in ACCOUNTS[:4]))
    assert four.share == pytest.approx(4 / 30)
    assert four.alarm.startswith("4 of 30 accounts (13.3%) are under exception, more than 10%:")
    assert "the model no longer describes how accounts are worked" in four.alarm


def test_the_bound_is_the_coverage_models() -> None:
    locks = [lock(account) for account in ACCOUNTS[:4]]
    assert register(*locks, rules=TerritoryRules(exceptions_alarm_share=0.2)).alarm == ""
    assert register(lock("a00"), rules=TerritoryRules(exceptions_alarm_share=0)).alarm


def test_locks_are_told_by_when_they_end() -> None:
    day = timedelta(days=1)
    past, today, soon, later = (
        lock(account, AS_OF + offset)
        for account, offset in zip(ACCOUNTS, (-day, 0 * day, 30 * day, 31 * day), strict=False)
    )
    forever = lock("a09")
    found = register(forever, later, soon, today, past)
    # A lock holds on its last day; 30 days ahead is soon, 31 is not.
    assert found.held == (today, soon, later, forever)
    assert found.expired == (past,)
    assert found.expiring == (today, soon)
    assert found.under_exception == 4


def test_only_locks_on_accounts_in_question_count_and_each_account_once() -> None:
    found = register(
        lock("a00"),
        lock("a00", AS_OF, "bo"),
        lock("elsewhere"),
        lock("a01", AS_OF - timedelta(days=1)),
        Forbid(account_id="a02", rep_id="ann", by="max", reason="too far"),
    )
    assert found.under_exception == 1
    assert len(found.held) == 3


def test_no_accounts_raise_no_alarm() -> None:
    found = register(lock("a00"), accounts=[])
    assert (found.share, found.alarm) == (0.0, "")

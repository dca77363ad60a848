"""What a rep owes in a quarter, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.period import Period
from tests.tools.cycle.tracked_quarter import AFTER, Q4, book
from tools.cycle.quotas import quotas

GONE = Period(Q4.period.start, AFTER)  # 44 of 92 days


def quota(starts: date, ends: date, amount: float):
    return {"rep_id": "ana", "starts": starts, "ends": ends, "amount": amount}


def told(*rows, **tables):
    found = quotas(book(AFTER, quotas=rows, **tables), ["ana", "bo"], Q4.period, GONE)
    assert "bo" not in found
    one = found.get("ana")
    return one and (one.amount, one.due, one.carried_on)


def test_a_quota_counts_by_its_days_in_the_quarter():
    # A year of 36,500 is 100 a day: 9,200 in the quarter, 4,400 by 13 Nov.
    year = quota(date(2026, 1, 1), date(2026, 12, 31), 36_500.0)

    assert told(year) == (Decimal(9200), Decimal(4400), False)


def test_who_joined_within_the_quarter_owes_what_is_set_from_then_on():
    # 61 days from 1 Nov, 13 of them gone.
    joined = quota(date(2026, 11, 1), Q4.period.end, 6100.0)

    assert told(joined) == (Decimal(6100), Decimal(1300), False)


def test_where_quotas_end_early_the_latest_rate_is_carried_on():
    # September's 100 a day, over 92 days; the same for October's, of which 31 days are set.
    assert told(quota(date(2026, 9, 1), date(2026, 9, 30), 3000.0)) == (
        Decimal(9200), Decimal(4400), True,
    )  # fmt: skip
    assert told(quota(date(2026, 10, 1), date(2026, 10, 31), 3100.0)) == (
        Decimal(9200), Decimal(4400), True,
    )  # fmt: skip


def test_the_quota_of_who_left_ends_with_them():
    reps = [{"rep_id": "ana", "active_to": date(2026, 10, 31)}, {"rep_id": "bo"}]

    assert told(quota(date(2026, 10, 1), date(2026, 10, 31), 3100.0), reps=reps) == (
        Decimal(3100), Decimal(3100), False,
    )  # fmt: skip


def test_without_a_quota_there_is_none():
    assert told() is None

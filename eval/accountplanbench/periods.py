"""Days that plans are of: the planning period, the quarter, and the hours in them."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from eval.accountplanbench.book import Book
from eval.task import Week

PLANNING_DAYS = 90
"""`planning.period_days` of the coverage models that the benchmark writes."""
HOURS_A_WEEK = 24
"""`capacity.selling_hours_week` of them: where a rep's row does not say."""


def quarter_of(day: date, first_month: int) -> tuple[date, date]:
    """Return first and last day of the quarter of a year that begins with `first_month`."""
    begun = (day.month - first_month) % 3
    months = day.year * 12 + day.month - 1 - begun
    starts = date(months // 12, months % 12 + 1, 1)
    year, month = (months + 2) // 12, (months + 2) % 12 + 1
    return starts, date(year, month, calendar.monthrange(year, month)[1])


def planning_week(book: Book, rep_id: str) -> Week:
    """Return the period of an account plan: 90 days from the Monday after the book's date."""
    starts = book.as_of + timedelta(days=7 - book.as_of.weekday())
    return _week(book, rep_id, starts, starts + timedelta(days=PLANNING_DAYS - 1))


def quarter_week(book: Book, rep_id: str, first_month: int) -> Week:
    """Return the days left of the book's quarter."""
    _, ends = quarter_of(book.as_of, first_month)
    return _week(book, rep_id, book.as_of + timedelta(days=1), ends)


def days_of(starts: date, ends: date) -> Iterator[date]:
    """Yield the days from one to the other, both included."""
    for index in range((ends - starts).days + 1):
        yield starts + timedelta(days=index)


def _week(book: Book, rep_id: str, starts: date, ends: date) -> Week:
    """Return the period with the rep's leave, and all selling hours that are left in it.

    No honest plan of one account takes more than the rep has for all of them.
    """
    off = {
        day
        for leave in book.leave
        if leave.rep_id == rep_id
        for day in days_of(max(leave.starts, starts), min(leave.ends, ends))
    }
    working = [day for day in days_of(starts, ends) if day.weekday() < 5 and day not in off]
    weekly = book.rep(rep_id).selling_hours_week or HOURS_A_WEEK
    return Week(
        starts=starts,
        ends=ends,
        days_off=tuple(sorted(off)),
        hours_at_most=Decimal(weekly) * len(working) / 5,
    )

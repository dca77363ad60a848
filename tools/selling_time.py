"""A rep's selling hours week by week, after leave, joining and leaving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from domain.book import Book
from domain.coverage import CoverageModel
from domain.errors import NotFound
from domain.period import Period


def rep_row(book: Book, rep_id: str) -> Mapping[str, Any]:
    """Return the rep's row; NotFound when the book has none of that id."""
    row = book.rows("reps").get(rep_id)
    if row is None:
        raise NotFound(f"There is no rep {rep_id!r} in the book.", hint="Check the reps table.")
    return row


def working_days(book: Book, rep_id: str, period: Period) -> list[date]:
    """Monday to Friday in `period`, less the rep's leave and days outside employment."""
    rep = rep_row(book, rep_id)
    first = _day(rep["active_from"]) or period.start
    last = _day(rep["active_to"]) or period.end
    off = [
        (row["starts"].date(), row["ends"].date())
        for row in book.rows("leave").values()
        if row["rep_id"] == rep_id
    ]
    days = (period.start + timedelta(days=n) for n in range(period.days))
    return [
        day
        for day in days
        if day.weekday() < 5
        and first <= day <= last
        and not any(starts <= day <= ends for starts, ends in off)
    ]


def selling_weeks(
    book: Book, rep_id: str, period: Period, coverage: CoverageModel
) -> dict[date, Decimal]:
    """Selling hours by week (keyed by its Monday) that a rep has in `period`.

    A week gives a fifth of the rep's weekly selling hours for each working day; the
    coverage model's figure stands in where the rep's row is blank. Hours have 2 places.
    """
    rep = rep_row(book, rep_id)
    weekly = rep["selling_hours_week"]
    hours = coverage.capacity.selling_hours_week if pd.isna(weekly) else float(weekly)
    counts = dict.fromkeys(period.weeks(), 0)
    for day in working_days(book, rep_id, period):
        counts[day - timedelta(days=day.weekday())] += 1
    per_day = Decimal(repr(hours)) / 5
    return {week: (per_day * count).quantize(Decimal("0.01")) for week, count in counts.items()}


def last_day(rep: Mapping[str, Any]) -> date | None:
    """Return a rep's last working day; None while employed."""
    return _day(rep["active_to"])


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()

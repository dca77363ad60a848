"""What is left of a rep's quarter: the working days, and the selling hours of each week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from domain.errors import NothingToPlan
from domain.period import Period
from domain.quarter import Quarter
from tools.cycle.side import Side
from tools.selling_time import rep_row, selling_weeks, working_days


@dataclass(frozen=True)
class DaysLeft:
    """Days of a quarter that one rep can still work.

    `span` runs from the first day that could be worked to the last day of the quarter or of
    the rep; `days` are its working days, `selling` the hours by week, keyed by the Monday.
    """

    span: Period
    days: tuple[date, ...]
    selling: Mapping[date, Decimal]

    @cached_property
    def by_week(self) -> Mapping[date, tuple[date, ...]]:
        """Working days by week; a week of leave has none."""
        found: dict[date, list[date]] = {week: [] for week in self.selling}
        for day in self.days:
            found[monday(day)].append(day)
        return {week: tuple(days) for week, days in found.items()}


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def days_left(side: Side, rep_id: str, quarter: Quarter) -> DaysLeft:
    """Return what is left of a rep's quarter after the book's date.

    The first day is the later of the quarter's first and the day after the book's date, and
    no weekend: a Friday's book leaves Monday. Leave, joining and leaving are taken off.

    Raises
    ------
    NotFound
        The book has no such rep.
    NothingToPlan
        No working day or no selling hour is left; the message says why.
    """
    rep = rep_row(side.book, rep_id)
    who = f"{rep['name']} ({rep_id})"
    start = max(quarter.period.start, side.as_of + timedelta(days=1))
    joined, left = _day(rep["active_from"]), _day(rep["active_to"])
    end = quarter.period.end
    if start > end:
        raise NothingToPlan(
            f"{quarter} ended on {end.isoformat()}, and the book is of "
            f"{side.as_of.isoformat()}: no day of it is left.",
            hint="Plan a later quarter.",
        )
    if left is not None and left < start:
        raise NothingToPlan(
            f"{who} left on {left.isoformat()}: no day of {quarter} is left to plan.",
            hint="Give the accounts an owner first, then plan the owner's quarter.",
        )
    if joined is not None and joined > end:
        raise NothingToPlan(
            f"{who} joins on {joined.isoformat()}, after {quarter} has ended.",
            hint="Plan a later quarter.",
        )
    start, end = max(start, joined or start), min(end, left or end)
    while start.weekday() > 4 and start < end:
        start += timedelta(days=1)
    span = Period(start, end)
    days = tuple(working_days(side.book, rep_id, span))
    if not days:
        raise NothingToPlan(
            f"{who} has no working day from {start.isoformat()} to {end.isoformat()}: all of it "
            "is leave or weekend.",
            hint="Plan a later quarter, or correct the leave table.",
        )
    selling = selling_weeks(side.book, rep_id, span, side.coverage)
    if sum(selling.values(), Decimal(0)) <= 0:
        raise NothingToPlan(
            f"{who} has no selling hours: the rep's row gives 0 a week.",
            hint="Correct selling_hours_week in the reps table.",
        )
    return DaysLeft(span, days, selling)


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()

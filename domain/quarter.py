"""Quarters of a company's year: what `2026Q4` names, and the days it covers."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from domain.errors import InvalidInput
from domain.period import Period
from domain.record import Record

_LABEL = re.compile(r"(\d{4})\s*-?\s*Q([1-4])", re.IGNORECASE)


class QuarterRules(Record):
    """When the company's year begins, and which calendar year gives it its name.

    With `first_month` 2 a year runs from February to January; `named_by` "start" calls the
    one that begins in February 2026 2026, "end" calls it 2027.
    """

    first_month: int = Field(default=1, ge=1, le=12)
    named_by: Literal["start", "end"] = "start"


@dataclass(frozen=True)
class Quarter:
    """Three months of the company's year. `label` is written `2026Q4`."""

    label: str
    period: Period

    def __str__(self) -> str:
        return self.label


def quarter_named(label: str, rules: QuarterRules) -> Quarter:
    """Return the quarter of that label; InvalidInput when it is not written like `2026Q4`."""
    found = _LABEL.fullmatch(label.strip())
    if found is None:
        raise InvalidInput(
            f"{label!r} is no quarter.", hint="Write the year and the quarter, such as 2026Q4."
        )
    year, number = int(found[1]), int(found[2])
    if rules.named_by == "end" and rules.first_month > 1:
        year -= 1
    if not date.min.year < year < date.max.year - 1:
        raise InvalidInput(f"{label!r} lies outside the calendar.", hint="Write 2026Q4.")
    months = rules.first_month - 1 + 3 * (number - 1)
    first = date(year + months // 12, months % 12 + 1, 1)
    last_month = months + 2
    end_year, end_month = year + last_month // 12, last_month % 12 + 1
    last = date(end_year, end_month, calendar.monthrange(end_year, end_month)[1])
    return Quarter(f"{found[1]}Q{number}", Period(first, last))


def quarter_at(day: date, rules: QuarterRules) -> Quarter:
    """Return the quarter that a day lies in."""
    months = (day.month - rules.first_month) % 12
    year = day.year if day.month >= rules.first_month else day.year - 1
    if rules.named_by == "end" and rules.first_month > 1:
        year += 1
    return quarter_named(f"{year:04d}Q{months // 3 + 1}", rules)


def next_quarter(quarter: Quarter, rules: QuarterRules) -> Quarter:
    """Return the quarter after this one."""
    return quarter_at(quarter.period.end + timedelta(days=1), rules)

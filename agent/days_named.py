"""Days as sentences name them, and the last one allowed: "by 12 March", "end of January"."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name, monthrange
from collections.abc import Iterator
from datetime import date, timedelta

_MONTHS = {
    name.lower(): number
    for names in (month_name, month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?:,? (?P<year>20\d\d))?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
# Inclusive words, and "before", which leaves the day itself out.
_LIMIT = (
    r"\b(?:(?P<before>before)|by|until|till|no later than|not later than|nothing after|after"
    r"|through|at the latest(?: on)?|latest(?: on)?|on or before)\s+(?:the )?"
)
_NAMED = tuple(
    re.compile(rf"\b{form}", re.IGNORECASE)
    for form in (
        r"20\d\d-(?P<month>\d\d)-(?P<day>\d\d)\b",
        r"(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?:20\d\d)?",
        rf"{_DAY} (?:of )?{_MONTH}",
        rf"{_MONTH} {_DAY}\b(?!\d)",
    )
)
_FORMS = tuple(
    re.compile(_LIMIT + form, re.IGNORECASE)
    for form in (
        r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b",
        r"(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?P<year>20\d\d)\b",
        rf"{_DAY} (?:of )?{_MONTH}{_YEAR}",
        rf"{_MONTH} {_DAY}\b{_YEAR}",
        rf"(?P<end>end) of {_MONTH}{_YEAR}",
        r"(?P<end>end) of (?:the|this) (?P<month>month)\b",
    )
)


def days_named(text: str) -> Iterator[tuple[int, int]]:
    """Yield month and day of the days a text names, by form and then in order."""
    for form in _NAMED:
        for found in form.finditer(text):
            said = found["month"].lower()
            month, day = int(said) if said.isdigit() else _MONTHS[said], int(found["day"])
            if 1 <= month <= 12 and 1 <= day <= 31:
                yield month, day


def last_day_named(sentence: str, as_of: date | None = None) -> date | None:
    """Return the last day a sentence allows, or None where it names no day as a limit.

    A day without a year is the next one from `as_of` on; without `as_of` it is none.
    """
    for form in _FORMS:
        found = form.search(sentence)
        if found is not None:
            day = _day(found.groupdict(), as_of)
            return day - timedelta(days=1) if day and found["before"] else day
    return None


def _day(part: dict[str, str | None], as_of: date | None) -> date | None:
    said = (part["month"] or "").lower()
    said_year = part.get("year")
    year = int(said_year) if said_year else None
    if said == "month":
        month = as_of.month if as_of else 0
    else:
        month = int(said) if said.isdigit() else _MONTHS[said]
    if not 1 <= month <= 12 or (year is None and as_of is None):
        return None
    if year is None:
        assert as_of is not None
        year = as_of.year
        if (day := _at(year, month, part)) is not None and day < as_of:
            year += 1
    return _at(year, month, part)


def _at(year: int, month: int, part: dict[str, str | None]) -> date | None:
    last = monthrange(year, month)[1]
    day = last if part.get("end") else int(part["day"] or 0)
    return date(year, month, day) if 1 <= day <= last else None

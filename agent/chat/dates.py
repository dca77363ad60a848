"""Periods as people write them, seen from the book's date and never from the clock.

A quarter, month or week is one of the calendar; weeks begin on Monday.
"""

# A pattern on one line is easier to read than one that is broken up.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, start=1)} | {"sept": 9}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "few": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
}  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


class Since(NamedTuple):
    """A period found in a text: its first day, and where it stands there.

    `first` is None where the words name a period without a day that can be told;
    `problem` then says why, and `choices` are days to offer.
    """

    first: date | None
    start: int
    end: int
    problem: str = ""
    choices: tuple[date, ...] = ()


_MONTH = r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\.?"
_LEAD = (
    r"(?:\b(?:ever since|since|from|after|as of|starting|beginning|in|during|over|within|for|of"
    r"|this|last)\s+)?(?:the\s+)?"
)
_PART = r"(?:(?P<part>start|beginning|first|early|middle|mid|end|late)(?:\s+of|\s+in)?[\s-]+(?:the\s+)?)?"
_NUMBER = (
    r"(?P<number>\d{1,4}|a|an|one|two|couple|three|few|four|five|six|seven|eight|nine|ten|twelve)"
)
_UNIT = r"(?P<unit>day|week|fortnight|month|quarter|year)s?"

Reader = Callable[[re.Match[str], date], "date | str | tuple[date, ...]"]


def _iso(match: re.Match[str], as_of: date) -> date | str:
    return _day(int(match["y"]), int(match["m"]), int(match["d"]))


def _iso_month(match: re.Match[str], as_of: date) -> date | str:
    return _day(int(match["y"]), int(match["m"]), 1)


def _slashed(match: re.Match[str], as_of: date) -> date | str | tuple[date, ...]:
    one, two, year = int(match["one"]), int(match["two"]), int(match["y"])
    year += 2000 if year < 100 else 0
    readings = [_day(year, two, one), _day(year, one, two)]
    days = sorted({day for day in readings if isinstance(day, date)})
    if not days:
        return f"There is no day {match.group().strip()!r}"
    past = [day for day in days if day <= as_of] or days
    return past[0] if len(past) == 1 else tuple(past)


def _month_day(match: re.Match[str], as_of: date) -> date | str:
    month, year = _SHORT[match["month"][:3]], match["year"]
    wanted = int(match["d"])
    if year:
        return _day(int(year), month, wanted)
    found = _day(as_of.year, month, wanted)
    if isinstance(found, str):
        return _day(as_of.year - 1, month, wanted)
    return found if found <= as_of else _day(as_of.year - 1, month, wanted)


def _month(match: re.Match[str], as_of: date) -> date | str:
    month, year = _SHORT[match["month"][:3]], match["year"]
    first = date(int(year) if year else as_of.year, month, 1)
    if not year and first > as_of:
        first = date(as_of.year - 1, month, 1)
    return _within(first, _next_month(first), match["part"])


def _quarter(match: re.Match[str], as_of: date) -> date | str:
    year = int(match["year"]) if match["year"] else as_of.year
    if year < 100:
        year += 2000
    first = date(year, 3 * int(match["q"]) - 2, 1)
    if not match["year"] and first > as_of:
        first = first.replace(year=year - 1)
    return first


def _calendar(match: re.Match[str], as_of: date) -> date | str:
    unit, back = match["unit"], match["which"] in ("last", "previous", "past", "prior")
    if unit == "fortnight":
        return as_of - timedelta(days=14)
    first = _first_of(unit, as_of)
    end = _next_of(unit, first)
    if back:
        end, first = first, _first_of(unit, first - timedelta(days=1))
    return _within(first, end, match["part"])


def _to_date(match: re.Match[str], as_of: date) -> date | str:
    units = {"y": "year", "q": "quarter", "m": "month", "w": "week"}
    return _first_of(units[match["u"][0]], as_of)


def _back(match: re.Match[str], as_of: date) -> date | str:
    number = _NUMBERS.get(match["number"]) or int(match["number"])
    return _earlier(as_of, number, match["unit"])


def _weekday(match: re.Match[str], as_of: date) -> date | str:
    behind = (as_of.weekday() - DAYS.index(match["weekday"])) % 7
    if match["which"] == "last" and behind == 0:
        behind = 7
    return as_of - timedelta(days=behind)


def _year(match: re.Match[str], as_of: date) -> date | str:
    return date(int(match["year"]), 1, 1)


_READERS: tuple[tuple[str, Reader], ...] = (
    (rf"{_LEAD}\b(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})\b", _iso),
    (rf"{_LEAD}\b(?P<one>\d{{1,2}})[/.](?P<two>\d{{1,2}})[/.](?P<y>\d{{4}}|\d{{2}})\b", _slashed),
    (rf"{_LEAD}\b(?P<m>\d{{1,2}})[/.](?P<y>(?:19|20)\d{{2}})\b(?!-)", _iso_month),
    (rf"{_LEAD}\b(?P<y>(?:19|20)\d{{2}})[-/](?P<m>\d{{1,2}})\b(?!-)", _iso_month),
    (
        rf"{_LEAD}\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:,?\s+(?P<year>\d{{4}}))?\b(?![\w])",
        _month_day,
    ),
    (
        rf"{_LEAD}\b{_MONTH}\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{{4}}))?\b(?!\d)",
        _month_day,
    ),
    (
        rf"(?:\b(?:ever since|since|from|after|in|during|over|this|last|starting)\s+)(?:the\s+)?(?:(?:this|last)\s+)?{_PART}(?:the\s+)?{_MONTH}(?:\s+(?P<year>\d{{4}}))?(?![\w])",
        _month,
    ),
    (rf"{_LEAD}{_PART}\b{_MONTH}\s+(?P<year>\d{{4}})\b", _month),
    (rf"{_LEAD}\bq(?P<q>[1-4])(?:\s+(?:of\s+)?(?P<year>\d{{4}}|\d{{2}})\b)?(?![\w])", _quarter),
    (
        r"\b(?:(?:over|in|during|within|for|since)\s+)?(?:the\s+)?(?:last|past|previous|these)\s+"
        rf"(?:a\s+)?{_NUMBER}\s+(?:of\s+)?{_UNIT}\b",
        _back,
    ),
    (rf"\b(?:since\s+|from\s+)?(?:about\s+)?(?:a\s+)?{_NUMBER}\s+(?:of\s+)?{_UNIT}\s+(?:ago|back)\b", _back),
    (
        rf"(?:\b(?:since|from|in|during|over|within|for|at)\s+)?(?:the\s+)?{_PART}"
        r"\b(?P<which>this|the current|current|last|previous|past|prior)\s+"
        r"(?P<unit>week|month|quarter|year|fortnight)\b",
        _calendar,
    ),
    (
        r"\b(?:since|from)\s+(?:the\s+)?(?P<part>start|beginning)\s+of\s+(?P<which>the)\s+"
        r"(?P<unit>week|month|quarter|year)\b",
        _calendar,
    ),
    (r"\b(?P<u>y|q|m|w)td\b|\b(?P<u2>year|quarter|month|week)[\s-]to[\s-]date\b", lambda m, d: _first_of(
        {"y": "year", "q": "quarter", "m": "month", "w": "week"}[(m["u"] or m["u2"])[0]], d)),
    (rf"\b(?:since|from)\s+(?:(?P<which>last|this)\s+)?(?P<weekday>{'|'.join(DAYS)})\b", _weekday),
    (r"\b(?:since|from)\s+yesterday\b", lambda m, d: d - timedelta(days=1)),
    (r"\b(?:since|from)\s+today\b", lambda m, d: d),
    (r"\b(?:since|in|during|from|of)\s+(?P<year>(?:19|20)\d{2})\b", _year),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), reader) for pattern, reader in _READERS)
_BOOK_BEFORE = re.compile(
    r"\bsince\s+(?:the\s+)?(?:last|previous|earlier)\s+"
    r"(?:book|time|import|load|snapshot|export|upload)\b|\bsince\s+(?:the\s+book\s+)?before\b"
)
_DANGLING = re.compile(r"\bsince\s*[?.!]*\s*$")
_UNREAD = re.compile(r"\bsince\s+(?P<what>(?!(?:when|then|they|we|you|he|she|it|i)\b)\S.{0,60})")


def since(text: str, as_of: date) -> Since | None:
    """Return the period a text names, or None where it names none.

    Parameters
    ----------
    text
        What was typed; case does not matter.
    as_of
        The book's date. A month without a year is the latest that has begun by then.

    Returns
    -------
    Since or None
        With a `problem` where a period is named that does not exist, lies after `as_of`,
        can be read in two ways, or begins at something that is no date.
    """
    lower = text.lower()
    if len(lower) != len(text):
        return None
    # The book before is what a question without a period is about anyway.
    before = _BOOK_BEFORE.search(lower)
    if before:
        return Since(None, *before.span())
    for pattern, reader in _COMPILED:
        match = pattern.search(lower)
        if match is None:
            continue
        start, end = match.span()
        try:
            read = reader(match, as_of)
        except (ValueError, OverflowError):
            read = f"There is no period {text[start:end].strip()!r}"
        if isinstance(read, tuple):
            shown = " or ".join(day.isoformat() for day in read)
            said = f"{text[start:end].strip()!r} can be {shown}"
            return Since(None, start, end, said, read)
        if isinstance(read, str):
            return Since(None, start, end, read, usual(as_of))
        if read > as_of:
            late = f"{read.isoformat()} is after the book's date, {as_of.isoformat()}"
            return Since(None, start, end, late, usual(as_of))
        if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
            far = f"{read.isoformat()} is before anything the book could hold"
            return Since(None, start, end, far, usual(as_of))
        return Since(read, start, end)
    dangling = _DANGLING.search(lower)
    if dangling:
        return Since(None, *dangling.span(), "A day is missing behind “since”", usual(as_of))
    unread = _UNREAD.search(lower)
    if unread:
        start, end = unread.span()
        said = f"{text[unread.start('what') : end].strip(' ?!.')!r} is no date that the book knows"
        return Since(None, start, end, said, usual(as_of))
    return None


def usual(as_of: date) -> tuple[date, ...]:
    """Return the days most often meant: this month, this quarter, last quarter, this year."""
    quarter = _first_of("quarter", as_of)
    days = (
        _first_of("month", as_of),
        quarter,
        _first_of("quarter", quarter - timedelta(days=1)),
        _first_of("year", as_of),
    )
    return tuple(dict.fromkeys(days))


def _day(year: int, month: int, day: int) -> date | str:
    try:
        return date(year, month, day)
    except ValueError:
        if 1 <= month <= 12:
            return f"{MONTHS[month - 1].capitalize()} has no day {day}"
        return f"There is no month {month}"


def _first_of(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return date(day.year, 1, 1)


def _next_of(unit: str, first: date) -> date:
    if unit == "week":
        return first + timedelta(days=7)
    after = first
    for _ in range({"month": 1, "quarter": 3}.get(unit, 12)):
        after = _next_month(after)
    return after


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _within(first: date, end: date, part: str | None) -> date:
    """Return the first day of a part: the middle half begins at the middle, the end a week before."""
    if part in ("middle", "mid"):
        return first + timedelta(
            days=(end - first).days // 2 - (1 if (end - first).days > 27 else 0)
        )
    if part in ("end", "late"):
        return end - timedelta(days=7)
    return first


def _earlier(day: date, number: int, unit: str) -> date:
    if unit in ("day", "week", "fortnight"):
        return day - timedelta(days=number * {"day": 1, "week": 7, "fortnight": 14}[unit])
    months = number * {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError("no such day")

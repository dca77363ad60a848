"""Values: whether two are the same, and whether what is written says one."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from domain.evidence import Unit
from eval.scorers.reading.days import Day
from eval.scorers.reading.numerals import Numeral, numerals
from eval.scorers.reading.wording import content_words, plain

_ABOUT = re.compile(
    r"\b(?:about|around|almost|approximately|nearly|over|roughly|some|under)\s*[$€£]?$|~$",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:decreas|declin|dropp|fell|fall|down|lost|shrank|shrunk)\w*(?:\W+\w+){0,2}\W*$",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:increas|grew|grow|rose|risen|climb|gain|up)\w*(?:\W+\w+){0,2}\W*$", re.IGNORECASE
)
_LESS = re.compile(
    r"\b(?:decreas|declin|dropp|fell|fall|down|lost|loss|shrank|shrunk|shrink|less|lower|below"
    r"|behind|under|short|reduc|negative|minus|fewer|cut|slid|slipp)\w*",
    re.IGNORECASE,
)
_SIGNS = {"$": ("USD", "CAD", "AUD"), "€": ("EUR",), "£": ("GBP",)}
_CODES = re.compile(r"\b(?:USD|CAD|AUD|EUR|GBP|SEK|NOK|DKK|CHF|JPY)\b")
_WEEKS = re.compile(r"\bweeks?\b", re.IGNORECASE)


def number(value: str) -> Decimal | None:
    """Return a finite decimal string as a number, or None."""
    try:
        found = Decimal(value.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def day(value: str) -> date | None:
    """Return an ISO date, or None."""
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def same_value(one: str, other: str, tolerance: Decimal = Decimal(0)) -> bool:
    """Say whether two values are the same number (within `tolerance`), day or words."""
    first, second = number(one), number(other)
    if first is not None and second is not None:
        return abs(first - second) <= tolerance
    days = day(one), day(other)
    if None not in days:
        return days[0] == days[1]
    return plain(one).casefold() == plain(other).casefold()


def other_currency(written: str, currency: str) -> str:
    """Return the sign or code of another currency in what is written, "" where there is none.

    `currency` is the ISO 4217 code meant; where it is unknown, nothing is another one.
    """
    if not currency:
        return ""
    told = {sign: codes for sign, codes in _SIGNS.items() if sign in written}
    told |= {code: (code,) for code in _CODES.findall(written)}
    return next((name for name, codes in told.items() if currency not in codes), "")


def says(
    written: str, value: str, unit: Unit, before: str = "", around: str | None = None
) -> bool | None:
    """Say whether `written` tells `value` in `unit`; None where it tells no number to compare.

    A number may be rounded to the digits that are written, and after a word such as `about`
    (the end of `before`) to its last digit that is not nought; per cent tell shares and
    changes; a number without a sign tells the size alone, unless a word right before it tells
    the direction of a change. That a change is a fall has to be told by a sign or by a word of
    the sentence `around` it, where that is given. A day may leave out its year.
    """
    written = plain(written)
    if unit in ("text", "name") and number(value) is None and day(value) is None:
        told, meant = content_words(written), content_words(value)
        return bool(told and meant) and (told <= meant or meant <= told)
    found = numerals(re.sub(r"(?<=\d) (?=\d{3}\b)", "", written))
    meant_day = day(value)
    if meant_day is not None:
        told_days = [item.day or _year(item) for item in found]
        days = [item for item in told_days if item is not None]
        return all(item.agrees(Day.of(meant_day)) for item in days) if days else None
    meant_number = number(value)
    if meant_number is None:
        return plain(value).casefold() in written.casefold()
    numbers = [item for item in found if item.value is not None]
    if not numbers:
        return None
    about = bool(_ABOUT.search(plain(before) + " " if before else "")) or bool(
        _ABOUT.search(written[: numbers[0].start])
    )
    if unit == "change" and not any(item.sign for item in numbers):
        wrong_way = _DOWN if meant_number > 0 else _UP
        if meant_number and wrong_way.search(before):
            return False
        if meant_number < 0 and around is not None and not _LESS.search(around):
            return False
    weeks = unit == "days" and bool(_WEEKS.search(written))
    return any(_tells(item, meant_number, about=about, weeks=weeks) for item in numbers)


def _tells(item: Numeral, value: Decimal, *, about: bool, weeks: bool) -> bool:
    assert item.value is not None
    told, step = item.value, item.step
    if item.percent:
        told, step = told / 100, step / 100
    if weeks:
        told, step = told * 7, step * 7
    if about and told:
        while told % (step * 10) == 0:
            step *= 10
        step *= 2  # `over 90,000` may be anything up to 100,000
    if not item.sign:
        told, value = abs(told), abs(value)
    return abs(told - value) <= step / 2


def _year(item: Numeral) -> Day | None:
    if item.value is not None and 1900 <= item.value <= 2200 and item.value == int(item.value):
        return Day(int(item.value), None, None)
    return None

"""Figures that a model typed instead of pointing at them: the cited cell they can only be.

A figure is admitted where a cell that the sentence cites comes to it when rounded to the
precision typed, in a way its unit can be written. It becomes a slot, so that a reader gets
the cell's own value, and the verifier asks whether the words around it speak of that cell.
Anything else stays typed, and is struck.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from agent.render import direction_before
from agent.verifier.measures import FAMILIES, measure_of
from domain.evidence import Evidence, Unit
from domain.plan import Slot, SlotFormat

_SIGNS = "+\u2212\u2013-"
_FIGURE = re.compile(
    rf"(?<![\w{{}}.,])(?P<sign>[{_SIGNS}])?(?P<symbol>[$€£]\s?)?(?P<sign2>[{_SIGNS}])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<scale>\s?(?:[KkMmBb]|bn|million|thousand|billion)\b)?"
    r"(?P<unit>\s?%|[ -](?:per\ cent|percent|points|hours?|days?|times|dollars|euros|pounds"
    r"|USD|EUR|GBP)\b|\s?(?:x|h)\b)?(?![\w}]|[.,]\d|\s?(?:-|–)\s?\d|\s?%)",
    re.VERBOSE,
)
_NUMBER_WORD = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?<!no )(?<!this )(?<!that )(?<!which )(?<!each )(?<!other )(?<!every )"
    r"one(?= [a-z])(?! of\b| another\b| by\b| before\b| after\b))\b(?!-)",
    re.IGNORECASE,
)
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_OF_A_MEASURE = re.compile(
    r"[ -](?:months?\b|days?\b(?! (?:ago|back|since|apart))|percentile\b|th\b)"
)
"""Behind a figure that belongs to the name of a measure, such as `12 months`."""

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?P<month>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?P<year>\d{{4}})\b",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b",
    )
)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
_UNITS: dict[str, tuple[Unit, ...]] = {
    "%": ("share", "change"), "percent": ("share", "change"), "per cent": ("share", "change"),
    "points": ("points",), "hour": ("hours",), "hours": ("hours",), "h": ("hours",),
    "day": ("days",), "days": ("days",), "x": ("ratio",), "times": ("ratio",),
    "dollars": ("money",), "euros": ("money",), "pounds": ("money",),
    "usd": ("money",), "eur": ("money",), "gbp": ("money",),
}  # fmt: skip
_BARE: tuple[Unit, ...] = ("count", "money", "points", "ratio", "share")
_FORMATS: dict[Unit, SlotFormat] = {
    "money": "money", "count": "number", "share": "percent", "change": "change",
    "ratio": "ratio", "hours": "hours", "days": "days", "points": "points",
}  # fmt: skip
_CLAUSE = re.compile(r"[,;:()]|\s[–—]\s|\band\b|\bbut\b")


@dataclass(frozen=True)
class _Typed:
    """A figure as typed. `step` is the size of its last place, in the unit it was typed in."""

    value: Decimal
    step: Decimal
    signed: bool
    units: tuple[Unit, ...]
    digits: int


def point_at_figures(text: str, cited: Sequence[Evidence]) -> tuple[str, list[Slot]]:
    """Turn typed figures and dates into slots where a cited cell comes to just that.

    Where several do, the cell whose measure the words around the figure name is taken,
    then the one cited first: a reader gets the value typed whichever it is, and the verifier
    judges the words. Each cell is taken once, since one value typed for two measures is
    wrong for one of them.
    """
    slots: list[Slot] = []

    def slot(item: Evidence, form: SlotFormat) -> str:
        name = f"typed{len(slots) + 1}"
        slots.append(Slot(name=name, evidence_id=item.id, format=form))
        return f"{{{{{name}}}}}"

    def of_date(match: re.Match[str]) -> str:
        day = _day(match)
        found = [item for item in cited if item.unit == "date" and day and item.value == day]
        best = _best(found, match, slots)
        return slot(best, "date") if best else match.group()

    def of_figure(match: re.Match[str]) -> str:
        if _OF_A_MEASURE.match(match.string, match.end()):
            return match.group()
        typed = _typed(match)
        best = _best([item for item in cited if _comes_to(item, typed, match)], match, slots)
        if best is None:
            return match.group()
        form = _FORMATS[best.unit]
        if form == "money" and match.group("scale"):
            form = "money_short"
        # `points` writes the figure alone: the word stays.
        kept = (match["unit"] or "") if best.unit == "points" else ""
        return slot(best, form) + kept

    def of_word(match: re.Match[str]) -> str:
        if _OF_A_MEASURE.match(match.string, match.end()):
            return match.group()
        value = str(_WORDS.index(match.group().lower()))
        found = [item for item in cited if item.unit == "count" and item.value == value]
        best = _best(found, match, slots)
        return slot(best, "number") if best else match.group()

    for pattern in _DATES:
        text = pattern.sub(of_date, text)
    text = _FIGURE.sub(of_figure, text)
    return _NUMBER_WORD.sub(of_word, text), slots


def _typed(match: re.Match[str]) -> _Typed:
    digits = match["digits"].replace(",", "")
    power = _SCALES.get((match["scale"] or "").strip().lower(), 0)
    sign = (match["sign"] or match["sign2"] or "").strip()
    value = Decimal(digits).scaleb(power)
    places = len(digits.partition(".")[2])
    unit = (match["unit"] or "").strip(" -").lower()
    units = _UNITS.get(unit, _BARE)
    if match["symbol"] or power:
        units = tuple(item for item in units if item in ("money", "count")) or ("money",)
        units = ("money",) if match["symbol"] else units
    return _Typed(
        value=-value if sign and sign != "+" else value,
        step=Decimal(1).scaleb(power - places),
        signed=bool(sign),
        units=units,
        digits=len(digits.replace(".", "").lstrip("0")),
    )


def _comes_to(item: Evidence, typed: _Typed, match: re.Match[str]) -> bool:
    """Say whether a cell, rounded to the place typed, is the figure typed."""
    if item.unit not in typed.units or item.unit not in _FORMATS:
        return False
    try:
        value = Decimal(item.value)
    except InvalidOperation:
        return False
    if item.unit in ("share", "change") and _in_percent(match):
        value *= 100
    wanted = typed.value
    if not typed.signed and item.unit == "change":
        # "fell by 8 %" is written without a sign, and its word is the verifier's to judge.
        if value < 0 and not direction_before(match.string[: match.start()]):
            return False
        value = abs(value)
    if value == wanted:
        return True
    # Two digits at least, or "1M" would stand for anything from half a million on.
    rounded = (
        value.quantize(typed.step, rounding=ROUND_HALF_UP)
        if typed.step < 1
        else ((value / typed.step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * typed.step)
    )
    whole = item.unit == "count"
    return not whole and rounded == wanted and (typed.digits >= 2 or typed.step <= 1)


def _in_percent(match: re.Match[str]) -> bool:
    return bool(match["unit"]) and _UNITS[match["unit"].strip(" -").lower()][0] == "share"


def _best(
    found: Sequence[Evidence], match: re.Match[str], slots: Sequence[Slot]
) -> Evidence | None:
    used = {slot.evidence_id for slot in slots}
    around = _around(match)
    left = [item for item in found if item.id not in used]
    return min(left, key=lambda item: not _named(item, around), default=None)


def _named(item: Evidence, around: str) -> bool:
    """Say whether the clause of a figure holds a word of the cell's measure."""
    measure = measure_of(item.metric)
    if measure is None:
        return any(word in around.lower() for word in item.metric.split("_") if len(word) > 3)
    return any(
        pattern is not None and pattern.search(around)
        for name in measure.families
        for pattern in FAMILIES[name]
    )


def _around(match: re.Match[str]) -> str:
    text = match.string
    start = max((cut.end() for cut in _cuts(text[: match.start()])), default=0)
    after = next(_cuts(text[match.end() :]), None)
    return text[start : match.end() + (after.start() if after else len(text))]


def _cuts(text: str) -> Iterator[re.Match[str]]:
    return _CLAUSE.finditer(text)


def _day(match: re.Match[str]) -> str | None:
    named = match.groupdict()
    month = (
        int(named["number"])
        if named.get("number")
        else (_MONTHS.index(named["month"][:3].lower()) + 1)
    )
    try:
        return date(int(named["year"]), month, int(named["day"])).isoformat()
    except ValueError:
        return None

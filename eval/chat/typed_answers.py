"""Answers as models write them that type figures instead of pointing at them, some wrong.

A true sentence is a claim of our own answers with its figures typed in one of the ways
people type them, and the numbers of its evidence behind it. A wrong one differs from it in
one figure. Names and quotations stay pointers: this is about figures.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from agent.render import MINUS, SLOT, SYMBOLS, direction_before
from domain.evidence import Evidence
from domain.plan import Claim

NUMERIC = frozenset({"money", "count", "share", "change", "ratio", "hours", "days", "points"})
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_WORDS = "no one two three four five six seven eight nine ten".split()


@dataclass(frozen=True)
class Typed:
    """One sentence with a typed figure. `kind` says how it is wrong; empty where it is true."""

    text: str
    kind: str
    told: str


@dataclass(frozen=True)
class Place:
    """A figure of a claim: which evidence, and which slot of the text."""

    slot: str
    evidence: Evidence


def places(claim: Claim, facts: Mapping[str, Evidence]) -> list[Place]:
    """Return the figures and dates of a claim, in reading order."""
    slots = {slot.name: slot for slot in claim.slots}
    found = []
    for match in SLOT.finditer(claim.text):
        slot = slots.get(match.group(1))
        item = facts.get(slot.evidence_id) if slot else None
        if slot and item and (item.unit in NUMERIC or item.unit == "date"):
            found.append(Place(slot.name, item))
    return found


def true_sentence(
    claim: Claim, shown: Sequence[Evidence], currency: str, pick: random.Random
) -> Typed | None:
    """Type a claim out; None where it states no figure or rests on what was not shown."""
    return _typed(claim, shown, currency, pick, {}, "", "")


def wrong_sentences(
    claim: Claim, shown: Sequence[Evidence], currency: str, pick: random.Random
) -> Iterator[Typed]:
    """Yield the claim typed out with one figure wrong, in every way its figures allow."""
    facts = {item.id: item for item in shown}
    for place in places(claim, facts):
        for kind, make in WRONG.items():
            wrong = make(place.evidence, shown, pick)
            if wrong is None or wrong.value == place.evidence.value:
                continue
            written = write(place.evidence, currency, random.Random(0), "")  # noqa: S311
            if write(wrong, currency, random.Random(0), "") == written:  # noqa: S311
                continue
            typed = _typed(claim, shown, currency, pick, {place.slot: wrong}, kind, wrong.value)
            if typed is not None:
                yield typed


def _typed(
    claim: Claim, shown: Sequence[Evidence], currency: str, pick: random.Random,
    wrong: Mapping[str, Evidence], kind: str, told: str,
) -> Typed | None:  # fmt: skip
    numbers = {item.id: number for number, item in enumerate(shown, start=1)}
    facts = {item.id: item for item in shown}
    slots = {slot.name: slot for slot in claim.slots}
    if any(slot.evidence_id not in numbers for slot in claim.slots):
        return None
    found = places(claim, facts)
    if not found:
        return None
    figures = {place.slot for place in found}
    cited: list[int] = []

    def written(match: re.Match[str]) -> str:
        slot = slots[match.group(1)]
        item = facts[slot.evidence_id]
        if slot.name not in figures:
            return f"{{{{e{numbers[item.id]}}}}}"
        value = wrong.get(slot.name, item)
        cited.append(numbers.get(value.id, numbers[item.id]))
        return write(value, currency, pick, claim.text[: match.start()])

    text = SLOT.sub(written, claim.text)
    more = [numbers[c.evidence_id] for c in claim.citations if c.evidence_id in numbers]
    others = {numbers[item.evidence.id] for item in found}
    pointed = {numbers[slot.evidence_id] for slot in claim.slots if slot.name not in figures}
    cited += [number for number in more if number not in others | pointed]
    behind = " ".join(f"e{number}" for number in dict.fromkeys(cited))
    lead = "Advice: " if claim.kind == "recommendation" else ""
    return Typed(f"{lead}{text} [{behind}]", kind, told)


def write(item: Evidence, currency: str, pick: random.Random, before: str) -> str:
    """Type a value in one of the ways people do; `before` is the text in front of it."""
    if item.unit == "date":
        return _date(date.fromisoformat(item.value), pick)
    value = Decimal(item.value)
    sign = "-" if value < 0 else ""
    size = abs(value)
    if item.unit == "money":
        return sign + _money(size, SYMBOLS.get(currency, ""), pick)
    if item.unit in ("share", "change"):
        plus = ""
        if item.unit == "change":
            sign = "" if direction_before(before) else pick.choice(("-", MINUS)) if sign else ""
            plus = "" if direction_before(before) or value < 0 else pick.choice(("+", ""))
        places = pick.choice((0, 0, 1)) if size >= Decimal("0.01") else 1
        return f"{sign}{plus}{_round(size * 100, places)}{pick.choice(('%', ' %', ' percent'))}"
    if item.unit == "ratio":
        return f"{sign}{_round(size, pick.choice((1, 1, 2)))}{pick.choice(('x', ' times'))}"
    if item.unit == "hours":
        return f"{sign}{_plain(size)}{pick.choice((' hours', ' h', 'h'))}"
    if item.unit == "days":
        return f"{sign}{_round(size, 0)} day{'' if size == 1 else 's'}"
    if item.unit == "points":
        return f"{sign}{pick.choice(('', '+')) if not sign else ''}{_round(size, 0)}"
    whole = int(size)
    if 0 < whole <= 10 and pick.random() < 0.2:
        return _WORDS[whole]
    return f"{sign}{whole:,}"


def _money(size: Decimal, symbol: str, pick: random.Random) -> str:
    way = pick.randrange(4)
    if way == 0 and size >= 10_000:
        return f"{symbol}{_round(size / 1000, 0)}{pick.choice(('K', 'k'))}"
    if way == 1 and size >= 1_000:
        return f"{symbol}{_round(size / 1000, 1)}{pick.choice(('K', 'k'))}"
    if way == 2 and size != size.to_integral_value():
        return f"{symbol}{size:,.2f}"
    return f"{symbol}{_round(size, 0)}"


def _date(day: date, pick: random.Random) -> str:
    month = _MONTHS[day.month - 1]
    return pick.choice(
        (
            f"{day.day} {month[:3]} {day.year}",
            f"{day.day} {month} {day.year}",
            f"{month} {day.day}, {day.year}",
            day.isoformat(),
        )
    )


def _round(value: Decimal, digits: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP):,f}"


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Wrong = Callable[[Evidence, Sequence[Evidence], random.Random], Evidence | None]


def _altered(item: Evidence, value: Decimal) -> Evidence:
    digits = -int(Decimal(item.value).as_tuple().exponent)
    return item.model_copy(update={"value": f"{value:.{max(0, digits)}f}"})


def _digit(item: Evidence, _: Sequence[Evidence], pick: random.Random) -> Evidence | None:
    """One of the two leading digits another: what is wrong must show at the precision typed."""
    if item.unit == "date":
        moved = date.fromisoformat(item.value) + timedelta(days=pick.choice((-9, -1, 1, 10, 31)))
        return item.model_copy(update={"value": moved.isoformat()})
    value = Decimal(item.value)
    if item.unit in ("share", "change"):
        return _altered(item, value + pick.choice((-1, 1)) * Decimal(pick.choice((3, 10))) / 100)
    size = abs(value)
    if size < 1:
        return None
    unit = Decimal(10) ** max(0, len(str(int(size))) - pick.choice((1, 2)))
    other = value + pick.choice((-1, 1)) * unit * pick.randrange(1, 4)
    return _altered(item, other) if other * value > 0 else None


def _scale(item: Evidence, _: Sequence[Evidence], pick: random.Random) -> Evidence | None:
    if item.unit not in ("money", "count", "ratio") or abs(Decimal(item.value)) < 1:
        return None
    return _altered(item, Decimal(item.value) * pick.choice((Decimal(10), Decimal(1000))))


def _sign(item: Evidence, _: Sequence[Evidence], __: random.Random) -> Evidence | None:
    if item.unit not in ("change", "points") or Decimal(item.value) == 0:
        return None
    return _altered(item, -Decimal(item.value))


def _off_by_one(item: Evidence, _: Sequence[Evidence], pick: random.Random) -> Evidence | None:
    if item.unit != "count" or Decimal(item.value) < 2:
        return None
    return _altered(item, Decimal(item.value) + pick.choice((-1, 1)))


def _of(item: Evidence, shown: Sequence[Evidence], fits: Callable[[Evidence], bool],
        pick: random.Random) -> Evidence | None:  # fmt: skip
    others = [
        other
        for other in shown
        if other.unit == item.unit and other.value != item.value and fits(other)
    ]
    return pick.choice(others) if others else None


def _other_cell(item: Evidence, shown: Sequence[Evidence], pick: random.Random) -> Evidence | None:
    def fits(other: Evidence) -> bool:
        return other.entity == item.entity and other.metric != item.metric

    return _of(item, shown, fits, pick)


def _other_period(
    item: Evidence, shown: Sequence[Evidence], pick: random.Random
) -> Evidence | None:
    stem = item.metric.replace("_prior", "")

    def fits(other: Evidence) -> bool:
        same = other.metric.replace("_prior", "") == stem
        return other.entity == item.entity and same and other.period != item.period

    return _of(item, shown, fits, pick)


def _other_account(
    item: Evidence, shown: Sequence[Evidence], pick: random.Random
) -> Evidence | None:
    root = item.entity.split("/", 1)[0]

    def fits(other: Evidence) -> bool:
        return other.entity.split("/", 1)[0] != root and other.metric == item.metric

    return _of(item, shown, fits, pick)


def _uncited(make: Wrong) -> Wrong:
    """The figure of another cell behind the number of the right one."""

    def made(item: Evidence, shown: Sequence[Evidence], pick: random.Random) -> Evidence | None:
        other = make(item, shown, pick)
        return None if other is None else item.model_copy(update={"value": other.value})

    return made


def _sum(item: Evidence, shown: Sequence[Evidence], pick: random.Random) -> Evidence | None:
    """The sum with another cell of the unit, where the words speak of one."""
    if item.unit not in ("money", "count", "hours"):
        return None
    other = _of(item, shown, lambda _: True, pick)
    return None if other is None else _altered(item, Decimal(item.value) + Decimal(other.value))


WRONG: Mapping[str, Wrong] = {
    "digit": _digit,
    "scale": _scale,
    "sign": _sign,
    "off by one": _off_by_one,
    "other cell, its number": _other_cell,
    "other cell, the right number": _uncited(_other_cell),
    "other period, its number": _other_period,
    "other period, the right number": _uncited(_other_period),
    "other account, its number": _other_account,
    "other account, the right number": _uncited(_other_account),
    "sum": _sum,
}
"""Ways to be wrong. "Its number" also cites the wrong cell; "the right number" the right one."""

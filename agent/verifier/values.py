"""Checks 7 and 9: what is written equals the cell, and the cell equals its parents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation

from agent.render import UNITS_OF_FORMAT, NotWritable, declared_rounding, direction_before
from agent.verifier.case import NAME_MARK, SLOT_MARK, Case, Filled, Reading, struck
from domain.evidence import CalculationSource, DocumentSource, Evidence
from domain.plan import Finding
from domain.record import decimal_string

PLACES = {"money": 2, "share": 6, "change": 6, "ratio": 6, "hours": 2, "days": 2}
"""Decimal places a calculation is rounded to before it becomes canonical; others 0."""

_NUMERIC = frozenset({"money", "count", "share", "change", "ratio", "hours", "days", "points"})
_CURRENCY = re.compile(
    r"[$€£¥₹₽₩₪₺₫฿¢]|\b(?:dollars?|euros?|pounds?|francs?|yen|kronor|kroner|rupees?|yuan|cents?)\b"
    r"|(?-i:\b(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|CNY|INR|PLN|BRL|MXN)\b)",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s*-?\s*(hours?|days?|weeks?|months?|years?|minutes?|points?|people|times)\b", re.IGNORECASE
)
_UNITS_NAMED = {"hour": "hours", "day": "days", "point": "points", "people": "count"}
_GREATER = re.compile(r"\b(?:exceeds?|beats?|passes|is above|are above|is more than|outweighs)\b")
_SMALLER = re.compile(r"\b(?:falls short of|is below|are below|is less than|stays under)\b")


def values(reading: Reading) -> Iterator[Finding]:
    """Check 7: format, unit, magnitude, currency and direction agree with the cell."""
    if _CURRENCY.search(reading.bare):
        yield struck("7", "A currency stands outside a slot.")
    pieces = re.split(f"[{SLOT_MARK}{NAME_MARK}]", reading.bare)
    whole = len(pieces) == len(reading.filled) + 1
    for position, filled in enumerate(reading.filled):
        evidence = filled.evidence
        if evidence is None:
            continue
        if evidence.unit not in UNITS_OF_FORMAT[filled.slot.format]:
            yield struck("7", "A slot's format does not fit the unit of its cell.")
            continue
        if filled.slot.format == "name" and isinstance(evidence.source, DocumentSource):
            yield struck("7", "Words of a document are quoted, not used as a name.")
        if not _readable(evidence, filled):
            yield struck("7", "The value of a cell cannot be read as its unit.")
            continue
        if not whole or evidence.unit not in _NUMERIC:
            continue
        before, after = pieces[position], pieces[position + 1]
        unit = _UNIT_AFTER.match(after)
        if unit and _UNITS_NAMED.get(unit.group(1).lower().rstrip("s")) != evidence.unit:
            yield struck("7", "The word behind a slot names another unit than its cell.")
        if evidence.unit == "change":
            direction, value = _direction(before, after), Decimal(evidence.value)
            if direction and value and (value > 0) != (direction > 0):
                yield struck("7", "The words say the opposite direction of the cell.")
    yield from _comparison(reading, pieces if whole else [])


def _direction(before: str, after: str) -> int:
    found = direction_before(before)
    if found:
        return found
    word = re.match(r"\s+(more|higher|above|up|less|lower|below|down)\b", after)
    if word is None:
        return 0
    return 1 if word.group(1) in ("more", "higher", "above", "up") else -1


def _comparison(reading: Reading, pieces: list[str]) -> Iterator[Finding]:
    """Between two figures of one unit, "exceeds" or "is below" must be true of them."""
    for position in range(1, len(pieces) - 1):
        first, second = reading.filled[position - 1].evidence, reading.filled[position].evidence
        if first is None or second is None or first.unit != second.unit:
            continue
        if first.unit not in _NUMERIC or re.search(r"[.;!?]\s", pieces[position]):
            continue
        greater = bool(_GREATER.search(pieces[position]))
        if not greater and not _SMALLER.search(pieces[position]):
            continue
        try:
            holds = Decimal(first.value) > Decimal(second.value)
        except InvalidOperation:
            continue
        if holds != greater:
            yield struck("7", "The comparison in words does not hold between its cells.")


def _readable(evidence: Evidence, filled: Filled) -> bool:
    """Say whether the value can be read, and its rounding stays next to it."""
    if evidence.unit in ("text", "name"):
        return bool(evidence.value.strip())
    try:
        if evidence.unit == "date":
            date.fromisoformat(evidence.value)
            return True
        value = Decimal(evidence.value)
        if not value.is_finite() or decimal_string(value) != evidence.value:
            return False
        rounded = declared_rounding(value, filled.slot.format)
    except (ValueError, InvalidOperation, NotWritable):
        return False
    # A figure that rounding turns into nothing would read as none at all.
    return value == 0 or rounded != 0 or evidence.unit in ("hours", "ratio")


def arithmetic(reading: Reading) -> Iterator[Finding]:
    """Check 9: simple arithmetic is worked out again from the parents, in Decimal."""
    for evidence in reading.facts:
        if not recomputes(evidence, reading.case):
            yield struck("9", "A calculation does not follow from its inputs.")
            return


def recomputes(evidence: Evidence, case: Case, depth: int = 0) -> bool:
    """Say whether a calculation equals what its parents give; other facts are as they are.

    Parents that are arithmetic themselves are worked out too, eight steps deep.
    """
    source = evidence.source
    if not isinstance(source, CalculationSource) or source.operation == "analysis":
        return True
    parents = [case.usable(key) for key in source.parents]
    found = [parent for parent in parents if parent is not None]
    if len(found) != len(parents) or depth > 8:
        return False
    try:
        value = work_out(source.operation, found)
    except (InvalidOperation, DivisionByZero, IndexError):
        return False
    if evidence.value != decimal_string(value, PLACES.get(evidence.unit, 0)):
        return False
    return all(recomputes(parent, case, depth + 1) for parent in found)


def work_out(operation: str, parents: list[Evidence]) -> Decimal:
    """Work out an operation: `sum` of all; `difference` a - b; `ratio` and `share` a / b;
    `change` (a - b) / b; `rank` 1 and one more for each later parent above the first;
    `count` the number of parents."""
    if operation == "count":
        return Decimal(len(parents))
    numbers = [Decimal(parent.value) for parent in parents]
    if operation == "sum":
        return sum(numbers, Decimal(0))
    if operation == "rank":
        return Decimal(1 + sum(number > numbers[0] for number in numbers[1:]))
    first, second = numbers[0], numbers[1]
    if operation == "difference":
        return first - second
    if operation == "change":
        return (first - second) / second
    return first / second

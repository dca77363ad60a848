"""Sentences as a reader sees them: evidence values written into a claim's slots.

Nothing here depends on the process's locale. Amounts carry the book's currency; minus
signs are real minus signs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from agent.view import Part
from domain.errors import InvalidInput
from domain.evidence import Evidence, Ledger, Unit
from domain.plan import Claim, Slot, SlotFormat

MINUS = "\u2212"
SLOT = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
SYMBOLS: Mapping[str, str] = {"USD": "$", "EUR": "€", "GBP": "£"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UPWARD = frozenset(
    "up rose rise rises risen rising grew grow grows grown growing gained gain gains increased "
    "increase increases climbed recovered expanded jumped added higher more".split()
)
DOWNWARD = frozenset(
    "down fell fall falls fallen falling dropped drop drops shrank shrink shrinks declined "
    "decline declines decreased decrease decreases lost lower less slipped".split()
)
UNITS_OF_FORMAT: Mapping[SlotFormat, frozenset[Unit]] = {
    "money": frozenset({"money"}),
    "money_short": frozenset({"money"}),
    "percent": frozenset({"share"}),
    "change": frozenset({"change"}),
    "ratio": frozenset({"ratio"}),
    "number": frozenset({"count"}),
    "decimal": frozenset({"ratio", "share", "hours"}),
    "hours": frozenset({"hours"}),
    "days": frozenset({"days"}),
    "points": frozenset({"points"}),
    "date": frozenset({"date"}),
    "name": frozenset({"name", "text"}),
    "text": frozenset({"name", "text"}),
}
"""The units each slot format may write; check 7 strikes everything else."""

_WORD_BEFORE = re.compile(r"([A-Za-z]+)(?:\s+by)?\s+$")
_QUOTE_MARKS = '“”"„«»'
_STEPS = ((Decimal(1_000_000_000), "B"), (Decimal(1_000_000), "M"), (Decimal(1_000), "K"))


class NotWritable(InvalidInput):
    """A value cannot be written in the format its slot asks for."""


def format_value(evidence: Evidence, slot_format: SlotFormat, currency: str) -> str:
    """Write one evidence value.

    Parameters
    ----------
    evidence
        The fact; its unit must be one that `UNITS_OF_FORMAT` lists for the format.
    slot_format
        `money` whole units with thousands separators, `money_short` three significant
        digits with K, M or B (whole below 1,000), `percent` and `change` whole per cent
        (one decimal below 1 %), `ratio` one decimal and x, `number` whole, `decimal` two
        places, `hours` at most two decimals, `days` whole, `points` signed, `date`
        14 Nov 2026, `name` and `text` as stored with white space collapsed.
    currency
        ISO 4217 code of the book.

    Raises
    ------
    NotWritable
        When the format does not admit the unit or the stored value cannot be read.
    """
    if evidence.unit not in UNITS_OF_FORMAT[slot_format]:
        raise NotWritable(
            f"A value in {evidence.unit} cannot be written as {slot_format}.",
            hint="Give the slot a format that fits the unit.",
        )
    if slot_format in ("name", "text"):
        return " ".join(evidence.value.split())
    try:
        if slot_format == "date":
            day = date.fromisoformat(evidence.value)
            return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        return _number(Decimal(evidence.value), slot_format, currency)
    except (ValueError, InvalidOperation) as error:
        raise NotWritable(
            f"The stored value of {evidence.id} is not a {evidence.unit}.",
            hint="Import the book again; the ledger holds a damaged row.",
        ) from error


def declared_rounding(value: Decimal, slot_format: SlotFormat) -> Decimal:
    """Return `value` as rounded by its format, in the value's own unit (share, money ...)."""
    if slot_format in ("percent", "change"):
        places = 3 if 0 < abs(value) < Decimal("0.01") else 2
        return _round(value, places)
    if slot_format == "money_short":
        size, _ = _step(value)
        return value if size is None else _significant(value / size) * size
    places = {"ratio": 1, "decimal": 2, "hours": 2}.get(slot_format, 0)
    return _round(value, places)


def render(claim: Claim, ledger: Ledger, currency: str) -> tuple[Part, ...]:
    """Fill a claim's slots and return its sentence in parts; slot output carries its evidence.

    A `change` that follows a word of direction ("up", "fell by") is written without sign.
    Words of a document or a person stand in quotation marks; where the claim quotes only
    part of the span, that part is written.

    Raises
    ------
    NotWritable
        When a slot is not declared, its evidence is not in the ledger, or its value does
        not fit the format.
    """
    slots = {slot.name: slot for slot in claim.slots}
    parts: list[Part] = []
    at = 0
    for match in SLOT.finditer(claim.text):
        slot = slots.get(match.group(1))
        if slot is None or slot.evidence_id not in ledger:
            raise NotWritable(
                f"A slot of claim {claim.key!r} points at nothing.",
                hint="Declare the slot and cite evidence of this ledger.",
            )
        before = claim.text[at : match.start()]
        if before:
            parts.append(Part(text=before))
        written = _fill(claim, slot, ledger[slot.evidence_id], match, currency)
        parts.append(Part(text=written, evidence_id=slot.evidence_id))
        at = match.end()
    if at < len(claim.text):
        parts.append(Part(text=claim.text[at:]))
    return tuple(parts)


def _fill(claim: Claim, slot: Slot, evidence: Evidence, match: re.Match[str], currency: str) -> str:
    written = format_value(evidence, slot.format, currency)
    if slot.format == "text" and evidence.kind in ("document", "human"):
        quote = next(
            (c.quote for c in claim.citations if c.evidence_id == slot.evidence_id and c.quote),
            None,
        )
        written = " ".join((quote or written).split())
        before, after = claim.text[: match.start()][-1:], claim.text[match.end() :][:1]
        if not (before and after and before in _QUOTE_MARKS and after in _QUOTE_MARKS):
            written = f"“{written.strip(_QUOTE_MARKS)}”"
    elif slot.format == "change" and direction_before(claim.text[: match.start()]):
        written = written.lstrip("+" + MINUS)
    return written


def direction_before(text: str) -> int:
    """Return 1 or -1 when `text` ends in a word of rising or falling, else 0."""
    found = _WORD_BEFORE.search(text[-24:])
    if found is None:
        return 0
    word = found.group(1).lower()
    return 1 if word in UPWARD else -1 if word in DOWNWARD else 0


def _number(value: Decimal, slot_format: SlotFormat, currency: str) -> str:
    rounded = declared_rounding(value, slot_format)
    sign, size = (MINUS if rounded < 0 else ""), abs(rounded)
    if slot_format == "money":
        return sign + _money(f"{size:,.0f}", currency)
    if slot_format == "money_short":
        step, letter = _step(value)
        digits = f"{_round(size, 0):,.0f}" if step is None else _plain(size / step)
        if step is not None and size / step >= 1000:  # 999,600 rounds to 1,000K: say 1M
            larger = {"K": "M", "M": "B"}.get(letter)
            if larger is not None:
                digits, letter = _plain(size / step / 1000), larger
        return sign + _money(digits + letter, currency)
    if slot_format in ("percent", "change"):
        plus = "+" if slot_format == "change" and rounded > 0 else ""
        return f"{sign}{plus}{_plain(size * 100)} %"
    if slot_format == "ratio":
        return f"{sign}{size:,.1f}x"
    if slot_format == "decimal":
        return f"{sign}{size:,.2f}"
    if slot_format == "hours":
        return f"{sign}{_plain(size)} h"
    if slot_format == "days":
        return f"{sign}{size:,.0f} day{'' if size == 1 else 's'}"
    if slot_format == "points":
        return f"{'+' if rounded > 0 else sign}{size:,.0f}"
    return f"{sign}{size:,.0f}"


def _money(digits: str, currency: str) -> str:
    symbol = SYMBOLS.get(currency)
    return symbol + digits if symbol else f"{digits} {currency}"


def _step(value: Decimal) -> tuple[Decimal | None, str]:
    for size, letter in _STEPS:
        if abs(value) >= size:
            return size, letter
    return None, ""


def _significant(value: Decimal) -> Decimal:
    places = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return _round(value, places)


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

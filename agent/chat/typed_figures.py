"""Figures that a model typed instead of pointing at them: the cited cell they can only be.

A figure is admitted only where exactly one cell that the sentence cites is written so, in
one of the ways its unit can be written. It then becomes a slot, and the verifier asks
whether the words around it speak of that cell. Anything else stays typed, and is struck.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.render import UNITS_OF_FORMAT, NotWritable, format_value
from domain.evidence import Evidence
from domain.plan import Slot, SlotFormat

_FIGURE = re.compile(
    r"(?<![\w{])(?P<sign>[+\u2212-])?(?P<symbol>[$€£])?(?P<digits>\d[\d,]*(?:\.\d+)?)"
    r"(?P<scale>\s?(?:K|M|B|k|m|bn|million|thousand)\b)?"
    r"(?P<unit>\s?(?:%|per cent\b|percent\b|x\b|h\b|hours?\b|days?\b))?(?![\w}])"
)
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2} (?:[A-Z][a-z]{2,8}) \d{4}\b")
_SCALES = {
    "k": "K", "thousand": "K", "m": "M", "million": "M", "b": "B", "bn": "B",
}  # fmt: skip


def point_at_figures(text: str, cited: Sequence[Evidence]) -> tuple[str, list[Slot]]:
    """Turn typed figures and dates into slots where one cited cell is written exactly so."""
    slots: list[Slot] = []

    def replaced(match: re.Match[str]) -> str:
        found = _only_cell(_plain(match.group()), cited)
        if found is None:
            return match.group()
        item, form = found
        name = f"typed{len(slots) + 1}"
        slots.append(Slot(name=name, evidence_id=item.id, format=form))
        return f"{{{{{name}}}}}"

    text = _DATE.sub(replaced, text)
    return _FIGURE.sub(replaced, text), slots


def _only_cell(typed: str, cited: Sequence[Evidence]) -> tuple[Evidence, SlotFormat] | None:
    found = []
    for item in cited:
        for form, units in UNITS_OF_FORMAT.items():
            if item.unit in units and form not in ("name", "text") and _written(item, form, typed):
                found.append((item, form))
                break
    return found[0] if len({(item.id) for item, _ in found}) == 1 else None


def _written(item: Evidence, form: SlotFormat, typed: str) -> bool:
    if form == "date" and item.value == typed:
        return True
    try:
        return _plain(format_value(item, form, "")) == typed
    except NotWritable:
        return False


def _plain(figure: str) -> str:
    """Write a figure without what typists leave out or vary: symbols, spaces, separators."""
    text = figure.strip().replace("\u2212", "-").lstrip("+")
    text = re.sub(r"[$€£,]", "", text)
    match = re.fullmatch(r"(-?[\d.]+)\s*([A-Za-z%]*)(?:\s*(.*))?", text)
    if match is None:
        return text
    number, unit = match.group(1), f"{match.group(2)} {match.group(3) or ''}".strip()
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    unit = {"per cent": "%", "percent": "%", "hours": "h", "hour": "h", "day": "days"}.get(
        unit, _SCALES.get(unit.lower(), unit)
    )
    return f"{number} {unit}".strip()

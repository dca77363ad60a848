"""What every drawing shares: safe text and short numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import escape

XY = tuple[float, float]
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
_UNSAID = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def said(text: object, most: int = 200) -> str:
    """Return text fit for markup: escaped, on one line, at most so many characters.

    Control characters go, and so do those that turn the reading direction of what
    follows: a name must not be able to reorder the sentence it stands in.
    """
    flat = _BREAKS.sub(" ", str(text))
    line = "".join(letter for letter in flat if not _unsaid(letter)).strip()
    return escape(line if len(line) <= most else line[: most - 1].rstrip() + "…")


def _unsaid(letter: str) -> bool:
    # Joiners are format characters too, but letters of some scripts need them.
    return unicodedata.category(letter) in _UNSAID and letter not in "\u200c\u200d"


def number(value: float) -> str:
    """Write a coordinate with one decimal at most."""
    text = f"{value:.1f}"
    text = text[:-2] if text.endswith(".0") else text
    return "0" if text == "-0" else text


def whole_path(points: Iterable[XY], *, closed: bool) -> str:
    """Write a line through points rounded to whole units, without repeats; "" when too short."""
    rounded: list[tuple[int, int]] = []
    for x, y in points:
        point = round(x), round(y)
        if not rounded or rounded[-1] != point:
            rounded.append(point)
    if closed and len(rounded) > 1 and rounded[0] == rounded[-1]:
        rounded.pop()
    if len(rounded) < (3 if closed else 2):
        return ""
    (x, y), steps = rounded[0], []
    for place, (east, south) in enumerate(rounded[1:]):
        steps.append(f"{'l' if place == 0 else ' '}{east - x} {south - y}")
        x, y = east, south
    return f"M{rounded[0][0]} {rounded[0][1]}{''.join(steps).replace(' -', '-')}" + "z" * closed

"""Labels on a map: near what they name, off one another, and off the dots where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, sin

from api.projections import XY

_RINGS = 14
_DIRECTIONS = 16
_GOLDEN = 2.399963


@dataclass(frozen=True)
class Wish:
    """A label of `width` by `height` that would like to stand at `anchor`."""

    key: str
    anchor: XY
    width: float
    height: float


def placed(
    wishes: Sequence[Wish], dots: Sequence[XY], width: float, height: float
) -> dict[str, XY]:
    """Find a middle for every label, in the order given; earlier ones choose first.

    A label stands inside the frame and on no other label. Among the places left it takes
    the one that covers fewest dots and lies nearest its anchor. One that finds no place
    at all is left out: what it says is in the table beside the map.
    """
    taken: list[tuple[float, float, float, float]] = []
    found: dict[str, XY] = {}
    for wish in wishes:
        best: tuple[float, XY] | None = None
        for distance, (x, y) in _around(wish):
            if best is not None and distance >= best[0]:
                break
            x = min(max(x, wish.width / 2 + 3), width - wish.width / 2 - 3)
            y = min(max(y, wish.height / 2 + 3), height - wish.height / 2 - 3)
            box = (
                x - wish.width / 2 - 3,
                y - wish.height / 2 - 3,
                x + wish.width / 2 + 3,
                y + wish.height / 2 + 3,
            )
            if any(_meet(box, other) for other in taken):
                continue
            covered = sum(box[0] < a < box[2] and box[1] < b < box[3] for a, b in dots)
            cost = covered * 14 + distance
            if best is None or cost < best[0]:
                best = cost, (x, y)
        if best is not None:
            x, y = best[1]
            found[wish.key] = (x, y)
            taken.append(
                (x - wish.width / 2, y - wish.height / 2, x + wish.width / 2, y + wish.height / 2)
            )
    return found


def spread(points: Sequence[XY], radii: Sequence[float]) -> list[XY]:
    """Move dots of one place apart, in a spiral, so that each can be seen.

    The first of a place stays; the next ones go round it like seeds of a sunflower.
    """
    groups: dict[tuple[int, int], list[int]] = {}
    for place, (x, y) in enumerate(points):
        groups.setdefault((round(x), round(y)), []).append(place)
    moved = list(points)
    for group in groups.values():
        step = 1.5 * sum(radii[place] for place in group) / len(group)
        for turn, place in enumerate(group):
            x, y = points[place]
            away = step * turn**0.5
            moved[place] = x + away * cos(turn * _GOLDEN), y + away * sin(turn * _GOLDEN)
    return moved


def _around(wish: Wish) -> list[tuple[float, XY]]:
    x, y = wish.anchor
    tried = [(0.0, wish.anchor)]
    for ring in range(1, _RINGS + 1):
        out = ring * 18.0
        for step in range(_DIRECTIONS):
            angle = 6.283185 * step / _DIRECTIONS
            tried.append((out, (x + out * cos(angle), y + out * 0.75 * sin(angle))))
    return tried


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

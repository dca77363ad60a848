"""Outlines of states, provinces and countries, drawn into a frame.

`api/outlines/NOTICE.md` says where they come from. Neighbours share their borders, so
that a border between two territories can be drawn once, as one line.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, pairwise
from pathlib import Path
from typing import Literal

from api.projections import XY
from api.svg import whole_path

_HERE = Path(__file__).parent / "outlines"
_MARGIN = 8.0
AtlasName = Literal["us_states", "world"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Outline:
    """One area: its name and its rings, each a row of borders; `~n` is border n backwards."""

    name: str
    rings: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Atlas:
    """Areas by key (`US-CA`, `FR`) and the borders they share, in degrees.

    Keys that begin with a dash are land that has no ISO code.
    """

    areas: dict[str, Outline]
    borders: tuple[tuple[XY, ...], ...]

    def key_of(self, country: str | None, region: str | None) -> str | None:
        """Return the area an account lies in: its state where those are drawn, else its country.

        `region` is a code or a name, `country` an ISO code; None when neither is known.
        """
        if not country:
            return None
        country = country.upper()
        if region:
            key = f"{country}-{region.upper().removeprefix(f'{country}-')}"
            if key in self.areas:
                return key
            if named := self._by_name.get((country, region.casefold())):
                return named
        return country if country in self.areas else None

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], str]:
        return {
            (key.split("-")[0], outline.name.casefold()): key
            for key, outline in self.areas.items()
            if "-" in key[1:]
        }

    @cached_property
    def shared(self) -> tuple[tuple[int, str, str], ...]:
        """Each border between two areas, with both."""
        sides: dict[int, list[str]] = defaultdict(list)
        for key, outline in self.areas.items():
            for number in chain.from_iterable(outline.rings):
                sides[number if number >= 0 else ~number].append(key)
        return tuple(
            (number, keys[0], keys[1])
            for number, keys in sides.items()
            if len(keys) == 2 and keys[0] != keys[1]
        )

    def ring(self, ring: Iterable[int]) -> list[XY]:
        """Return the points of a ring, without the repeats where borders meet."""
        points: list[XY] = []
        for number in ring:
            border = self.borders[number] if number >= 0 else self.borders[~number][::-1]
            points.extend(border[1:] if points else border)
        return points


@cache
def atlas(name: AtlasName) -> Atlas:
    """Read a set of outlines; once a process."""
    kept = json.loads((_HERE / f"{name}.json").read_text(encoding="utf-8"))
    unit = kept["unit"]
    borders = []
    for line in kept["arcs"]:
        numbers = [int(text) for text in line.split()]
        x = y = 0
        points = []
        for east, north in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + east, y + north
            points.append((x * unit, y * unit))
        borders.append(tuple(points))
    areas = {
        key: Outline(name, tuple(tuple(ring) for ring in rings))
        for key, (name, rings) in kept["areas"].items()
    }
    return Atlas(areas, tuple(borders))


def clipped(points: list[XY], box: Box) -> list[XY]:
    """Cut a polygon at a rectangle (Sutherland & Hodgman 1974); empty when it lies outside."""
    left, top, right, bottom = box
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept: list[XY] = []
        for a, b in pairwise([*points[-1:], *points]):
            far_a, far_b = sign * (a[axis] - limit), sign * (b[axis] - limit)
            if (far_a < 0) != (far_b < 0):
                share = far_a / (far_a - far_b)
                kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
            if far_b >= 0:
                kept.append(b)
        points = kept
        if not points:
            break
    return points


def area_path(rings: Iterable[list[XY]], box: Box) -> str:
    """Write an area as path data, cut a little outside the frame; "" where nothing shows."""
    left, top, right, bottom = box
    wide = (left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)
    return "".join(whole_path(clipped(ring, wide), closed=True) for ring in rings)

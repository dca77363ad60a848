"""Which part of the world a map shows, and where a place comes to lie on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import ceil, dist
from statistics import median

from api.outline_shapes import Atlas, AtlasName, Box, area_path, atlas
from api.projections import XY, AlbersUsa, EqualEarth
from api.svg import whole_path

WIDTH = 960
_MARGIN = 0.09
_LEAST_DEGREES = 9.0
_WIDEST, _TALLEST = 2.1, 1.4
_INHABITED = (-56.0, 78.0)
_MOST, _MUCH_SMALLER = 0.9, 0.35


@dataclass(frozen=True)
class Frame:
    """A window on a projected plane: `box` in plane units becomes `WIDTH` by `height`."""

    outlines: AtlasName
    projection: AlbersUsa | EqualEarth
    box: Box

    @property
    def scale(self) -> float:
        """Drawing units per unit of the plane."""
        return WIDTH / (self.box[2] - self.box[0])

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return round((self.box[3] - self.box[1]) * self.scale)

    def place(self, longitude: float, latitude: float) -> XY | None:
        """Return where a place lies on the drawing; None where this map does not show it."""
        flat = self.projection(longitude, latitude)
        if flat is None:
            return None
        x, y = self._drawn(flat)
        return (x, y) if 0 <= x <= WIDTH and 0 <= y <= self.height else None

    def _drawn(self, flat: XY) -> XY:
        return (flat[0] - self.box[0]) * self.scale, (flat[1] - self.box[1]) * self.scale

    def line(self, points: Sequence[XY]) -> list[XY]:
        """Draw an outline in one piece, also where it crosses the far side of the globe."""
        if isinstance(self.projection, AlbersUsa):
            flats = (self.projection(*point) for point in points)
            return [self._drawn(flat) for flat in flats if flat is not None]
        east: list[float] = []
        for longitude, _ in points:
            turned = (longitude - self.projection.meridian + 180) % 360 - 180
            east.append(turned + 360 * round((east[-1] - turned) / 360) if east else turned)
        middle = (min(east) + max(east)) / 2 if east else 0.0
        back = 360 * round(middle / 360)
        return [
            self._drawn(self.projection.unwrapped(turned - back, latitude))
            for turned, (_, latitude) in zip(east, points, strict=True)
        ]


def frame_for(points: Sequence[XY], countries: Collection[str]) -> Frame:
    """Choose what to show.

    Accounts of the United States alone get their own map; others get the part of the
    world they lie in, with a margin; without any, the world. Where leaving out the
    furthest tenth shows the rest much larger, those lie outside the map.

    Parameters
    ----------
    points
        Longitude and latitude of every account, in degrees.
    countries
        ISO codes of the accounts' countries.
    """
    usa = AlbersUsa()
    if set(countries) == {"US"} and all(usa(*point) is not None for point in points):
        return _united_states()
    if not points:
        return Frame("world", EqualEarth(10), _within(EqualEarth(10), -180, 180, *_INHABITED))
    whole, most = _around(points), _around(_most_of(points))
    return most if _size(most) < _MUCH_SMALLER * _size(whole) else whole


@cache
def shapes(frame: Frame) -> Mapping[str, str]:
    """Return the path data of every area that shows in the frame, by key."""
    chosen = atlas(frame.outlines)
    box = (0.0, 0.0, float(WIDTH), float(frame.height))
    paths = {}
    for key, outline in chosen.areas.items():
        rings = [frame.line(chosen.ring(ring)) for ring in outline.rings]
        if path := area_path(rings, box):
            paths[key] = path
    return paths


def edges(frame: Frame, holders: Mapping[str, str]) -> str:
    """Return the borders between areas that different territories hold, as one path."""
    chosen: Atlas = atlas(frame.outlines)
    shown = shapes(frame)
    return "".join(
        whole_path(frame.line(chosen.borders[number]), closed=False)
        for number, one, other in chosen.shared
        if one in shown
        and other in shown
        and one in holders
        and other in holders
        and holders[one] != holders[other]
    )


def _around(points: Sequence[XY]) -> Frame:
    west, span = _narrowest([point[0] for point in points])
    if span > 200:
        earth = EqualEarth(10)
        return Frame("world", earth, _within(earth, -180, 180, *_INHABITED))
    earth = EqualEarth(round(west + span / 2, 1))
    return Frame("world", earth, _comfortable(_bounds([earth(*p) for p in points]), earth))


def _most_of(points: Sequence[XY]) -> list[XY]:
    """Return nine tenths of the points, those nearest the middle one."""
    west, span = _narrowest([point[0] for point in points])
    earth = EqualEarth(west + span / 2)
    flats = [earth(*point) for point in points]
    x, y = median(flat[0] for flat in flats), median(flat[1] for flat in flats)
    order = sorted(range(len(points)), key=lambda i: (dist(flats[i], (x, y)), i))
    return [points[i] for i in order[: ceil(_MOST * len(points))]]


def _size(frame: Frame) -> float:
    left, top, right, bottom = frame.box
    return (right - left) * (bottom - top)


@cache
def _united_states() -> Frame:
    frame = Frame("us_states", AlbersUsa(), (0.0, 0.0, 1.0, 1.0))
    borders = atlas("us_states").borders
    flats = [
        flat
        for point in chain.from_iterable(borders)
        if (flat := frame.projection(*point)) is not None
    ]
    left, top, right, bottom = _bounds(flats)
    pad = 0.012 * (right - left)
    return Frame("us_states", AlbersUsa(), (left - pad, top - pad, right + pad, bottom + pad))


def _narrowest(longitudes: Sequence[float]) -> tuple[float, float]:
    """Return the western end and width of the shortest arc that holds every longitude."""
    ring = sorted({longitude % 360 for longitude in longitudes})
    gaps = [
        ((ring[(place + 1) % len(ring)] - east) % 360 or 360.0, place)
        for place, east in enumerate(ring)
    ]
    widest, place = max(gaps)
    return ring[(place + 1) % len(ring)], 360.0 - widest


def _bounds(points: Sequence[XY]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _within(earth: EqualEarth, west: float, east: float, south: float, north: float) -> Box:
    wide = earth.unwrapped(east, 0)[0], earth.unwrapped(west, 0)[0]
    return wide[1], earth.unwrapped(0, north)[1], wide[0], earth.unwrapped(0, south)[1]


def _comfortable(box: Box, earth: EqualEarth) -> Box:
    """Give a box a margin, a least size, and a shape between a page's and a screen's."""
    least = earth.unwrapped(0, 0)[1] - earth.unwrapped(0, _LEAST_DEGREES)[1]
    left, top, right, bottom = box
    wide = max((right - left) * (1 + 2 * _MARGIN), least)
    tall = max((bottom - top) * (1 + 2 * _MARGIN), least)
    wide = max(wide, tall * _TALLEST)
    tall = max(tall, wide / _WIDEST)
    x, y = (left + right) / 2, (top + bottom) / 2
    return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2

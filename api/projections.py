"""Where a place lies on a flat map: Equal Earth for the world, Albers for the United States.

Both keep areas, so that a territory looks as large as it is. Degrees in, plane units out;
y grows downwards, as it does in SVG. One unit is one radius of the globe.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Protocol

XY = tuple[float, float]


class Projection(Protocol):
    """A map of degrees onto the plane."""

    def __call__(self, longitude: float, latitude: float) -> XY | None:
        """Return the place in the plane; None where this map does not show it."""
        ...


@dataclass(frozen=True)
class EqualEarth:
    """Equal Earth about a meridian.

    Šavrič, Patterson & Jenny (2019), doi:10.1080/13658816.2018.1504949. Longitudes are
    taken the short way round from `meridian`, except where `unwrapped` goes on past 180
    degrees, which keeps an outline in one piece.
    """

    meridian: float = 0.0

    def __call__(self, longitude: float, latitude: float) -> XY:
        """Return the place in the plane; every place has one."""
        return self.unwrapped((longitude - self.meridian + 180) % 360 - 180, latitude)

    def unwrapped(self, east: float, latitude: float) -> XY:
        """Project degrees east of the meridian, however many."""
        theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
        square = theta * theta
        sixth = square**3
        rise = 1.340264 - 3 * 0.081106 * square + sixth * (7 * 0.000893 + 9 * 0.003796 * square)
        y = theta * (1.340264 - 0.081106 * square + sixth * (0.000893 + 0.003796 * square))
        return 2 * radians(east) * cos(theta) / (sqrt(3) * rise), -y


@dataclass(frozen=True)
class Albers:
    """Conic equal-area projection with two standard parallels (Snyder 1987, page 98).

    `scale` and `shift` place it in a larger map.
    """

    meridian: float
    middle: float
    parallels: tuple[float, float]
    scale: float = 1.0
    shift: XY = (0.0, 0.0)

    def __call__(self, longitude: float, latitude: float) -> XY:
        """Return the place in the plane; the central point comes to `shift`."""
        first, second = (radians(parallel) for parallel in self.parallels)
        n = (sin(first) + sin(second)) / 2
        c = cos(first) ** 2 + 2 * n * sin(first)

        def radius(degrees: float) -> float:
            return sqrt(max(0.0, c - 2 * n * sin(radians(degrees)))) / n

        turned = (longitude - self.meridian + 180) % 360 - 180
        angle = n * radians(turned)
        out = radius(latitude)
        x, y = out * sin(angle), out * cos(angle) - radius(self.middle)
        return self.shift[0] + self.scale * x, self.shift[1] + self.scale * y


CONTIGUOUS = Albers(-96, 38.5, (29.5, 45.5))
ALASKA = Albers(-152, 63.5, (55, 65), scale=0.35, shift=(-0.307, 0.201))
HAWAII = Albers(-157, 20.9, (8, 18), scale=1.0, shift=(-0.19, 0.215))


@dataclass(frozen=True)
class AlbersUsa:
    """The United States, with Alaska (at 35 % of its scale) and Hawaii moved below the south-west.

    Places of the territories and abroad are not on this map.
    """

    def __call__(self, longitude: float, latitude: float) -> XY | None:
        """Return the place in the plane; None outside the fifty states and the capital."""
        east = (longitude + 180) % 360 - 180
        if latitude > 50.5 and (east < -129 or east > 170):
            return ALASKA(east, latitude)
        if 18 < latitude < 23 and -161 < east < -154:
            return HAWAII(east, latitude)
        if 24 < latitude < 50.5 and -125.5 < east < -66:
            return CONTIGUOUS(east, latitude)
        return None

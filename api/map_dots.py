"""Accounts on a map: dots sized by potential, hexagons where there are too many to tell apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from api.amounts import count, money
from api.map_labels import spread
from api.map_places import Place
from api.projections import XY
from api.svg import number, said
from api.territory_marks import Mark

MOST_DOTS = 3000
_NAMED = 1200
_HEXAGON = 13.0
_LEAST_RADIUS = 2.3
_LARGEST = ((150, 13.0), (400, 11.0), (1000, 9.0), (MOST_DOTS, 6.5))


@dataclass(frozen=True)
class Dot:
    """An account where it lies on the drawing, whose it is in this view, and whether it moves."""

    place: Place
    at: XY
    radius: float
    mark: Mark
    moved: bool
    said: str


def dots_of(found: Sequence[tuple[Place, XY, Mark, bool, str]]) -> list[Dot]:
    """Size dots so that their area is their potential, and part those of one city.

    Largest first, so that none hides a smaller one; those that move come last, on top.
    """
    ordered = sorted(found, key=lambda item: (-item[0].potential, item[0].account_id))
    top = max((item[0].potential for item in ordered), default=0.0)
    most = next((size for many, size in _LARGEST if len(ordered) <= many), _LARGEST[-1][1])
    radii = [
        max(_LEAST_RADIUS, most * sqrt(max(item[0].potential, 0.0) / top)) if top else _LEAST_RADIUS
        for item in ordered
    ]
    apart = spread([item[1] for item in ordered], radii)
    dots = [
        Dot(place, at, radius, mark, moved, told)
        for (place, _, mark, moved, told), at, radius in zip(ordered, apart, radii, strict=True)
    ]
    return sorted(dots, key=lambda dot: dot.moved)


def draw_dots(dots: Sequence[Dot], *, rings: bool, quiet: bool) -> str:
    """Draw each account; `rings` rings those that move, `quiet` fades those that stay.

    Where there are many, only those that move say their name when pointed at.
    """
    drawn = []
    for dot in dots:
        ringed = dot.moved and rings
        classes = f"dot {dot.mark.classes}{' mv' if ringed else ' still' if quiet else ''}"
        x, y = dot.at
        circle = (
            f'<circle class="{classes}" cx="{number(x)}" cy="{number(y)}" '
            f'r="{number(dot.radius + (1.0 if ringed else 0.0))}"'
        )
        named = ringed or len(dots) <= _NAMED
        drawn.append(f"{circle}><title>{dot.said}</title></circle>" if named else f"{circle}/>")
    return "".join(drawn)


def draw_hexagons(dots: Sequence[Dot], currency: str, *, rings: bool, quiet: bool) -> str:
    """Gather accounts in hexagons, sized by potential, in the colour that holds most of it."""
    cells: dict[tuple[int, int], list[Dot]] = defaultdict(list)
    for dot in dots:
        cells[_cell(dot.at)].append(dot)
    totals = {cell: sum(dot.place.potential for dot in held) for cell, held in cells.items()}
    top = max(totals.values(), default=0.0) or 1.0
    drawn = []
    for cell, held in sorted(cells.items()):
        worth: dict[str, float] = defaultdict(float)
        for dot in held:
            worth[dot.mark.rep_id] += dot.place.potential or 1e-9
        leading = min(worth, key=lambda rep: (-worth[rep], rep))
        mark = next(dot.mark for dot in held if dot.mark.rep_id == leading)
        moved = sum(dot.moved for dot in held)
        ringed = rings and moved > 0
        size = _HEXAGON * max(0.3, sqrt(totals[cell] / top))
        told = (
            f"{count(len(held), 'account')}, {money(totals[cell], currency)}, most with {mark.name}"
        )
        if moved:
            told += f", {moved} of them move" if moved > 1 else ", 1 of them moves"
        classes = f"dot hex {mark.classes}{' mv' if ringed else ' still' if quiet else ''}"
        drawn.append(
            f'<path class="{classes}" d="{_hexagon(_middle(cell), size)}">'
            f"<title>{said(told)}</title></path>"
        )
    return "".join(drawn)


def _cell(at: XY) -> tuple[int, int]:
    """Return the hexagon of a grid of pointed tops that a point lies in."""
    tall = 1.5 * _HEXAGON
    wide = sqrt(3) * _HEXAGON
    row = round(at[1] / tall)
    nearest = []
    for candidate in (row - 1, row, row + 1):
        column = round(at[0] / wide - (candidate % 2) / 2)
        x, y = _middle((candidate, column))
        nearest.append(((x - at[0]) ** 2 + (y - at[1]) ** 2, (candidate, column)))
    return min(nearest)[1]


def _middle(cell: tuple[int, int]) -> XY:
    row, column = cell
    return (column + (row % 2) / 2) * sqrt(3) * _HEXAGON, row * 1.5 * _HEXAGON


def _hexagon(at: XY, size: float) -> str:
    corners = (
        (at[0] + size * sin(turn * pi / 3), at[1] - size * cos(turn * pi / 3)) for turn in range(6)
    )
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in corners) + "z"

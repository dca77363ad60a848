"""What lies over the dots of a coverage map: arcs of moves, and the territories' labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from api.amounts import count, money
from api.map_dots import Dot
from api.map_frame import WIDTH
from api.map_labels import Wish, placed
from api.map_places import Place, View, centre
from api.map_scene import CoverageScene, worth
from api.svg import XY, number, said
from api.territory_marks import Mark

_MOST_ARCS = 120
_ENOUGH_DOTS = 1000


def _centres(dots: Sequence[Dot]) -> dict[str, XY]:
    held: dict[str, list[XY]] = defaultdict(list)
    for dot in dots:
        held[dot.mark.rep_id].append(dot.at)
    return {rep_id: centre(points) for rep_id, points in held.items()}


def arcs(shown: CoverageScene, dots: Sequence[Dot]) -> str:
    """Lead every account that moves to the middle of its new territory.

    Above 120 moves, one arc a pair of territories, as wide as its number.
    """
    middles = _centres(dots)
    moved = [dot for dot in dots if dot.moved and dot.mark.place is not None]
    if len(moved) <= _MOST_ARCS:
        flows = [(dot.at, middles[dot.mark.rep_id], 1, dot.said) for dot in moved]
    else:
        pairs: dict[tuple[str, str], list[Dot]] = defaultdict(list)
        for dot in moved:
            giver = shown.holdings.holder(dot.place.account_id, "before").rep_id
            pairs[giver, dot.mark.rep_id].append(dot)
        flows = [
            (
                centre([dot.at for dot in held]),
                middles[taker],
                len(held),
                said(f"{count(len(held), 'account')} to {held[0].mark.name}"),
            )
            for (_, taker), held in pairs.items()
        ]
    ends = {rep_id: middles[rep_id] for rep_id in sorted({dot.mark.rep_id for dot in moved})}
    drawn = "".join(
        f'<path class="arc{_weight(many)}" d="M{number(start[0])} {number(start[1])}'
        f"Q{number((start[0] + end[0]) / 2)} {number((start[1] + end[1]) / 2 - 26)} "
        f'{number(end[0])} {number(end[1])}"><title>{told}</title></path>'
        for start, end, many, told in flows
    )
    return drawn + "".join(
        f'<circle class="aim {shown.holdings.marks[rep_id].classes}" cx="{number(x)}" '
        f'cy="{number(y)}" r="4"/>'
        for rep_id, (x, y) in ends.items()
    )


def _weight(many: int) -> str:
    return "" if many == 1 else " some" if many < 10 else " many"


def labels(shown: CoverageScene, dots: Sequence[Dot], view: View) -> str:
    """Write codes with potential and accounts, and for narrow screens codes alone, larger."""
    marks = shown.holdings.marks
    held: dict[str, list[Place]] = defaultdict(list)
    for place in shown.places:
        held[shown.holdings.holder(place.account_id, view).rep_id].append(place)
    middles = {rep_id: at for rep_id, at in _centres(dots).items() if rep_id in marks}
    order = sorted(middles, key=lambda rep: (-worth(held[rep]), rep))
    notes = {
        rep: f"{money(worth(held[rep]), shown.currency)} · {len(held[rep]):,}" for rep in order
    }
    points = [dot.at for dot in dots[:: len(dots) // _ENOUGH_DOTS + 1]]
    drawn = []
    for kind, letter, height in (("wide", 12.2, 32.0), ("narrow", 25.0, 48.0)):
        wide = kind == "wide"
        wishes = [
            Wish(
                rep,
                middles[rep],
                24 + letter * len(marks[rep].code) + (8.9 * len(notes[rep]) + 6 if wide else 0),
                height,
            )
            for rep in order
        ]
        found = placed(wishes, points, WIDTH, shown.frame.height)
        drawn.append(f'<g class="labels {kind}" aria-hidden="true">')
        for wish in wishes:
            if wish.key in found:
                drawn.append(_label(wish, found[wish.key], marks[wish.key], notes[wish.key], wide))
        drawn.append("</g>")
    return "".join(drawn)


def _label(wish: Wish, at: XY, mark: Mark, note: str, wide: bool) -> str:
    x, y = at[0] - wish.width / 2, at[1] - wish.height / 2
    base = wish.height / 2 + (6 if wide else 12)
    text = f'<text x="16" y="{number(base)}">{said(mark.code)}'
    if wide:
        text += f'<tspan class="sub" dx="8">{said(note)}</tspan>'
    return (
        f'<g transform="translate({number(x)} {number(y)})">'
        f'<rect class="plate" width="{number(wish.width)}" height="{number(wish.height)}" rx="6"/>'
        f'<rect class="flag {mark.classes}" width="8" height="{number(wish.height)}" rx="2"/>'
        f"{text}</text></g>"
    )

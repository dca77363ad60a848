"""The coverage map: who has which market, before and after, and what changes hands.

Areas are tinted by the territory that holds most potential in them, accounts are dots
sized by potential. Class names only: the style sheet `territory-charts.css` has the
colours of both themes. `map_table` is the equal alternative in words and figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from api.amounts import count, money, percent
from api.map_dots import MOST_DOTS, Dot, draw_dots, draw_hexagons
from api.map_frame import WIDTH, edges, shapes
from api.map_overlays import arcs, labels
from api.map_places import Place, View, places_of
from api.map_scene import CoverageScene, worth
from api.outline_shapes import atlas
from api.svg import said
from api.territory_marks import Mark
from domain.assignment import ScenarioRep

if TYPE_CHECKING:
    import pandas as pd

_PATTERNS = (
    "M0 8L8 0", "M0 0L8 8", "M4 0V8", "M0 4H8", "M0 8L8 0M0 0L8 8", "M2 2h.1M6 6h.1",
    "M4 0V8M0 4H8", "M0 2L4 6L8 2",
)  # fmt: skip
_TITLES: Mapping[View, str] = {
    "before": "Coverage map before the design",
    "after": "Coverage map after the design",
    "changes": "Coverage map of what changes hands",
}


def coverage_map(
    accounts: pd.DataFrame | Sequence[Place],
    reps: Sequence[ScenarioRep],
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
    view: View = "after",
    *,
    currency: str = "",
    names: Mapping[str, str] | None = None,
    name: str = "map",
    patterns: bool = False,
) -> str:
    """Draw a coverage map.

    Parameters
    ----------
    accounts
        A table indexed by account id (see `places_of`), or places.
    reps
        In the order of the scenario, which gives each its colour.
    before, after
        Rep id per account id; None or absent is nobody. An owner who is not among `reps`
        is drawn grey.
    view
        `before`, `after` (accounts that changed hands are ringed), or `changes` (an arc
        leads from each of them to the middle of its new territory; above 120 moves, one
        arc a pair of territories, as wide as its number).
    currency
        ISO code of the potential; blank leaves amounts bare.
    names
        Names of owners outside `reps`, by id.
    name
        Prefix of the ids inside, one per map on a page.
    patterns
        Draw every territory's pattern over its tint; in print they always are.

    Returns
    -------
    str
        An `<svg role="img">` with title and one sentence of description. Above 3,000
        accounts they are gathered in hexagons.
    """
    shown = _scene(accounts, reps, before, after, currency, names)
    frame = shown.frame
    dots = shown.dots(view)
    rings, quiet = view != "before", view == "changes"
    if len(dots) > MOST_DOTS:
        drawn = draw_hexagons(dots, shown.currency, rings=rings, quiet=quiet)
    else:
        drawn = draw_dots(dots, rings=rings, quiet=quiet)
    leaders = shown.leading(view)
    moves = arcs(shown, dots) if view == "changes" else ""
    told = _told(shown, dots, view)
    return (
        f'<svg class="chart map view-{view}{" patterns" if patterns else ""}" '
        f'viewBox="0 0 {WIDTH} {frame.height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{_TITLES[view]}</title>'
        f'<desc id="{name}-desc">{said(told, 600)}</desc>'
        f"{_areas(shown, leaders, name)}"
        f'<path class="edge" d="{edges(frame, {k: m.rep_id for k, m in leaders.items()})}"/>'
        f"{moves}{drawn}{labels(shown, dots, view)}{_outside(shown, dots)}</svg>"
    )


def map_table(
    accounts: pd.DataFrame | Sequence[Place],
    reps: Sequence[ScenarioRep],
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
    *,
    currency: str = "",
    names: Mapping[str, str] | None = None,
) -> str:
    """Write what the map shows as an HTML table: each area, and who has what in it.

    One row per area and territory, areas by potential, the leading territory first;
    accounts and potential before and after. Arguments are those of `coverage_map`.
    """
    shown = _scene(accounts, reps, before, after, currency, names)
    outlines = atlas(shown.frame.outlines).areas
    was, now = shown.by_area("before"), shown.by_area("after")
    marks = {
        mark.rep_id: mark
        for place in shown.places
        for view in ("before", "after")
        for mark in (shown.holdings.holder(place.account_id, view),)
    }
    totals = {key: sum(worth(held) for held in found.values()) for key, found in now.items()}
    rows = []
    for key in sorted(now, key=lambda key: (-totals[key], key)):
        held = now[key]
        reps_here = sorted(held.keys() | was[key].keys(), key=lambda rep: (-worth(held[rep]), rep))
        area = outlines[key].name if key else "Elsewhere or not known"
        for place, rep_id in enumerate(reps_here):
            mark, here = marks[rep_id], held[rep_id]
            cells = (
                f"{len(was[key][rep_id]):,}",
                money(worth(was[key][rep_id]), currency),
                f"{len(here):,}",
                money(worth(here), currency),
                percent(worth(here) / totals[key]) if totals[key] else "0 %",
            )
            first = (
                f'<th scope="rowgroup" rowspan="{len(reps_here)}">{said(area)}</th>'
                if place == 0
                else ""
            )
            rows.append(
                f"<tr>{first}<td>{mark.chip()} {said(mark.name)}</td>"
                + "".join(f'<td class="numeric">{said(cell)}</td>' for cell in cells)
                + "</tr>"
            )
    heads = ("Accounts before", "Potential before", "Accounts after", "Potential after", "Share")
    return (
        '<table class="map-table"><caption>Areas by potential, and the territories in each'
        '</caption><thead><tr><th scope="col">Area</th><th scope="col">Territory</th>'
        + "".join(f'<th scope="col" class="numeric">{head}</th>' for head in heads)
        + f"</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _scene(
    accounts: pd.DataFrame | Sequence[Place],
    reps: Sequence[ScenarioRep],
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
    currency: str,
    names: Mapping[str, str] | None,
) -> CoverageScene:
    places = accounts if isinstance(accounts, Sequence) else places_of(accounts)
    return CoverageScene(places, reps, before, after, currency, names)


def _areas(shown: CoverageScene, leaders: Mapping[str, Mark], name: str) -> str:
    paths = shapes(shown.frame)
    outlines = atlas(shown.frame.outlines).areas
    marks = {mark.rep_id: mark for mark in leaders.values()}
    numbers = {rep_id: place for place, rep_id in enumerate(marks)}
    kept = "".join(
        f'<pattern id="{name}-p{numbers[rep_id]}" class="{mark.classes}" width="8" height="8" '
        f'patternUnits="userSpaceOnUse"><path d="{_PATTERNS[mark.pattern]}"/></pattern>'
        for rep_id, mark in marks.items()
    )
    ids = {key: f"{name}-a{place}" for place, key in enumerate(paths)}
    kept += "".join(f'<path id="{ids[key]}" d="{paths[key]}"/>' for key in leaders if key in paths)
    drawn = [f'<path class="land" d="{"".join(p for k, p in paths.items() if k not in leaders)}"/>']
    for key, mark in leaders.items():
        if key not in paths:
            continue
        told = f"{outlines[key].name}: most potential with {mark.name} ({mark.code})"
        drawn.append(
            f'<use class="area {mark.classes}" href="#{ids[key]}"><title>{said(told)}</title></use>'
            f'<use class="pat{" always" if mark.again else ""}" href="#{ids[key]}" '
            f'fill="url(#{name}-p{numbers[mark.rep_id]})"/>'
        )
    return f"<defs>{kept}</defs>{''.join(drawn)}"


def _outside(shown: CoverageScene, dots: Sequence[Dot]) -> str:
    missing = len(shown.places) - len(dots)
    if not missing:
        return ""
    return (
        f'<text class="outside" x="10" y="{shown.frame.height - 12}" aria-hidden="true">'
        f"{count(missing, 'account')} not on this map: see the table</text>"
    )


def _told(shown: CoverageScene, dots: Sequence[Dot], view: View) -> str:
    held: dict[str, float] = defaultdict(float)
    for place in shown.places:
        held[shown.holdings.holder(place.account_id, view).rep_id] += place.potential
    marks = shown.holdings.marks
    ours = sorted(((held[rep], rep) for rep in marks), reverse=True)
    whole, several = count(len(shown.places), "account"), len(shown.moved) != 1
    moves = f"{len(shown.moved)} of {whole} {'change' if several else 'changes'} hands"
    told = {
        "before": f"{whole} today",
        "after": f"{moves} and {'are' if several else 'is'} ringed",
        "changes": f"{moves}; an arc leads to the middle of the new territory",
    }[view]
    if ours:
        (most, rich), (least, poor) = ours[0], ours[-1]
        told += (
            f". {marks[rich].name} has most potential with {money(most, shown.currency)}, "
            f"{marks[poor].name} least with {money(least, shown.currency)}"
        )
    if missing := len(shown.places) - len(dots):
        where = "is in the table only" if missing == 1 else "are in the table only"
        told += f". {count(missing, 'account')} without a place on this map {where}"
    return told + "."

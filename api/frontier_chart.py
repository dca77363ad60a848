"""The row of designs as a picture: spread against moves, each design a step of the slider."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from api.amounts import count, percent
from api.svg import XY, number, said
from domain.assignment import DesignPoint

_WIDTH, _HEIGHT = 300, 190
_LEFT, _RIGHT, _TOP, _FLOOR = 36, 10, 22, 158


def frontier_chart(
    points: Sequence[DesignPoint],
    chosen: int,
    suggested: int,
    knee: int,
    target: float | None = 0.15,
    *,
    name: str = "frontier",
) -> str:
    """Draw what each design's moves buy.

    Parameters
    ----------
    points
        The designs of a frontier, the present assignment first; at least one.
    chosen, suggested, knee
        Indexes into `points`: the design of the page (filled), the one suggested and the
        one after which further moves buy little; both named.
    target
        Spread to stay under, 0 to 1; None draws no target.
    name
        Prefix of the ids inside, one per chart on a page.

    Returns
    -------
    str
        An `<svg>`: accounts moved to the right, spread (coefficient of variation) upwards;
        a line with steps for potential, a dashed one for workload.
    """
    spreads = [(p.figures.spread_potential, p.figures.spread_workload) for p in points]
    top = max(max(max(pair) for pair in spreads), (target or 0.0) * 1.4, 0.01)
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 1e9) if top / s <= 4.5)
    ceiling = step * ceil(top / step - 1e-9) if step < 1e9 else top
    furthest = max(max(p.figures.accounts_moved for p in points), 1)

    def x(moves: int) -> float:
        return _LEFT + moves / furthest * (_WIDTH - _LEFT - _RIGHT)

    def y(spread: float) -> float:
        return _FLOOR - spread / ceiling * (_FLOOR - _TOP)

    drawn = [_ground(ceiling, step, target, y)]
    at = [(x(p.figures.accounts_moved), y(p.figures.spread_potential)) for p in points]
    work = [(x(p.figures.accounts_moved), y(p.figures.spread_workload)) for p in points]
    drawn.append(f'<path class="line work" d="{_line(work)}"/>')
    drawn.append(f'<path class="line" d="{_line(at)}"/>')
    for place, (point, (a, b)) in enumerate(zip(points, at, strict=True)):
        kind = " chosen" if place == chosen else " suggested" if place == suggested else ""
        told = (
            f"{point.label}: {count(point.figures.accounts_moved, 'move')}, spread of potential "
            f"{percent(point.figures.spread_potential, 1)}, of workload "
            f"{percent(point.figures.spread_workload, 1)}"
        )
        size = "6" if place == chosen else "4.5" if kind else "3.2"
        drawn.append(
            f'<circle class="step{kind}" cx="{number(a)}" cy="{number(b)}" r="{size}">'
            f"<title>{said(told)}</title></circle>"
        )
    drawn += _names(points, at, chosen, suggested, knee)
    ticks = sorted({0, *(round(furthest * part) for part in (1 / 3, 2 / 3)), furthest})
    for moves in ticks:
        last = moves == furthest
        drawn.append(
            f'<text class="axis" x="{number(x(moves))}" y="{_FLOOR + 16}" '
            f'text-anchor="{"end" if last else "middle"}">'
            f"{moves:,}{' moves' if last else ''}</text>"
        )
    return (
        f'<svg class="chart frontier" viewBox="0 0 {_WIDTH} {_HEIGHT - 8}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">Balance against disruption</title>'
        f'<desc id="{name}-desc">{said(_told(points, chosen, suggested, target), 400)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def frontier_table(points: Sequence[DesignPoint], chosen: int, suggested: int) -> str:
    """Write the row of designs as an HTML table, one row a design."""
    body = []
    for place, point in enumerate(points):
        figures = point.figures
        notes = [
            note
            for note, holds in (("this one", place == chosen), ("suggested", place == suggested))
            if holds
        ]
        label = point.label + (f" ({', '.join(notes)})" if notes else "")
        cells = (
            f"{figures.accounts_moved:,}",
            percent(figures.spread_potential, 1),
            percent(figures.spread_workload, 1),
            f"{figures.heaviest_week:.0f} h",
            percent(figures.revenue_moved_share, 1),
            f"{point.gap:.2f}",
        )
        body.append(
            ('<tr class="chosen">' if place == chosen else "<tr>")
            + f'<th scope="row">{said(label)}</th>'
            + "".join(f'<td class="numeric">{cell}</td>' for cell in cells)
            + "</tr>"
        )
    heads = (
        "Moves",
        "Spread of potential",
        "Spread of workload",
        "Heaviest week",
        "Revenue moved",
        "From the best, at most (points)",
    )
    return (
        '<table><caption>Every design of the row</caption><thead><tr><th scope="col">Design</th>'
        + "".join(f'<th scope="col" class="numeric">{head}</th>' for head in heads)
        + f"</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _ground(ceiling: float, step: float, target: float | None, y: Callable[[float], float]) -> str:
    drawn = []
    if target is not None:
        drawn.append(
            f'<rect class="goal" x="{_LEFT}" y="{number(y(target))}" '
            f'width="{_WIDTH - _LEFT - 4}" height="{number(_FLOOR - y(target))}"/>'
        )
    lines = round(ceiling / step) if step < 1e9 else 0
    for line in range(lines + 1):
        at = number(y(line * step))
        drawn.append(
            f'<line class="c-rule" x1="{_LEFT}" x2="{_WIDTH - 4}" y1="{at}" y2="{at}"/>'
            f'<text class="axis" x="{_LEFT - 6}" y="{number(y(line * step) + 3.5)}" '
            f'text-anchor="end">{percent(line * step)}</text>'
        )
    if target is not None:
        drawn.append(
            f'<text class="goal-text" x="{_LEFT + 6}" y="{_FLOOR - 6}">'
            f"target: under {percent(target)}</text>"
        )
    return "".join(drawn)


def _line(points: Sequence[XY]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _names(
    points: Sequence[DesignPoint], at: Sequence[XY], chosen: int, suggested: int, knee: int
) -> list[str]:
    """Name the suggested design and the knee; one name where they are the same design."""
    words: dict[int, str] = {}
    if 0 <= suggested < len(points):
        words[suggested] = "suggested"
    if 0 <= knee < len(points) and knee != suggested:
        words[knee] = "knee"
    if chosen not in words:
        words[chosen] = "this design"
    drawn = []
    last: XY | None = None
    for place in sorted(words):
        a, b = at[place]
        half = len(words[place]) * 3
        x = min(max(a, _LEFT + half), _WIDTH - half - 4)
        above = b - 12
        if last is not None and x - last[0] < half + 30 and abs(above - last[1]) < 13:
            above = last[1] - 13
        last = x, above
        drawn.append(
            f'<text class="named{" chosen" if place == chosen else ""}" x="{number(x)}" '
            f'y="{number(max(above, 10))}" text-anchor="middle">{words[place]}</text>'
        )
    return drawn


def _told(points: Sequence[DesignPoint], chosen: int, suggested: int, target: float | None) -> str:
    first, this = points[0].figures, points[chosen].figures
    told = (
        f"{count(len(points), 'design')} from no move to "
        f"{max(p.figures.accounts_moved for p in points)}. This one moves "
        f"{count(this.accounts_moved, 'account')} and brings the spread of potential from "
        f"{percent(first.spread_potential, 1)} to {percent(this.spread_potential, 1)}"
    )
    if chosen == suggested:
        told += "; it is the one suggested"
    if target is not None:
        told += f". The target is under {percent(target)}"
    return told + "."

"""Pictures of how a method did in the past: reliability, lift, coverage, drift.

Pure functions of the records of `domain.method`. Class names only; `method-report.css` has
the colours of both themes. Each picture stands beside a table of the same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, sqrt

from api.amounts import count, percent
from api.page_look import day
from api.svg import XY, number, said
from domain.method import Added, Estimate, FactDrift, Held, Lift, PeriodRate, Reliable

_WIDTH = 320
_LEFT, _RIGHT, _TOP, _FLOOR = 48, 22, 12, 176
_ROW = 30
_LABELS = 132
LITTLE_DRIFT, MUCH_DRIFT = 0.1, 0.25


def reliability_chart(bins: Sequence[Reliable], *, name: str = "reliability") -> str:
    """Draw what was told against what was found; on the diagonal, both agree.

    A dot's area goes with its rows, a whisker is the 95 % interval of what was found.
    Empty when there are no bins.
    """
    if not bins:
        return ""
    top = _ceiling(max(max(one.high, one.told) for one in bins))
    x, y = _across(top), _up(top)
    most = max(one.rows for one in bins)
    drawn = [
        _grid(top, y),
        f'<line class="ideal" x1="{number(x(0))}" y1="{number(y(0))}" '
        f'x2="{number(x(top))}" y2="{number(y(top))}"/>',
    ]
    for one in bins:
        at = number(x(one.told))
        told = (
            f"{count(one.rows, 'row')}: told {percent(one.told, 1)}, found "
            f"{percent(one.found, 1)} (between {percent(one.low, 1)} and {percent(one.high, 1)})"
        )
        drawn.append(
            f"<g><title>{said(told)}</title>"
            f'<line class="whisker" x1="{at}" x2="{at}" y1="{number(y(one.low))}" '
            f'y2="{number(y(min(one.high, top)))}"/>'
            f'<circle class="dot" cx="{at}" cy="{number(y(one.found))}" '
            f'r="{number(2.5 + 4 * sqrt(one.rows / most))}"/></g>'
        )
    drawn += [_tick(x(share), _percent(share)) for share in (0.0, top / 2, top)]
    off = max(bins, key=lambda one: abs(one.told - one.found))
    desc = (
        f"{count(len(bins), 'group')} of rows by the probability they were told. Furthest apart: "
        f"told {percent(off.told, 1)}, found {percent(off.found, 1)}."
    )
    return _svg("reliability", name, "Told against found", desc, drawn, _FLOOR + 24)


def lift_chart(tenths: Sequence[Lift], *, name: str = "lift") -> str:
    """Draw the rate of each tenth against the rate of all, the best-scored tenth first."""
    if not tenths:
        return ""
    top = _ceiling(max(max(one.lift for one in tenths), 1.2))
    y = _up(top)
    step = (_WIDTH - _LEFT - _RIGHT) / len(tenths)
    drawn = [_grid(top, y, lambda value: f"{value:g}x")]
    for place, one in enumerate(tenths):
        left = _LEFT + place * step
        told = f"Tenth {one.tenth}: {percent(one.rate, 1)} of {count(one.rows, 'row')}"
        drawn.append(
            f'<g><title>{said(told)}</title><rect class="bar{"" if one.lift >= 1 else " under"}" '
            f'x="{number(left + 2)}" y="{number(y(one.lift))}" width="{number(step - 4)}" '
            f'height="{number(max(_FLOOR - y(one.lift), 1))}" rx="2"/>'
            f'<text class="figure" x="{number(left + step / 2)}" y="{number(y(one.lift) - 4)}" '
            f'text-anchor="middle">{one.lift:.1f}</text></g>'
        )
        drawn.append(_tick(left + step / 2, str(one.tenth)))
    drawn.append(
        f'<line class="ideal" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{number(y(1))}" '
        f'y2="{number(y(1))}"/>'
    )
    desc = (
        f"The best-scored tenth did {tenths[0].lift:.1f} times as well as all, the last "
        f"{tenths[-1].lift:.1f} times."
    )
    return _svg("lift", name, "Lift by tenth", desc, drawn, _FLOOR + 24)


def coverage_chart(levels: Sequence[Held], *, name: str = "coverage") -> str:
    """Draw how often each level of potential held, beside what it promised."""
    if not levels:
        return ""

    def x(share: float) -> float:
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT - 40)

    drawn = []
    for place, one in enumerate(levels):
        top = place * (_ROW + 12) + 8
        middle = number(top + 12)
        drawn.append(
            f"<g><title>{said(_held_words(one))}</title>"
            f'<text class="name" x="0" y="{top + 16}">P{one.level * 100:.0f}</text>'
            f'<rect class="track" x="{_LEFT}" y="{top + 8}" width="{number(x(1) - _LEFT)}" '
            f'height="8" rx="4"/>'
            f'<line class="whisker" x1="{number(x(one.low))}" x2="{number(x(one.high))}" '
            f'y1="{middle}" y2="{middle}"/>'
            f'<circle class="dot" cx="{number(x(one.held))}" cy="{middle}" r="5.5"/>'
            f'<path class="aim" d="M{number(x(one.level))} {top}v24"/>'
            f'<text class="figure" x="{_WIDTH}" y="{top + 16}" text-anchor="end">'
            f"{percent(one.held, 0)}</text></g>"
        )
    floor = len(levels) * (_ROW + 12) + 14
    drawn += [_tick(x(share), percent(share), floor) for share in (0.0, 0.5, 1.0)]
    desc = " ".join(_held_words(one) + "." for one in levels)
    return _svg("coverage", name, "How often each level held", desc, drawn, floor + 20)


def period_chart(periods: Sequence[PeriodRate], *, name: str = "periods") -> str:
    """Draw the rate that was told and the rate that was found, period by period."""
    if not periods:
        return ""
    top = _ceiling(max(max(one.told, one.found) for one in periods))
    y = _up(top)
    step = (_WIDTH - _LEFT - _RIGHT) / len(periods)
    middles = [_LEFT + (place + 0.5) * step for place in range(len(periods))]
    drawn = [_grid(top, y)]
    for kind in ("told", "found"):
        points = [(x, y(getattr(one, kind))) for x, one in zip(middles, periods, strict=True)]
        drawn.append(f'<path class="line {kind}" d="{_line(points)}"/>')
        drawn += [
            f'<circle class="dot {kind}" cx="{number(a)}" cy="{number(b)}" r="3.4"/>'
            for a, b in points
        ]
    for x, one in zip(middles, periods, strict=True):
        told = (
            f"{day(one.starts)} to {day(one.ends)}, {count(one.rows, 'row')}: told "
            f"{percent(one.told, 1)}, found {percent(one.found, 1)}"
        )
        drawn.append(
            f'<rect class="hover" x="{number(x - step / 2)}" y="{_TOP}" width="{number(step)}" '
            f'height="{_FLOOR - _TOP}"><title>{said(told)}</title></rect>'
        )
    every = max(ceil(len(periods) / 4), 1)
    drawn += [
        _tick(x, f"{one.starts:%b %y}")
        for place, (x, one) in enumerate(zip(middles, periods, strict=True))
        if place % every == 0
    ]
    first, last = periods[0], periods[-1]
    desc = (
        f"Found {percent(first.found, 1)} in the first period and {percent(last.found, 1)} in the "
        f"last; told {percent(first.told, 1)} and {percent(last.told, 1)}."
    )
    return _svg("periods", name, "Rate by period", desc, drawn, _FLOOR + 24)


def drift_chart(facts: Sequence[FactDrift], *, name: str = "drift") -> str:
    """Draw how far each fact has shifted, with the marks for little and for much."""
    if not facts:
        return ""
    most = max(max(one.psi for one in facts), MUCH_DRIFT) * 1.1
    rows = [
        (one.label, one.psi, f"{one.psi:.2f}", "" if one.psi < MUCH_DRIFT else " loud")
        for one in facts
    ]
    much = [one.label for one in facts if one.psi >= MUCH_DRIFT]
    desc = f"{', '.join(much)} shifted much." if much else "No fact shifted much."
    return _bars("drift", name, "Shift of each fact", desc, rows, most, (LITTLE_DRIFT, MUCH_DRIFT))


def added_chart(dimensions: Sequence[Added], *, name: str = "added") -> str:
    """Draw the AUC that is lost without each dimension; below nought it does harm."""
    if not dimensions:
        return ""
    most = max(max(abs(one.auc_lost) for one in dimensions), 0.01) * 1.1
    rows = [
        (
            one.dimension.capitalize(), abs(one.auc_lost),
            f"{one.auc_lost:+.3f}".replace("-", "−"), "" if one.auc_lost >= 0 else " under",
        )
        for one in dimensions
    ]  # fmt: skip
    best = max(dimensions, key=lambda one: one.auc_lost)
    desc = f"Most is added by {best.dimension}: {best.auc_lost:.3f} of AUC."
    return _bars("added", name, "What each dimension adds", desc, rows, most, ())


def auc_chart(cards: Sequence[tuple[str, Estimate]], *, name: str = "auc") -> str:
    """Draw the AUC of each card with its 99 % interval; one half is chance."""
    if not cards:
        return ""
    low = min(0.45, *(one.low for _, one in cards))
    high = max(0.75, *(one.high for _, one in cards))

    def x(value: float) -> float:
        return _LABELS - 24 + (value - low) / (high - low) * (_WIDTH - _LABELS - 24)

    floor = len(cards) * _ROW + 6
    drawn = [f'<path class="aim" d="M{number(x(0.5))} 0v{floor}"/>']
    for place, (label, one) in enumerate(cards):
        middle = place * _ROW + 16
        drawn.append(
            f'<g><title>{said(_auc_words(label, one))}</title><text class="name" x="0" '
            f'y="{middle + 4}">{said(label)}</text>'
            f'<line class="whisker" x1="{number(x(one.low))}" x2="{number(x(one.high))}" '
            f'y1="{middle}" y2="{middle}"/>'
            f'<circle class="dot" cx="{number(x(one.value))}" cy="{middle}" r="5"/>'
            f'<text class="figure" x="{_WIDTH}" y="{middle + 4}" text-anchor="end">'
            f"{one.value:.3f}</text></g>"
        )
    drawn.append(_tick(x(0.5), "chance", floor))
    desc = " ".join(_auc_words(label, one) + "." for label, one in cards)
    return _svg("auc", name, "AUC out of time", desc, drawn, floor + 20)


def _held_words(one: Held) -> str:
    return (
        f"P{one.level * 100:.0f} held {percent(one.held, 1)} of the time "
        f"(between {percent(one.low, 1)} and {percent(one.high, 1)})"
    )


def _auc_words(label: str, one: Estimate) -> str:
    return f"{label}: AUC {one.value:.3f}, between {one.low:.3f} and {one.high:.3f}"


def _bars(
    kind: str,
    name: str,
    title: str,
    desc: str,
    rows: Sequence[tuple[str, float, str, str]],
    most: float,
    marks: Sequence[float],
) -> str:
    """Lay out one horizontal bar a row: label, size, figure as told, further class."""
    span = _WIDTH - _LABELS - 46
    height = len(rows) * 24 + 4
    drawn = [
        f'<path class="aim" d="M{number(_LABELS + mark / most * span)} 0v{height}"/>'
        for mark in marks
    ]
    for place, (label, size, told, look) in enumerate(rows):
        top = place * 24 + 4
        drawn.append(
            f"<g><title>{said(label)}: {said(told)}</title>"
            f'<text class="name" x="0" y="{top + 13}">{said(_short(label))}</text>'
            f'<rect class="bar{look}" x="{_LABELS}" y="{top + 3}" height="13" rx="2" '
            f'width="{number(max(size / most * span, 1))}"/>'
            f'<text class="figure" x="{_WIDTH}" y="{top + 14}" text-anchor="end">'
            f"{said(told)}</text></g>"
        )
    return _svg(kind, name, title, desc, drawn, height)


def _short(label: str, most: int = 21) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _ceiling(top: float) -> float:
    """Return a round number at or above `top`."""
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0):
        if top <= 5 * step:
            return step * ceil(top / step - 1e-9) or step
    return float(ceil(top))


def _across(top: float) -> Callable[[float], float]:
    return lambda value: _LEFT + value / top * (_WIDTH - _LEFT - _RIGHT)


def _up(top: float) -> Callable[[float], float]:
    return lambda value: _FLOOR - value / top * (_FLOOR - _TOP)


def _percent(share: float) -> str:
    return percent(share, 0 if abs(share * 100 - round(share * 100)) < 1e-9 else 1)


def _grid(top: float, y: Callable[[float], float], told: Callable[[float], str] = _percent) -> str:
    return "".join(
        f'<line class="rule" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{number(y(value))}" '
        f'y2="{number(y(value))}"/>'
        f'<text class="axis" x="{_LEFT - 6}" y="{number(y(value) + 4)}" '
        f'text-anchor="end">{told(value)}</text>'
        for value in (0.0, top / 2, top)
    )


def _tick(x: float, told: str, floor: float = _FLOOR) -> str:
    return (
        f'<text class="axis" x="{number(x)}" y="{number(floor + 16)}" '
        f'text-anchor="middle">{said(told)}</text>'
    )


def _line(points: Sequence[XY]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _svg(kind: str, name: str, title: str, desc: str, drawn: Sequence[str], height: float) -> str:
    return (
        f'<svg class="chart tested {kind}" viewBox="0 0 {_WIDTH} {number(height)}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{said(title)}'
        f'</title><desc id="{name}-desc">{said(desc, 400)}</desc>{"".join(drawn)}</svg>'
    )

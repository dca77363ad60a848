"""Pictures of the report: intervals on a common scale, how tasks spread, how long they took.

Class names only; `report.css` has the colours of both themes. Each picture stands beside its
figures, so a reader of the table misses nothing without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log10

from markupsafe import Markup

from api.svg import number

WIDTH, HEIGHT = 160, 20
_EDGE = 7
_MIDDLE = HEIGHT / 2
BINS = 20


def interval(
    value: float | None,
    low: float,
    high: float,
    *,
    scale_from: float = 0.0,
    before: float | None = None,
    series: str = "",
) -> Markup:
    """Draw a value with its interval on a scale up to 1; a tick is where the baseline stood.

    `series` is `hollow` or `whole` for a second and third kind of row. Without a value nothing
    is drawn but the scale.
    """
    ends = (scale_from, 1.0)
    drawn = [_rail([scale_from + share * (1 - scale_from) for share in (0, 0.5, 1)], ends)]
    if value is not None:
        drawn.append(_whisker(_across(low, *ends), _across(high, *ends)))
    if before is not None:
        drawn.append(f'<path class="was" d="M{number(_across(before, *ends))} 3v{HEIGHT - 6}"/>')
    if value is not None:
        drawn.append(_dot(_across(value, *ends), f"dot {series}".strip()))
    return _svg(drawn)


def difference(value: float | None, low: float, high: float, *, reach: float, mood: str) -> Markup:
    """Draw a difference with its interval around nought; the scale goes to `reach` either way.

    `mood` is `better`, `worse` or `even`. What exceeds the scale ends in an arrow.
    """
    drawn = [_rail((-reach, 0.0, reach), (-reach, reach))]
    middle = number(_across(0, -reach, reach))
    drawn.append(f'<path class="zero" d="M{middle} 2v{HEIGHT - 4}"/>')
    drawn.append(_whisker(_across(low, -reach, reach), _across(high, -reach, reach), mood))
    for beyond, place, points in (
        (low < -reach, _EDGE - 5, f"l5 {-4}v8z"),
        (high > reach, WIDTH - _EDGE + 5, f"l-5 {-4}v8z"),
    ):
        if beyond:
            drawn.append(f'<path class="beyond {mood}" d="M{place} {number(_MIDDLE)}{points}"/>')
    if value is not None:
        drawn.append(_dot(_across(value, -reach, reach), f"dot {mood}"))
    return _svg(drawn)


def spread(rubrics: Sequence[float]) -> Markup:
    """Draw how many tasks have which rubric, in steps of five points from 0 to 100."""
    counts = [0] * BINS
    for points in rubrics:
        counts[min(int(points / 100 * BINS), BINS - 1)] += 1
    most = max([*counts, 1])
    width, height, left = 520, 96, 8
    step = (width - 2 * left) / BINS
    drawn = [f'<path class="rule" d="M{left} {height}.5h{width - 2 * left}"/>']
    for place, count in enumerate(counts):
        if not count:
            continue
        tall = max(count / most * (height - 18), 2)
        x = left + place * step
        drawn.append(
            f'<rect class="bar" x="{number(x + 1.5)}" y="{number(height - tall)}" '
            f'width="{number(step - 3)}" height="{number(tall)}" rx="2"/>'
            f'<text class="figure" x="{number(x + step / 2)}" y="{number(height - tall - 5)}" '
            f'text-anchor="middle">{count}</text>'
        )
    for points in (0, 25, 50, 75, 100):
        x = left + points / 100 * (width - 2 * left)
        anchor = {0: "start", 100: "end"}.get(points, "middle")
        drawn.append(
            f'<text class="axis" x="{number(x)}" y="{height + 16}" '
            f'text-anchor="{anchor}">{points}</text>'
        )
    return _figure(
        drawn,
        width,
        height + 20,
        "How the tasks spread",
        f"{len(rubrics)} tasks by their rubric in steps of five points: "
        f"{sum(points < 50 for points in rubrics)} below 50, "
        f"{sum(points >= 90 for points in rubrics)} at 90 or above.",
    )


def strip(seconds: Sequence[float]) -> Markup:
    """Draw a mark for each answer on a scale of seconds that begins at nought."""
    top = _round_up(max([*seconds, 0.001]))
    width, height = 520, 34
    drawn = [f'<path class="rule" d="M{_EDGE} 24.5h{width - 2 * _EDGE}"/>']
    # Marks that would lie on each other to the pixel are drawn once.
    places = sorted({round(_EDGE + one / top * (width - 2 * _EDGE)) for one in seconds})
    drawn.append(f'<path class="mark" d="{"".join(f"M{place} 6v15" for place in places)}"/>')
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        x = number(_EDGE + share * (width - 2 * _EDGE))
        drawn.append(
            f'<text class="axis" x="{x}" y="{height + 4}" text-anchor="{anchor}">'
            f"{share * top:g} s</text>"
        )
    return _figure(
        drawn,
        width,
        height + 8,
        "How long each answer took",
        f"{len(seconds)} answers, the slowest in {max([*seconds, 0.0]):.2f} seconds.",
    )


def _across(value: float, low: float, high: float) -> float:
    share = (min(max(value, low), high) - low) / (high - low)
    return _EDGE + share * (WIDTH - 2 * _EDGE)


def _rail(ticks: Sequence[float], ends: tuple[float, float]) -> str:
    marks = "".join(f"M{number(_across(tick, *ends))} 4v{HEIGHT - 8}" for tick in ticks)
    return f'<path class="rail" d="M{_EDGE} {number(_MIDDLE)}H{WIDTH - _EDGE}{marks}"/>'


def _whisker(start: float, end: float, mood: str = "") -> str:
    end = max(end, start + 1)
    return (
        f'<path class="{f"whisker {mood}".strip()}" d="M{number(start)} {number(_MIDDLE)}'
        f'H{number(end)}"/>'
    )


def _dot(x: float, classes: str) -> str:
    return f'<circle class="{classes}" cx="{number(x)}" cy="{number(_MIDDLE)}" r="4.5"/>'


def _svg(drawn: Sequence[str]) -> Markup:
    # The cells beside it say the same.
    box = f'class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true"'
    return Markup(f"<svg {box}>{''.join(drawn)}</svg>")  # noqa: S704 numbers and class names alone


def _figure(drawn: Sequence[str], width: int, height: int, title: str, told: str) -> Markup:
    name = title.lower().replace(" ", "-")
    return Markup(  # noqa: S704 numbers and our own words alone
        f'<svg class="picture" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{title}</title>'
        f'<desc id="{name}-d">{told}</desc>{"".join(drawn)}</svg>'
    )


def _round_up(value: float) -> float:
    """Return the least of 1, 2 or 5 times a power of ten that is not below `value`."""
    power = 10.0 ** (ceil(round(log10(value), 9)) - 1)
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * 0.999999)

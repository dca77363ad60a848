"""Charts as SVG strings: the same picture on a page, on paper and in an export.

Colours come from the page's style sheet by class name, so that one picture serves both
themes; nothing here needs a script or a style attribute.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape

from agent.view import ScoreRow

_WIDTH = 296
_ROW = 25
_SECOND_LINE = 13
_LETTERS = 19
_LABELS = 130
_VALUES = 36
_BAR = 13


def signed(points: int) -> str:
    """Write points with their sign: `+14`, `−5` with a true minus, `0` bare."""
    return f"{points:+d}".replace("-", "−") if points else "0"


def plain(points: int) -> str:
    """Write a score without a plus, below zero with a true minus."""
    return str(points).replace("-", "−")


def waterfall(rows: Sequence[ScoreRow], *, name: str = "waterfall") -> str:
    """Draw how a score comes about: base, each factor, total.

    Parameters
    ----------
    rows
        Base first, then the parts, then the total, as `PlanView.score` has them. Parts
        of 0 points are left to the table beside the chart; a chart of nothing but its
        base still has two rows.
    name
        Prefix of the ids inside, one per chart on a page.

    Returns
    -------
    str
        An `<svg>` with title and description. Gains are solid, losses hatched. The axis
        spans the scores met on the way; where that leaves zero out, the base and the
        total start at a break.
    """
    drawn = [row for row in rows if row.kind != "part" or row.points]
    base = next((row.points for row in drawn if row.kind == "base"), 0)
    total = next((row.points for row in drawn if row.kind == "total"), base)
    steps = _steps(drawn, base)
    low, high, broken = _axis([base, total, *(end for _, end in steps)])

    def x(points: float) -> float:
        span = _WIDTH - _LABELS - _VALUES
        return round(_LABELS + span * (points - low) / (high - low), 1)

    marks: list[str] = []
    previous: tuple[float, int] | None = None
    top = 0
    for row, (start, end) in zip(drawn, steps, strict=True):
        words = _wrapped(row.label)
        top += 8 if row.kind == "total" else 0
        left, right = sorted((x(min(max(start, low), high)), x(end)))
        if row.kind == "total":
            marks.append(
                f'<line class="c-rule" x1="0" x2="{_WIDTH}" y1="{top - 4}" y2="{top - 4}"/>'
            )
        if previous is not None:
            at, below = previous
            marks.append(f'<line class="c-link" x1="{at}" x2="{at}" y1="{below}" y2="{top + 6}"/>')
        marks.append(_bar(row, words, left, right, top, name, torn=broken and row.kind != "part"))
        previous = (x(end), top + 6 + _BAR)
        top += _ROW + _SECOND_LINE * (len(words) - 1)
    height = top
    parts = [row for row in drawn if row.kind == "part"]
    return (
        f'<svg class="chart waterfall" viewBox="0 0 {_WIDTH} {height}" '
        f'role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">How the score of {plain(total)} comes about</title>'
        f'<desc id="{name}-desc">{escape(_told(base, total, parts))}</desc>'
        f"{_hatch(name)}{''.join(marks)}</svg>"
    )


def capacity_bar(planned_share: float, committed_share: float, *, name: str = "capacity") -> str:
    """Draw a rep's period: hours of other plans, hours of this one, and what is free.

    Both are shares of the rep's selling hours: `committed_share` of the other approved
    plans, `planned_share` of this plan on top. Beyond 1 the bar is full and ends hatched.
    """
    committed = min(max(committed_share, 0.0), 1.0)
    ends = min(max(committed_share + planned_share, 0.0), 1.0)
    over = committed_share + planned_share > 1
    width = 200
    told = (
        f"Other approved plans take {committed_share:.1%} of the selling hours, this plan "
        f"{planned_share:.1%}."
    )
    return (
        f'<svg class="chart capacity" viewBox="0 0 {width} 10" preserveAspectRatio="none" '
        f'role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">Hours against the calendar</title>'
        f'<desc id="{name}-desc">{told}</desc>{_hatch(name)}'
        f'<rect class="c-track" width="{width}" height="10" rx="3"/>'
        f'<rect class="c-other" width="{committed * width:.1f}" height="10" rx="3"/>'
        f'<rect class="{"c-loss" if over else "c-gain"}" '
        f'{_fill(name) if over else ""}x="{committed * width:.1f}" '
        f'width="{max((ends - committed) * width, 2 if planned_share else 0):.1f}" '
        'height="10" rx="3"/></svg>'
    )


def progress_bar(approved: int, returned: int, total: int) -> str:
    """Draw how many sections are decided. Decorative: the words beside it say the same."""
    cell = 100 / max(total, 1)
    cells = "".join(
        f'<rect class="{kind}" x="{cell * place:.2f}" width="{cell - 0.8:.2f}" height="6"/>'
        for place, kind in enumerate(
            ["c-ok"] * approved
            + ["c-bad"] * returned
            + ["c-track"] * max(total - approved - returned, 0)
        )
    )
    return (
        '<svg class="chart progress" viewBox="0 0 100 6" preserveAspectRatio="none" '
        f'aria-hidden="true">{cells}</svg>'
    )


def _steps(rows: Sequence[ScoreRow], base: int) -> list[tuple[int, int]]:
    steps: list[tuple[int, int]] = []
    reached = base
    for row in rows:
        if row.kind == "part":
            steps.append((reached, reached + row.points))
            reached += row.points
        else:
            steps.append((0, row.points))
    return steps


def _axis(points: Sequence[int]) -> tuple[float, float, bool]:
    """Return both ends, and whether zero was left out because the parts would vanish."""
    low, high = min(points), max(points)
    spread = max(high - low, 1)
    if low > 2 * spread:
        return low - 0.4 * spread, float(high), True
    if high < -2 * spread:
        return float(low), high + 0.4 * spread, True
    low, high = min(low, 0), max(high, 0)
    return float(low), float(high if high > low else low + 1), False


def _bar(
    row: ScoreRow,
    words: Sequence[str],
    left: float,
    right: float,
    top: int,
    name: str,
    *,
    torn: bool,
) -> str:
    kind = {"base": "c-base", "total": "c-total"}.get(
        row.kind, "c-gain" if row.points > 0 else "c-loss"
    )
    fill = _fill(name) if kind == "c-loss" else ""
    said = plain(row.points) if row.kind != "part" else signed(row.points)
    strong = " c-strong" if row.kind == "total" else ""
    middle = top + 16
    bar = (
        f'<rect class="{kind}" {fill}x="{left}" y="{top + 6}" '
        f'width="{max(right - left, 2):.1f}" height="{_BAR}" rx="2"/>'
    )
    if torn:
        at = left + 7 if row.points > 0 else right - 10
        bar += f'<path class="c-break" d="M{at} {top + 4}l3 4-3 4 3 4-3 4"/>'
    label = "".join(
        f'<text class="c-label{strong}" x="0" y="{middle + _SECOND_LINE * line}">'
        f"{escape(text)}</text>"
        for line, text in enumerate(words)
    )
    told = f"{row.label}: {said}" + (f", {row.value}" if row.value else "")
    return (
        f"<g><title>{escape(told)}</title>"
        f"{label}"
        f"{bar}"
        f'<text class="c-value" x="{_WIDTH}" y="{middle}" text-anchor="end">{said}</text></g>'
    )


def _wrapped(label: str) -> list[str]:
    """Return a label on one line or two; the rest of a longer one stays in the table."""
    lines = textwrap.wrap(label, _LETTERS, max_lines=2, placeholder="…")
    return lines or [""]


def _told(base: int, total: int, parts: Sequence[ScoreRow]) -> str:
    gains = sum(row.points for row in parts if row.points > 0)
    losses = sum(row.points for row in parts if row.points < 0)
    largest = max(parts, key=lambda row: abs(row.points), default=None)
    said = (
        f"Base {plain(base)}, gains {signed(gains)}, losses {signed(losses)}, score {plain(total)}."
    )
    if largest is not None:
        said += f" The largest part is {largest.label} with {signed(largest.points)}."
    return said


def _hatch(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="c-hatch-ground" width="5" height="5"/>'
        '<rect class="c-hatch-line" width="2.6" height="5"/></pattern></defs>'
    )


def _fill(name: str) -> str:
    return f'fill="url(#{name}-hatch)" '

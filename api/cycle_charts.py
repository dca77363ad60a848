"""Pictures of a quarter: plan against actual as bullet charts, a rep's weeks as bars.

Pure functions of a view; class names only, colours of both themes are in `cycle.css`. The
same values stand in a table beside each picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from agent.cycle.view import Bullet, CalendarOf, WeekView
from agent.cycle.writing import hours
from api.svg import number, said

_WIDTH = 240
_HEIGHT = 20
_WEEKS = 340
_ROW = 24
_LABEL = 52
_VALUES = 96


def bullet_chart(item: Bullet, *, most: Decimal | None = None, name: str) -> str:
    """Draw one measure: a band to the plan, a bar for actual, a tick for what is due by now.

    Parameters
    ----------
    item
        A measure. Without a plan only the bar is drawn; without an actual value only the band.
    most
        The end of the scale, the same for measures of one unit that stand below each other;
        without it the larger of plan and actual.
    name
        Prefix of the ids inside, one per chart on a page.
    """
    values = [value for value in (item.plan, item.due, item.actual) if value is not None]
    end = max([most or Decimal(0), *values, Decimal(0)])
    scale = Decimal(_WIDTH - 2) / end if end > 0 else Decimal(0)

    def x(value: Decimal) -> str:
        return number(float(max(value, Decimal(0)) * scale))

    marks = [f'<rect class="b-scale" y="8.5" width="{_WIDTH}" height="1"/>']
    if item.plan is not None and item.plan > 0:
        marks.append(f'<rect class="b-plan" y="2" width="{x(item.plan)}" height="16"/>')
        marks.append(f'<rect class="b-goal" x="{x(item.plan)}" y="1" width="2" height="18"/>')
    if item.actual is not None:
        kind = "b-behind" if item.reading == "behind" else "b-actual"
        wide = max(float(max(item.actual, Decimal(0)) * scale), 1.5)
        marks.append(f'<rect class="{kind}" y="6" width="{number(wide)}" height="8"/>')
    if item.due is not None and item.due != item.plan:
        marks.append(f'<rect class="b-due" x="{x(item.due)}" y="3" width="1.5" height="14"/>')
    return (
        f'<svg class="chart bullet" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" '
        f'role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{said(f"{item.label} of {item.name}")}</title>'
        f'<desc id="{name}-desc">{said(_told(item))}</desc>{"".join(marks)}</svg>'
    )


def scale_of(items: Iterable[Bullet]) -> Decimal | None:
    """Return the end of a scale that holds every measure given; None where none is known."""
    values = [value for item in items for value in (item.plan, item.actual) if value is not None]
    return max(values, default=None)


def _told(item: Bullet) -> str:
    told = f"Plan {item.plan_cell.text}, actual {item.actual_cell.text}"
    if item.due is not None and item.due != item.plan:
        told += f", due by now {item.due_cell.text}"
    return f"{told}: {item.reading}."


def week_bars(calendar: CalendarOf, *, name: str = "weeks") -> str:
    """Draw a rep's weeks: selling hours outlined, planned hours solid, travel hatched."""
    weeks = calendar.weeks
    if not weeks:
        return ""
    most = max(max(week.selling, week.planned) for week in weeks)
    scale = Decimal(_WEEKS - _LABEL - _VALUES) / most if most > 0 else Decimal(0)
    drawn = "".join(_week(week, place * _ROW, scale, name) for place, week in enumerate(weeks))
    return (
        f'<svg class="chart weeks" viewBox="0 0 {_WEEKS} {_ROW * len(weeks)}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{said(f"Hours of {calendar.rep_name}, week by week")}</title>'
        f'<desc id="{name}-desc">{said(_fullest(weeks))}</desc>{_hatch(name)}{drawn}</svg>'
    )


def _week(week: WeekView, top: int, scale: Decimal, name: str) -> str:
    def wide(value: Decimal) -> str:
        return number(float(value * scale))

    over = week.planned > week.selling
    planned = "w-over" if over else "w-planned"
    told = f"Week of {week.label}: {hours(week.planned)} planned of {hours(week.selling)}"
    travel = (
        f'<rect class="w-travel" fill="url(#{name}-hatch)" x="{_LABEL}" y="{top + 7}" '
        f'width="{wide(min(week.travel, week.planned))}" height="8"/>'
        if week.travel > 0
        else ""
    )
    return (
        f"<g><title>{said(told)}, {said(hours(week.travel))} of it travel</title>"
        f'<text class="w-label" x="0" y="{top + 15}">{said(week.label)}</text>'
        f'<rect class="w-selling" x="{_LABEL}" y="{top + 4}" width="{wide(week.selling)}" '
        'height="14" rx="2"/>'
        f'<rect class="{planned}" x="{_LABEL}" y="{top + 7}" width="{wide(week.planned)}" '
        f'height="8"/>{travel}'
        f'<text class="c-value" x="{_WEEKS}" y="{top + 15}" text-anchor="end">'
        f"{said(hours(week.planned).removesuffix(' h'))} of {said(hours(week.selling))}</text></g>"
    )


def _fullest(weeks: Sequence[WeekView]) -> str:
    planned, selling = sum(week.planned for week in weeks), sum(week.selling for week in weeks)
    told = f"{hours(Decimal(planned))} planned of {hours(Decimal(selling))} selling hours"
    over = [week.label for week in weeks if week.planned > week.selling]
    if over:
        told += f"; over its hours: {', '.join(over)}"
    return f"{told}."


def _hatch(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="w-hatch-ground" width="5" height="5"/>'
        '<rect class="w-hatch-line" width="2.2" height="5"/></pattern></defs>'
    )

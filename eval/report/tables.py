"""Rows of the report's tables: each metric with its interval, written out and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Literal

from markupsafe import Markup

from api.amounts import DASH, count, percent, signed
from eval.comparing import ALPHA, Comparison, MetricChange, Passes
from eval.marks import bounds
from eval.report import charts
from eval.report.look import title_of
from eval.score import Scorer
from eval.scoring import ANSWERED, RUBRIC
from eval.statistics.estimate import Estimate
from eval.summary import MetricSummary, Slice

Mood = Literal["better", "worse", "even"]
LEAST_P = 0.001
_OWN = {
    RUBRIC: ("Rubric", "The mean of what applies to a task, by weight, of 100 points.", ""),
    ANSWERED: ("Answer given", "Did an answer come that can be read?", "None is no plan."),
}


@dataclass(frozen=True)
class ChangeCells:
    """A difference against the baseline, in points."""

    plot: Markup
    value: str
    interval: str
    p: str
    verdict: str
    mood: Mood
    passes: str


@dataclass(frozen=True)
class MetricCells:
    """A metric, as the table has it; `always` is pass^k of all trials."""

    title: str
    question: str
    why: str
    critical: bool
    plot: Markup
    value: str
    interval: str
    n: str
    units: str
    always: str
    detects: str
    change: ChangeCells | None


@dataclass(frozen=True)
class MetricGroup:
    """Metrics that count alike."""

    title: str
    rows: tuple[MetricCells, ...]


@dataclass(frozen=True)
class Metrics:
    """The table of metrics, with the ends of its two scales."""

    groups: tuple[MetricGroup, ...]
    silent: tuple[str, ...]
    low: str
    middle: str
    reach: str


def metrics(whole: Slice, comparison: Comparison | None, scorers: Sequence[Scorer]) -> Metrics:
    """Write every metric that arose, by weight; `silent` names those that never did."""
    known = {scorer.name: scorer for scorer in scorers}
    changes = {} if comparison is None else {one.metric: one for one in comparison.metrics}
    arose = [one for one in whole.metrics if one.mean.value is not None]
    low = _floor(arose)
    reach = _reach(changes.values())

    def cells(one: MetricSummary) -> MetricCells:
        return _cells(one, known.get(one.metric), changes.get(one.metric), low=low, reach=reach)

    def weight(one: MetricSummary) -> float:
        return known[one.metric].weight if one.metric in known else 0.0

    first = [one for one in arose if one.metric in _OWN]
    counted = sorted((one for one in arose if weight(one)), key=weight, reverse=True)
    others = [one for one in arose if one not in first and one not in counted]
    groups = (
        ("All in all", first),
        ("In the rubric, the weightiest first", counted),
        ("Reported only", others),
    )
    return Metrics(
        groups=tuple(
            MetricGroup(title, tuple(cells(one) for one in rows)) for title, rows in groups if rows
        ),
        silent=tuple(title_of(one.metric) for one in whole.metrics if one.mean.value is None),
        low=f"{low * 100:.0f}",
        middle=f"{(1 + low) * 50:g}",
        reach=f"{reach * 100:.0f}",
    )


def hundredths(value: float | None, metric: str = RUBRIC) -> str:
    """Write a value of a metric in points or per cent: with one decimal and no unit."""
    return DASH if value is None else f"{unit(value, metric) * 100:.1f}"


def between(estimate: Estimate, metric: str = RUBRIC) -> str:
    """Write an interval: `68.0 to 74.8`; the unit is that of the value beside it."""
    if estimate.value is None:
        return DASH
    return f"{hundredths(estimate.low, metric)} to {hundredths(estimate.high, metric)}"


def chance(p: float | None) -> str:
    """Write a p: three decimals, and below them that it is."""
    if p is None:
        return DASH
    return f"< {LEAST_P}" if p < LEAST_P else f"{p:.3f}"


def difference(value: float | None, metric: str = RUBRIC) -> str:
    """Write a difference in points, with its sign."""
    return DASH if value is None else signed(unit(value, metric) * 100, 1)


def unit(value: float, metric: str) -> float:
    """Return a value or difference of a metric on the scale from 0 to 1."""
    return value / bounds(metric)[1]


def _cells(
    one: MetricSummary,
    scorer: Scorer | None,
    change: MetricChange | None,
    *,
    low: float,
    reach: float,
) -> MetricCells:
    name, mean = one.metric, one.mean
    title, question, why = (
        _OWN.get(name, (title_of(name), "", ""))
        if scorer is None
        else (title_of(name), scorer.question, scorer.why)
    )
    before = None if change is None or change.before is None else unit(change.before, name)
    value = hundredths(mean.value, name)
    return MetricCells(
        title=title,
        question=question,
        why=why,
        critical=change.critical if change is not None else bool(scorer and scorer.critical),
        plot=charts.interval(
            None if mean.value is None else unit(mean.value, name),
            unit(mean.low, name),
            unit(mean.high, name),
            scale_from=low,
            before=before,
        ),
        value=value if name == RUBRIC else f"{value} %",
        interval=between(mean, name),
        n=f"{mean.n:,}",
        units=count(one.rate.n, "unit") if one.rate is not None else "",
        always=percent(one.pass_hat[-1], 1) if one.pass_hat else DASH,
        detects=hundredths(one.smallest_difference, name),
        change=None if change is None else _change(change, reach),
    )


def _change(change: MetricChange, reach: float) -> ChangeCells:
    name, found = change.metric, change.difference
    mood: Mood = "even" if change.verdict == "no difference shown" else change.verdict
    return ChangeCells(
        plot=charts.difference(
            None if found.value is None else unit(found.value, name),
            unit(found.low, name),
            unit(found.high, name),
            reach=reach,
            mood=mood,
        ),
        value=difference(found.value, name),
        interval=f"{difference(found.low, name)} to {difference(found.high, name)}",
        p=chance(change.p_adjusted),
        verdict=change.verdict,
        mood=mood,
        passes=_told(change.passes),
    )


def _told(passes: Passes | None) -> str:
    """Say which tasks changed sides, and of critical metrics whether failing became usual."""
    if passes is None or not (passes.lost or passes.gained):
        return ""
    told = f"{passes.lost} lost, {passes.gained} gained"
    p = passes.p_more_failures
    return told if p is None or p >= ALPHA else f"{told}; fails more often, p {chance(p)}"


def _floor(arose: Iterable[MetricSummary]) -> float:
    """Return where the scale begins: the quarter below everything that it shows."""
    least = min((unit(one.mean.low, one.metric) for one in arose), default=0.0)
    return min(floor(least * 4) / 4, 0.75)


def _reach(changes: Iterable[MetricChange]) -> float:
    """Return how far the scale of differences goes: 5 points or more, and at most 50."""
    ends = [
        abs(unit(end, one.metric))
        for one in changes
        if one.difference.value is not None
        for end in (one.difference.low, one.difference.high)
    ]
    return min(max(ceil(max(ends, default=0.0) * 20) / 20, 0.05), 0.5)

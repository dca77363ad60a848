"""Rows of the report's tables: every figure with its interval, written out and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from api.amounts import DASH, percent, signed
from eval.report import charts
from eval.report.look import title_of
from eval.statistics.differences import Difference
from eval.statistics.estimate import Estimate

Mood = Literal["better", "worse", "even"]
LEAST_P = 0.001


@dataclass(frozen=True)
class ChangeCells:
    """A difference against the baseline, as the table has it."""

    plot: Markup
    value: str
    interval: str
    p: str
    verdict: str
    mood: Mood


@dataclass(frozen=True)
class MetricCells:
    """A metric, as the table has it."""

    title: str
    question: str
    why: str
    critical: bool
    plot: Markup
    value: str
    interval: str
    n: str
    detects: str
    change: ChangeCells | None


@dataclass(frozen=True)
class FamilyCells:
    """The rubric of a family's tasks of one kind of wording."""

    label: str
    plot: Markup
    value: str
    interval: str
    n: str


def share(value: float | None) -> str:
    """Write a value from 0 to 1 as per cent with one decimal."""
    return DASH if value is None else percent(value, 1)


def points(value: float | None) -> str:
    """Write a value from 0 to 1 as points of 100."""
    return DASH if value is None else f"{value * 100:.1f}"


def between(estimate: Estimate, written: Literal["share", "points"] = "share") -> str:
    """Write an interval from 0 to 1: `68.0 to 74.8`; the unit is that of the value beside it."""
    if estimate.value is None:
        return DASH
    return f"{estimate.low * 100:.1f} to {estimate.high * 100:.1f}"


def change_cells(
    difference: Difference, p: float | None, verdict: str, mood: Mood, *, reach: float
) -> ChangeCells:
    """Write a difference in points; the picture's scale goes to `reach` (0 to 1) either way."""
    return ChangeCells(
        plot=charts.difference(
            difference.value, difference.low, difference.high, reach=reach, mood=mood
        ),
        value=DASH if difference.value is None else signed(difference.value * 100, 1),
        interval=f"{signed(difference.low * 100, 1)} to {signed(difference.high * 100, 1)}",
        p=chance(p),
        verdict=verdict,
        mood=mood,
    )


def chance(p: float | None) -> str:
    """Write a p: three decimals, and below them that it is."""
    if p is None:
        return DASH
    return f"< {LEAST_P}" if p < LEAST_P else f"{p:.3f}"


def family_cells(label: str, estimate: Estimate, *, hollow: bool) -> FamilyCells:
    """Write the rubric of some tasks, drawn hollow for closed wordings."""
    return FamilyCells(
        label=label,
        plot=charts.interval(estimate.value, estimate.low, estimate.high, hollow=hollow),
        value=points(estimate.value),
        interval=between(estimate),
        n=f"{estimate.n:,}",
    )


def metric_cells(
    name: str,
    estimate: Estimate,
    *,
    question: str,
    why: str,
    critical: bool,
    smallest: float | None,
    before: float | None,
    change: ChangeCells | None,
) -> MetricCells:
    """Write a metric; `smallest` is the smallest difference that the tasks would show."""
    return MetricCells(
        title=title_of(name),
        question=question,
        why=why,
        critical=critical,
        plot=charts.interval(estimate.value, estimate.low, estimate.high, before=before),
        value=share(estimate.value),
        interval=between(estimate),
        n=f"{estimate.n:,}",
        detects=DASH if smallest is None else f"{smallest * 100:.1f}",
        change=change,
    )

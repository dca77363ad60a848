"""How the methods did in the past, as one HTML file: score, potential, whitespace.

The file needs nothing: no script, no request, no font. It follows the reader's light or
dark theme and prints on A4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api import method_charts as charts
from api import method_words as words
from api.amounts import percent
from api.page_look import STATIC, day, environment
from domain.method import MethodHistory, Reliable

_STYLES = ("tokens.css", "scenario-report.css", "method-report.css")


@dataclass(frozen=True)
class Picture:
    """A chart with the table of its figures; cells are text."""

    title: str
    caption: str
    chart: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def html(history: MethodHistory, *, company: str = "") -> str:
    """Write the report; sections without history say so in place of their pictures."""
    template = environment().get_template("method_report.html")
    written = template.render(
        history=history,
        company=company,
        styles=Markup("\n".join((STATIC / name).read_text("utf-8") for name in _STYLES)),  # noqa: S704
        verdict=words.verdict(history),
        cards=words.cards(history),
        score=_score(history),
        potential=_potential(history),
        whitespace=_whitespace(history),
        potential_lines=words.potential_lines(history),
        whitespace_lines=words.whitespace_lines(history),
        spans={
            "score": words.span(history.score.first, history.score.last),
            "potential": words.span(history.potential.starts, history.potential.ends),
            "whitespace": words.span(history.whitespace.starts, history.whitespace.ends),
        },
        methods=words.METHODS,
        limits=words.limits(),
    )
    return re.sub(r"(?<=\d) %", "\u00a0%", written)


def _score(history: MethodHistory) -> list[Picture]:
    past = history.score
    cards = [
        (label, one)
        for label, one in (("Card in use", past.hand), ("Card fitted", past.fitted))
        if one is not None
    ]
    return _drawn(
        (
            "Told apart out of time",
            "AUC with its 99 % interval, facts before outcomes. One half is a coin.",
            charts.auc_chart(cards), ("Card", "AUC", "From", "To"),
            [
                (label, *(f"{value:.3f}" for value in (one.value, one.low, one.high)))
                for label, one in cards
            ],
        ),
        (
            "Reliability",
            "Probability told against what was found; on the dashes both agree.",
            charts.reliability_chart(past.reliability, name="score-reliability"),
            _RELIABLE, _reliable(past.reliability),
        ),
        (
            "Lift",
            "Rate of each tenth against the rate of all, the best-scored first.",
            charts.lift_chart(past.lift), ("Tenth", "Rows", "Rate", "Lift"),
            [
                (str(one.tenth), f"{one.rows:,}", percent(one.rate, 1), f"{one.lift:.2f}")
                for one in past.lift
            ],
        ),
        (
            "What each dimension adds",
            "AUC that is lost when its points are left out.",
            charts.added_chart(past.added), ("Dimension", "AUC lost"),
            [(one.dimension, f"{one.auc_lost:+.4f}") for one in past.added],
        ),
        (
            "Rate by period",
            "Line: found. Dashes: told.",
            charts.period_chart(past.periods), ("Period", "Rows", "Told", "Found"),
            [
                (
                    f"{day(one.starts)} to {day(one.ends)}", f"{one.rows:,}",
                    percent(one.told, 1), percent(one.found, 1),
                )
                for one in past.periods
            ],
        ),
        (
            "Shift of each fact",
            "Stability index, earlier rows against later. Marks: 0.10 little, 0.25 much.",
            charts.drift_chart(past.drift), ("Fact", "Index"),
            [(one.label, f"{one.psi:.3f}") for one in past.drift],
        ),
    )  # fmt: skip


def _potential(history: MethodHistory) -> list[Picture]:
    levels = history.potential.levels
    return _drawn(
        (
            "Coverage",
            "How often the year's spend stayed within each level. Mark: what it promises.",
            charts.coverage_chart(levels), ("Level", "Promised", "Held", "From", "To"),
            [
                (
                    f"P{one.level * 100:.0f}",
                    *(percent(v, 1) for v in (one.level, one.held, one.low, one.high)),
                )
                for one in levels
            ],
        ),
    )  # fmt: skip


def _whitespace(history: MethodHistory) -> list[Picture]:
    bins = history.whitespace.reliability
    return _drawn(
        (
            "Chance of a first purchase",
            "Chance told against what was bought; on the dashes both agree.",
            charts.reliability_chart(bins, name="gap-reliability"), _RELIABLE, _reliable(bins),
        ),
    )  # fmt: skip


_RELIABLE = ("Rows", "Told", "Found", "From", "To")


def _reliable(bins: Sequence[Reliable]) -> list[tuple[str, ...]]:
    return [
        (f"{one.rows:,}", *(percent(v, 1) for v in (one.told, one.found, one.low, one.high)))
        for one in bins
    ]


def _drawn(
    *given: tuple[str, str, str, tuple[str, ...], Sequence[tuple[str, ...]]],
) -> list[Picture]:
    """Keep the pictures that have something to show."""
    return [
        Picture(title, caption, Markup(chart), heads, tuple(rows))  # noqa: S704
        for title, caption, chart, heads, rows in given
        if chart
    ]

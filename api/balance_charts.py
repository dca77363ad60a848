"""Pictures of how even a design is: a bar a rep, the row of designs, six figures.

Pure functions of the records of a frontier. Class names only; `territory-charts.css` has
the colours of both themes. Each picture has its table beside it: `balance_table`,
`frontier_table`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from api.amounts import money, percent, signed_percent
from api.frontier_chart import frontier_chart, frontier_table
from api.six_figures import Targets, six_figures
from api.svg import number, said
from api.territory_marks import Mark
from domain.assignment import DesignPoint, Frontier, RepFigures

__all__ = [
    "MEASURES",
    "BalanceRow",
    "Measure",
    "Targets",
    "balance_bars",
    "balance_rows",
    "balance_table",
    "frontier_chart",
    "frontier_table",
    "six_figures",
]

Measure = Literal["potential", "workload", "accounts"]
MEASURES: tuple[Measure, ...] = ("potential", "workload", "accounts")
NEAR = 0.10
"""A rep within this share of target counts as on it."""

_WIDTH = 340
_ROW = 54
_LETTER = 6.7


@dataclass(frozen=True)
class BalanceRow:
    """One rep today and under a design. `weeks` is the length of the planning period."""

    mark: Mark
    before: RepFigures
    after: RepFigures
    weeks: float
    currency: str
    mean_accounts: float

    def values(self, measure: Measure) -> tuple[float, float, float]:
        """Return before, after and target: currency, hours a week, or accounts.

        The target of accounts is their mean: nothing is balanced by it.
        """
        if measure == "potential":
            return self.before.potential, self.after.potential, self.after.potential_target
        if measure == "workload":
            return (
                self.before.hours / self.weeks,
                self.after.hours / self.weeks,
                self.after.hours_target / self.weeks,
            )
        return float(self.before.accounts), float(self.after.accounts), self.mean_accounts

    def off(self, measure: Measure) -> float | None:
        """Return how far off target the design leaves the rep; None without a target."""
        _, after, target = self.values(measure)
        return after / target - 1 if target > 0 else None

    def written(self, value: float, measure: Measure) -> str:
        """Write a value with its unit; accounts are counted bare."""
        if measure == "potential":
            return money(value, self.currency)
        return f"{value:,.0f} h" if measure == "workload" else f"{value:,.0f}"


def balance_rows(
    frontier: Frontier, point: DesignPoint, marks: dict[str, Mark]
) -> tuple[BalanceRow, ...]:
    """Return the reps of a design beside the present assignment, in the scenario's order."""
    before = {rep.rep_id: rep for rep in frontier.points[0].reps}
    weeks = ((frontier.period_end - frontier.period_start).days + 1) / 7
    mean = sum(rep.accounts for rep in point.reps) / max(len(point.reps), 1)
    return tuple(
        BalanceRow(marks[rep.rep_id], before[rep.rep_id], rep, weeks, frontier.currency, mean)
        for rep in point.reps
    )


def balance_bars(rows: Sequence[BalanceRow], measure: Measure, *, name: str = "balance") -> str:
    """Draw every rep's territory: outlined before, solid after, a band within 10 % of target.

    Parameters
    ----------
    rows
        One per rep; an empty sequence draws nothing.
    measure
        What is measured. Potential is of a year, workload hours a week.
    name
        Prefix of the ids inside, one per chart on a page.
    """
    if not rows:
        return ""
    most = max(max(*row.values(measure)[:2], row.values(measure)[2] * (1 + NEAR)) for row in rows)
    scale = (_WIDTH - 1) / (most * 1.02) if most > 0 else 0.0
    height = _ROW * len(rows) - 8
    drawn = "".join(_bar(row, measure, place * _ROW, scale) for place, row in enumerate(rows))
    label = {"potential": "Potential", "workload": "Hours a week", "accounts": "Accounts"}[measure]
    return (
        f'<svg class="chart balance" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{label} of each rep, before and after</title>'
        f'<desc id="{name}-desc">{said(_evenness(rows, measure), 400)}</desc>{drawn}</svg>'
    )


def _bar(row: BalanceRow, measure: Measure, top: float, scale: float) -> str:
    before, after, target = row.values(measure)
    off = row.off(measure)
    note = signed_percent(off) if off is not None else "no target"
    was, now = row.written(before, measure), row.written(after, measure)
    right = f"{was} → {now} {note}"
    chip = 13 + 7.6 * len(row.mark.code)
    room = int((_WIDTH - chip - 12 - _LETTER * len(right)) / _LETTER)
    person = row.mark.name if len(row.mark.name) <= room else row.mark.name[: room - 1] + "…"
    kind = "" if off is None else " ok" if abs(off) <= NEAR + 5e-4 else " warn"
    band = ""
    if target > 0:
        low, high = target * (1 - NEAR) * scale, target * (1 + NEAR) * scale
        band = (
            f'<rect class="band" x="{number(low)}" y="{top + 22}" '
            f'width="{number(high - low)}" height="22"/>'
            f'<path class="band-edge" d="M{number(low)} {top + 22}v22M{number(high)} {top + 22}v22"'
            "/>"
        )
    told = f"{row.mark.name}: {was} before, {now} after, {note} of target"
    return (
        f"<g><title>{said(told)}</title>"
        f'<rect class="chip" y="{top}" width="{number(chip)}" height="17" rx="4"/>'
        f'<rect class="flag {row.mark.classes}" y="{top}" width="5" height="17" rx="2"/>'
        f'<text class="code-text" x="10" y="{top + 12.5}">{said(row.mark.code)}</text>'
        f'<text class="who" x="{number(chip + 7)}" y="{top + 13}">{said(person)}</text>'
        f'<text class="what" x="{_WIDTH}" y="{top + 13}" text-anchor="end">{said(was)} → '
        f'<tspan class="strong">{said(now)}</tspan> '
        f'<tspan class="strong{kind}">{note}</tspan></text>{band}'
        f'<rect class="was" x="0.8" y="{top + 24}" width="{number(before * scale)}" height="18" '
        'rx="2"/>'
        f'<rect class="now {row.mark.classes}" x="0.8" y="{top + 28}" '
        f'width="{number(after * scale)}" height="10" rx="1"/></g>'
    )


def _evenness(rows: Sequence[BalanceRow], measure: Measure) -> str:
    known = [(off, row) for row in rows if (off := row.off(measure)) is not None]
    near = sum(abs(off) <= NEAR + 5e-4 for off, _ in known)
    goal = "the mean" if measure == "accounts" else "target"
    told = f"{near} of {len(rows)} reps end within {percent(NEAR)} of {goal}"
    if known:
        off, row = max(known, key=lambda item: abs(item[0]))
        told += f"; furthest off is {row.mark.name} with {signed_percent(off)}"
    return told + "."


def balance_table(rows: Sequence[BalanceRow]) -> str:
    """Write what the bars show, all three measures, as an HTML table."""
    body = []
    for row in rows:
        cells = []
        for measure in MEASURES:
            before, after, target = row.values(measure)
            off = row.off(measure)
            cells += [row.written(before, measure), row.written(after, measure)]
            cells += (
                [row.written(target, measure), signed_percent(off)]
                if off is not None
                else [
                    "none",
                    "–",
                ]
            )
        body.append(
            f'<tr><th scope="row">{row.mark.chip()} {said(row.mark.name)}</th>'
            + "".join(f'<td class="numeric">{said(cell)}</td>' for cell in cells)
            + "</tr>"
        )
    groups = "".join(
        f'<th scope="colgroup" colspan="4">{label}</th>'
        for label in ("Potential of a year", "Workload, hours a week", "Accounts (target: mean)")
    )
    heads = "".join(
        f'<th scope="col" class="numeric">{head}</th>'
        for _ in MEASURES
        for head in ("Before", "After", "Target", "Off")
    )
    return (
        "<table><caption>Each rep before and after</caption><thead>"
        f'<tr><td></td>{groups}</tr><tr><th scope="col">Rep</th>{heads}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )

"""Measures of a review: plan, due and actual, as bullet charts and words."""

from __future__ import annotations

from collections.abc import Iterable

from agent.cycle.view import Bullet
from agent.cycle.writing import Hand, number_of, plain
from domain.review import Measure, PlayCount, QuarterData

MAIN = ("bookings", "won_value", "revenue", "orders", "sales", "attainment")
"""What a territory is judged by, the first that the data has."""


def main_metric(data: QuarterData) -> str:
    """Choose the measure that territories are ordered by: what came in, in money."""
    return chosen_metric([*data.team, *(item for row in data.territories for item in row.measures)])


def chosen_metric(measures: Iterable[Measure]) -> str:
    """Choose one of the measures by which territories are compared; empty without any."""
    known: dict[str, Measure] = {}
    for item in measures:
        known.setdefault(item.metric, item)
    chosen = next((metric for metric in MAIN if metric in known), None)
    if chosen is not None:
        return chosen
    money = [item.metric for item in known.values() if item.unit == "money" and not item.leading]
    return next(iter([*money, *known]), "")


def bullet(measure: Measure | None, name: str, hand: Hand) -> Bullet:
    """Write one measure; None is one that the territory does not have."""
    if measure is None:
        unknown = plain("–", state="muted")
        return Bullet(
            name=name,
            metric="",
            label="",
            unit="count",
            leading=False,
            plan=None,
            due=None,
            actual=None,
            relative=None,
            plan_cell=unknown,
            due_cell=unknown,
            actual_cell=unknown,
            gap_cell=unknown,
            reading="unknown",
        )
    plan, gap = number_of(measure.plan), number_of(measure.gap)
    return Bullet(
        name=name,
        metric=measure.metric,
        label=measure.label,
        unit=measure.unit,
        leading=measure.leading,
        plan=plan,
        due=number_of(measure.due),
        actual=number_of(measure.actual),
        relative=gap / plan if gap is not None and plan else None,
        plan_cell=hand.cell(measure.plan),
        due_cell=hand.cell(measure.due),
        actual_cell=hand.cell(measure.actual),
        gap_cell=hand.cell(measure.gap, signed=True),
        reading=measure.reading,
        note=_note(measure),
    )


def ordered(bullets: Iterable[Bullet], metric: str) -> tuple[Bullet, ...]:
    """Put the measure that is judged by first, then what came of the work, then the work."""
    return tuple(sorted(bullets, key=lambda item: (item.metric != metric, item.leading)))


def _note(measure: Measure) -> str:
    told = (figure.note.rstrip(".") for figure in (measure.actual, measure.plan, measure.gap))
    notes = [note for note in dict.fromkeys(told) if note]
    return "; ".join(note if place == 0 else f"{note[:1].lower()}{note[1:]}"
                     for place, note in enumerate(notes))  # fmt: skip


def plays_told(plays: PlayCount, hand: Hand) -> str:
    """Say what became of plays: `24 plays: 13 done, 5 late, 2 dropped, 4 open`."""
    if plays.planned.value is None:
        return f"Plays unknown: {plays.planned.note}" if plays.planned.note else "Plays unknown"
    if plays.planned.value == "0":
        return "No plays of approved plans were due"
    named = (("done", plays.done), ("late", plays.late), ("dropped", plays.dropped),
             ("open", plays.open))  # fmt: skip
    told = ", ".join(f"{hand.text(figure)} {word}" for word, figure in named)
    return f"{hand.text(plays.planned)} plays: {told}"

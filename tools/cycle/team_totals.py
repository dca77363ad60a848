"""A team's quarter: sums of its territories' figures, and the ratios worked out from the sums."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from domain.cycle import Figure
from domain.evidence import Unit
from domain.review import Measure, PlayCount, TerritoryRow, TierSize
from tools.cycle.told import Teller, number
from tools.cycle.tracking_measures import MEASURES, Spec, judge

PLAY_STATES = ("planned", "done", "late", "dropped", "open")


def figure_of(row: TerritoryRow, metric: str) -> Figure | None:
    """Return the part or measured figure of a territory that bears a metric's name."""
    part = row.part(metric)
    if part is not None:
        return part
    name, _, which = metric.rpartition("_")
    measure = row.measure(name)
    if measure is None or which not in ("plan", "due", "actual", "gap"):
        return None
    found: Figure = getattr(measure, which)
    return found


def team_measures(
    teller: Teller, rows: Sequence[TerritoryRow], on_track: float
) -> tuple[Measure, ...]:
    """Add up what adds up and work every ratio out from sums.

    What a territory does not know is left out of a sum, and a note says of how many
    territories it is. A leading measure is added up over the territories that know plan and
    actual, where any does, so that its gap is their difference. The reading is judged over
    the territories that know both what was due and what was done: a territory without a plan
    does not make the others look ahead.
    """
    return tuple(
        _ratio(teller, spec, rows, on_track) if spec.part else _sum(teller, spec, rows, on_track)
        for spec in MEASURES
    )


def team_plays(teller: Teller, rows: Sequence[TerritoryRow]) -> PlayCount:
    """Add up the plays of the territories."""
    return PlayCount(
        **{
            state: total(
                teller,
                f"plays_{state}",
                f"Plays {state}",
                "count",
                [getattr(row.plays, state) for row in rows],
            )
            for state in PLAY_STATES
        }
    )


def team_sizes(teller: Teller, rows: Sequence[TerritoryRow]) -> tuple[TierSize, ...]:
    """Add up the deals won by tier; the average is that of the sums."""
    tiers = {size.tier: size.label for row in rows for size in row.sizes}
    told = []
    for tier, label in tiers.items():
        sizes = [size for row in rows for size in row.sizes if size.tier == tier]
        amounts = [size.amount for size in sizes if size.amount is not None]
        won = total(teller, f"won_{tier}", f"Won, {label}", "count", [one.won for one in sizes])
        amount = total(teller, f"won_{tier}_amount", f"Won, {label}", "money", amounts)
        told.append(tier_size(teller, tier, label, won, amount))
    return tuple(told)


def tier_size(teller: Teller, tier: str, label: str, won: Figure, amount: Figure) -> TierSize:
    """Tell the deals of one tier with their average."""
    average = teller.derive(
        f"won_{tier}_average",
        f"Average deal, {label}",
        "money",
        "ratio",
        (amount, won),
        empty="No deal was won.",
    )
    return TierSize(tier=tier, label=label, won=won, average=average, amount=amount)


def total(
    teller: Teller,
    metric: str,
    label: str,
    unit: Unit,
    figures: Sequence[Figure],
    of: int | None = None,
) -> Figure:
    """Add figures of territories up; a note tells of how many where some are left out.

    `of` is how many territories there are, where `figures` are not of all of them.
    """
    known = [one for one in figures if one.value is not None]
    if not known:
        return teller.derive(metric, label, unit, "sum", figures)
    there = len(figures) if of is None else of
    note = "" if len(known) == there else f"Of {len(known)} of {there} territories."
    return teller.derive(metric, label, unit, "sum", known, note)


def _sum(teller: Teller, spec: Spec, rows: Sequence[TerritoryRow], on_track: float) -> Measure:
    every = [found for row in rows if (found := row.measure(spec.metric)) is not None]
    planned = [one for one in every if one.gap.value is not None]
    # Of what is done like is added to like, so that gap, plan and actual agree; money booked
    # is the team's, whoever had a quota.
    measures = planned if spec.leading and planned else every

    def add(which: Literal["plan", "due", "actual", "gap"]) -> Figure:
        figures = [getattr(one, which) for one in measures]
        label = f"{spec.label}, {which}"
        return total(teller, f"{spec.metric}_{which}", label, spec.unit, figures, of=len(every))

    both = [
        (actual, due)
        for one in measures
        if (actual := number(one.actual)) is not None and (due := number(one.due)) is not None
    ]
    done = sum((actual for actual, _ in both), Decimal(0)) if both else None
    asked = sum((due for _, due in both), Decimal(0)) if both else None
    return Measure(
        metric=spec.metric,
        label=spec.label,
        unit=spec.unit,
        leading=spec.leading,
        plan=add("plan"),
        due=add("due"),
        actual=add("actual"),
        gap=add("gap"),
        reading=judge(done, asked, on_track),
    )


def _ratio(teller: Teller, spec: Spec, rows: Sequence[TerritoryRow], on_track: float) -> Measure:
    """Divide the sums over the territories that know the ratio themselves."""
    known = [row for row in rows if number(figure_of(row, f"{spec.metric}_actual")) is not None]
    parts = [one for row in known if (one := figure_of(row, spec.part)) is not None]
    wholes = [one for row in known if (one := figure_of(row, spec.whole)) is not None]
    if known:
        unit: Unit = parts[0].unit
        part = total(teller, f"{spec.metric}_part", parts[0].label, unit, parts)
        whole = total(teller, f"{spec.metric}_whole", wholes[0].label, wholes[0].unit, wholes)
        note = "" if len(known) == len(rows) else f"Of {len(known)} of {len(rows)} territories."
        actual = teller.derive(
            f"{spec.metric}_actual", f"{spec.label}, actual", spec.unit, spec.operation,
            (part, whole), note,
        )  # fmt: skip
    else:
        blank = [one for row in rows if (one := figure_of(row, f"{spec.metric}_actual"))]
        actual = teller.derive(
            f"{spec.metric}_actual", f"{spec.label}, actual", spec.unit, "sum", blank
        )

    def mean(which: Literal["plan", "due"]) -> Figure:
        if not known:
            name = f"{spec.metric}_{which}"
            return Figure.unknown(name, f"{spec.label}, {which}", spec.unit, actual.note)
        pairs = [
            (one, weight)
            for row, weight in zip(known, wholes, strict=True)
            if (one := figure_of(row, f"{spec.metric}_{which}")) is not None
        ]
        return teller.weighted(f"{spec.metric}_{which}", f"{spec.label}, {which}", spec.unit, pairs)

    plan, due = mean("plan"), mean("due")
    gap = teller.derive(
        f"{spec.metric}_gap", f"{spec.label}, gap", spec.unit, "difference", (actual, plan)
    )
    return Measure(
        metric=spec.metric,
        label=spec.label,
        unit=spec.unit,
        leading=spec.leading,
        plan=plan,
        due=due,
        actual=actual,
        gap=gap,
        reading=judge(number(actual), number(due), on_track),
    )

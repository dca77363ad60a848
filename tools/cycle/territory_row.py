"""One territory's quarter: every measure with plan, due, actual and gap, and what to know of it."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from domain.review import Measure, TerritoryRow
from tools.cycle.row_figures import RowFigures
from tools.cycle.row_money import tell_bookings, tell_deals, tell_pipeline
from tools.cycle.row_touches import (
    tell_adherence,
    tell_plays,
    tell_strategic,
    tell_touches,
    weeks_of,
)
from tools.cycle.told import Teller, number
from tools.cycle.tracking_ground import Ground, current_plans, updated
from tools.cycle.tracking_measures import MEASURES, Spec, measured


def territory_row(ground: Ground, rep_id: str, teller: Teller) -> TerritoryRow:
    """Tell one rep's quarter.

    Raises
    ------
    NotFound
        When neither book has the rep.
    """
    row = RowFigures(ground, rep_id, teller)
    name = str(row.rep["name"])
    _presence(row)
    weeks = weeks_of(row)
    tell_touches(row, weeks)
    tell_strategic(row)
    tell_bookings(row)
    tell_pipeline(row)
    sizes = tell_deals(row)
    plays = tell_plays(row)
    tell_adherence(row, weeks)
    _territory(row)
    told = {f"{spec.metric}_{which}" for spec in MEASURES for which in ("plan", "due", "actual")}
    parts = tuple(figure for key, figure in row.figures.items() if key not in told)
    measures = tuple(_measure(row, spec) for spec in MEASURES)
    adherence = row.figures["adherence_actual"]
    kept = number(adherence)
    least = Decimal(repr(ground.after.coverage.review.adherence_least))
    return TerritoryRow(
        rep_id=rep_id,
        name=name,
        plan_id=row.plan.plan_id if row.plan else None,
        plan_version=row.plan.version if row.plan else None,
        measures=measures,
        plays=plays,
        adherence=adherence,
        drift=kept is not None and kept < least and not updated(ground, rep_id),
        notes=tuple(row.notes),
        sizes=sizes,
        parts=parts,
    )


def _measure(row: RowFigures, spec: Spec) -> Measure:
    told, name = row.figures, f"{spec.metric}_actual"
    if spec.part:
        told[name] = row.teller.derive(
            name, f"{spec.label}, actual", spec.unit, spec.operation,
            (told[spec.part], told[spec.whole]), empty=spec.empty,
        )  # fmt: skip
    plan, due = told[f"{spec.metric}_plan"], told[f"{spec.metric}_due"]
    on_track = row.ground.after.coverage.review.on_track
    return measured(row.teller, spec, plan, due, told[name], on_track)


def _territory(row: RowFigures) -> None:
    """Tell what the territory held in the earlier book, and which account plans are current."""
    ground = row.ground
    in_force, current = current_plans(ground, row.rep_id)
    row.tell("plans_in_force", "Account plans in force", "count", in_force)
    row.tell("plans_new", "Account plans drafted or confirmed anew", "count", current)
    could, why = ground.potential.get(row.rep_id), "The rep had no account in the earlier book."
    row.tell("potential", "Potential of the territory", "money", could, why)
    hours = ground.before.analyses.workload.by_rep
    why = "The earlier book does not have the rep."
    for name, label in (("needed_hours", "Hours needed"), ("selling_hours", "Selling hours")):
        row.tell(name, label, "hours", hours[name].get(row.rep_id), why)


def _presence(row: RowFigures) -> None:
    quarter = row.ground.quarter
    if row.plan is None:
        row.notes.append(f"No approved territory plan for {quarter}: what was planned is unknown.")
    for column, word in (("active_from", "Joined"), ("active_to", "Left")):
        value = row.rep[column]
        if not pd.isna(value) and pd.Timestamp(value).date() in quarter.period:
            day = pd.Timestamp(value).date().isoformat()
            row.notes.append(f"{word} on {day}, within the quarter.")
    if row.gone_from_book:
        row.notes.append("The later book does not have this rep any more.")
    if row.share_gone is None:
        row.notes.append(f"No working day in {quarter}: what is due by days is unknown.")

"""What a territory's figures are told with: its plan, the rep's working days, notes, names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from domain.cycle import Figure
from domain.errors import NotFound
from domain.evidence import Unit
from tools.cycle.told import Teller, number
from tools.cycle.tracking_ground import Ground, PlanInForce
from tools.cycle.tracking_measures import MEASURES
from tools.selling_time import last_day, working_days

ONE = Decimal(1)
NO_DEALS = "The later book holds no opportunities."
_SPEC = {spec.metric: spec for spec in MEASURES}


class RowFigures:
    """Figures of one rep by name, as they are told, and notes in reading order.

    A measure has `NAME_plan`, `NAME_due` and `NAME_actual`; a ratio's actual is worked out
    from its parts afterwards. Whatever else is told is a part.
    """

    def __init__(self, ground: Ground, rep_id: str, teller: Teller) -> None:
        self.ground, self.rep_id, self.teller = ground, rep_id, teller
        self.plan: PlanInForce | None = ground.territory_plans.get(rep_id)
        self.figures: dict[str, Figure] = {}
        self.notes: list[str] = []
        self.no_plan = "" if self.plan else "No approved territory plan."
        day = ground.after.as_of.isoformat()
        self.no_touches = "" if ground.touches.known else f"The book of {day} holds no activities."

    @cached_property
    def rep(self) -> Mapping[str, Any]:
        """The rep's row in the later book, else in the earlier one."""
        for side in (self.ground.after, self.ground.before):
            row = side.book.rows("reps").get(self.rep_id)
            if row is not None:
                return row
        raise NotFound(
            f"There is no rep {self.rep_id!r} in either book.", hint="Check the reps table."
        )

    @property
    def gone_from_book(self) -> bool:
        """Say whether the later book does not have the rep any more."""
        return self.rep_id not in self.ground.after.book.rows("reps")

    @cached_property
    def share_gone(self) -> Decimal | None:
        """Share of the quarter's working days that the rep had up to now; None without any.

        Leave is no working day, so that a goal is spread over the others; days before
        joining and after leaving are, so that who was there a third of them owes a third.
        """
        book = (self.ground.before if self.gone_from_book else self.ground.after).book
        period = self.ground.quarter.period
        days = working_days(book, self.rep_id, period)
        if not days:
            return None
        weekdays = (period.start + timedelta(days=n) for n in range(period.days))
        away = sum(day.weekday() < 5 and not self.employed(day) for day in weekdays)
        gone = sum(day <= self.ground.through for day in days)
        return Decimal(gone) / (len(days) + away)

    def employed(self, day: date) -> bool:
        """Say whether a day lies between the rep's joining and leaving."""
        first, last = (self.rep[column] for column in ("active_from", "active_to"))
        stamp = pd.Timestamp(day)
        return not (first > stamp or last < stamp)  # a missing date compares as False

    @property
    def due_until(self) -> date:
        """The last day on which something can be due: of who left, the last working day."""
        last = last_day(self.rep)
        return self.ground.through if last is None else min(self.ground.through, last)

    def tell(self, name: str, label: str, unit: Unit, value: Any, note: str = "") -> None:
        """Tell a part."""
        self.figures[name] = self.teller.tell(name, label, unit, value, note)

    def measure(
        self,
        metric: str,
        plan: Any,
        due: Any,
        actual: Any = None,
        *,
        unplanned: str = "",
        undone: str = "",
    ) -> None:
        """Tell plan and due of a measure, and the actual of one that is no ratio."""
        spec = _SPEC[metric]
        values = {"plan": (plan, unplanned), "due": (due, unplanned)}
        if not spec.part:
            values["actual"] = (actual, undone)
        for which, (value, note) in values.items():
            self.tell(f"{metric}_{which}", f"{spec.label}, {which}", spec.unit, value, note)

    def by_days(self, metric: str, plan: Decimal | None, actual: Any, **why: str) -> None:
        """Tell a measure of the whole quarter: due is its share of the working days gone."""
        due = None if plan is None or self.share_gone is None else plan * self.share_gone
        self.measure(metric, plan, due, actual, **why)
        if plan is not None and due is None:
            spec = _SPEC[metric]
            note = f"No working day in {self.ground.quarter}."
            name = f"{metric}_due"
            self.figures[name] = Figure.unknown(name, f"{spec.label}, due", spec.unit, note)

    def target(self, metric: str) -> tuple[Decimal | None, str]:
        """Read a target of the plan's scorecard, else a goal; None with the reason."""
        if self.plan is None:
            return None, self.no_plan
        tables = self.plan.content.tables
        for figure in (
            *(row.target for row in tables.scorecard if row.metric == metric),
            *(row.target for row in tables.goals if row.metric == metric),
        ):
            return number(figure), figure.note
        return None, "The territory plan sets no such target."

    def pipeline_target(self) -> tuple[Decimal | None, str]:
        """Read the plan's target of new pipeline; None with the reason."""
        if self.plan is None:
            return None, self.no_plan
        figure = self.plan.content.tables.targets.total
        return number(figure), figure.note

"""One territory's quarter: every measure with plan, due, actual and gap, and what to know of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from domain.cycle import Figure
from domain.errors import NotFound
from domain.evidence import Unit
from domain.period import Period
from domain.review import Measure, PlayCount, TerritoryRow, TierSize
from tools.cycle.played import PlayTold
from tools.cycle.team_totals import PLAY_STATES, tier_size
from tools.cycle.told import Teller, number
from tools.cycle.touched import MEETING_KINDS, WeeksTold, weeks_told
from tools.cycle.tracking_ground import Ground, PlanInForce, current_plans, updated
from tools.cycle.tracking_measures import MEASURES, Spec, measured
from tools.selling_time import working_days

ONE = Decimal(1)


def territory_row(ground: Ground, rep_id: str, teller: Teller) -> TerritoryRow:
    """Tell one rep's quarter. NotFound where neither book has the rep."""
    return _Row(ground, rep_id, teller).told()


class _Row:
    """Works one row out: figures by name, then the measures over them."""

    def __init__(self, ground: Ground, rep_id: str, teller: Teller) -> None:
        self.ground, self.rep_id, self.teller = ground, rep_id, teller
        self.plan: PlanInForce | None = ground.territory_plans.get(rep_id)
        self.rep = _rep(ground, rep_id)
        self.notes: list[str] = []
        self.plays = ground.plays_of.get(rep_id, ())
        self.share_gone = self._share_gone()
        self.figures: dict[str, Figure] = {}

    def told(self) -> TerritoryRow:
        ground = self.ground
        if self.plan is None:
            self.notes.append(
                f"No approved territory plan for {ground.quarter}: what was planned is unknown."
            )
        self._presence()
        weeks = self._weeks()
        self._touches(weeks)
        self._strategic()
        self._money()
        sizes = self._deals()
        counts = self._plays()
        self._promises(weeks)
        parts = self._parts()
        measures = tuple(self._measure(spec) for spec in MEASURES)
        adherence = next(one.actual for one in measures if one.metric == "adherence")
        kept = number(adherence)
        least = Decimal(repr(ground.after.coverage.review.adherence_least))
        return TerritoryRow(
            rep_id=self.rep_id,
            name=str(self.rep["name"]),
            plan_id=self.plan.plan_id if self.plan else None,
            plan_version=self.plan.version if self.plan else None,
            measures=measures,
            plays=counts,
            adherence=adherence,
            drift=kept is not None and kept < least and not updated(ground, self.rep_id),
            notes=tuple(self.notes),
            sizes=sizes,
            parts=parts,
        )

    def _tell(self, name: str, label: str, unit: Unit, value: Any, note: str = "") -> None:
        self.figures[name] = self.teller.tell(name, label, unit, value, note)

    def _measure(self, spec: Spec) -> Measure:
        told = self.figures
        if spec.part and f"{spec.metric}_actual" not in told:
            told[f"{spec.metric}_actual"] = self.teller.derive(
                f"{spec.metric}_actual",
                f"{spec.label}, actual",
                spec.unit,
                spec.operation,
                (told[spec.part], told[spec.whole]),
            )
        plan, due, actual = (told[f"{spec.metric}_{which}"] for which in ("plan", "due", "actual"))
        on_track = self.ground.after.coverage.review.on_track
        return measured(self.teller, spec, plan, due, actual, on_track)

    def _parts(self) -> tuple[Figure, ...]:
        names = {
            f"{spec.metric}_{which}" for spec in MEASURES for which in ("plan", "due", "actual")
        }
        return tuple(figure for name, figure in self.figures.items() if name not in names)

    # What is measured, group by group. Each tells `NAME_plan`, `NAME_due` and `NAME_actual`.

    def _set(
        self,
        metric: str,
        plan: Any,
        due: Any,
        actual: Any,
        *,
        unplanned: str = "",
        undone: str = "",
    ) -> None:
        spec = next(one for one in MEASURES if one.metric == metric)
        for which, value, note in (
            ("plan", plan, unplanned), ("due", due, unplanned), ("actual", actual, undone),
        ):  # fmt: skip
            if which == "actual" and spec.part:
                continue
            self._tell(f"{metric}_{which}", f"{spec.label}, {which}", spec.unit, value, note)

    def _weeks(self) -> WeeksTold | None:
        if self.plan is None:
            return None
        ground = self.ground
        return weeks_told(self.plan.items, ground.through, ground.met, ground.left, ground.tracked)

    def _touches(self, weeks: WeeksTold | None) -> None:
        ground, rep = self.ground, self.rep_id
        start = ground.quarter.period.start
        since = max(start, self.plan.content.plan_from) if self.plan else start
        none = self._no_touches()
        all_of_it = ONE if weeks else None
        count = ground.touches.count
        self._set(
            "touches",
            weeks.planned if weeks else None,
            weeks.due if weeks else None,
            count(rep, Period(since, ground.through)),
            unplanned=self._no_plan(),
            undone=none,
        )
        for metric, goal, kinds in (
            ("meetings", "qualified_meetings", MEETING_KINDS), ("demos", "demos", ("demo",)),
        ):  # fmt: skip
            target, note = self._target(goal)
            due = None if target is None or self.share_gone is None else target * self.share_gone
            self._set(
                metric, target, due, count(rep, ground.gone, kinds), unplanned=note, undone=none
            )
            if target is not None and due is None:
                self._due_unknown(metric)
        self._set(
            "coverage_consistency", all_of_it, all_of_it, None, unplanned=self._no_plan(),
        )  # fmt: skip
        label = "Weeks in which an account's touch was due"
        self._tell("weeks_due", label, "count", weeks.weeks_due if weeks else None, self._no_plan())
        self._tell(
            "weeks_kept", "Such weeks with a touch", "count",
            weeks.weeks_kept if weeks else None, none or self._no_plan(),
        )  # fmt: skip

    def _strategic(self) -> None:
        ground = self.ground
        mine = ground.strategic.get(self.rep_id, ())
        engaged = sum(account in ground.touched for account in mine)
        known = ground.touches.known
        self._set(
            "strategic_accounts", len(mine), len(mine), engaged if known else None,
            undone=self._no_touches(),
        )  # fmt: skip
        target, note = self._target("strategic_engagement")
        self._set("strategic_engagement", target, target, None, unplanned=note)

    def _money(self) -> None:
        ground, made = self.ground, self.ground.sold
        quota = made.quota.get(self.rep_id)
        no_quota = ""
        if quota is None:
            no_quota = f"No quota is set in {ground.quarter}."
        elif quota <= 0:
            quota, no_quota = None, f"The quota of {ground.quarter} is not above nought."
        if no_quota:
            self.notes.append(no_quota)
        due = None if quota is None else made.quota_due.get(self.rep_id, Decimal(0))
        no_orders = "" if made.booked is not None else "The later book holds no orders."
        booked = None if made.booked is None else made.booked.get(self.rep_id, Decimal(0))
        self._set("bookings", quota, due, booked, unplanned=no_quota, undone=no_orders)
        reached = None if quota is None or due is None else due / quota
        self._set("attainment", None if quota is None else ONE, reached, None, unplanned=no_quota)
        pipeline = made.open_pipeline
        no_deals = "" if pipeline is not None else "The later book holds no opportunities."
        self._tell(
            "open_pipeline", "Open pipeline", "money",
            None if pipeline is None else pipeline.get(self.rep_id, Decimal(0)), no_deals,
        )  # fmt: skip
        target, note = self._target("pipeline_coverage")
        self._set("pipeline_coverage", target, target, None, unplanned=note)

    def _deals(self) -> tuple[TierSize, ...]:
        ground = self.ground
        deals = ground.sold.deals_of(self.rep_id)
        none = "" if deals else "The later book holds no opportunities."
        target, note = self._pipeline_target()
        due = None if target is None or self.share_gone is None else target * self.share_gone
        self._set(
            "new_pipeline", target, due, deals.opened if deals else None,
            unplanned=note, undone=none,
        )  # fmt: skip
        if target is not None and due is None:
            self._due_unknown("new_pipeline")
        if deals and deals.opened_without_amount:
            self._without_amount(deals.opened_without_amount, "opened")
        if deals and deals.won_without_amount:
            self._without_amount(deals.won_without_amount, "won")
        size, note = self._target("average_deal_size")
        self._set("deal_size", size, size, None, unplanned=note)
        self._set(
            "strategic_win_rate", None, None, None, unplanned="A territory plan sets no win rate."
        )
        won = deals.won if deals else {}
        sizes = []
        for tier in ground.before.coverage.tiers:
            number_won, amount = won.get(tier.key, (0, Decimal(0)))
            key, label = f"won_{tier.key}", f"Won, {tier.label}"
            told = self.teller.tell(key, label, "count", number_won if deals else None, none)
            money = self.teller.tell(
                f"{key}_amount", label, "money", amount if deals else None, none
            )
            sizes.append(tier_size(self.teller, tier.key, tier.label, told, money))
        number_won = sum(count for count, _ in won.values())
        amount = sum((money for _, money in won.values()), Decimal(0))
        for name, label, unit, value in (
            ("deals_won", "Deals won", "count", number_won),
            ("won_amount", "Deals won, amount", "money", amount),
            ("strategic_won", "Won in strategic accounts", "count", deals and deals.strategic_won),
            (
                "strategic_closed", "Closed in strategic accounts", "count",
                deals and deals.strategic_closed,
            ),
        ):  # fmt: skip
            self._tell(name, label, unit, value if deals else None, none)  # type: ignore[arg-type]
        return tuple(sizes)

    def _plays(self) -> PlayCount:
        known = self.ground.touches.known
        counts: dict[str, int | None] = {"planned": len(self.plays)}
        for state in PLAY_STATES[1:]:
            count = sum(play.state == state for play in self.plays)
            counts[state] = count if known or state == "dropped" or not self.plays else None
        internal = sum(play.kind == "internal" and play.state == "open" for play in self.plays)
        if internal:
            self.notes.append(
                f"Plays that no activity tells of, counted as open: {internal} internal."
            )
        return PlayCount(
            **{
                state: self.teller.tell(
                    f"plays_{state}", f"Plays {state}", "count", count, self._no_touches()
                )
                for state, count in counts.items()
            }
        )

    def _promises(self, weeks: WeeksTold | None) -> None:
        ground = self.ground
        due = [play for play in self.plays if _fell_due(play) and play.due <= ground.after.as_of]
        done = sum(play.state == "done" for play in due)
        asked = weeks.promised + len(due) if weeks else None
        kept = None
        if weeks is not None and weeks.kept is not None:
            kept = weeks.kept + done
        all_of_it = ONE if weeks else None
        self._tell("promises_due", "Touches and plays due", "count", asked, self._no_plan())
        self._tell(
            "promises_kept", "Touches and plays done as planned", "count", kept,
            self._no_touches() or self._no_plan(),
        )  # fmt: skip
        self._set("adherence", all_of_it, all_of_it, None, unplanned=self._no_plan())
        in_force, current = current_plans(ground, self.rep_id)
        self._tell("plans_in_force", "Account plans in force", "count", in_force)
        self._tell("plans_new", "Account plans drafted or confirmed anew", "count", current)
        before = ground.before
        could = ground.potential.get(self.rep_id)
        self._tell(
            "potential",
            "Potential of the territory",
            "money",
            could,
            "No account of the earlier book.",
        )
        hours = before.analyses.workload.by_rep
        for name, label in (("needed_hours", "Hours needed"), ("selling_hours", "Selling hours")):
            value = hours[name].get(self.rep_id)
            self._tell(name, label, "hours", value, "The earlier book does not have the rep.")

    # What the plan says, and what is to be known of the rep.

    def _target(self, metric: str) -> tuple[Decimal | None, str]:
        """Read a goal or a target of the scorecard; unknown with the reason."""
        if self.plan is None:
            return None, self._no_plan()
        tables = self.plan.content.tables
        for figure in (
            *(row.target for row in tables.scorecard if row.metric == metric),
            *(row.target for row in tables.goals if row.metric == metric),
        ):
            return number(figure), figure.note
        return None, "The territory plan sets no such target."

    def _pipeline_target(self) -> tuple[Decimal | None, str]:
        if self.plan is None:
            return None, self._no_plan()
        figure = self.plan.content.tables.targets.total
        return number(figure), figure.note

    def _no_plan(self) -> str:
        return "" if self.plan else "No approved territory plan."

    def _no_touches(self) -> str:
        if self.ground.touches.known:
            return ""
        return f"The book of {self.ground.after.as_of.isoformat()} holds no activities."

    def _due_unknown(self, metric: str) -> None:
        spec = next(one for one in MEASURES if one.metric == metric)
        note = f"No working day in {self.ground.quarter}."
        name = f"{metric}_due"
        self.figures[name] = Figure.unknown(name, f"{spec.label}, due", spec.unit, note)

    def _without_amount(self, deals: int, what: str) -> None:
        verb = "count with nothing" if deals > 1 else "counts with nothing"
        self.notes.append(f"Deals {what} without an amount: {deals}; {verb}.")

    def _share_gone(self) -> Decimal | None:
        """Share of the rep's working days in the quarter that have passed; None without any."""
        book = (self.ground.after if self._in(self.ground.after) else self.ground.before).book
        days = working_days(book, self.rep_id, self.ground.quarter.period)
        if not days:
            return None
        return Decimal(sum(day <= self.ground.through for day in days)) / len(days)

    def _in(self, side: Any) -> bool:
        return self.rep_id in side.book.rows("reps")

    def _presence(self) -> None:
        period = self.ground.quarter.period
        for column, word in (("active_from", "Joined"), ("active_to", "Left")):
            value = self.rep[column]
            if not pd.isna(value) and pd.Timestamp(value).date() in period:
                day = pd.Timestamp(value).date()
                self.notes.append(f"{word} on {day.isoformat()}, within the quarter.")
        if not self._in(self.ground.after):
            self.notes.append("The later book does not have this rep any more.")
        if self.share_gone is None:
            self.notes.append(f"No working day in {self.ground.quarter}: nothing can be due.")


def _fell_due(play: PlayTold) -> bool:
    return play.kind != "internal" and play.state != "dropped"


def _rep(ground: Ground, rep_id: str) -> Any:
    for side in (ground.after, ground.before):
        row = side.book.rows("reps").get(rep_id)
        if row is not None:
            return row
    raise NotFound(f"There is no rep {rep_id!r} in either book.", hint="Check the reps table.")

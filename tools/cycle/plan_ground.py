"""What a plan of a quarter is made on: whose accounts, over which days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from domain.errors import NothingToPlan
from domain.evidence import REPS_JOINED_BY
from domain.period import Period
from domain.quarter import Quarter
from tools.cycle.plan_cells import PlanCells
from tools.cycle.side import Side
from tools.past_deals import open_deals
from tools.selling_time import rep_row, selling_weeks, working_days

_FACTS = [
    "net_spend_12m", "net_spend_prior_12m", "spend_change_12m", "next_order_due",
    "last_order_date", "last_order_change", "days_since_touch", "touches_90d",
    "product_lines_12m",
]  # fmt: skip


@dataclass(frozen=True)
class PlanGround:
    """The accounts of a plan in order of rank, the people who own them, and the days left.

    Of a team's plan for one customer (`team`), every unit counts, below the capacity line or
    not.

    `window` runs from the day after the book's, or the quarter's first, to the quarter's
    last. `entity` is what the plan's own figures belong to.
    """

    side: Side
    quarter: Quarter
    window: Period
    entity: str
    reps: tuple[str, ...]
    accounts: tuple[str, ...]
    cells: PlanCells
    team: bool = False

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per account in order of rank: tier, facts, potential, capacity line."""
        analyses, rows = self.side.analyses, list(self.accounts)
        return pd.concat(
            [
                analyses.tiers.table["tier"].reindex(rows),
                analyses.facts.table[_FACTS].reindex(rows),
                analyses.potential.table[["potential_p50", "open_potential"]].reindex(rows),
                analyses.cut.by_account["within_capacity"].reindex(rows),
            ],
            axis=1,
        )

    @cached_property
    def tier_of(self) -> dict[str, str]:
        """Key of each account's tier."""
        return dict(zip(self.accounts, map(str, self.table["tier"]), strict=True))

    @cached_property
    def personal(self) -> tuple[str, ...]:
        """Accounts of tiers that take somebody's time, in order of rank."""
        automated = {tier.key for tier in self.side.coverage.tiers if tier.automated}
        return tuple(item for item in self.accounts if self.tier_of[item] not in automated)

    @cached_property
    def reached(self) -> tuple[str, ...]:
        """Those of `personal` that the owner's hours reach; of a team's plan all accounts."""
        if self.team:
            return self.accounts
        within = self.table["within_capacity"].fillna(False).astype(bool)
        return tuple(str(item) for item, fits in within[list(self.personal)].items() if fits)

    @cached_property
    def deals(self) -> pd.DataFrame:
        """Open opportunities with these accounts on the book's date, in order of id."""
        found = open_deals(self.side.book["opportunities"], self.side.as_of)
        return found[found["account_id"].isin(self.accounts)].sort_values("opportunity_id")

    @property
    def days_gone(self) -> int:
        """Days of the quarter up to and with the book's date; 0 before it begins."""
        period = self.quarter.period
        return min(max((self.side.as_of - period.start).days + 1, 0), period.days)

    @property
    def begun(self) -> Period | None:
        """The quarter so far; None before it begins."""
        start = self.quarter.period.start
        return Period(start, self.side.as_of) if self.side.as_of >= start else None

    @cached_property
    def hours_left(self) -> dict[str, Decimal]:
        """Selling hours of each rep in the days left, after leave."""
        book, coverage = self.side.book, self.side.coverage
        return {
            rep: sum(selling_weeks(book, rep, self.window, coverage).values(), Decimal(0))
            for rep in self.reps
        }

    def value(self, account_id: str, column: str) -> Any:
        """Return one cell of the table; None where it is missing."""
        told: Any = self.table[column].loc[account_id]
        return None if pd.isna(told) else told

    def owner(self, account_id: str) -> str:
        """The rep who owns an account; the first of the plan's where nobody does."""
        return self.side.book.owners.get(account_id) or self.reps[0]

    def day_of(self, rep_id: str, place: int, *, last: date | None = None) -> date | None:
        """A rep's working day at a place among those left; the last one where there are fewer.

        With `last`, no later than that, where a working day lies before it.
        """
        days = self._days(rep_id)
        earlier = [day for day in days if last is None or day <= last]
        usable = earlier or days[:1]
        return usable[min(place, len(usable) - 1)] if usable else None

    def _days(self, rep_id: str) -> list[date]:
        known = self._working
        if rep_id not in known:
            known[rep_id] = working_days(self.side.book, rep_id, self.window)
        return known[rep_id]

    @cached_property
    def _working(self) -> dict[str, list[date]]:
        return {}


def days_left(side: Side, quarter: Quarter) -> Period:
    """Return the days of a quarter that lie after the book's date.

    Raises
    ------
    NothingToPlan
        When the quarter is over by then.
    """
    start = max(quarter.period.start, side.as_of + timedelta(days=1))
    if start > quarter.period.end:
        raise NothingToPlan(
            f"{quarter.label} ended on {quarter.period.end.isoformat()}, and the book is of "
            f"{side.as_of.isoformat()}: no day is left to plan.",
            hint="Plan a later quarter, or review this one.",
        )
    return Period(start, quarter.period.end)


def rep_ground(side: Side, rep_id: str, quarter: Quarter) -> PlanGround:
    """Gather what one rep's plan is made on.

    Raises
    ------
    NotFound
        When the book has no such rep.
    NothingToPlan
        When the quarter is over, or the rep has no selling hours left in it.
    """
    rep_row(side.book, rep_id)
    entity = f"rep:{rep_id}"
    accounts = side.analyses.ranks.of_owner(rep_id)
    ground = PlanGround(
        side=side,
        quarter=quarter,
        window=days_left(side, quarter),
        entity=entity,
        reps=(rep_id,),
        accounts=accounts,
        cells=PlanCells(side, quarter, entity, rep_id, accounts),
    )
    demand_hours(ground)
    return ground


def team_ground(
    side: Side, entity: str, accounts: Sequence[str], reps: Sequence[str], quarter: Quarter
) -> PlanGround:
    """Gather what a team's plan is made on; who reads its figures covers all of `reps`."""
    wanted = set(accounts)
    ground = PlanGround(
        side=side,
        quarter=quarter,
        window=days_left(side, quarter),
        entity=entity,
        reps=tuple(reps),
        accounts=tuple(item for item in side.analyses.ranks.order if item in wanted),
        cells=PlanCells(side, quarter, entity, REPS_JOINED_BY.join(reps), accounts),
        team=True,
    )
    demand_hours(ground)
    return ground


def demand_hours(ground: PlanGround) -> None:
    """Refuse a quarter in which nobody of the plan has an hour left.

    Raises
    ------
    NothingToPlan
        When leave, leaving or a week of no hours takes all of it.
    """
    if sum(ground.hours_left.values(), Decimal(0)) <= 0:
        raise NothingToPlan(
            f"{', '.join(ground.reps)} has no selling hours left in {ground.quarter.label}, from "
            f"{ground.window.start.isoformat()} to {ground.window.end.isoformat()}.",
            hint="Check active_to, leave and selling_hours_week of the rep, or plan a later "
            "quarter.",
        )

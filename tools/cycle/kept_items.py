"""Which items of reps' calendars happened, one by one, by the rule that adherence counts by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.period import Period
from domain.plan import PlanVersion
from domain.territory_plan import CalendarItem
from domain.week_page import ItemState
from tools.cycle.played import PlayTold, plays_told
from tools.cycle.side import Side
from tools.cycle.touched import Days, accounts_planned, answered, touches_of


@dataclass(frozen=True)
class Kept:
    """One rep's items by day and account, each with what became of it, and the rep's plays."""

    items: tuple[tuple[CalendarItem, ItemState], ...]
    plays: tuple[PlayTold, ...]
    known: bool

    def within(self, first: date, last: date) -> list[tuple[CalendarItem, ItemState]]:
        """Return the items of a span, both ends included."""
        return [(item, state) for item, state in self.items if first <= item.day <= last]

    @property
    def overdue(self) -> list[PlayTold]:
        """Plays whose date has passed and that nothing answered."""
        return [play for play in self.plays if play.state == "late" and play.touch is None]


def kept_items(
    side: Side,
    calendars: Mapping[str, Sequence[CalendarItem]],
    plans: Sequence[PlanVersion],
    quarter: Period,
) -> dict[str, Kept]:
    """Tell what became of every touch of some reps' calendars.

    Parameters
    ----------
    side
        The later book.
    calendars
        Items by rep; internal ones are left out.
    plans
        Approved account plans; their plays due in the quarter take activities first.

    Returns
    -------
    dict
        By rep. A touch behind the book is done where an activity answers it, as `answered`
        says; a play's item is what became of the play.
    """
    touches = touches_of(side.book)
    late_days = side.coverage.review.late_days
    with_plans = {plan.content.account_id for plan in plans}
    plays = plays_told(
        plans,
        quarter,
        side.as_of,
        late_days,
        touches.of(with_plans) if touches.known else None,
    )
    days = touches.days(accounts_planned(item for items in calendars.values() for item in items))
    told = {}
    for rep, items in calendars.items():
        mine = tuple(play for play in plays if play.owner_id == rep)
        states = _states(items, mine, days, side.as_of, late_days, touches.known)
        told[rep] = Kept(states, mine, touches.known)
    return told


def _states(
    items: Sequence[CalendarItem],
    plays: Sequence[PlayTold],
    days: Days,
    as_of: date,
    late_days: int,
    known: bool,
) -> tuple[tuple[CalendarItem, ItemState], ...]:
    by_ref = {play.ref: play for play in plays}
    shown = sorted(
        (item for item in items if item.kind != "internal"),
        key=lambda item: (item.day, item.account_id, item.kind),
    )
    behind = [item for item in shown if item.day <= as_of and item.play not in by_ref]
    kept = iter(answered(behind, days, plays, late_days))
    told: list[tuple[CalendarItem, ItemState]] = []
    for item in shown:
        state: ItemState
        if item.day > as_of:
            state = "planned"
        elif item.play is not None and item.play in by_ref:
            state = "done" if by_ref[item.play].state == "done" else "missed"
        else:
            state = "done" if next(kept) else "missed"
        told.append((item, state if known or state == "planned" else "unknown"))
    return tuple(told)

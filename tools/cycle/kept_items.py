"""Which items of a rep's calendar happened, one by one, by the rule that adherence counts by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.period import Period
from domain.plan import PlanVersion
from domain.territory_plan import CalendarItem
from domain.week_page import ItemState
from tools.cycle.played import PlayState, PlayTold, plays_told
from tools.cycle.side import Side
from tools.cycle.touched import accounts_planned, day_number, touches_of

PLAY_STATES: Mapping[PlayState, ItemState] = {
    "done": "done", "late": "missed", "dropped": "missed", "open": "planned",
    "unknown": "unknown",
}  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """Items of a calendar by day and account, each with what became of it, and the plays."""

    items: tuple[tuple[CalendarItem, ItemState], ...]
    plays: tuple[PlayTold, ...]
    known: bool

    def within(self, first: date, last: date) -> list[tuple[CalendarItem, ItemState]]:
        """Return the items of a span, both ends included."""
        return [(item, state) for item, state in self.items if first <= item.day <= last]


def kept_items(
    side: Side, items: Sequence[CalendarItem], plans: Sequence[PlanVersion], quarter: Period
) -> Kept:
    """Tell what became of every touch of a calendar.

    Parameters
    ----------
    side
        The later book.
    items
        A rep's calendar; internal items are left out.
    plans
        Approved account plans; their plays due in the quarter take activities first.

    Returns
    -------
    Kept
        A touch behind the book is done where an activity with its account in its week is
        left for it, the earlier item first; a play's item is what became of the play.
    """
    touches = touches_of(side.book)
    with_plans = {plan.content.account_id for plan in plans}
    plays = plays_told(
        plans,
        quarter,
        side.as_of,
        side.coverage.review.late_days,
        touches.of(with_plans) if touches.known else None,
    )
    by_ref = {play.ref: play for play in plays}
    taken = {play.touch.activity_id for play in plays if play.touch is not None}
    left = touches.by_week(accounts_planned(items), taken)
    told: list[tuple[CalendarItem, ItemState]] = []
    for item in sorted(items, key=lambda item: (item.day, item.account_id, item.kind)):
        if item.kind == "internal":
            continue
        play = by_ref.get(item.play) if item.play is not None else None
        if item.day > side.as_of:
            state: ItemState = "planned"
        elif not touches.known:
            state = "unknown"
        elif play is not None:
            state = PLAY_STATES[play.state]
            state = "missed" if state == "planned" else state
        else:
            week = (item.account_id, day_number(item.day) - item.day.weekday())
            state = "done" if left[week] > 0 else "missed"
            left[week] -= 1
        told.append((item, state))
    return Kept(tuple(told), plays, touches.known)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())

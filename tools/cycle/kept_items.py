"""Which items of a rep's calendar happened, one by one, by the rule that adherence counts by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.period import Period
from domain.plan import PlanVersion
from domain.territory_plan import CalendarItem
from domain.week_page import ItemState
from tools.cycle.played import PlayTold, plays_told
from tools.cycle.side import Side
from tools.cycle.touched import accounts_planned, answered, touches_of


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
        A touch behind the book is done where an activity answers it, as `answered` says; a
        play's item is what became of the play.
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
    shown = sorted(
        (item for item in items if item.kind != "internal"),
        key=lambda item: (item.day, item.account_id, item.kind),
    )
    behind = [item for item in shown if item.day <= side.as_of and item.play not in by_ref]
    left = touches.days(accounts_planned(behind), taken)
    late_days = side.coverage.review.late_days
    kept = dict(zip(map(id, behind), answered(behind, left, late_days), strict=True))
    told: list[tuple[CalendarItem, ItemState]] = []
    for item in shown:
        play = by_ref.get(item.play) if item.play is not None else None
        state: ItemState
        if item.day > side.as_of:
            state = "planned"
        elif not touches.known:
            state = "unknown"
        elif play is not None:
            state = "done" if play.state == "done" else "missed"
        else:
            state = "done" if kept[id(item)] else "missed"
        told.append((item, state))
    return Kept(tuple(told), plays, touches.known)

"""The weekly page of a rep and the monthly page of a manager, cut from the quarter's data set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from domain.cycle_version import CycleVersion
from domain.period import Period
from domain.plan import PlanVersion, PlayKind
from domain.quarter import Quarter, quarter_at
from domain.record import decimal_string
from domain.review import QuarterData
from domain.territory_plan import CalendarItem, TerritoryPlanContent
from domain.week_page import ItemState, MonthPage, MonthRow, Slip, WeekCount, WeekItem, WeekPage
from tools.cycle.kept_items import Kept, kept_items
from tools.cycle.side import Side
from tools.cycle.touched import monday_of
from tools.selling_time import last_day, rep_row
from tools.week import week, week_of

__all__ = ["MonthPage", "WeekPage", "month_page", "week_page"]

WEEKS = 4
WEEK = timedelta(days=7)


def week_page(
    side: Side,
    territory_plan: CycleVersion | None,
    data: QuarterData | None,
    rep_id: str,
    plans: Sequence[PlanVersion],
) -> WeekPage:
    """Tell a rep's last week and the coming one.

    Parameters
    ----------
    side
        The newest book.
    territory_plan
        The rep's approved plan; without one the coming week holds what falls due by
        `tools.week`, and of last week nothing was planned.
    data
        The quarter's data set with the rep's row; None where there is none.
    plans
        Approved account plans.

    Returns
    -------
    WeekPage
        The coming week is the book's own while a working day of it is left, else the next.
        Its items up to the book's date are told as done or missed.

    Raises
    ------
    NotFound
        When the book does not have the rep.
    """
    rep = rep_row(side.book, rep_id)
    coming = monday_of(week_of(side.as_of).start)
    quarter = _quarter(side, data)
    calendar = {rep_id: _items(side, territory_plan, rep_id)}
    kept = kept_items(side, calendar, plans, quarter.period)[rep_id]
    notes: list[str] = []
    row = data.territory(rep_id) if data is not None else None
    if territory_plan is None:
        this = _due(side, rep_id, plans)
        notes.append("No approved territory plan: the week holds what falls due by the rules.")
    else:
        this = _shown(side, kept.within(coming, coming + timedelta(days=6)))
    if row is None:
        notes.append(f"No figures of {quarter}: nothing approved to hold the actuals against.")
    elif not kept.known:
        notes.append(f"The book of {side.as_of.isoformat()} holds no activities.")
    last = kept.within(coming - WEEK, coming - timedelta(days=1))
    return WeekPage(
        rep_id=rep_id,
        rep_name=str(rep["name"]),
        as_of=side.as_of,
        week=coming,
        last_week=coming - WEEK,
        plan_id=territory_plan.plan_id if territory_plan else None,
        plan_version=territory_plan.version if territory_plan else None,
        quarter=quarter.label,
        last=_shown(side, last),
        this=this,
        slips=_slips(side, kept, last),
        measures=row.measures if row is not None else (),
        plays=row.plays if row is not None else None,
        notes=(*notes, *(row.notes if row is not None else ())),
    )


def month_page(
    side: Side,
    territory_plans: Sequence[CycleVersion],
    data: QuarterData,
    plans: Sequence[PlanVersion] = (),
) -> MonthPage:
    """Tell the last four weeks of the reps in a data set, the week of the book's date included.

    Parameters
    ----------
    side
        The newest book.
    territory_plans, plans
        Approved territory plans of the quarter, and account plans.
    data
        The quarter's data set, cut to the reps that the page is about: their rows and the
        team's figures are shown as they are.
    """
    by_rep: dict[str, CycleVersion] = {}
    for version in sorted(territory_plans, key=lambda one: (one.version, one.plan_id)):
        content = version.content
        if isinstance(content, TerritoryPlanContent) and content.customer is None:
            by_rep[content.rep_id] = version
    items = {
        row.rep_id: _items(side, by_rep.get(row.rep_id), row.rep_id) for row in data.territories
    }
    kept = kept_items(side, items, plans, Period(data.period_start, data.period_end))
    first = monday_of(side.as_of) - (WEEKS - 1) * WEEK
    weeks = tuple(first + n * WEEK for n in range(WEEKS))
    return MonthPage(
        as_of=side.as_of,
        quarter=data.quarter,
        weeks=weeks,
        rows=tuple(
            MonthRow(
                rep_id=row.rep_id,
                rep_name=row.name,
                weeks=tuple(_count(kept[row.rep_id], monday, side.as_of) for monday in weeks)
                if row.rep_id in by_rep
                else (),
                late_plays=len(kept[row.rep_id].overdue),
                measures=row.measures,
                plays=row.plays,
                drift=row.drift,
                notes=row.notes,
            )
            for row in data.territories
        ),
        team=data.team,
        plays=data.plays,
        notes=data.notes,
    )


def _quarter(side: Side, data: QuarterData | None) -> Quarter:
    if data is not None:
        return Quarter(data.quarter, Period(data.period_start, data.period_end))
    return quarter_at(side.as_of, side.coverage.quarters)


def _items(side: Side, plan: CycleVersion | None, rep_id: str) -> tuple[CalendarItem, ...]:
    """A rep's items; nothing is due of who left."""
    row = side.book.rows("reps").get(rep_id)
    last = last_day(row) if row is not None else None
    if plan is None or not isinstance(plan.content, TerritoryPlanContent):
        return ()
    return tuple(
        item
        for calendar in plan.content.calendars
        if calendar.rep_id == rep_id
        for listed in calendar.weeks
        for item in listed.items
        if last is None or item.day <= last
    )


def _due(side: Side, rep_id: str, plans: Sequence[PlanVersion]) -> tuple[WeekItem, ...]:
    """What falls due in the coming week by its rules, for a rep without a territory plan."""
    mine = [account for account, owner in side.book.owners.items() if owner == rep_id]
    found = week(side.book, side.coverage, side.analyses, mine, plans)
    names = side.book.rows("accounts")
    told = []
    for item in found.of("reached", rep_id):
        play = item.plays[0] if item.plays else None
        told.append(
            WeekItem(
                day=play.due if play else None,
                account_id=item.account_id,
                account_name=str(names[item.account_id]["name"]),
                kind=cast("PlayKind", play.kind) if play else None,
                source="play" if play else None,
                hours=decimal_string(play.hours if play else item.touch_hours),
                state="planned",
                play=f"{play.plan_id}/{play.key}" if play else None,
                reasons=item.reasons,
            )
        )
    return tuple(told)


def _shown(side: Side, items: Sequence[tuple[CalendarItem, ItemState]]) -> tuple[WeekItem, ...]:
    return tuple(
        WeekItem(
            day=item.day,
            account_id=item.account_id,
            account_name=_name(side, item.account_id),
            kind=item.kind,
            source=item.source,
            hours=item.hours,
            state=state,
            play=item.play,
        )
        for item, state in items
    )


def _slips(
    side: Side, kept: Kept, last: Sequence[tuple[CalendarItem, ItemState]]
) -> tuple[Slip, ...]:
    """Plays overdue and touches of last week that were missed, the oldest first."""
    plays = [
        Slip(
            what="play",
            account_id=play.account_id,
            account_name=_name(side, play.account_id),
            kind=play.kind,
            due=play.due,
            days=(side.as_of - play.due).days,
            play=play.ref,
        )
        for play in kept.overdue
    ]
    told = {slip.play for slip in plays}
    touches = [
        Slip(
            what="touch",
            account_id=item.account_id,
            account_name=_name(side, item.account_id),
            kind=item.kind,
            due=item.day,
            days=(side.as_of - item.day).days,
            play=item.play,
        )
        for item, state in last
        if state == "missed" and (item.play is None or item.play not in told)
    ]
    return tuple(
        sorted([*plays, *touches], key=lambda one: (one.due, one.account_id, one.kind, one.what))
    )


def _count(kept: Kept, monday: date, as_of: date) -> WeekCount:
    found = kept.within(monday, monday + timedelta(days=6))
    due = [state for item, state in found if item.day <= as_of]
    done = sum(state == "done" for state in due) if kept.known else None
    return WeekCount(week=monday, planned=len(found), due=len(due), done=done)


def _name(side: Side, account_id: str) -> str:
    row = side.book.rows("accounts").get(account_id)
    return account_id if row is None else str(row["name"])

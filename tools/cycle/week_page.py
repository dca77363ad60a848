"""The weekly page of a rep and the monthly page of a manager, cut from the quarter's data set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.cycle_version import CycleVersion
from domain.period import Period
from domain.plan import PlanVersion
from domain.quarter import Quarter, quarter_at
from domain.review import QuarterData
from domain.territory_plan import CalendarItem, TerritoryPlanContent
from domain.week_page import MonthPage, MonthRow, WeekPage
from tools.cycle.kept_items import kept_items, monday_of
from tools.cycle.side import Side
from tools.cycle.tracking import cut
from tools.selling_time import rep_row
from tools.week import week_of

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
    kept = kept_items(side, _items(territory_plan, rep_id), plans, quarter.period)
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
        slips=_slips(side, rep_id, kept, last),
        measures=row.measures if row is not None else (),
        plays=row.plays if row is not None else None,
        notes=(*notes, *(row.notes if row is not None else ())),
    )


def month_page(
    side: Side,
    territory_plans: Sequence[CycleVersion],
    data: QuarterData | None,
    reps: Sequence[str],
    plans: Sequence[PlanVersion],
) -> MonthPage:
    """Tell the last four weeks of some reps, the week of the book's date included.

    Arguments are those of `week_page`, for several reps; NotFound as there. Rows are in
    order of the reps' ids.
    """
    by_rep = {
        version.content.rep_id: version
        for version in territory_plans
        if isinstance(version.content, TerritoryPlanContent)
    }
    quarter = _quarter(side, data)
    named = sorted(set(reps))
    items = {rep: _items(by_rep.get(rep), rep) for rep in named}
    # Read once for all: an activity answers one touch, whoever's calendar it stands in.
    kept = kept_items(side, [one for rep in named for one in items[rep]], plans, quarter.period)
    first = monday_of(side.as_of) - (WEEKS - 1) * WEEK
    weeks = tuple(first + n * WEEK for n in range(WEEKS))
    rows = []
    for rep in named:
        row = data.territory(rep) if data is not None else None
        counts = tuple(_count(kept, items[rep], monday, side.as_of) for monday in weeks)
        rows.append(
            MonthRow(
                rep_id=rep,
                rep_name=str(rep_row(side.book, rep)["name"]),
                weeks=counts if rep in by_rep else tuple(_unplanned(one) for one in counts),
                late_plays=sum(_overdue(play, rep) for play in kept.plays),
                measures=row.measures if row is not None else (),
                plays=row.plays if row is not None else None,
                drift=row is not None and row.drift,
                notes=row.notes if row is not None else (),
            )
        )
    told = [row.rep_id for row in rows if data is not None and data.territory(row.rep_id)]
    team = cut(data, told) if data is not None and told else None
    return MonthPage(
        as_of=side.as_of,
        quarter=quarter.label,
        weeks=weeks,
        rows=tuple(rows),
        team=team.team if team else (),
        plays=team.plays if team else None,
        notes=team.notes if team else (f"No figures of {quarter}.",),
    )


def _quarter(side: Side, data: QuarterData | None) -> Quarter:
    if data is not None:
        return Quarter(data.quarter, Period(data.period_start, data.period_end))
    return quarter_at(side.as_of, side.coverage.quarters)


def _items(plan: CycleVersion | None, rep_id: str) -> tuple[CalendarItem, ...]:
    if plan is None or not isinstance(plan.content, TerritoryPlanContent):
        return ()
    return tuple(
        item
        for calendar in plan.content.calendars
        if calendar.rep_id == rep_id
        for listed in calendar.weeks
        for item in listed.items
    )

"""A rep's quarter week by week: what is asked, what fits, on which day, and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from domain.evidence import Evidence
from domain.plan import PlanVersion
from domain.quarter import Quarter
from domain.record import decimal_string
from domain.territory_plan import RepCalendar, Unplaced
from tools.cycle.calendar_days import days_left
from tools.cycle.calendar_demand import Asked, asked, promises, visit_hours
from tools.cycle.calendar_ground import Ground, ground
from tools.cycle.calendar_notes import notes
from tools.cycle.calendar_totals import totals
from tools.cycle.calendar_trips import Joining, Refusal, Trips, put_together, way
from tools.cycle.calendar_weeks import written
from tools.cycle.placing import Board, Call
from tools.cycle.side import Side
from tools.cycle.trips import Outing
from tools.schedule import ZERO


@dataclass(frozen=True)
class Calendared:
    """A rep's calendar, and the evidence of its sums."""

    calendar: RepCalendar
    evidence: tuple[Evidence, ...]


def rep_calendar(
    side: Side,
    rep_id: str,
    quarter: Quarter,
    plans: Sequence[PlanVersion] = (),
    focus: Sequence[str] = (),
) -> Calendared:
    """Fit what a rep's accounts ask for into what is left of the quarter.

    Parameters
    ----------
    side
        The book, its rules and what was worked out from them.
    plans
        Approved account plans; those of other owners are left out.
    focus
        Accounts whose touches come first, in this order; those of other reps are left out.

    Returns
    -------
    Calendared
        Promised plays stand on their days. Touches and visits of the accounts follow, the
        focus first, then by rank; each goes to its own week or to the nearest with room, not
        further than its interval. What finds no room is told with its reason and hours.

        Hours asked for are hours planned plus hours missing, to the hundredth. No week is
        planned beyond its selling hours but where promised plays alone exceed them:
        `over_promised` and a note say by how much. The same for rows in any order.

    Raises
    ------
    NotFound
        The book has no such rep.
    NothingToPlan
        No working day or hour of the quarter is left to the rep.

    Notes
    -----
    `docs/methodology.md#territory-calendar` works an example by hand.
    """
    left = days_left(side, rep_id, quarter)
    here = ground(side, rep_id, left, focus)
    promised = promises(side, rep_id, left, plans)
    wanted = asked(side, quarter, left, here.order, promised)
    trips = put_together(side, here, wanted, promised)
    board = Board(left, here.call_days)
    board.promise(promised)
    _fill(side, board, here, wanted, trips)
    weeks, days_out = written(side, here, board, trips.metro_of)
    planned = sum((Decimal(week.planned_hours) for week in weeks), ZERO)
    missing = sum((item.hours for item in board.dropped), ZERO)
    over = sum((max(ZERO, -hours) for hours in board.free.values()), ZERO)
    sums = {
        "calendar_needed_hours": planned + missing,
        "calendar_selling_hours": sum(left.selling.values(), ZERO),
        "calendar_planned_hours": planned,
        "calendar_travel_hours": sum((Decimal(week.travel_hours) for week in weeks), ZERO),
    }
    if over:
        sums["calendar_over_promised_hours"] = over
    told = totals(side, rep_id, quarter, plans, focus, sums)
    calendar = RepCalendar(
        rep_id=rep_id,
        time_zone=here.zone,
        weeks=weeks,
        trips=days_out,
        unplaced=_unplaced(here, board, trips.refused),
        needed_hours=told.figures["calendar_needed_hours"],
        selling_hours=told.figures["calendar_selling_hours"],
        planned_hours=told.figures["calendar_planned_hours"],
        missing_hours=told.figures["calendar_missing_hours"],
        travel_hours=told.figures["calendar_travel_hours"],
        over_promised=told.figures.get("calendar_over_promised_hours"),
        notes=notes(quarter, here, board, wanted, trips.refused, promised),
    )
    return Calendared(calendar, told.evidence)


def _fill(
    side: Side, board: Board, here: Ground, wanted: Mapping[str, Asked], trips: Trips
) -> None:
    """Place visits and calls, the best account's first."""
    each = visit_hours(side)
    open_ = {account: list(item.wanted) for account, item in wanted.items()}
    joining: dict[str, list[Joining]] = {}
    out: dict[str, list[Outing]] = {}
    for joined in trips.joining:
        _take(open_[joined.account_id], joined.day)
        joining.setdefault(joined.account_id, []).append(joined)
    for outing in sorted(trips.outings, key=lambda trip: (trip.wanted, trip.stops)):
        for account in outing.stops:
            _take(open_[account], outing.wanted)
            out.setdefault(account, []).append(outing)
    way_of = partial(way, side, here)

    def visit(account: str) -> None:
        for joined in joining.get(account, ()):
            if not board.join(joined, each):
                alone = Outing(joined.metro, joined.day, (account,), len(board.free))
                board.visit(alone, account, way_of, each)
        for outing in out.get(account, ()):
            board.visit(outing, account, way_of, each)

    def call(account: str) -> None:
        for day in open_.get(account, ()):
            asks = wanted[account]
            board.call(Call(account, day, max(1, asks.every // 7), asks.touch_hours))

    first, rest = here.order[: len(here.focus)], here.order[len(here.focus) :]
    # A trip needs many hours of one week: all of the focus before calls take them by the piece.
    for account in first:
        visit(account)
    for account in first:
        call(account)
    for account in rest:
        visit(account)
        call(account)


def _take(days: list[date], visit: date) -> None:
    """A visit stands for the touch nearest to it, the earlier of two as near."""
    days.remove(min(days, key=lambda day: (abs((day - visit).days), day)))


def _unplaced(
    here: Ground, board: Board, refused: Mapping[tuple[str, Refusal], int]
) -> tuple[Unplaced, ...]:
    """Add up what found no place, by account, kind and reason.

    A visit that no trip can make takes no hours here: a call stands in its place.
    """
    grouped: dict[tuple[str, str, str], list[Decimal]] = {}
    for (account, reason), number in refused.items():
        grouped[account, "visit", reason] = [ZERO] * number
    for item in board.dropped:
        grouped.setdefault((item.account_id, item.kind, item.reason), []).append(item.hours)
    ordered = sorted(grouped, key=lambda key: (here.position[key[0]], key))
    return tuple(
        Unplaced.model_validate(
            {
                "account_id": account,
                "kind": kind,
                "touches": len(grouped[account, kind, reason]),
                "hours": decimal_string(sum(grouped[account, kind, reason], ZERO)),
                "reason": reason,
            }
        )
        for account, kind, reason in ordered
    )

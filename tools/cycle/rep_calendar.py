"""A rep's quarter week by week: what is asked, what fits, on which day, and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.evidence import Evidence
from domain.plan import PlanVersion
from domain.quarter import Quarter
from domain.record import decimal_string
from domain.territory_plan import RepCalendar, Unplaced
from tools.cycle.calendar_days import days_left
from tools.cycle.calendar_demand import Asked, Promise, asked, promises, visit_hours
from tools.cycle.calendar_ground import Ground, ground
from tools.cycle.calendar_notes import notes
from tools.cycle.calendar_totals import totals
from tools.cycle.calendar_weeks import written
from tools.cycle.metros import metros
from tools.cycle.placing import Board, Call
from tools.cycle.side import Side
from tools.cycle.trips import Outing, Route, affordable, outings, route
from tools.schedule import ZERO

_NO_PLACE = "no place known"
_BUDGET = "travel budget"


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
    trips, refused = _trips(side, here, wanted, promised)
    board = Board(left)
    board.promise(promised)
    _fill(side, board, here, wanted, trips)
    weeks, days_out = written(side, here, board)
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
        unplaced=_unplaced(here, board, refused),
        needed_hours=told.figures["calendar_needed_hours"],
        selling_hours=told.figures["calendar_selling_hours"],
        planned_hours=told.figures["calendar_planned_hours"],
        missing_hours=told.figures["calendar_missing_hours"],
        travel_hours=told.figures["calendar_travel_hours"],
        over_promised=told.figures.get("calendar_over_promised_hours"),
        notes=notes(side, quarter, here, board, wanted, refused, promised),
    )
    return Calendared(calendar, told.evidence)


def _trips(
    side: Side, here: Ground, wanted: Mapping[str, Asked], promised: Sequence[Promise]
) -> tuple[list[Outing], dict[tuple[str, str], int]]:
    """Put visits into trips; those that none can make are counted by account and reason."""
    visits = {account: item.visits for account, item in wanted.items() if item.visits}
    refused: dict[tuple[str, str], int] = {}
    for account, number in visits.items():
        if here.base is None or account not in here.places:
            refused[account, _NO_PLACE] = number
    found: list[Outing] = []
    if here.base is None:
        return found, refused
    rules = side.coverage.travel
    order = [account for account in here.order if visits.get(account)]
    for metro in metros(order, here.places, here.cities, rules.nearby_km):
        trips, beyond = outings(
            metro, visits, here.left.span, here.base, here.places, rules,
            side.coverage.territory_plan.stops_a_day,
        )  # fmt: skip
        found += trips
        for account, number in beyond.items():
            refused[account, _BUDGET] = number
    return found, refused


def _fill(
    side: Side,
    board: Board,
    here: Ground,
    wanted: Mapping[str, Asked],
    trips: Sequence[Outing],
) -> None:
    """Place trips and calls, the best account's first; a trip goes with its best stop."""
    each = visit_hours(side)
    open_ = {account: list(item.wanted) for account, item in wanted.items()}
    for outing in sorted(trips, key=lambda trip: (trip.wanted, trip.stops)):
        for account in outing.stops:
            days = open_[account]
            days.remove(min(days, key=lambda day: (abs((day - outing.wanted).days), day)))
    of_account: dict[str, list[Outing]] = {}
    for outing in sorted(trips, key=lambda trip: (trip.wanted, trip.stops)):
        of_account.setdefault(outing.stops[0], []).append(outing)

    def way_of(stops: Sequence[str]) -> Route | None:
        assert here.base is not None  # without a base there are no trips
        way = route(here.base, stops, here.places, side.coverage.travel)
        return way if affordable(way, side.coverage.travel) else None

    for account in here.order:
        for outing in of_account.get(account, ()):
            board.trip(outing, way_of, each)
        item = wanted.get(account)
        for day in open_.get(account, ()):
            assert item is not None
            call = Call(account, day, max(1, item.every // 7), item.touch_hours)
            board.call(call, here.call_days(account))


def _unplaced(
    here: Ground, board: Board, refused: Mapping[tuple[str, str], int]
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

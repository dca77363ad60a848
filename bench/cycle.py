"""The cycle at the size of a large team: 100 reps and 20,000 accounts that are made up.

Territory plans and reviews go through the desk that people use, in a home of their own. Two
alternatives stand in the same run. Calendars are held against a plain loop, which goes through
the accounts by rank and puts every touch into the first week with room, each visit on a trip of
its own; the changes of a review against a loop through both books, account by account.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

from bench.cycle_book import AS_OF, later_book, made_book
from bench.cycle_desk import cycle
from bench.example import folder
from bench.report import Report, arguments, publish, seconds
from bench.timing import Times, alternately
from domain.book import Book
from domain.coverage import CoverageModel, parse_coverage
from domain.quarter import Quarter, quarter_at
from domain.territory_plan import RepCalendar
from tools.analyses import analyse
from tools.cycle.calendar_days import days_left
from tools.cycle.calendar_demand import Asked, asked, visit_hours
from tools.cycle.calendar_ground import Ground, ground
from tools.cycle.rep_calendar import rep_calendar
from tools.cycle.side import Side
from tools.travel import round_trip

REPS, ACCOUNTS, SEED = 100, 20_000, 5
FOCUS = 10
GOAL = 0.5
APPROVED = 40
DEFAULTS = Path(__file__).parents[1] / "api" / "defaults" / "coverage.toml"


def rules_text() -> str:
    """The coverage model that is shipped, for a company whose year begins in February."""
    shipped = DEFAULTS.read_text(encoding="utf-8")
    return shipped.replace("\nfirst_month = 1\n", "\nfirst_month = 2\n", 1)


def rules() -> CoverageModel:
    """Those rules, read."""
    return parse_coverage(rules_text())


def books(reps: int, accounts: int) -> tuple[Book, Book]:
    """The made-up book, and the same a quarter later with its changes."""
    book = made_book(accounts, reps, SEED)
    return book, later_book(book, SEED)


def side_of(book: Book, coverage: CoverageModel) -> Side:
    """Read a book."""
    return Side(book, coverage, analyse(book, coverage))


def reps_of(side: Side) -> list[str]:
    """The reps who own accounts."""
    return [rep for rep in side.book.rows("reps") if side.analyses.ranks.of_owner(rep)]


@dataclass
class Plain:
    """What a plain loop plans of one rep."""

    planned: Decimal = Decimal(0)
    missing: Decimal = Decimal(0)
    travel: Decimal = Decimal(0)
    visits: int = 0
    dear: int = 0
    lost: int = 0


def plain_calendar(side: Side, rep_id: str, quarter: Quarter) -> Plain:
    """Put every touch into the first week with room, each visit on a trip of its own."""
    left = days_left(side, rep_id, quarter)
    here = ground(side, rep_id, left, side.analyses.ranks.of_owner(rep_id)[:FOCUS])
    wanted = asked(side, quarter, left, here.order, ())
    free = dict(left.selling)
    done = Plain()
    each = visit_hours(side)
    for account in here.order:
        item = wanted.get(account)
        for hours, travel in _touches(side, here, item) if item else ():
            week = next((week for week in free if free[week] >= hours), None)
            if week is None:
                done.missing += hours
                done.lost += account in here.focus
                continue
            free[week] -= hours
            done.planned += hours
            done.travel += travel
            done.visits += travel > 0 or hours == each
            done.dear += travel > Decimal(repr(side.coverage.travel.budget_hours_per_visit))
    return done


def _touches(side: Side, here: Ground, item: Asked) -> Iterator[tuple[Decimal, Decimal]]:
    """Hours and travel of every touch of an account, its visits first."""
    for number in range(len(item.wanted)):
        if number < item.visits and here.base is not None and item.account_id in here.places:
            trip = round_trip(here.base, here.places[item.account_id], side.coverage.travel)
            travel = Decimal(repr(trip.hours)).quantize(Decimal("0.01"))
            yield visit_hours(side) + travel, travel
        else:
            yield item.touch_hours, Decimal(0)


def calendars(report: Report, side: Side, runs: int) -> None:
    """Time the calendar of every rep, and tell what it holds beside the plain loop's."""
    reps = reps_of(side)
    focus = {rep: side.analyses.ranks.of_owner(rep)[:FOCUS] for rep in reps}
    ours: list[float] = []
    plain: list[float] = []
    found: dict[str, RepCalendar] = {}
    others: dict[str, Plain] = {}

    quarter = quarter_at(AS_OF, side.coverage.quarters)

    def make(rep: str) -> None:
        found[rep] = rep_calendar(side, rep, quarter, (), focus[rep]).calendar

    def make_plain(rep: str) -> None:
        others[rep] = plain_calendar(side, rep, quarter)

    make(reps[0])  # what a book keeps after its first reading is not the calendar's time
    for rep in reps:
        one, other = alternately([partial(make, rep), partial(make_plain, rep)], runs)
        ours.append(one.median)
        plain.append(other.median)
    table = report.table(
        f"Calendars of {len(reps)} reps with {len(side.book['accounts']) // len(reps)} accounts "
        "each, median of each rep",
        ("what", "P50", "P95", "max", "goal for P95"),
    )
    for what, times in (("rep_calendar", Times(tuple(ours))), ("plain loop", Times(tuple(plain)))):
        spread = (times.median, times.percentile(0.95), max(times.seconds))
        goal = seconds(GOAL) if what == "rep_calendar" else ""
        table.rows.append((what, *map(seconds, spread), goal))
    budget = side.coverage.travel.budget_hours_per_visit
    _held(report, list(found.values()), list(others.values()), focus, budget)


def _held(
    report: Report,
    ours: Sequence[RepCalendar],
    plain: Sequence[Plain],
    focus: Mapping[str, Sequence[str]],
    budget: float,
) -> None:
    def total(name: str) -> Decimal:
        return sum((Decimal(getattr(one, name).value) for one in ours), Decimal(0))

    items = [item for one in ours for week in one.weeks for item in week.items]
    trips = [trip for one in ours for trip in one.trips]
    visits = sum(item.kind == "visit" for item in items)
    lost = sum(
        item.touches
        for one in ours
        for item in one.unplaced
        # A visit told with 0 hours has a call in its place, which is counted.
        if item.account_id in focus[one.rep_id] and item.hours != "0"
    )
    plain_planned = sum((one.planned for one in plain), Decimal(0))
    plain_missing = sum((one.missing for one in plain), Decimal(0))
    travel = sum((one.travel for one in plain), Decimal(0))
    made = sum(one.visits for one in plain)
    each, plain_each = total("travel_hours") / max(1, visits), travel / max(1, made)
    dear = sum(
        len(trip.accounts)
        for trip in trips
        if Decimal(trip.travel_hours) > Decimal(repr(budget)) * len(trip.accounts)
    )
    table = report.table("What they hold", ("what", "rep_calendar", "plain loop"))
    table.rows += [
        ("hours planned", _h(total("planned_hours")), _h(plain_planned)),
        ("hours missing", _h(total("missing_hours")), _h(plain_missing)),
        ("visits", f"{visits:,}", f"{made:,}"),
        ("hours of travel", _h(total("travel_hours")), _h(travel)),
        ("travel a visit", f"{each:.2f} h", f"{plain_each:.2f} h"),
        ("days on the road", f"{len(trips):,}", f"{made:,}"),
        ("visits beyond the travel budget", f"{dear:,}", f"{sum(p.dear for p in plain):,}"),
        ("focus touches not placed", f"{lost:,}", f"{sum(p.lost for p in plain):,}"),
    ]  # fmt: skip
    over = sum(
        Decimal(week.planned_hours) > Decimal(week.selling_hours)
        for one in ours
        for week in one.weeks
    )
    assert not over, "a week is planned beyond its hours"


def _h(hours: Decimal) -> str:
    return f"{hours:,.0f} h"


def main() -> int:
    """Measure and print."""
    given = arguments(
        __doc__,
        runs=3,
        reps=(REPS, "reps"),
        accounts=(ACCOUNTS, "accounts of all reps"),
        approved=(APPROVED, "territory plans that are approved before the review"),
    )
    report = Report("cycle")
    made = books(given.reps, given.accounts)
    with folder() as place:
        home = place / "home"
        cycle(report, home, rules_text(), made, plans=given.approved, runs=given.runs)
    calendars(report, side_of(made[0], rules()), given.runs)
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())

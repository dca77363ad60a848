"""What holds of every calendar: days, sums, limits, order, and no touch lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.coverage import CoverageModel, parse_coverage
from domain.quarter import Quarter
from domain.record import canonical_json
from domain.territory_plan import RepCalendar
from tests.tools.conftest import DEFAULTS
from tests.tools.cycle.calendar_side import FOUR_WEEKS, calendar_side, promised
from tools.cycle.calendar_days import days_left, monday
from tools.cycle.calendar_demand import asked, promises
from tools.cycle.placing import Board, Call
from tools.cycle.rep_calendar import rep_calendar
from tools.cycle.side import Side
from tools.schedule import CUSTOMER_FACING
from tools.travel import overlap_hours

COVERAGE: CoverageModel = parse_coverage(DEFAULTS.read_text(encoding="utf-8"))
START = FOUR_WEEKS.period.start
PLACES = [(50.0, 10.0), (50.3, 10.2), (51.0, 10.0), (51.1, 10.1), (60.0, 10.0), (-33.9, 151.2)]
ZONES = ["Europe/Berlin", "America/New_York", "America/Los_Angeles", "Australia/Sydney"]


@dataclass(frozen=True)
class Given:
    """A rep's side, promised plays and a focus; `again` makes the side from shuffled rows."""

    tiers: dict[str, str]
    places: dict[str, tuple[float, float]]
    zones: dict[str, str]
    hours: float
    leave: tuple[tuple[date, date], ...]
    plays: tuple[tuple[str, int, str, int, int], ...]
    focus: tuple[str, ...]
    quarter: Quarter = field(default=FOUR_WEEKS)

    def side(self, shuffled=None) -> Side:
        return calendar_side(
            COVERAGE,
            self.tiers,
            places=self.places,
            zones=self.zones,
            rep={"selling_hours_week": self.hours},
            leave=self.leave,
            shuffled=shuffled,
        )

    def plans(self) -> list:
        return [
            promised(
                account,
                START + timedelta(days=after),
                str(hours + (travel if kind == "visit" else 0)),
                kind=kind,
                travel=str(travel if kind == "visit" else 0),
                key=f"p{number}",
            )
            for number, (account, after, kind, hours, travel) in enumerate(self.plays)
        ]

    def calendar(self) -> RepCalendar:
        return rep_calendar(self.side(), "ana", self.quarter, self.plans(), self.focus).calendar


@st.composite
def reps(draw) -> Given:
    names = [f"A{n}" for n in range(draw(st.integers(1, 6)))]
    tier = st.sampled_from(["strategic", "tier_1", "tier_1", "tier_2", "tier_3"])
    begin = draw(st.integers(0, 24))
    away = (START + timedelta(days=begin), START + timedelta(days=begin + draw(st.integers(0, 9))))
    spot = st.sampled_from([*PLACES, None])
    spots = {name: draw(spot) for name in names}
    play = st.tuples(
        st.sampled_from(names),
        st.integers(0, 27),
        st.sampled_from(["call", "visit", "demo", "internal"]),
        st.integers(0, 6),
        st.integers(0, 5),
    )
    return Given(
        tiers={name: draw(tier) for name in names},
        places={name: at for name, at in spots.items() if at is not None},
        zones={name: draw(st.sampled_from(ZONES)) for name in names},
        hours=draw(st.sampled_from([2.0, 6.5, 12.0, 30.0])),
        leave=(away,) if draw(st.booleans()) else (),
        plays=tuple(draw(st.lists(play, max_size=3))),
        focus=tuple(draw(st.permutations(names))[: draw(st.integers(0, 3))]),
    )


@settings(max_examples=40, deadline=None)
@given(reps())
def test_every_item_is_on_a_working_day_with_shared_hours(made):
    side = made.side()
    days = set(days_left(side, "ana", made.quarter).days)

    for week in made.calendar().weeks:
        for item in week.items:
            assert item.day in days
            assert monday(item.day) == week.week
            if item.kind == "call" and item.play is None:
                zone = made.zones[item.account_id]
                assert overlap_hours("Europe/Berlin", zone, item.day) >= 3


@settings(max_examples=40, deadline=None)
@given(reps())
def test_no_week_is_planned_beyond_its_hours_but_for_promised_plays(made):
    calendar = made.calendar()
    over = Decimal(0)
    for week in calendar.weeks:
        items = sum((Decimal(item.hours) for item in week.items), Decimal(0))
        trips = [trip for trip in calendar.trips if monday(trip.day) == week.week]
        travel = sum((Decimal(trip.travel_hours) for trip in trips), Decimal(0))
        assert Decimal(week.planned_hours) == items + travel
        assert Decimal(week.travel_hours) == travel
        surplus = Decimal(week.planned_hours) - Decimal(week.selling_hours)
        if surplus > 0:
            assert all(item.source == "play" for item in week.items)
            over += surplus
    told = calendar.over_promised.value if calendar.over_promised else "0"
    assert Decimal(told) == over


@settings(max_examples=40, deadline=None)
@given(reps())
def test_the_sums_add_up(made):
    calendar = made.calendar()
    planned = sum((Decimal(week.planned_hours) for week in calendar.weeks), Decimal(0))
    missing = sum((Decimal(item.hours) for item in calendar.unplaced), Decimal(0))
    selling = sum((Decimal(week.selling_hours) for week in calendar.weeks), Decimal(0))
    travel = sum((Decimal(trip.travel_hours) for trip in calendar.trips), Decimal(0))

    assert Decimal(calendar.planned_hours.value) == planned
    assert Decimal(calendar.missing_hours.value) == missing
    assert Decimal(calendar.needed_hours.value) == planned + missing
    assert Decimal(calendar.selling_hours.value) == selling
    assert Decimal(calendar.travel_hours.value) == travel


@settings(max_examples=40, deadline=None)
@given(reps())
def test_every_touch_asked_for_is_placed_or_told_with_a_reason(made):
    side = made.side()
    left = days_left(side, "ana", made.quarter)
    plays = promises(side, "ana", left, made.plans())
    order = (*made.focus, *(name for name in made.tiers if name not in made.focus))
    wanted = asked(side, made.quarter, left, order, plays)
    calendar = made.calendar()

    items = [item for week in calendar.weeks for item in week.items]
    assert sorted(item.play for item in items if item.play) == sorted(p.play for p in plays)
    placed = Counter(item.account_id for item in items if item.play is None)
    # A visit that no trip can make has a call in its place, which is counted instead.
    for lost in calendar.unplaced:
        if lost.reason not in {"no place known", "travel budget"}:
            placed[lost.account_id] += lost.touches
    assert placed == Counter({account: len(item.wanted) for account, item in wanted.items()})
    visits = Counter(i.account_id for i in items if i.kind == "visit" and i.play is None)
    for lost in calendar.unplaced:
        if lost.kind == "visit":
            visits[lost.account_id] += lost.touches
    assert visits == Counter({account: item.visits for account, item in wanted.items()})


@settings(max_examples=40, deadline=None)
@given(reps())
def test_trips_keep_to_one_metro_the_stops_of_a_day_and_the_travel_budget(made):
    calendar = made.calendar()
    plays = {(i.day, i.trip) for week in calendar.weeks for i in week.items if i.play and i.trip}
    own = [trip for trip in calendar.trips if (trip.day, trip.trip_id) not in plays]

    assert len({trip.day for trip in own}) == len(own)
    assert len({trip.trip_id for trip in calendar.trips}) == len(calendar.trips)
    for trip in own:
        assert 1 <= len(trip.accounts) <= COVERAGE.territory_plan.stops_a_day
        assert len(set(trip.accounts)) == len(trip.accounts)
        assert Decimal(trip.travel_hours) <= 8 * len(trip.accounts)


@settings(max_examples=40, deadline=None)
@given(reps())
def test_an_account_is_touched_once_a_day_beside_what_was_promised(made):
    touches = Counter(
        (item.day, item.account_id)
        for week in made.calendar().weeks
        for item in week.items
        if item.play is None or item.kind in CUSTOMER_FACING
    )
    promised_days = Counter(
        (item.day, item.account_id)
        for week in made.calendar().weeks
        for item in week.items
        if item.play is not None and item.kind in CUSTOMER_FACING
    )

    assert all(count <= max(1, promised_days[key]) for key, count in touches.items())


moments = st.tuples(st.integers(0, 2), st.integers(0, 27), st.integers(1, 4), st.integers(30, 300))


@settings(max_examples=40, deadline=None)
@given(st.lists(moments, max_size=12), st.lists(moments, max_size=12))
def test_what_is_placed_is_never_lost_to_what_comes_later(first, later):
    left = days_left(
        calendar_side(COVERAGE, {}, rep={"selling_hours_week": 6.0}), "ana", FOUR_WEEKS
    )
    board = Board(left, lambda account: left.by_week)

    def place(calls):
        for account, after, reach, cents in calls:
            wanted = START + timedelta(days=after)
            board.call(Call(f"A{account}", wanted, reach, Decimal(cents) / 100))

    place(first)
    before = sorted(call_key(call) for calls in board.calls.values() for call in calls)
    place(later)

    after = Counter(call_key(call) for calls in board.calls.values() for call in calls)
    assert not Counter(before) - after
    for week, calls in board.calls.items():
        assert sum((call.hours for call in calls), Decimal(0)) <= left.selling[week]
        for call in calls:
            assert abs((week - monday(call.wanted)).days) <= 7 * call.reach


def call_key(call: Call) -> tuple:
    return call.account_id, call.wanted, call.reach, call.hours


@settings(max_examples=20, deadline=None)
@given(reps(), st.randoms(use_true_random=False))
def test_rows_and_plans_in_any_order_give_the_same_bytes(made, random):
    rows = list(range(len(made.tiers) + 1))
    random.shuffle(rows)
    plans = made.plans()
    random.shuffle(plans)

    first = rep_calendar(made.side(), "ana", made.quarter, made.plans(), made.focus)
    again = rep_calendar(made.side(rows), "ana", made.quarter, plans, made.focus)

    assert canonical_json(again.calendar) == canonical_json(first.calendar)
    assert [item.id for item in again.evidence] == [item.id for item in first.evidence]

"""A rep's quarter week by week, by hand: what is asked, on which day it falls, what is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.errors import NotFound, NothingToPlan
from domain.period import Period
from domain.quarter import Quarter
from domain.territory_plan import RepCalendar
from tests.tools.cycle.calendar_side import BEFORE, FOUR_WEEKS, calendar_side, promised
from tools.cells import recompute
from tools.cycle.rep_calendar import rep_calendar

THIRTEEN_WEEKS = Quarter("2026Q4", Period(date(2026, 11, 2), date(2027, 1, 31)))


def nov(day: int) -> date:
    return date(2026, 11, day)


def told(side, plans=(), focus=(), quarter=FOUR_WEEKS) -> RepCalendar:
    return rep_calendar(side, "ana", quarter, plans, focus).calendar


def lines(calendar: RepCalendar, week: date) -> list[tuple[int, str, str, str]]:
    """(day of the month, account, kind, hours) of one week."""
    (found,) = [listed for listed in calendar.weeks if listed.week == week]
    return [(item.day.day, item.account_id, item.kind, item.hours) for item in found.items]


def days_of(calendar: RepCalendar, account: str) -> list[date]:
    return [i.day for week in calendar.weeks for i in week.items if i.account_id == account]


def missing(calendar: RepCalendar) -> list[tuple[str, str, int, str, str]]:
    return [(u.account_id, u.kind, u.touches, u.hours, u.reason) for u in calendar.unplaced]


def sums(calendar: RepCalendar) -> tuple[str | None, ...]:
    figures: Iterable = (
        calendar.needed_hours, calendar.selling_hours, calendar.planned_hours,
        calendar.missing_hours, calendar.travel_hours,
    )  # fmt: skip
    return tuple(figure.value for figure in figures)


# A1 and A2 lie a degree (111.19 km) north of the base and 11.12 km apart, B1 a degree south.
NORTH_AND_SOUTH = {"A1": (51.0, 10.0), "A2": (51.1, 10.0), "B1": (49.0, 10.0)}


def test_a_quarter_with_two_metros_and_a_week_of_leave(coverage):
    # Tier 1: a touch a week of 50 minutes and a quarter on top, 1.04 h; one of them a visit
    # of 2 h. The three begin on Monday, Wednesday and Friday.
    # North: 2 x 111.19 x 1.3 / 70 + 11.12 x 1.3 / 70 = 4.34 h for two stops; south 4.13 h.
    # Both trips belong in the middle, the 16th, which is leave: the week before takes them.
    side = calendar_side(
        coverage,
        dict.fromkeys(NORTH_AND_SOUTH, "tier_1"),
        places=NORTH_AND_SOUTH,
        leave=[(nov(16), nov(20))],
    )

    calendar = told(side)

    assert lines(calendar, nov(2)) == [
        (2, "A1", "call", "1.04"), (4, "A2", "call", "1.04"), (6, "B1", "call", "1.04"),
    ]  # fmt: skip
    # B1's call of the 20th moves here too: the 9th, which is not next to its visit.
    assert lines(calendar, nov(9)) == [
        (9, "A1", "call", "1.04"), (9, "B1", "call", "1.04"), (10, "A2", "call", "1.04"),
        (11, "B1", "visit", "2"), (13, "A1", "visit", "2"), (13, "A2", "visit", "2"),
    ]  # fmt: skip
    assert lines(calendar, nov(16)) == []
    assert lines(calendar, nov(23)) == [
        (23, "A1", "call", "1.04"), (25, "A2", "call", "1.04"), (27, "B1", "call", "1.04"),
    ]  # fmt: skip
    assert [(t.day, t.metro, t.accounts, t.travel_hours, t.km, t.mode) for t in calendar.trips] == [
        (nov(11), "City of B1", ("B1",), "4.13", "111", "road"),
        (nov(13), "City of A1", ("A1", "A2"), "4.34", "111", "road"),
    ]
    assert [(w.working_days, w.selling_hours, w.planned_hours) for w in calendar.weeks] == [
        (5, "20", "3.12"), (5, "20", "17.59"), (0, "0", "0"), (5, "20", "3.12"),
    ]  # fmt: skip
    # 9 calls of 1.04 h, 3 visits of 2 h, 8.47 h of travel.
    assert sums(calendar) == ("23.83", "60", "23.83", "0", "8.47")
    assert calendar.unplaced == calendar.notes == ()


def test_a_sydney_account_is_neither_called_nor_visited_from_london(coverage):
    # In November 9 to 17 in Sydney is 22 to 6 in London. The flight takes 55 h there and back.
    side = calendar_side(
        coverage,
        {"SYD": "tier_1", "LON": "tier_1"},
        places={"SYD": (-33.87, 151.21), "LON": (51.51, -0.13)},
        zones={"SYD": "Australia/Sydney", "LON": "Europe/London"},
        rep={"base_latitude": 51.51, "base_longitude": -0.13, "time_zone": "Europe/London"},
    )

    calendar = told(side)

    assert missing(calendar) == [
        ("SYD", "call", 4, "4.16", "no shared hours"),
        ("SYD", "visit", 1, "0", "travel budget"),
    ]
    assert calendar.notes == (
        "A visit to 1 account is a call instead, where hours allow: travel takes more than its "
        "budget.",
    )
    # London: 3 calls and a visit around the corner; Sydney's four calls are missing.
    assert sums(calendar) == ("9.28", "80", "5.12", "4.16", "0")


def test_a_monthly_account_is_seen_monthly(coverage):
    # 0.2308 touches a week are one in 7 / 0.2308 = 30.33 days: 3 in 91 days, after 15.2, 45.5
    # and 75.8 of them. That is 1.2 days into the third week, 3.5 into the seventh and 5.8 into
    # the eleventh; five working days for seven make it a Monday, a Wednesday and a Friday.
    days = days_of(told(calendar_side(coverage, {"A": "tier_2"}), quarter=THIRTEEN_WEEKS), "A")

    assert days == [nov(16), date(2026, 12, 16), date(2027, 1, 15)]


def test_the_fraction_of_a_touch_goes_to_the_better_account(coverage):
    # 10 days hold 10 / 7 = 1.43 weekly touches, 4.29 of three accounts: 4, so one has two.
    ten_days = Quarter("2026Q4", Period(nov(2), nov(11)))
    calendar = told(
        calendar_side(coverage, dict.fromkeys(("A", "B", "C"), "tier_1")), quarter=ten_days
    )

    assert [len(days_of(calendar, account)) for account in "ABC"] == [2, 1, 1]


def test_accounts_of_an_automated_tier_take_no_time(coverage):
    calendar = told(calendar_side(coverage, {"A": "tier_3"}))

    assert sums(calendar) == ("0", "80", "0", "0", "0")


def test_the_quarter_begins_after_the_books_date(coverage):
    # A book of Wednesday the 18th leaves Thursday and Friday, and the week after.
    calendar = told(calendar_side(coverage, {"A": "tier_1"}, as_of=nov(18)))

    assert [(w.week, w.working_days, w.selling_hours) for w in calendar.weeks] == [
        (nov(16), 2, "8"), (nov(23), 5, "20"),
    ]  # fmt: skip
    assert min(days_of(calendar, "A")) >= nov(19)


def test_what_does_not_fit_is_left_out_from_the_bottom_and_the_focus_comes_first(coverage):
    # 1.04 h a week hold one call. Without a focus A has it, with B as focus B has.
    side = calendar_side(coverage, dict.fromkeys("AB", "tier_1"), rep={"selling_hours_week": 1.04})

    assert ("B", "call", 4, "4.16", "no hours") in missing(told(side))
    focused = told(side, focus=["B", "zz-other"])
    assert ("A", "call", 4, "4.16", "no hours") in missing(focused)
    assert {i.source for week in focused.weeks for i in week.items} == {"focus"}
    assert sums(focused) == ("8.32", "4.16", "4.16", "4.16", "0")


def test_a_touch_moves_to_the_week_next_to_its_own_and_no_further(coverage):
    # Leave on all but the last week: weekly touches of the first two weeks find no day.
    side = calendar_side(coverage, {"A": "tier_1"}, leave=[(nov(2), nov(20))])

    calendar = told(side)

    assert len(days_of(calendar, "A")) == 2
    assert ("A", "call", 2, "2.08", "no working day") in missing(calendar)


def test_a_call_gives_way_so_that_a_neighbour_finds_room(coverage):
    # 3.12 h hold three calls a week, the last week is leave. A's fourth call goes to the third
    # week, which B's third fills. B's fourth may not go further back, but B's third may.
    side = calendar_side(
        coverage,
        dict.fromkeys("AB", "tier_1"),
        rep={"selling_hours_week": 3.12},
        leave=[(nov(23), nov(27))],
    )

    calendar = told(side)

    assert [w.planned_hours for w in calendar.weeks] == ["2.08", "3.12", "3.12", "0"]
    assert calendar.missing_hours.value == "0"


def test_where_nothing_can_give_way_the_lowest_ranked_calls_are_missing(coverage):
    # 2.08 h hold two calls a week, six in three weeks, of the eight that A and B ask for.
    side = calendar_side(
        coverage,
        dict.fromkeys("AB", "tier_1"),
        rep={"selling_hours_week": 2.08},
        leave=[(nov(16), nov(20))],
    )

    calendar = told(side)

    assert sums(calendar) == ("8.32", "6.24", "6.24", "2.08", "0")
    assert ("B", "call", 2, "2.08", "no hours") in missing(calendar)


def test_hours_that_stay_free_too_far_away_are_told(coverage):
    # 3.12 h a week, of which 3 are promised in the first three: a call of 1.04 h finds no room.
    side = calendar_side(coverage, {"A": "tier_3", "B": "tier_1"}, rep={"selling_hours_week": 3.12})
    plans = [promised("A", nov(day), "3", kind="internal", key=f"p{day}") for day in (2, 9, 16)]

    calendar = told(side, plans)

    # B's calls of the third and the fourth week share the fourth, two more are missing.
    assert ("B", "call", 2, "2.08", "no hours") in missing(calendar)
    assert calendar.notes[-1] == (
        "1.04 h stay free in 1 week, too far from the touches that found no room."
    )


def test_the_second_stop_comes_along_only_after_the_focus_has_its_hours(coverage):
    # 8 h a week. A2 would share A1's trip: 4.34 h of travel and 4 h are more than a week has.
    # A1 goes alone, 4.13 + 2 = 6.13 h, and A2 alone too: 4.54 + 2 = 6.54 h, another week.
    side = calendar_side(
        coverage,
        dict.fromkeys(("A1", "A2"), "tier_1"),
        places=NORTH_AND_SOUTH,
        rep={"selling_hours_week": 8.0},
    )

    calendar = told(side, focus=["A2"])

    assert sorted((t.accounts, t.travel_hours) for t in calendar.trips) == [
        (("A1",), "4.13"), (("A2",), "4.54"),
    ]  # fmt: skip
    assert all(Decimal(w.planned_hours) <= 8 for w in calendar.weeks)
    assert not [u for u in calendar.unplaced if u.account_id == "A2"]


def test_without_coordinates_a_visit_is_a_call_and_the_calendar_says_so(coverage):
    calendar = told(calendar_side(coverage, {"A": "tier_1"}))

    assert len(days_of(calendar, "A")) == 4
    assert missing(calendar) == [("A", "visit", 1, "0", "no place known")]
    assert calendar.notes == (
        "A visit to 1 account is a call instead, where hours allow: the coordinates of the "
        "account are blank.",
    )


def test_a_rep_without_a_base_makes_no_trips(coverage):
    calendar = told(
        calendar_side(
            coverage, {"A": "strategic"}, places={"A": (50.0, 10.0)}, rep={"base_latitude": None}
        )
    )

    assert calendar.trips == ()
    assert calendar.notes == (
        "3 visits to 1 account are calls instead, where hours allow: the coordinates of the "
        "rep's base are blank.",
    )


def test_unknown_time_zones_are_told_and_stop_nothing(coverage):
    side = calendar_side(coverage, {"A": "tier_2"}, zones={"A": None})

    calendar = told(side, quarter=THIRTEEN_WEEKS)

    assert len(days_of(calendar, "A")) == 3
    assert calendar.notes == (
        "1 account has no time zone on file: shared working hours were not checked there.",
    )


def test_a_promised_visit_stands_and_its_neighbour_joins(coverage):
    # The plan promised A1 for Wednesday the 4th: 6.13 h, 4.13 of them travel. A2, 11.12 km
    # on, joins: a hop of 11.12 x 1.3 / 70 = 0.21 h and 2 h. Neither needs a trip of its own.
    side = calendar_side(coverage, dict.fromkeys(("A1", "A2"), "tier_1"), places=NORTH_AND_SOUTH)

    calendar = told(side, [promised("A1", nov(4), "6.13", travel="4.13")])

    (trip,) = calendar.trips
    assert (trip.day, trip.accounts, trip.travel_hours) == (nov(4), ("A1", "A2"), "4.34")
    visits = [i for week in calendar.weeks for i in week.items if i.kind == "visit"]
    assert [(i.account_id, i.hours, i.source, i.play, i.trip) for i in visits] == [
        ("A1", "2", "play", "P-A1/p", trip.trip_id), ("A2", "2", "cadence", None, trip.trip_id),
    ]  # fmt: skip
    # The visit is one of the four touches of each.
    assert len(days_of(calendar, "A1")) == len(days_of(calendar, "A2")) == 4


def test_a_neighbour_that_the_promised_week_cannot_hold_gets_a_trip_of_its_own(coverage):
    # 18 of the week's 20 h are promised: A2's 2.21 h do not fit there. Its own trip takes
    # 2 x 122.31 x 1.3 / 70 = 4.54 h.
    side = calendar_side(coverage, dict.fromkeys(("A1", "A2"), "tier_1"), places=NORTH_AND_SOUTH)

    calendar = told(side, [promised("A1", nov(4), "18", travel="4.13")])

    assert [(t.accounts, t.travel_hours) for t in calendar.trips] == [
        (("A1",), "4.13"), (("A2",), "4.54"),
    ]  # fmt: skip
    assert nov(9) <= calendar.trips[1].day <= nov(13)


def test_promised_plays_alone_may_exceed_a_week_and_the_surplus_is_told(coverage):
    side = calendar_side(coverage, {"A": "tier_1"})

    calendar = told(side, [promised("A", nov(10), "25.5", kind="demo")])

    assert calendar.over_promised is not None
    assert calendar.over_promised.value == "5.5"
    assert calendar.notes[0] == (
        "Promised plays take 25.5 h in the week of 2026-11-09, which has 20 h: 5.5 h too many. "
        "They stand."
    )
    assert lines(calendar, nov(9)) == [(10, "A", "demo", "25.5")]
    assert calendar.missing_hours.value == "0"


def test_a_play_promised_for_a_day_off_stands_on_the_working_day_before(coverage):
    side = calendar_side(coverage, {"A": "tier_1"}, leave=[(nov(10), nov(11))])

    calendar = told(side, [promised("A", nov(11), "1", kind="internal")])

    assert (9, "A", "internal", "1") in lines(calendar, nov(9))
    assert "promised for 2026-11-11, a day off; it stands on 2026-11-09." in calendar.notes[0]
    # Desk work is no touch: the account still gets its four.
    assert len(days_of(calendar, "A")) == 5


def test_plays_of_others_and_of_other_days_are_not_the_reps(coverage):
    side = calendar_side(coverage, {"A": "tier_3"})

    calendar = told(
        side,
        [
            promised("A", nov(10), "3", done_by="inside_sales"),
            promised("A", date(2026, 12, 1), "3"),
            promised("zz-other", nov(10), "3", owner="bo"),
            promised("zz-other", nov(10), "3"),
        ],
    )

    assert sums(calendar)[0] == "0"


def test_a_promised_call_without_shared_hours_stands_with_a_note(coverage):
    side = calendar_side(coverage, {"A": "tier_3"}, zones={"A": "Australia/Sydney"})

    calendar = told(side, [promised("A", nov(10), "1", kind="call")])

    assert lines(calendar, nov(9)) == [(10, "A", "call", "1")]
    assert calendar.notes == (
        "The call promised to A on 2026-11-10 is on a day with too few shared working hours.",
    )


def test_far_visits_are_made_where_enough_stops_share_the_travel(coverage):
    # 10 degrees of latitude are 1,112 km: a flight of 2 x (3.5 + 1,112 / 700) = 10.18 h. One
    # visit may cost 8 h, two share it.
    far = {"A": (60.0, 10.0), "B": (60.0, 10.0)}
    alone = told(calendar_side(coverage, {"A": "tier_1"}, places=far))
    both = told(calendar_side(coverage, dict.fromkeys(far, "tier_1"), places=far))

    assert missing(alone) == [("A", "visit", 1, "0", "travel budget")]
    assert [(t.accounts, t.travel_hours, t.mode) for t in both.trips] == [
        (("A", "B"), "10.18", "air")
    ]


def test_no_more_stops_a_day_than_the_coverage_model_allows(coverage):
    near = {f"A{n}": (50.0, 10.0) for n in range(5)}
    two = coverage.model_copy(
        update={"territory_plan": coverage.territory_plan.model_copy(update={"stops_a_day": 2})}
    )

    calendar = told(calendar_side(two, dict.fromkeys(near, "tier_1"), places=near))

    assert sorted(len(trip.accounts) for trip in calendar.trips) == [1, 2, 2]
    assert len({trip.day for trip in calendar.trips}) == 3


def test_two_trips_of_a_week_are_on_two_days_however_full_the_others_are(coverage):
    # 9 h are promised on each day from Tuesday on: Monday is the emptiest for both trips. A1
    # has it, and B1 goes on Thursday, the middle of the week.
    one_week = Quarter("2026Q4", Period(nov(2), nov(8)))
    side = calendar_side(
        coverage,
        dict.fromkeys(("A1", "B1"), "tier_1"),
        places=NORTH_AND_SOUTH,
        rep={"selling_hours_week": 60.0},
    )
    plans = [promised("A1", nov(day), "9", kind="internal", key=f"p{day}") for day in (3, 4, 5, 6)]

    calendar = told(side, plans, quarter=one_week)

    assert sorted(trip.day for trip in calendar.trips) == [nov(2), nov(5)]


def test_a_rep_who_leaves_is_planned_up_to_the_last_day(coverage):
    side = calendar_side(coverage, {"A": "tier_1"}, rep={"active_to": nov(15)})

    calendar = told(side)

    assert len(days_of(calendar, "A")) == 2
    assert calendar.notes[0] == (
        "The rep's last day is 2026-11-15: touches after it are not planned here."
    )


def test_the_sums_are_evidence_of_the_rep_over_the_quarter(coverage):
    side = calendar_side(coverage, {"A": "tier_1"}, rep={"selling_hours_week": 0.52})

    found = rep_calendar(side, "ana", FOUR_WEEKS)

    by_metric = {item.metric: item for item in found.evidence}
    assert {(i.entity, i.scope, i.period, i.unit) for i in found.evidence} == {
        ("rep:ana", "ana", "2026-11-02/2026-11-29", "hours")
    }
    difference = by_metric["calendar_missing_hours"]
    parents = [by_metric["calendar_needed_hours"], by_metric["calendar_planned_hours"]]
    assert difference.source.parents == tuple(parent.id for parent in parents)
    assert difference.value == recompute("difference", parents, "hours") == "4.16"
    assert found.calendar.missing_hours.evidence_id == difference.id


def test_other_plans_or_another_focus_are_other_evidence(coverage):
    side = calendar_side(coverage, {"A": "tier_3"})
    plan = promised("A", nov(10), "0", kind="internal")

    ids = {
        rep_calendar(side, "ana", FOUR_WEEKS, plans, focus).evidence[0].id
        for plans, focus in (((), ()), ((plan,), ()), ((), ("A",)))
    }

    assert len(ids) == 3


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"rep": {"active_to": date(2026, 10, 1)}}, "Ana (ana) left on 2026-10-01"),
        ({"rep": {"active_from": date(2026, 12, 1)}}, "Ana (ana) joins on 2026-12-01"),
        ({"leave": [(nov(1), nov(30))]}, "no working day from 2026-11-02 to 2026-11-29"),
        ({"rep": {"selling_hours_week": 0.0}}, "has no selling hours"),
        ({"as_of": nov(29)}, "2026Q4 ended on 2026-11-29"),
        ({"as_of": nov(27)}, "no working day from 2026-11-29 to 2026-11-29"),
    ],
)
def test_a_quarter_that_cannot_be_worked_is_refused_with_its_reason(coverage, changed, words):
    with pytest.raises(NothingToPlan, match=words.replace("(", r"\(").replace(")", r"\)")):
        told(calendar_side(coverage, {"A": "tier_1"}, **changed))


def test_an_unknown_rep_is_not_found(coverage):
    with pytest.raises(NotFound, match="There is no rep 'cy' in the book"):
        rep_calendar(calendar_side(coverage, {}), "cy", FOUR_WEEKS)


def test_a_rep_without_accounts_has_an_empty_calendar(coverage):
    assert sums(told(calendar_side(coverage, {}))) == ("0", "80", "0", "0", "0")


def test_a_rep_who_joins_is_planned_from_the_first_day(coverage):
    side = calendar_side(coverage, {"A": "tier_1"}, rep={"active_from": nov(18)})

    calendar = told(side)

    assert min(days_of(calendar, "A")) >= nov(18)
    assert [week.working_days for week in calendar.weeks] == [3, 5]
    assert side.as_of == BEFORE
    assert Decimal(calendar.selling_hours.value or "0") == Decimal(32)


def test_an_earlier_book_changes_nothing_before_the_quarter(coverage):
    side = calendar_side(coverage, {"A": "tier_1"})
    earlier = calendar_side(coverage, {"A": "tier_1"}, as_of=date(2026, 10, 1))

    assert told(side).weeks == told(replace(earlier)).weeks

"""Whether a scheduled plan can be carried out; where not, by how many hours it fails."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.book import Book
from domain.coverage import CoverageModel, Tier, parse_coverage
from domain.period import Period
from domain.plan import Blocker, CapacityWeek, Claim, Notice, Play, Schedule
from tests.tools.conftest import DEFAULTS, make_book
from tools.practicality import hours_missing, practicality
from tools.schedule import Calendar, schedule_plays
from tools.selling_time import selling_weeks, working_days
from tools.travel import Trip

# Three whole weeks: Monday 16 November to Friday 4 December 2026.
PERIOD = Period(date(2026, 11, 16), date(2026, 12, 4))
COVERAGE: CoverageModel = parse_coverage(DEFAULTS.read_text(encoding="utf-8"))
TIER_1 = COVERAGE.tier("tier_1")
NEAR = Trip(hours=2.0, km=50.0, mode="road")


def play(key: str, kind: str = "call", done_by: str = "rep") -> Play:
    claim = Claim(
        key=f"play.{key}",
        kind="recommendation",
        subject="account:A-1",
        text="Do it.",
        slots=[],
        citations=[],
        premises=["objective"],
    )
    return Play.model_validate(
        {
            "key": key, "kind": kind, "what": claim, "contact": None, "done_by": done_by,
            "before": None, "value": None, "objection": None, "done_when": claim,
        }
    )  # fmt: skip


def book(
    *,
    hours: float = 25.0,
    zones: tuple[str | None, str | None] = ("Europe/Berlin", "Europe/Berlin"),
    active_to: str | None = None,
    leave: tuple[str, str] | None = None,
) -> Book:
    """One account, one rep. `zones` are the account's and the rep's."""
    return make_book(
        accounts=[{"account_id": "A-1", "owner_id": "R-1", "time_zone": zones[0]}],
        reps=[
            {
                "rep_id": "R-1",
                "time_zone": zones[1],
                "selling_hours_week": hours,
                "active_to": active_to,
            }
        ],
        leave=[{"rep_id": "R-1", "starts": leave[0], "ends": leave[1]}] if leave else [],
    )


def judged(
    plays: list[Play],
    of: Book,
    *,
    tier: Tier = TIER_1,
    trip: Trip | None = NEAR,
    committed: dict[date, Decimal] | None = None,
) -> tuple[list[Blocker], list[Notice]]:
    """Schedule the plays as a run does, and check the fit."""
    calendar = Calendar(
        PERIOD,
        working_days(of, "R-1", PERIOD),
        selling_weeks(of, "R-1", PERIOD, COVERAGE),
        committed or {},
    )
    schedule = schedule_plays(
        plays, calendar, COVERAGE, tier, travel_hours=Decimal(str(trip.hours if trip else 0))
    )
    return practicality(
        plays, schedule, book=of, account_id="A-1", rep_id="R-1", tier=tier,
        coverage=COVERAGE, period=PERIOD, trip=trip,
    )  # fmt: skip


def weeks(*rows: tuple[str, str, str], selling: str, committed: str, plan: str) -> Schedule:
    """Weeks of (selling, committed, plan) hours."""
    return Schedule(
        plays=(),
        weeks=tuple(
            CapacityWeek(
                week=date(2026, 11, 16 + 7 * number) if number < 2 else date(2026, 11, 30),
                selling_hours=row[0],
                committed_hours=row[1],
                plan_hours=row[2],
            )
            for number, row in enumerate(rows)
        ),
        plan_hours=plan,
        tier_hours="2",
        selling_hours=selling,
        committed_hours=committed,
    )


def test_a_plan_that_fits_has_no_blocker_and_no_notice() -> None:
    assert judged([play("a")], book()) == ([], [])


def test_missing_hours_are_those_by_which_weeks_are_over() -> None:
    # The first week needs 24 + 3 of 25: 2 over. The second has room, which helps nobody
    # in the first.
    tight = weeks(("25", "24", "3"), ("25", "0", "1"), selling="50", committed="24", plan="4")
    assert hours_missing(tight) == 2


def test_a_week_over_by_minutes_is_possible_while_the_period_has_room() -> None:
    loose = weeks(("25", "24", "1.9"), ("25", "0", "1"), selling="50", committed="24", plan="2.9")
    assert hours_missing(loose) == 0
    # The same 0.9 hours in a period that is full: 25 + 24.1 + 2.9 of 50.
    full = weeks(("25", "24", "1.9"), ("25", "25", "0"), selling="50", committed="49", plan="1.9")
    assert hours_missing(full) == Decimal("0.9")


def test_hours_missing_block_and_are_named_to_a_tenth() -> None:
    promised = dict.fromkeys(PERIOD.weeks(), Decimal(25))
    blockers, _ = judged([play("a")], book(), committed=promised)
    (found,) = blockers
    # A call with its preparation takes 0.75 hours; of the 19 / 7 = 2.71 touches of Tier 1
    # 1.71 are left, of 50 minutes each: 1.43. All of the 2.18 hours are missing.
    assert (found.code, found.remedy, found.hours_missing) == ("over_capacity", "override", "2.2")
    assert found.message == "The plan does not fit the rep's weeks: 2.2 hours are missing."
    assert found.section == "plays"


def test_a_rep_who_leaves_before_the_period_ends_needs_a_successor_first() -> None:
    blockers, _ = judged([play("a")], book(active_to="2026-12-03"))
    (found,) = blockers
    assert (found.code, found.remedy) == ("owner_leaves", "edit")
    assert found.message == (
        "The owner's last working day is 2026-12-03, before the period ends; the account "
        "needs another owner first."
    )
    assert judged([play("a")], book(active_to="2026-12-04"))[0] == []


def test_no_working_day_at_all_blocks_with_the_plays_hours() -> None:
    blockers, _ = judged([play("a")], book(leave=("2026-11-16", "2026-12-04")))
    by_code = {item.code: item for item in blockers}
    found = by_code["no_working_day"]
    assert found.message == "No working day of the owner is left for one play by 2026-11-16."
    # A call is half an hour and a quarter to prepare.
    assert (found.remedy, found.hours_missing) == ("override", "0.75")


def test_plays_above_the_tiers_hours_are_noticed_and_do_not_block() -> None:
    # Two meetings of 1.5 hours against 2.26 hours of Tier 1 in 19 days.
    blockers, notices = judged([play("a", "meeting"), play("b", "meeting")], book())
    assert blockers == []
    assert [(item.code, item.message) for item in notices] == [
        (
            "above_tier_hours",
            f"The plays take 3 hours; the {TIER_1.label} cadence gives 2.3 in the period.",
        )
    ]


def test_work_of_others_is_not_held_against_the_tiers_hours() -> None:
    mine, helped = play("a", "meeting"), play("b", "meeting", "solution_engineering")
    assert judged([mine, helped], book())[1] == []


def test_more_touches_than_the_cadence_are_noticed() -> None:
    # 19 days / 7 x 1 touch a week = 2.7 touches; four e-mails take 1.67 of 2.26 hours.
    _, notices = judged([play(key, "email") for key in "abcd"], book())
    assert [(item.code, item.message) for item in notices] == [
        (
            "above_cadence",
            f"The plays touch the account 4 times; the {TIER_1.label} cadence is {TIER_1.cadence}.",
        )
    ]
    assert judged([play(key, "email") for key in "ab"], book())[1] == []


def test_internal_work_is_no_touch() -> None:
    _, notices = judged([play(key, "internal") for key in "abcd"], book())
    assert notices == []


def test_a_visit_beyond_the_travel_budget_blocks_and_says_by_how_much() -> None:
    budget = COVERAGE.travel.budget_hours_per_visit
    far = Trip(hours=budget + 1.5, km=900.0, mode="air")
    blockers, _ = judged([play("a", "visit")], book(), trip=far)
    (found,) = blockers
    assert (found.code, found.remedy, found.hours_missing) == (
        "travel_over_budget", "override", "1.5",
    )  # fmt: skip
    assert found.message == (
        f"A visit takes {budget + 1.5:g} hours of travel, 1.5 more than the travel budget allows."
    )


def test_travel_matters_to_visits_alone() -> None:
    far = Trip(hours=30.0, km=9000.0, mode="air")
    assert judged([play("a", "call")], book(), trip=far)[0] == []


def test_a_visit_to_an_unknown_place_is_noticed() -> None:
    _, notices = judged([play("a", "visit")], book(), trip=None)
    assert ("travel_unknown", "plays") in [(item.code, item.section) for item in notices]
    told = next(item for item in notices if item.code == "travel_unknown")
    assert told.message == (
        "Travel is not counted: coordinates of the account or of the rep's base are blank."
    )
    assert judged([play("a", "call")], book(), trip=None)[1] == []


def test_a_call_needs_shared_working_hours() -> None:
    # Sydney is 10 hours ahead of Berlin in winter time: no working hour is shared.
    apart = book(zones=("Australia/Sydney", "Europe/Berlin"))
    blockers, _ = judged([play("a", "call")], apart)
    (found,) = blockers
    asked = COVERAGE.travel.overlap_hours
    assert (found.code, found.remedy, found.hours_missing) == (
        "no_shared_hours", "override", f"{asked:g}",
    )  # fmt: skip
    assert found.message == (
        f"The rep and the account share 0 working hours a day, {asked:g} fewer than the "
        "coverage model asks for."
    )
    assert judged([play("a", "email")], apart)[0] == []


def test_an_unknown_time_zone_blocks_nothing() -> None:
    assert judged([play("a")], book(zones=(None, "Europe/Berlin")))[0] == []
    assert judged([play("a")], book(zones=("Europe/Berlin", None)))[0] == []


@pytest.mark.parametrize("kind", ["call", "email", "meeting", "visit", "demo", "internal"])
def test_a_play_of_any_kind_alone_in_an_empty_calendar_fits(kind: str) -> None:
    blockers, _ = judged([play("a", kind)], book())
    assert blockers == []


@given(st.lists(st.tuples(*(st.integers(0, 30) for _ in range(3))), min_size=1, max_size=3))
def test_hours_missing_are_never_negative_and_none_while_every_week_has_room(
    rows: list[tuple[int, int, int]],
) -> None:
    schedule = weeks(
        *((str(a), str(b), str(c)) for a, b, c in rows),
        selling=str(sum(row[0] for row in rows)),
        committed=str(sum(row[1] for row in rows)),
        plan=str(sum(row[2] for row in rows)),
    )
    missing = hours_missing(schedule)
    assert missing >= 0
    assert (missing == 0) == all(a >= b + c for a, b, c in rows)


def test_an_account_without_plays_is_no_obstacle() -> None:
    assert judged([], book()) == ([], [])

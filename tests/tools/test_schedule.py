"""Plays fitted into a rep's weeks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from domain.coverage import CoverageModel, parse_coverage
from domain.period import Period
from domain.plan import Claim, Play
from tools.practicality import hours_missing
from tools.schedule import Calendar, play_hours, schedule_plays, tier_hours

COVERAGE: CoverageModel = parse_coverage(Path("api/defaults/coverage.toml").read_text())
TIER_1 = COVERAGE.tier("tier_1")
PERIOD = Period(date(2026, 11, 16), date(2027, 2, 13))


def play(key: str, kind: str = "call", done_by: str = "rep") -> Play:
    claim = Claim(
        key=f"play.{key}",
        kind="recommendation",
        subject="account:A",
        text="Do it.",
        slots=[],
        citations=[],
        premises=["objective"],
    )
    return Play.model_validate(
        {
            "key": key,
            "kind": kind,
            "what": claim,
            "contact": None,
            "done_by": done_by,
            "before": None,
            "value": None,
            "objection": None,
            "done_when": claim,
        }
    )


def calendar(hours: float = 25, committed: float = 0) -> Calendar:
    days = [
        PERIOD.start + timedelta(days=n)
        for n in range(PERIOD.days)
        if (PERIOD.start + timedelta(days=n)).weekday() < 5
    ]
    return Calendar(
        PERIOD,
        days,
        {week: Decimal(str(hours)) for week in PERIOD.weeks()},
        {week: Decimal(str(committed)) for week in PERIOD.weeks()},
    )


def test_a_tier_gives_its_touches_times_their_minutes() -> None:
    # Tier 1: 1 touch a week x 90 days / 7 x 50 minutes = 642.9 minutes = 10.71 hours.
    assert tier_hours(TIER_1, PERIOD) == Decimal("10.71")


def test_travel_is_counted_once_for_a_visit_and_never_for_a_call() -> None:
    visit = COVERAGE.plays["visit"]
    by_hand = Decimal(visit.minutes + visit.preparation_minutes) / 60 + 3
    assert play_hours("visit", COVERAGE, Decimal(3)) == by_hand.quantize(Decimal("0.01"))
    call = COVERAGE.plays["call"]
    by_hand = Decimal(call.minutes + call.preparation_minutes) / 60
    assert play_hours("call", COVERAGE, Decimal(3)) == by_hand.quantize(Decimal("0.01"))


def test_plays_go_one_a_week_in_the_order_of_importance() -> None:
    plan = schedule_plays([play("a"), play("b"), play("c")], calendar(), COVERAGE, TIER_1)
    # Calls are kept on Tuesdays: 17 and 24 November, 1 December.
    assert [item.due for item in plan.plays] == [
        date(2026, 11, 17),
        date(2026, 11, 24),
        date(2026, 12, 1),
    ]


def test_a_play_precedes_the_date_it_is_for() -> None:
    due = date(2026, 11, 27)
    plan = schedule_plays(
        [play("a"), play("b"), play("c")],
        calendar(),
        COVERAGE,
        TIER_1,
        before={"c": due},
    )
    assert plan.plays[2].due < due


def test_a_full_week_sends_the_play_to_the_next() -> None:
    full = calendar()
    full = Calendar(full.period, full.days, full.selling, {PERIOD.start: Decimal(25)})
    plan = schedule_plays([play("a")], full, COVERAGE, TIER_1)
    assert plan.plays[0].due == date(2026, 11, 24)


def test_no_room_at_all_is_told_in_hours() -> None:
    plan = schedule_plays([play("a")], calendar(10, committed=10), COVERAGE, TIER_1)
    # Everything the plan needs is missing: the call and the routine touches.
    assert hours_missing(plan) == Decimal(plan.plan_hours)


def test_work_of_others_loads_no_week_of_the_rep() -> None:
    alone = schedule_plays([], calendar(), COVERAGE, TIER_1)
    helped = schedule_plays([play("a", "email", "inside_sales")], calendar(), COVERAGE, TIER_1)
    assert helped.plan_hours == alone.plan_hours
    assert Decimal(helped.plays[0].hours) > 0


@given(
    st.lists(
        st.sampled_from(["call", "email", "meeting", "visit", "demo", "internal"]), max_size=8
    ),
    st.floats(1, 40),
    st.floats(0, 40),
)
def test_the_weeks_add_up_and_every_play_falls_on_a_working_day(
    kinds: list[str], hours: float, committed: float
) -> None:
    plays = [play(f"p{n}", kind) for n, kind in enumerate(kinds)]
    weeks = calendar(round(hours, 1), round(committed, 1))
    plan = schedule_plays(plays, weeks, COVERAGE, TIER_1, travel_hours=Decimal(2))
    total = sum(Decimal(week.plan_hours) for week in plan.weeks)
    assert total == Decimal(plan.plan_hours)
    assert all(item.due in weeks.days for item in plan.plays)
    assert plan == schedule_plays(plays, weeks, COVERAGE, TIER_1, travel_hours=Decimal(2))


@given(
    most=st.integers(0, 40),
    kinds=st.lists(st.sampled_from(["call", "visit", "meeting", "email"]), max_size=4),
)
def test_a_limit_of_hours_takes_from_the_routine_touches_and_never_from_plays(
    most: int, kinds: list[str]
) -> None:
    plays = [play(str(number), kind) for number, kind in enumerate(kinds)]
    free = schedule_plays(plays, calendar(), COVERAGE, TIER_1)
    cut = schedule_plays(plays, calendar(), COVERAGE, TIER_1, most_hours=Decimal(most))
    own = sum((Decimal(item.hours) for item in cut.plays), Decimal(0))
    assert cut.plays == free.plays
    # The plays stand; with the touches the plan comes to the limit and not a cent above it.
    assert own <= Decimal(cut.plan_hours) <= max(own, Decimal(most))
    assert Decimal(cut.plan_hours) <= Decimal(free.plan_hours)
    told = sum((Decimal(week.plan_hours) for week in cut.weeks), Decimal(0))
    assert told == Decimal(cut.plan_hours)

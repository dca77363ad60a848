"""What became of plays: done, late, dropped or open, each activity answering one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.cycle.tracked_quarter import AFTER, Q4, account_plan
from tools.cycle.played import Touch, plays_told

START, DUE = date(2026, 10, 5), date(2026, 10, 20)


def call(day: date, kind: str = "call", contact: str | None = None, ident: str = "T") -> Touch:
    return Touch(f"{ident}-{day}", "A", contact, kind, day, "ana")


def states(*plans, touches=(), as_of=AFTER):
    found = plays_told(plans, Q4.period, as_of, 7, touches)
    return {(play.plan_id, play.version, play.key): play.state for play in found}


def state(kind: str, *touches: Touch, due: date = DUE, contact: str | None = None) -> str:
    (found,) = states(account_plan("A", ("p", kind, START, due), contact=contact),
                      touches=touches).values()  # fmt: skip
    return found


def test_a_play_is_done_up_to_the_days_of_grace_after_its_date_and_late_beyond():
    assert state("call", call(START)) == "done"
    assert state("call", call(DUE + timedelta(days=7))) == "done"
    assert state("call", call(DUE + timedelta(days=8))) == "late"


def test_a_play_not_answered_is_open_until_its_date_has_passed():
    assert state("call", due=AFTER) == "open"
    assert state("call", due=AFTER - timedelta(days=1)) == "late"


def test_only_a_fitting_activity_from_the_start_on_answers():
    assert state("call", call(START - timedelta(days=1))) == "late"
    assert state("call", call(START, "email")) == "late"
    assert state("meeting", call(START, "visit")) == "done"
    assert state("visit", call(START, "meeting")) == "late"


def test_where_a_contact_is_named_the_activity_must_be_with_them():
    named = "account:A/contact:C-7"

    assert state("call", call(START, contact="C-7"), contact=named) == "done"
    assert state("call", call(START, contact="C-8"), contact=named) == "late"
    assert state("call", call(START), contact=named) == "late"


def test_no_activity_tells_of_an_internal_play():
    assert state("internal", call(START)) == "open"


def test_plays_due_in_another_quarter_are_not_told():
    assert states(account_plan("A", ("p", "call", START, date(2027, 1, 4)))) == {}


def test_each_activity_answers_one_play_the_earliest_due_first():
    plan = account_plan(
        "A", ("second", "call", START, date(2026, 10, 21)), ("first", "call", START, DUE)
    )

    found = states(plan, touches=[call(START)])

    assert found == {("P-A", 1, "first"): "done", ("P-A", 1, "second"): "late"}


def test_a_newer_version_drops_what_it_no_longer_has_and_tells_the_dates_of_what_it_keeps():
    # On the book of 12 Oct a new version keeps `kept` for 6 Nov and drops `gone` and `answered`;
    # `past` fell due before it, so the first version answers for it.
    first = account_plan(
        "A", ("past", "call", START, date(2026, 10, 9)), ("kept", "demo", START, DUE),
        ("gone", "email", START, DUE), ("answered", "visit", START, DUE),
    )  # fmt: skip
    second = account_plan(
        "A", ("kept", "demo", date(2026, 11, 2), date(2026, 11, 6)),
        as_of=date(2026, 10, 12), version=2,
    )  # fmt: skip
    touches = [call(date(2026, 10, 12), "visit"), call(date(2026, 11, 5), "demo"),
               call(date(2026, 10, 19), "email")]  # fmt: skip

    assert states(first, second, touches=touches) == {
        ("P-A", 1, "past"): "late",
        ("P-A", 2, "kept"): "done",
        ("P-A", 1, "gone"): "dropped",
        ("P-A", 1, "answered"): "done",
    }


def test_without_activities_on_file_only_what_was_dropped_is_known():
    first = account_plan("A", ("kept", "call", START, DUE), ("gone", "call", START, DUE))
    second = account_plan("A", ("kept", "call", START, DUE), as_of=START, version=2)

    found = states(first, second, touches=None)

    assert found == {("P-A", 2, "kept"): "unknown", ("P-A", 1, "gone"): "dropped"}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["call", "visit"]), st.integers(0, 40)), max_size=5),
    st.lists(st.tuples(st.sampled_from(["call", "visit"]), st.integers(0, 45)), max_size=6),
    st.integers(0, 9),
)
def test_no_activity_answers_twice_and_order_changes_nothing(plays, touches, seed):
    plan = account_plan(
        "A",
        *[
            (f"p{n}", kind, START, START + timedelta(days=days))
            for n, (kind, days) in enumerate(plays)
        ],
    )
    met = [
        replace(call(START + timedelta(days=days), kind), activity_id=f"T-{n}")
        for n, (kind, days) in enumerate(touches)
    ]
    mixed = list(met)
    Random(seed).shuffle(mixed)

    found = plays_told([plan], Q4.period, AFTER, 7, met)

    assert plays_told([plan], Q4.period, AFTER, 7, mixed) == found
    used = [play.touch.activity_id for play in found if play.touch is not None]
    assert len(used) == len(set(used))
    assert len(found) == len(plays)
    assert all(play.touch.kind == play.kind for play in found if play.touch is not None)

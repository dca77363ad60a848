"""The weekly and the monthly page: what was planned, done and missed, what comes, what slips."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import NotFound
from domain.plan import PlanVersion
from tests.tools.cycle.tracked_quarter import (
    AFTER,
    BEFORE,
    PLANNED_FROM,
    Q4,
    account_plan,
    book,
    item,
    side,
    territory_plan,
    touch,
)
from tools.analyses import analyse
from tools.cycle.side import Side
from tools.cycle.tracking import cut, track
from tools.cycle.week_page import month_page, week_page

# The book is of Friday 13 Nov, so the coming week begins on 16 Nov and the last on 9 Nov.
MON, NEXT = date(2026, 11, 9), date(2026, 11, 16)
PLAN = territory_plan(
    "ana", item(date(2026, 10, 19), "A"), item(MON, "A"), item(date(2026, 11, 11), "A"),
    item(AFTER, "B", "visit", play="P-B/see"), item(NEXT, "B"), item(date(2026, 11, 23), "A"),
)  # fmt: skip
SEE = account_plan("B", ("see", "visit", PLANNED_FROM, AFTER))


def pages(coverage, *touches, plans: tuple[PlanVersion, ...] = (SEE,), as_of=AFTER):
    later = side(book(as_of, activities=touches), coverage)
    data = track(
        side(book(BEFORE), coverage), later, Q4, ["ana", "bo"], [PLAN], plans
    ).data  # fmt: skip
    return later, data, week_page(later, PLAN, cut(data, ["ana"]), "ana", plans)


def shown(items):
    return [(one.day, one.account_id, one.kind, one.state) for one in items]


def test_last_week_tells_what_was_done_and_missed_and_this_week_what_comes(coverage):
    # One call of A answers the earlier of its two touches; B was visited.
    _, _, page = pages(coverage, touch("A", MON), touch("B", AFTER, "visit"))

    assert (page.week, page.last_week) == (NEXT, MON)
    assert shown(page.last) == [
        (MON, "A", "call", "done"),
        (date(2026, 11, 11), "A", "call", "missed"),
        (AFTER, "B", "visit", "done"),
    ]
    assert shown(page.this) == [(NEXT, "B", "call", "planned")]
    assert (page.count("done"), page.count("missed")) == (2, 1)
    assert [(one.what, one.account_id, one.days) for one in page.slips] == [("touch", "A", 2)]


def test_of_a_midweek_book_the_week_is_its_own_and_tells_what_lies_behind(coverage):
    # Of Wednesday 11 Nov: the week of 9 Nov, with Monday and Wednesday behind.
    wednesday = date(2026, 11, 11)
    _, _, page = pages(coverage, touch("A", MON), as_of=wednesday)

    assert (page.week, page.last_week) == (MON, date(2026, 11, 2))
    assert shown(page.this) == [
        (MON, "A", "call", "done"),
        (wednesday, "A", "call", "missed"),
        (AFTER, "B", "visit", "planned"),
    ]


def test_an_overdue_play_slips_once_however_the_calendar_shows_it(coverage):
    play = account_plan("B", ("see", "visit", PLANNED_FROM, date(2026, 11, 12)))

    _, _, page = pages(coverage, touch("A", MON), touch("A", MON, "email"), plans=(play,))

    assert [(one.what, one.account_id, one.play, one.days) for one in page.slips] == [
        ("play", "B", "P-B/see", 1)
    ]


def test_the_quarter_to_date_is_the_row_of_the_data_set_unchanged(coverage):
    _, data, page = pages(coverage, touch("A", MON))

    assert page.measures == data.territory("ana").measures
    assert page.plays == data.territory("ana").plays
    assert page.plan_id == "TP-ana"


def test_without_activities_on_file_nothing_is_called_missed(coverage):
    _, _, page = pages(coverage)

    assert {one.state for one in page.last} == {"unknown"}
    assert "The book of 2026-11-13 holds no activities." in page.notes
    assert page.slips == ()


def test_without_a_plan_the_week_holds_what_falls_due_by_the_rules(coverage):
    deal = {"account_id": "A", "stage": "proposal", "opened": BEFORE, "closes": NEXT}
    read = book(AFTER, opportunities=[deal], orders=[
        {"account_id": key, "ordered": AFTER, "amount": 10.0} for key in "ABCD"
    ])  # fmt: skip

    page = week_page(Side(read, coverage, analyse(read, coverage)), None, None, "ana", [])

    assert [(one.account_id, one.day, one.reasons) for one in page.this] == [("A", None, ("deal",))]
    assert page.last == ()
    assert page.measures == ()
    assert page.notes == (
        "No approved territory plan: the week holds what falls due by the rules.",
        "No figures of 2026Q4: nothing approved to hold the actuals against.",
    )


def test_an_unknown_rep_is_not_found(coverage):
    read = side(book(AFTER), coverage)

    with pytest.raises(NotFound, match="There is no rep 'zoe' in the book"):
        week_page(read, None, None, "zoe", [])


def test_the_month_has_a_row_a_rep_and_the_figures_of_the_data_set(coverage):
    later, data, _ = pages(coverage, touch("A", MON), touch("B", date(2026, 11, 10), "visit"))

    page = month_page(later, [PLAN], data, [SEE])

    assert page.weeks == tuple(MON - timedelta(days=7 * n) for n in (3, 2, 1, 0))
    ana, bo = page.rows
    # The touch of 19 Oct was not made; in the week of 9 Nov two of three were.
    assert [(one.planned, one.due, one.done) for one in ana.weeks] == [
        (1, 1, 0), (0, 0, 0), (0, 0, 0), (3, 3, 2),
    ]  # fmt: skip
    assert bo.weeks == ()
    assert (ana.measures, page.team) == (data.territory("ana").measures, data.team)
    assert month_page(later, [PLAN], cut(data, ["bo"]), [SEE]).team == cut(data, ["bo"]).team


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.integers(-3, 60), st.sampled_from(["call", "visit"])),
        min_size=1,
        max_size=8,
    ),
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 45)), max_size=6),
)
def test_the_pages_count_what_adherence_counts(coverage, touches, items):
    rows = [
        {**touch(account, PLANNED_FROM + timedelta(days=days), kind), "activity_id": f"T-{n}"}
        for n, (account, days, kind) in enumerate(touches)
    ]
    first = BEFORE + timedelta(days=17)  # Monday 19 Oct: the four weeks of the month
    plan = territory_plan(
        "ana", *[item(first + timedelta(days=days), account) for account, days in items],
        item(AFTER, "B", "visit", play="P-B/see"),
    )  # fmt: skip
    rows = [row for row in rows if row["occurred"] <= AFTER]
    rows.append({**touch("D", BEFORE), "activity_id": "T-x"})
    later = side(book(AFTER, activities=rows), coverage)
    data = track(side(book(BEFORE), coverage), later, Q4, ["ana"], [plan], [SEE]).data
    row = data.territory("ana")

    month = month_page(later, [plan], data, [SEE])
    page = week_page(later, plan, data, "ana", [SEE])

    weeks = month.rows[0].weeks
    assert sum(one.due for one in weeks) == int(row.part("promises_due").value)
    assert sum(one.done or 0 for one in weeks) == int(row.part("promises_kept").value)
    assert page.count("done") == weeks[-1].done
    assert page.count("missed") == weeks[-1].due - weeks[-1].done


def test_the_order_of_rows_changes_no_page(coverage):
    touches = (touch("A", MON), touch("A", MON, "email"), touch("B", AFTER, "visit"))
    later, data, page = pages(coverage, *touches)
    mixed = replace(
        later.book,
        tables={name: table.iloc[::-1] for name, table in later.book.tables.items()},
    )

    assert week_page(side(mixed, coverage), PLAN, cut(data, ["ana"]), "ana", [SEE]) == page

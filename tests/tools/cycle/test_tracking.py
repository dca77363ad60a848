"""A quarter's actuals against approved plans, each measure by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.errors import ApprovalRequired, InvalidInput, NoLaterBook, NotFound
from domain.evidence import REPS_JOINED_BY
from domain.quarter import QuarterRules, quarter_named
from domain.review import QuarterData
from tests.tools.cycle.tracked_quarter import (
    AFTER,
    BEFORE,
    OWNERS,
    PLANNED_FROM,
    Q4,
    TIERS,
    account_plan,
    book,
    item,
    shuffled,
    side,
    territory_plan,
    touch,
)
from tools.cells import recompute
from tools.cycle.tracking import track

QUOTAS = (
    {"rep_id": "ana", "starts": Q4.period.start, "ends": Q4.period.end, "amount": 9200.0},
    {"rep_id": "bo", "starts": Q4.period.start, "ends": Q4.period.end, "amount": 4600.0},
)
MON, TUE = date(2026, 10, 12), date(2026, 10, 13)


def tracked(coverage, *plans, accounts=(), reps=("ana", "bo"), confirmed=(), before=None, **tables):
    """Track the fourth quarter from the tables of the later book."""
    tables.setdefault("quotas", QUOTAS)
    later = book(AFTER, **tables)
    return track(
        before or side(book(BEFORE), coverage),
        side(later, coverage),
        Q4,
        reps,
        plans or (territory_plan("ana"), territory_plan("bo")),
        accounts,
        confirmed=confirmed,
    )


def told(data: QuarterData, metric: str, rep: str | None = None):
    """Plan, due, actual, gap and reading of one measure, of the team without a rep."""
    row = data if rep is None else data.territory(rep)
    found = row.measure(metric)
    return (
        found.plan.value,
        found.due.value,
        found.actual.value,
        found.gap.value,
        found.reading,
    )


def test_touches_count_from_the_plans_first_day_for_who_made_them(coverage):
    # Three touches planned, two of them due by 13 Nov. Ana made two since 5 Oct: one of the
    # rows names her, the other nobody, and A is hers. The call of 4 Oct came before the plan,
    # Bo's with her account is Bo's, that of 14 Nov lies after the book.
    plan = territory_plan("ana", item(MON, "A"), item(AFTER, "B"), item(date(2026, 11, 16), "A"))
    calls = [
        touch("A", date(2026, 10, 5)), touch("C", MON, rep_id="ana"),
        touch("A", date(2026, 10, 4)), touch("A", MON, rep_id="bo"),
        touch("A", AFTER + timedelta(days=1)),
    ]  # fmt: skip

    data = tracked(coverage, plan, territory_plan("bo"), activities=calls).data

    assert told(data, "touches", "ana") == ("3", "2", "2", "-1", "on track")
    assert told(data, "touches", "bo") == ("0", "0", "1", "1", "ahead")
    assert told(data, "touches") == ("3", "2", "3", "0", "ahead")


def test_meetings_and_demos_are_due_by_the_working_days_gone(coverage):
    # 66 working days, 32 of them gone: of 10 meetings 4.85 are due, so 5; of 4 demos 1.94, so 2.
    # A meeting with D, whose tier is automated, is none that the goal means.
    days = [touch("A", date(2026, 10, 1), kind) for kind in ("meeting", "visit", "demo", "call")]

    days.append(touch("D", MON, "demo"))

    tiers = {**TIERS, "D": "tier_3"}
    data = tracked(coverage, activities=days, before=side(book(BEFORE), coverage, tiers)).data

    assert told(data, "meetings", "bo")[2] == "0"
    assert told(data, "demos", "bo")[2] == "1"
    assert told(data, "meetings", "ana") == ("10", "5", "3", "-7", "behind")
    assert told(data, "demos", "ana") == ("4", "2", "1", "-3", "behind")


def test_leave_moves_what_is_due(coverage):
    # Without the 10 working days of November gone by, 22 of 56 remain: 10 x 22 / 56 = 3.9.
    leave = [{"rep_id": "ana", "starts": date(2026, 11, 1), "ends": AFTER}]

    data = tracked(coverage, activities=[touch("A", MON)], leave=leave).data

    assert data.territory("ana").measure("meetings").due.value == "4"
    assert data.territory("bo").measure("meetings").due.value == "5"


def test_an_account_is_on_schedule_when_touched_in_the_week_planned(coverage):
    # Due in three account-weeks: A in the weeks of 12 and 19 Oct, B in that of 12 Oct. A was
    # touched on Sunday 18 Oct by Bo, B a week late. Twice planned in a week is one week.
    plan = territory_plan("ana", item(MON, "A"), item(TUE, "A"), item(date(2026, 10, 19), "A"),
                          item(MON, "B"))  # fmt: skip
    calls = [touch("A", date(2026, 10, 18), rep_id="bo"), touch("B", date(2026, 10, 20))]

    data = tracked(coverage, plan, territory_plan("bo"), activities=calls).data

    # 1 of 3; Bo planned nothing, so the team's is the same.
    assert told(data, "coverage_consistency", "ana") == (
        "1", "1", "0.333333", "-0.666667", "behind",
    )  # fmt: skip
    assert told(data, "coverage_consistency", "bo")[2:] == (None, None, "unknown")
    assert told(data, "coverage_consistency")[2] == "0.333333"


def test_strategic_accounts_are_those_of_the_earlier_book_and_anyone_may_engage_them(coverage):
    # A is Ana's strategic account, C Bo's. Inside sales called A 30 days before the book, the
    # longest that counts as engaged; C was called a day earlier.
    calls = [touch("A", date(2026, 10, 14), rep_id="sue"), touch("C", date(2026, 10, 13))]

    data = tracked(coverage, activities=calls).data

    assert told(data, "strategic_accounts", "ana") == ("1", "1", "1", "0", "on track")
    assert told(data, "strategic_accounts", "bo") == ("1", "1", "0", "-1", "behind")
    assert told(data, "strategic_accounts") == ("2", "2", "1", "-1", "behind")
    assert told(data, "strategic_engagement") == ("1", "1", "0.5", "-0.5", "behind")


def test_new_pipeline_is_what_was_opened_in_the_quarter(coverage):
    # Ana opened 3,200.10 in the quarter, 6,600 x 32 / 66 = 3,200
    # are due. 500 were opened the day before; C's deal is Ana's to work.
    deals = [
        {"account_id": "A", "stage": "won", "opened": Q4.period.start, "amount": 3000.0,
         "closes": MON},
        {"account_id": "C", "stage": "proposal", "opened": AFTER, "amount": 200.1,
         "owner_id": "ana"},
        {"account_id": "A", "stage": "proposal", "opened": date(2026, 9, 30), "amount": 500.0},
        {"account_id": "A", "stage": "proposal", "opened": MON},
    ]  # fmt: skip

    data = tracked(coverage, opportunities=deals).data

    assert told(data, "new_pipeline", "ana") == ("6600", "3200", "3200.1", "-3399.9", "on track")
    assert told(data, "new_pipeline", "bo")[2] == "0"
    assert told(data, "new_pipeline") == ("13200", "6400", "3200.1", "-9999.9", "behind")
    assert "Deals opened without an amount, which count with nothing: 1." in (
        data.territory("ana").notes
    )


def test_pipeline_coverage_is_open_pipeline_over_the_quota_and_the_teams_over_the_sums(coverage):
    # Ana 18,400 / 9,200 = 2.0; Bo 13,800 / 4,600 = 3.0; the team 32,200 / 13,800 = 2.33. What
    # closes after the quarter, and what has no date of close, is left out.
    deals = [
        {"account_id": account, "stage": "proposal", "amount": amount, "closes": closes}
        for account, amount, closes in (
            ("B", 18_400.0, Q4.period.end),
            ("D", 13_800.0, BEFORE),
            ("D", 7.0, None),
            ("D", 9.0, Q4.period.end + timedelta(days=1)),
        )
    ]

    data = tracked(coverage, opportunities=deals).data

    assert told(data, "pipeline_coverage", "ana") == ("3", "3", "2", "-1", "behind")
    assert told(data, "pipeline_coverage", "bo") == ("3", "3", "3", "0", "on track")
    assert told(data, "pipeline_coverage")[2] == "2.333333"


def test_bookings_count_for_who_sold_and_else_for_todays_owner(coverage):
    # Ana sold 4,000 to Bo's account C; A's line names nobody and A is hers: 400.25 less a
    # return of 0.25. 9,200 x 44 / 92 days = 4,400 are due. The line of 30 Sep is too early.
    orders = [
        {"account_id": "C", "rep_id": "ana", "ordered": MON, "amount": 4000.0},
        {"account_id": "A", "ordered": Q4.period.start, "amount": 400.25},
        {"account_id": "A", "ordered": AFTER, "amount": -0.25},
        {"account_id": "A", "ordered": date(2026, 9, 30), "amount": 999.0},
        {"account_id": "D", "ordered": MON, "amount": 1150.0},
    ]

    data = tracked(coverage, orders=orders).data

    assert told(data, "bookings", "ana") == ("9200", "4400", "4400", "-4800", "on track")
    assert told(data, "bookings", "bo") == ("4600", "2200", "1150", "-3450", "behind")
    assert told(data, "bookings") == ("13800", "6600", "5550", "-8250", "behind")
    # 4,400 / 9,200 and 1,150 / 4,600; together 5,550 / 13,800, of 44 / 92 due.
    assert told(data, "attainment", "ana")[:3] == ("1", "0.478261", "0.478261")
    assert told(data, "attainment", "bo")[2] == "0.25"
    assert told(data, "attainment")[:3] == ("1", "0.478261", "0.402174")
    # Mean 0.36413, deviation 0.11413: 0.313433.
    assert data.spread.value == "0.313433"
    assert data.groups == "too few reps to tell"


def test_returns_alone_make_negative_bookings_and_no_crash(coverage):
    orders = [{"account_id": "A", "ordered": MON, "amount": -500.0}]

    data = tracked(coverage, orders=orders).data

    assert told(data, "bookings", "ana")[2:] == ("-500", "-9700", "behind")
    assert told(data, "attainment", "ana")[2] == "-0.054348"
    assert data.spread.value is None
    assert data.spread.note == (
        "Mean attainment is not above nought, so that no spread can be told."
    )


def test_without_a_quota_attainment_and_coverage_are_unknown_and_leave_the_teams_alone(coverage):
    # Bo booked 100 without a quota, Cy has one of nought: only Ana's count for attainment.
    reps = [{"rep_id": rep, "name": rep} for rep in ("ana", "bo", "cy")]
    quotas = [QUOTAS[0], {**QUOTAS[1], "rep_id": "cy", "amount": 0.0}]
    orders = [
        {"account_id": "A", "ordered": MON, "amount": 4600.0},
        {"account_id": "C", "ordered": MON, "amount": 100.0},
    ]

    data = tracked(
        coverage, territory_plan("ana"), reps=("cy", "bo", "ana"), quotas=quotas, orders=orders,
        before=side(book(BEFORE, reps=reps), coverage),
    ).data  # fmt: skip

    bo = data.territory("bo")
    assert bo.measure("bookings").plan.note == "No quota is set in 2026Q4."
    assert data.territory("cy").measure("attainment").actual.note == (
        "The quota of 2026Q4 is not above nought."
    )
    assert told(data, "attainment")[2] == "0.5"
    assert told(data, "bookings")[:4] == ("9200", "4400", "4700", "-4600")
    assert data.measure("bookings").plan.note == "Of 1 of 3 territories."
    assert data.spread.note == "Attainment is known of fewer than two reps with a quota."


def test_deal_size_by_tier_and_the_win_rate_in_strategic_accounts(coverage):
    def closed(account: str, stage: str, amount: float | None, day: date = MON):
        return {"account_id": account, "stage": stage, "amount": amount, "closes": day,
                "opened": date(2026, 5, 1)}  # fmt: skip

    deals = [
        closed("A", "won", 100.0), closed("A", "lost", 900.0), closed("C", "won", 300.0),
        closed("B", "won", 50.0), closed("B", "lost", 1.0), closed("B", "won", None),
        closed("A", "won", 9.0, date(2026, 9, 30)),  # the quarter before
        closed("A", "won", 9.0, AFTER + timedelta(days=1)),  # not won yet
    ]  # fmt: skip

    data = tracked(coverage, opportunities=deals).data

    # Strategic: 100 and 300 won, so 200 on average; Tier 1: 50.
    assert [(one.label, one.won.value, one.average.value) for one in data.sizes] == [
        ("Strategic", "2", "200"), ("Tier 1", "1", "50"), ("Tier 2", "0", None),
        ("Tier 3", "0", None),
    ]  # fmt: skip
    assert told(data, "deal_size", "ana") == ("35000", "35000", "75", "-34925", "behind")
    assert told(data, "deal_size")[2] == "150"
    # Ana won one of two closed in strategic accounts, Bo one of one.
    assert told(data, "strategic_win_rate", "ana")[2] == "0.5"
    assert told(data, "strategic_win_rate")[2:] == ("0.666667", None, "unknown")


def test_adherence_is_the_share_of_due_touches_and_plays_that_happened_as_planned(coverage):
    # Due: two calls to A in one week, one to B, and the play with B, which the calendar shows
    # too and which is not counted twice: four. A was called once that week; B's play was met
    # by the visit of 20 Oct, and no other touch of B fell in the week of 12 Oct. Two of four.
    plan = territory_plan(
        "ana", item(MON, "A"), item(TUE, "A"), item(MON, "B"),
        item(date(2026, 10, 20), "B", "visit", play="P-B/see"), item(date(2026, 12, 1), "A"),
    )  # fmt: skip
    play = account_plan("B", ("see", "visit", PLANNED_FROM, date(2026, 10, 20)))
    touches = [touch("A", MON), touch("B", date(2026, 10, 20), "visit")]

    data = tracked(coverage, plan, territory_plan("bo"), accounts=[play], activities=touches).data

    row = data.territory("ana")
    assert row.adherence.value == "0.5"
    assert row.part("promises_due").value == "4"
    assert row.drift  # below 60 %, and no plan was drafted since
    assert data.notes == ("The plan is not followed and was not updated: Ana.",)
    assert not data.territory("bo").drift
    assert data.territory("bo").adherence.note == "Nothing was due."


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        (MON, "1"),  # the Monday of the week: early, but in it
        (MON - timedelta(days=1), "0"),
        (date(2026, 10, 21), "1"),  # seven days of grace after Wednesday 14 Oct
        (date(2026, 10, 22), "0"),
    ],
)
def test_a_touch_is_kept_from_its_week_to_the_days_of_grace_after_it(coverage, day, kept):
    plan = territory_plan("ana", item(date(2026, 10, 14), "A"))

    data = tracked(coverage, plan, activities=[touch("A", day)]).data

    assert data.territory("ana").adherence.value == kept


def test_one_activity_keeps_one_touch_and_the_earlier_is_kept_first(coverage):
    # The call of 20 Oct keeps the touch of 14 Oct; that of the week of 19 Oct is left without.
    plan = territory_plan("ana", item(date(2026, 10, 14), "A"), item(date(2026, 10, 21), "A"))

    data = tracked(coverage, plan, activities=[touch("A", date(2026, 10, 20))]).data

    assert data.territory("ana").part("promises_kept").value == "1"
    assert data.territory("ana").adherence.value == "0.5"


@pytest.mark.parametrize(("day", "drift"), [(date(2026, 10, 30), False), (BEFORE, True)])
def test_account_plans_drafted_since_the_territory_plan_are_an_update(coverage, day, drift):
    plan, account = territory_plan("ana", item(MON, "A")), account_plan("B", as_of=day)

    data = tracked(coverage, plan, accounts=[account], activities=[touch("D", MON)]).data

    assert data.territory("ana").adherence.value == "0"
    assert data.territory("ana").drift is drift


def test_a_territory_plan_approved_anew_is_what_counts(coverage):
    # Nothing of the first version was done; of the second, one touch of one.
    first = territory_plan("ana", *[item(MON, "A")] * 3)
    second = territory_plan("ana", item(AFTER, "A"), as_of=date(2026, 10, 30), version=2)

    row = tracked(coverage, second, first, activities=[touch("A", AFTER)]).data.territory("ana")

    assert (row.plan_version, row.adherence.value, row.drift) == (2, "1", False)


def test_plans_are_current_when_drafted_on_the_later_book_or_confirmed(coverage):
    plans = [
        account_plan("A"), account_plan("B", book_id="book-2026-11-13"), account_plan("C"),
        account_plan("D"),
    ]  # fmt: skip

    data = tracked(coverage, accounts=plans, confirmed=["P-C"]).data

    assert (data.plans_current.value, data.plans_current.note) == ("0.5", "2 of 4")


def test_a_book_without_activities_was_not_asked_for_any(coverage):
    plan = territory_plan("ana", item(MON, "A"))
    play = account_plan("A", ("call", "call", PLANNED_FROM, MON))

    data = tracked(coverage, plan, accounts=[play]).data

    row = data.territory("ana")
    note = "The book of 2026-11-13 holds no activities."
    for metric in ("touches", "meetings", "demos", "strategic_accounts"):
        assert row.measure(metric).actual.value is None, metric
        assert row.measure(metric).actual.note == note
    assert told(data, "touches", "ana")[:2] == ("1", "1")
    assert (row.plays.planned.value, row.plays.done.value) == ("1", None)
    assert row.adherence.value is None
    assert not row.drift
    assert row.measure("bookings").actual.note == "The later book holds no orders."
    assert row.measure("new_pipeline").actual.note == "The later book holds no opportunities."


def test_a_rep_without_a_plan_has_unknown_plans_and_the_team_says_so(coverage):
    plan = territory_plan("ana", item(MON, "A"))

    data = tracked(
        coverage, plan, activities=[touch("A", MON), touch("C", MON), touch("C", TUE)]
    ).data

    bo = data.territory("bo")
    assert bo.plan_id is None
    assert bo.notes[0] == ("No approved territory plan for 2026Q4: what was planned is unknown.")
    assert told(data, "touches", "bo") == (None, None, "2", None, "unknown")
    # The team's are Ana's alone: one planned, one made. What Bo did is in Bo's own row.
    assert told(data, "touches") == ("1", "1", "1", "0", "on track")
    assert data.measure("touches").gap.note == "Of 1 of 2 territories."
    assert data.notes == (
        "No approved territory plan for 2026Q4, so nothing planned to compare: Bo.",
    )


def test_who_left_and_who_joined_in_the_quarter_is_said(coverage):
    reps = [
        {"rep_id": "ana", "name": "Ana", "active_to": date(2026, 10, 30)},
        {"rep_id": "bo", "name": "Bo", "active_from": date(2026, 11, 2)},
    ]

    data = track(
        side(book(BEFORE), coverage), side(book(AFTER, reps=reps), coverage), Q4, ["ana", "bo"],
        [territory_plan("ana", item(MON, "A"), item(AFTER, "A")), territory_plan("bo")], [],
    ).data  # fmt: skip

    assert "Left on 2026-10-30, within the quarter." in data.territory("ana").notes
    assert "Joined on 2026-11-02, within the quarter." in data.territory("bo").notes
    # Of 66 working days Ana had 22 and Bo 10 of the 32 gone: 10 x 22 / 66 and 10 x 10 / 66.
    assert data.territory("ana").measure("meetings").due.value == "3"
    assert data.territory("bo").measure("meetings").due.value == "2"
    # Of Ana's two touches placed by now, the one after her last day is nobody's to make.
    assert told(data, "touches", "ana")[:2] == ("2", "1")


def test_a_quarter_without_a_working_day_leaves_what_is_due_unknown(coverage):
    leave = [{"rep_id": "ana", "starts": Q4.period.start, "ends": Q4.period.end}]

    data = tracked(coverage, leave=leave, activities=[touch("C", MON)]).data

    due = data.territory("ana").measure("meetings").due
    assert (due.value, due.note) == (None, "No working day in 2026Q4.")
    assert data.territory("ana").measure("new_pipeline").reading == "unknown"
    assert (
        "No working day in 2026Q4: what is due by days is unknown." in data.territory("ana").notes
    )


def test_at_the_end_an_actual_equal_to_the_plan_has_no_gap_and_is_on_track(coverage):
    after_end, day = date(2027, 2, 12), date(2026, 12, 14)
    orders = [{"account_id": "A", "ordered": day, "amount": 9200.0}]
    deals = [{"account_id": "A", "stage": "proposal", "opened": day, "amount": 6600.0,
              "closes": date(2027, 3, 31)}]  # fmt: skip
    touches = [touch("A", day, "demo")] * 4 + [touch("A", day, "visit")] * 6
    touches = [{**one, "activity_id": f"T-{n}"} for n, one in enumerate(touches)]
    plan = territory_plan("ana", *[item(day, "A")] * 10)

    data = track(
        side(book(BEFORE), coverage),
        side(
            book(after_end, orders=orders, opportunities=deals, quotas=QUOTAS, activities=touches),
            coverage,
        ),
        Q4,
        ["ana"],
        [plan],
        [],
    ).data

    for metric in (
        "touches", "meetings", "demos", "coverage_consistency", "strategic_accounts",
        "strategic_engagement", "new_pipeline", "adherence", "bookings", "attainment",
    ):  # fmt: skip
        assert told(data, metric)[3:] == ("0", "on track"), metric
    assert (data.days, data.days_gone) == (92, 92)
    assert data.notes == (
        "2026Q4 is over: plays may still have been answered after its end, and pipeline coverage "
        "is that of the quarter the later book lies in.",
    )
    # The first quarter has no quota of its own yet: the latest daily rate, 100 a day, is
    # carried on, and 6,600 / 9,000 is open.
    assert told(data, "pipeline_coverage")[2] == "0.733333"


def test_every_figure_names_evidence_and_every_sum_is_found_again(coverage):
    plan = territory_plan("ana", item(MON, "A"))
    found = tracked(
        coverage, plan, territory_plan("bo"),
        activities=[touch("A", MON), touch("C", MON)],
        orders=[{"account_id": "A", "ordered": MON, "amount": 10.01}],
        opportunities=[
            {"account_id": "A", "stage": "won", "opened": MON, "closes": MON, "amount": 7.0}
        ],
    )  # fmt: skip

    by_id = {one.id: one for one in found.evidence}
    shown = list(_figures(found.data.model_dump()))
    assert len(shown) > 200
    for figure in shown:
        if figure["value"] is None:
            assert figure["evidence_id"] is None
            assert figure["note"], figure
        else:
            assert by_id[figure["evidence_id"]].value == figure["value"]
    for one in found.evidence:
        parents = [by_id[parent] for parent in one.source.parents]
        if one.source.operation != "analysis":
            assert recompute(one.source.operation, parents, one.unit) == one.value
        team = one.entity == "team/quarter:2026Q4"
        assert one.scope == (
            REPS_JOINED_BY.join(["ana", "bo"]) if team else one.entity[4:].split("/")[0]
        )


def _figures(value):
    if isinstance(value, dict):
        if "evidence_id" in value:
            yield value
        for inner in value.values():
            yield from _figures(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _figures(inner)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(coverage, seed):
    tables = {
        "activities": [touch("A", MON), touch("A", TUE, "visit"), touch("C", MON, rep_id="ana")],
        "orders": [{"account_id": key, "ordered": MON, "amount": 0.1} for key in "AABC"],
        "quotas": QUOTAS,
    }
    plans = [territory_plan("ana", item(MON, "A")), territory_plan("bo")]
    plays = [account_plan("A", ("one", "visit", PLANNED_FROM, MON)), account_plan("C")]
    earlier, later = book(BEFORE), book(AFTER, **tables)

    first = track(side(earlier, coverage), side(later, coverage), Q4, ["ana", "bo"], plans, plays)
    second = track(
        side(shuffled(earlier, seed), coverage),
        side(shuffled(later, seed), coverage),
        Q4,
        ["bo", "ana", "bo"],
        plans[::-1],
        plays[::-1],
    )

    assert second == first


def test_what_cannot_be_tracked_says_what_to_do(coverage):
    earlier, later = side(book(BEFORE), coverage), side(book(AFTER), coverage)
    plan = territory_plan("ana")

    with pytest.raises(ApprovalRequired) as needed:
        track(earlier, later, Q4, ["bo"], [plan], [])
    assert needed.value.message == (
        "No territory plan for 2026Q4 is approved, so there is nothing to hold the actuals against."
    )
    assert "cadastre territory plan REP" in needed.value.hint
    with pytest.raises(InvalidInput, match="in the wrong order"):
        track(later, earlier, Q4, ["ana"], [plan], [])
    with pytest.raises(NoLaterBook, match="Nothing later than the book of 2026-10-02"):
        track(earlier, earlier, Q4, ["ana"], [plan], [])
    with pytest.raises(NoLaterBook, match="2027Q1 begins on 2027-01-01, after the latest book"):
        track(earlier, later, quarter_named("2027Q1", QuarterRules()), ["ana"], [plan], [])
    with pytest.raises(InvalidInput, match="There is no rep to track"):
        track(earlier, later, Q4, [], [plan], [])
    with pytest.raises(NotFound, match="There is no rep 'zoe' in either book"):
        track(earlier, later, Q4, ["ana", "zoe"], [plan], [])


def test_gaps_of_the_team_are_those_of_its_territories(coverage):
    orders = [{"account_id": key, "ordered": MON, "amount": 33.33} for key in "ABC"]

    data = tracked(coverage, orders=orders).data

    parts = [Decimal(row.measure("bookings").gap.value) for row in data.territories]
    assert Decimal(data.measure("bookings").gap.value) == sum(parts)
    assert set(OWNERS.values()) == {row.rep_id for row in data.territories}

"""The coming week: what is due, in which order, and what fits the free hours, by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import NotCitable
from domain.plan import (
    AccountPlanDraft,
    CapacityWeek,
    PlanContent,
    PlanVersion,
    Play,
    Schedule,
    ScheduledPlay,
)
from tests.tools.conftest import make_book
from tools.analyses import Analyses, analyse
from tools.week import week, week_of
from tools.week_cells import Week

AS_OF = date(2026, 11, 13)  # a Friday
MONDAY = date(2026, 11, 16)
BIG = {"A": 100_000.0, "B": 90_000.0, "C": 80_000.0, "D": 1_000.0}


def the_book(*, hours: float = 20.0, owner: str = "ana", **tables):
    """A, B and C are Tier 1, D is automated; each has thirty peers of its size.

    All order half a year apart, which is no regular rhythm yet: nothing falls due.
    """
    accounts = [{"account_id": key, "owner_id": owner, "segment": key} for key in BIG]
    accounts += [{"account_id": f"{key}-{n}", "segment": key} for key in BIG for n in range(30)]
    orders = []
    for account in accounts:
        for back in (20, 200, 380):
            orders.append(
                {
                    "account_id": account["account_id"],
                    "ordered": AS_OF - timedelta(days=back),
                    "amount": BIG[account["segment"]] / 2,
                }
            )
    base = {
        "accounts": accounts,
        "orders": orders,
        "reps": [{"rep_id": "ana", "selling_hours_week": hours}],
        "contacts": [
            {"account_id": key, "level": "director", "last_contact": AS_OF} for key in BIG
        ],
        "activities": [{"account_id": key, "occurred": AS_OF} for key in BIG],
    }
    return make_book(as_of=AS_OF, **{**base, **tables})


def told(book, coverage, *plans: PlanVersion) -> Week:
    analyses: Analyses = analyse(book, coverage)
    tiers = analyses.tiers.table["tier"].reindex(list(BIG))
    assert list(tiers) == ["tier_1", "tier_1", "tier_1", "tier_3"]
    return week(book, coverage, analyses, list(BIG), plans)


def deal(account: str, closes: date, **more):
    return {"account_id": account, "stage": "proposal", "opened": AS_OF, "closes": closes, **more}


def plan_of(account: str, due: date, hours: str, owner: str = "ana") -> PlanVersion:
    """An approved plan with one visit; only what the week reads is filled in."""
    content = PlanContent.model_construct(
        account_id=account,
        owner_id=owner,
        draft=AccountPlanDraft.model_construct(plays=[Play.model_construct(key="p", kind="visit")]),
        schedule=Schedule.model_construct(
            plays=(
                ScheduledPlay(
                    key="p", starts=due, due=due, hours=hours, travel_hours="0", done_by="rep"
                ),
            ),
            weeks=(
                CapacityWeek(
                    week=due - timedelta(days=due.weekday()), selling_hours="20",
                    committed_hours="0", plan_hours=hours,
                ),
            ),
        ),
    )  # fmt: skip
    return PlanVersion.model_construct(plan_id="P-" + account, version=1, content=content)


@pytest.mark.parametrize(
    ("as_of", "start", "end"),
    [
        (date(2026, 11, 13), MONDAY, date(2026, 11, 22)),  # a Friday: the whole week after
        (date(2026, 11, 15), MONDAY, date(2026, 11, 22)),
        (date(2026, 11, 11), date(2026, 11, 12), date(2026, 11, 15)),  # a Wednesday
        (date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 22)),
    ],
)
def test_the_week_begins_on_the_next_working_day(as_of, start, end):
    found = week_of(as_of)

    assert (found.start, found.end) == (start, end)


def test_nothing_is_due_of_accounts_that_were_touched_and_have_nothing_dated(coverage):
    found = told(the_book(), coverage)

    assert found.accounts == ()
    assert found.cite("rep:ana", "accounts_due").value == "0"


def test_plays_come_first_then_dated_reasons_then_cadence_then_rank(coverage):
    # A was last touched 8 days ago and Tier 1 asks for one every 7; B has a deal; C a play.
    book = the_book(
        activities=[
            {"account_id": "A", "occurred": AS_OF - timedelta(days=8)},
            {"account_id": "B", "occurred": AS_OF - timedelta(days=7)},
            {"account_id": "C", "occurred": AS_OF},
        ],
        opportunities=[deal("B", AS_OF + timedelta(days=30))],
    )

    found = told(book, coverage, plan_of("C", date(2026, 11, 18), "3"))

    assert [(item.account_id, item.reasons) for item in found.accounts] == [
        ("C", ("play",)),
        ("B", ("deal",)),
        ("A", ("cadence",)),
    ]
    assert found.cite("account:A", "touch_every_days").value == "7"
    # 50 minutes and a quarter on top: 50 / 60 * 1.25 = 1.04 h.
    assert found.cite("account:A", "touch_hours").value == "1.04"
    assert found.cite("account:C", "play_due").value == "2026-11-18"


def test_a_deal_is_due_for_thirty_days_ahead_and_once_its_date_has_passed(coverage):
    book = the_book(
        opportunities=[
            deal("A", AS_OF + timedelta(days=31)),
            deal("B", AS_OF - timedelta(days=1)),
            deal("C", AS_OF, stage="won"),
            deal("D", AS_OF + timedelta(days=30)),  # of an automated tier: a deal is personal
        ]
    )

    assert [item.account_id for item in told(book, coverage).accounts] == ["B", "D"]


def test_a_regular_order_is_due_within_fourteen_days_or_overdue(coverage):
    def orders(last: int) -> list[dict[str, object]]:
        # Four orders, 30 days apart: the next is due 30 days after the last.
        return [
            {"account_id": "A", "ordered": AS_OF - timedelta(days=last + 30 * n), "amount": 25e3}
            for n in range(4)
        ]

    rest = [row for row in the_book()["orders"].to_dict("records") if row["account_id"] != "A"]
    for last, expected in ((15, None), (16, 14), (31, -1)):
        book = the_book(orders=[*rest, *orders(last)])
        (day,) = [item.order for item in told(book, coverage).accounts] or [None]
        assert day == (None if expected is None else AS_OF + timedelta(days=expected))


def test_free_hours_are_selling_hours_less_those_of_approved_plans(coverage):
    # 20 h a week less the 3 h of the plan; A and B fit twice 1.04 h into what is left.
    book = the_book(
        activities=[{"account_id": "C", "occurred": AS_OF}],
        opportunities=[deal("A", AS_OF), deal("B", AS_OF)],
    )

    found = told(book, coverage, plan_of("C", MONDAY, "3"), plan_of("C", date(2026, 11, 24), "9"))

    free, selling, planned = found.cite_all("rep:ana", "week_free_hours")
    assert (free.value, selling.value, planned.value) == ("17", "20", "3")
    assert free.source.operation == "difference"
    assert {item.place for item in found.accounts} == {"reached"}


def test_what_no_longer_fits_is_told_and_nothing_smaller_jumps_it(coverage):
    # One hour: A asks for 1.04 h and does not fit, so D's 0.42 h do not jump it.
    book = the_book(hours=1.0, opportunities=[deal(key, AS_OF) for key in ("A", "D")])
    analyses = analyse(book, coverage)
    analyses.cut.by_account["within_capacity"] = True

    found = week(book, coverage, analyses, list(BIG), ())

    assert [(item.account_id, item.place) for item in found.accounts] == [
        ("A", "no hours"), ("D", "no hours"),
    ]  # fmt: skip
    assert found.cite("rep:ana", "accounts_left_over").value == "2"


def test_an_account_below_the_capacity_line_needs_a_play_to_be_reached(coverage):
    # 2 h a week are about 26 h in 90 days; A and B ask for 13.4 h each, so B is below.
    book = the_book(hours=2.0, opportunities=[deal(key, AS_OF) for key in ("A", "B", "C")])

    places = {item.account_id: item.place for item in told(book, coverage).accounts}
    with_play = told(book, coverage, plan_of("C", MONDAY, "1"))

    assert places["A"] == "reached"
    assert places["C"] == "below"
    assert {item.account_id: item.place for item in with_play.accounts}["C"] == "reached"


def test_the_plan_of_an_earlier_owner_promises_nothing(coverage):
    found = told(the_book(), coverage, plan_of("C", MONDAY, "3", owner="bo"))

    assert found.accounts == ()
    assert found.cite("rep:ana", "week_planned_hours").value == "0"
    with pytest.raises(NotCitable):
        found.cite("rep:bo", "week_selling_hours")


@given(order=st.permutations(list(BIG)))
def test_the_order_of_accounts_does_not_matter(coverage, order):
    book = the_book(opportunities=[deal(key, AS_OF) for key in BIG])
    analyses = _analysed(book, coverage)

    assert week(book, coverage, analyses, order, ()).accounts == (
        week(book, coverage, analyses, list(BIG), ()).accounts
    )


_KEPT: dict[str, Analyses] = {}


def _analysed(book, coverage) -> Analyses:
    if "one" not in _KEPT:
        _KEPT["one"] = analyse(book, coverage)
    return _KEPT["one"]


def test_hours_of_the_tiers_touch_are_rounded_to_cents_of_an_hour(coverage):
    found = told(the_book(opportunities=[deal("D", AS_OF)]), coverage)

    # Tier 3: 20 minutes and a quarter on top, 0.42 h.
    assert found.accounts[0].touch_hours == Decimal("0.42")

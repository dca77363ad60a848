"""From a writer's plays to days and hours in the owner's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.context import PlanningContext
from agent.embedded_writer import EmbeddedWriter
from agent.gather import gather, trip_to
from agent.planning import fit_into_week
from domain.book import frame
from domain.evidence import Ledger
from domain.period import Period
from domain.plan import AccountPlanDraft, Blocker, Notice, Schedule
from tests.agent.drafting import brief_for, period_of
from tests.agent.memory_records import MemoryRecords
from tests.agent.tiny_book import BOOK, COVERAGE, planning_context


@dataclass
class Promised(MemoryRecords):
    """Records in which the rep has promised the same hours to other plans each week."""

    hours: Decimal = Decimal(0)
    left_out: str = ""

    def committed_hours(
        self, rep_id: str, period: Period, *, except_plan: str
    ) -> Mapping[date, Decimal]:
        self.left_out = except_plan
        return dict.fromkeys(period.weeks(), self.hours)


CONTEXT = planning_context(MemoryRecords())
PERIOD = period_of(CONTEXT)
LEDGER = gather(CONTEXT, "A-1", PERIOD)
DRAFT = EmbeddedWriter().write(brief_for(CONTEXT, "A-1", LEDGER)).draft


def fitted(
    context: PlanningContext = CONTEXT,
    draft: AccountPlanDraft = DRAFT,
    ledger: Ledger = LEDGER,
) -> tuple[Schedule, list[Blocker], list[Notice]]:
    return fit_into_week(context, draft, "A-1", PERIOD, ledger, "P-1")


def test_every_play_gets_a_day_hours_and_an_owner() -> None:
    schedule, blockers, _ = fitted()
    assert [item.key for item in schedule.plays] == [play.key for play in DRAFT.plays]
    assert blockers == []
    for item in schedule.plays:
        assert item.due in PERIOD
        assert item.due.weekday() < 5
        assert Decimal(item.hours) > 0


def test_the_rep_has_their_weekly_hours_and_nothing_else_is_assumed() -> None:
    # 13 whole weeks of 30 hours: the period is 91 days from a Monday.
    schedule, _, _ = fitted()
    assert Decimal(schedule.selling_hours) == 13 * 30
    assert len(schedule.weeks) == 13


def test_leave_takes_its_hours_and_its_days() -> None:
    monday = PERIOD.start
    away = frame(
        "leave",
        [{"leave_id": "V", "rep_id": "R-1", "starts": monday, "ends": monday + timedelta(days=4)}],
    )
    context = replace(CONTEXT, book=replace(BOOK, tables={**BOOK.tables, "leave": away}))
    schedule, _, _ = fitted(context)
    assert Decimal(schedule.selling_hours) == 12 * 30
    assert min(item.due for item in schedule.plays) > monday + timedelta(days=4)


def test_a_plan_that_precedes_a_date_is_done_before_it() -> None:
    schedule, _, _ = fitted()
    due = {item.key: item.due for item in schedule.plays}
    dated = [play for play in DRAFT.plays if play.before is not None]
    assert dated
    for play in dated:
        assert play.before is not None
        assert due[play.key].isoformat() < LEDGER[play.before].value


def test_a_date_that_is_no_date_of_this_ledger_is_no_limit() -> None:
    spend = LEDGER.find("account:A-1", "net_spend_12m")
    assert spend is not None
    for wrong in ("ev_000000000000000000000000", spend.id):
        plays = [play.model_copy(update={"before": wrong}) for play in DRAFT.plays]
        schedule, _, _ = fitted(draft=DRAFT.model_copy(update={"plays": plays}))
        assert [item.key for item in schedule.plays] == [play.key for play in plays]


def test_the_reps_other_plans_come_first_and_this_plan_is_not_counted_twice() -> None:
    records = Promised(hours=Decimal(30))
    schedule, blockers, _ = fitted(replace(CONTEXT, records=records))
    assert records.left_out == "P-1"
    assert Decimal(schedule.committed_hours) == 13 * 30
    (found,) = [item for item in blockers if item.code == "over_capacity"]
    # Every week is promised in full, so all hours of this plan are missing.
    assert Decimal(found.hours_missing or "0") == Decimal(schedule.plan_hours).quantize(
        Decimal("0.1")
    )


def test_the_plan_takes_no_more_than_the_tiers_hours_or_its_plays() -> None:
    schedule, _, _ = fitted()
    own = sum(Decimal(item.hours) for item in schedule.plays if item.done_by == "rep")
    assert Decimal(schedule.plan_hours) <= max(own, Decimal(schedule.tier_hours))


def test_travel_is_told_and_counted_for_visits_alone() -> None:
    trip = trip_to(CONTEXT, "A-1", "R-1")
    assert trip is not None
    schedule, _, _ = fitted()
    assert schedule.travel_note == f"round trip by road, {trip.km:.0f} km one way"
    kinds = {play.key: play.kind for play in DRAFT.plays}
    for item in schedule.plays:
        assert (Decimal(item.travel_hours) > 0) <= (kinds[item.key] == "visit")


def test_an_unknown_place_leaves_travel_out_and_says_so() -> None:
    accounts = BOOK["accounts"].copy()
    accounts.loc[accounts["account_id"] == "A-1", "latitude"] = float("nan")
    context = replace(CONTEXT, book=replace(BOOK, tables={**BOOK.tables, "accounts": accounts}))
    visit = DRAFT.plays[0].model_copy(update={"kind": "visit"})
    schedule, _, notices = fitted(context, DRAFT.model_copy(update={"plays": [visit]}))
    assert schedule.travel_note == ""
    assert "travel_unknown" in {notice.code for notice in notices}


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(len(DRAFT.plays))), st.integers(0, 30))
def test_the_same_plays_always_get_the_same_days(order: list[int], hours: int) -> None:
    draft = DRAFT.model_copy(update={"plays": [DRAFT.plays[number] for number in order]})
    context = replace(CONTEXT, records=Promised(hours=Decimal(hours)))
    assert fitted(context, draft) == fitted(context, draft)
    assert COVERAGE.planning.plays_full >= len(fitted(context, draft)[0].plays)

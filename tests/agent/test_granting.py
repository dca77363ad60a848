"""Wishes granted on a draft, and plays given to people who are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from agent.context import EVERYBODY
from agent.embedded_writer import EmbeddedWriter
from agent.gather import gather
from agent.granting import as_wished, done_by_people_there
from agent.planning import fit_into_week, resources_of
from agent.wishes import Wishes, wishes_of
from domain.plan import Play, Remark
from tests.agent.drafting import brief_for, period_of
from tests.agent.memory_records import MemoryRecords
from tests.agent.tiny_book import BOOK, planning_context

CONTEXT = planning_context(MemoryRecords())
PERIOD = period_of(CONTEXT)
LEDGER = gather(CONTEXT, "A-1", PERIOD)
BRIEF = brief_for(CONTEXT, "A-1", LEDGER)
DRAFT = EmbeddedWriter().write(BRIEF).draft


def wished(text: str) -> Wishes:
    remark = Remark(person="p", person_name="P", section=None, text=text)
    return wishes_of([remark], BRIEF.as_of)


def written(text: str) -> list[Play]:
    remark = Remark(person="p", person_name="P", section=None, text=text)
    return EmbeddedWriter().write(replace(BRIEF, remarks=(remark,))).draft.plays


def test_the_most_important_plays_stay() -> None:
    kept = as_wished(CONTEXT, DRAFT, "A-1", Wishes(most_plays=1), LEDGER)
    assert len(DRAFT.plays) > 1
    assert kept.plays == DRAFT.plays[:1]
    assert {item.play for item in kept.milestones} <= {play.key for play in kept.plays}


def test_the_first_play_stays_though_it_takes_more_than_the_hours() -> None:
    kept = as_wished(CONTEXT, DRAFT, "A-1", Wishes(most_hours=Decimal("0.1")), LEDGER)
    assert kept.plays == DRAFT.plays[:1]


def test_a_kind_to_do_without_is_neither_written_nor_kept() -> None:
    kinds = {play.kind for play in DRAFT.plays}
    assert "meeting" in kinds
    assert "meeting" not in {play.kind for play in written("No meetings please.")}
    kept = as_wished(CONTEXT, DRAFT, "A-1", wished("No meetings please."), LEDGER)
    assert {play.kind for play in kept.plays} == kinds - {"meeting"}


def test_no_play_goes_through_a_person_to_do_without() -> None:
    contact = next(play.contact for play in DRAFT.plays if play.contact)
    cell = LEDGER.find(contact, "name")
    assert cell is not None
    kept = as_wished(CONTEXT, DRAFT, "A-1", wished(f"Not via {cell.value}."), LEDGER)
    for play in [*kept.plays, *written(f"Not via {cell.value}.")]:
        assert play.contact != contact
        assert cell.id not in {item.evidence_id for item in play.what.citations}


def test_every_play_is_due_by_the_last_day_asked_for_and_the_plan_says_so() -> None:
    last = date.fromordinal(PERIOD.start.toordinal() + 11)
    wishes = Wishes(last_day=last, most_plays=1)
    schedule, _, notices = fit_into_week(CONTEXT, DRAFT, "A-1", PERIOD, LEDGER, "P-1", wishes)
    assert all(item.due <= last for item in schedule.plays)
    told = {item.message: item.code for item in notices}
    assert told[f"It is kept to what was asked: every play done by {last}."] == "as_asked"
    assert told["Asked for, not kept: at most 1 play."] == "not_as_asked"


def test_a_play_of_a_function_that_nobody_holds_is_the_reps_with_its_hours() -> None:
    reps = BOOK["reps"]
    tables = {**BOOK.tables, "reps": reps[reps["function"] == "rep"]}
    alone = replace(CONTEXT, book=replace(BOOK, tables=tables))
    there = resources_of(alone, BRIEF.owner_id, PERIOD)
    assert there == {"rep", "operations"}
    helped = DRAFT.model_copy(
        update={"plays": [DRAFT.plays[0].model_copy(update={"done_by": "inside_sales"})]}
    )
    (play,) = done_by_people_there(helped, there).plays
    assert play.done_by == "rep"
    schedule, _, _ = fit_into_week(
        alone, done_by_people_there(helped, there), "A-1", PERIOD, LEDGER, "P-1"
    )
    assert schedule.plays[0].done_by == "rep"
    assert Decimal(schedule.plays[0].hours) > 0
    assert done_by_people_there(helped, EVERYBODY) == helped
    drafted = EmbeddedWriter().write(replace(BRIEF, resources=there)).draft
    assert {play.done_by for play in drafted.plays} <= there

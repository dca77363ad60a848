"""A territory plan through the graph: drafted, judged, waiting for a person, decided once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.cycle import nodes
from agent.cycle.runs import CycleRuns
from agent.graph import STEPS
from domain.errors import AlreadyDecided, Conflict, DecisionRefused, NotFound, NothingToPlan
from domain.plan import Remark
from domain.record import canonical_json
from eval.adversaries.scripted_cycle_writers import CycleLiar, CycleObedient
from eval.adversaries.scripted_writers import LINK
from tests.agent.cycle_records import CycleMemory, territory_context
from tests.agent.tiny_book import BO, MO, OPS

ASKED = Remark(person="mo", person_name="Mo", section=None, text="Fewer visits, please.")


@pytest.fixture
def records() -> CycleMemory:
    return CycleMemory()


@pytest.fixture
def runs() -> CycleRuns:
    return CycleRuns.on(InMemorySaver())


def start(runs: CycleRuns, records: CycleMemory, run_id: str = "r1", **given: object):
    context = territory_context(records, **given)
    return runs.start(context, run_id, "TP-1", about="{}"), context


def test_the_graph_of_account_plans_runs_a_territory_plan_up_to_its_review(
    runs: CycleRuns, records: CycleMemory
) -> None:
    done, _ = start(runs, records)

    assert all(callable(getattr(nodes, step)) for step in STEPS)
    assert (done.status, done.step, done.version) == ("in_review", "review", 1)
    content = records.cycle_version("TP-1").content
    assert (content.kind, content.rep_id, content.quarter) == ("territory", "R-1", "2026Q4")
    assert [str(day) for day in (content.period_start, content.plan_from, content.period_end)] == [
        "2026-10-01", "2026-11-15", "2026-12-31",
    ]  # fmt: skip
    assert records.effects == {}


def test_every_figure_and_sentence_of_the_plan_is_in_its_ledger_and_nothing_is_left_out(
    runs: CycleRuns, records: CycleMemory
) -> None:
    start(runs, records)
    content = records.cycle_version("TP-1").content
    ledger = records.ledger(content.ledger_root)

    shown = {
        figure.evidence_id
        for figure in [
            *content.tables.overview,
            *(row.potential for row in content.tables.segments),
        ]
        if figure.value is not None
    }
    assert shown
    assert shown <= set(ledger.entries)
    assert content.report.omissions == ()
    assert {item.outcome for item in content.report.sentences} <= {"supported", "repaired"}
    sections = {item.section for item in content.report.sentences}
    assert {"summary", "assessment", "opportunities", "activities"} <= sections


def test_the_same_ground_gives_the_same_bytes_whoever_asks(records: CycleMemory) -> None:
    written = set()
    for person in (None, MO, OPS):
        mine = CycleMemory()
        given = {} if person is None else {"principal": person}
        start(CycleRuns.on(InMemorySaver()), mine, **given)
        written.add(canonical_json(mine.cycle_version("TP-1").content))

    assert len(written) == 1


def test_a_rep_out_of_scope_looks_like_one_that_is_missing(
    runs: CycleRuns, records: CycleMemory
) -> None:
    with pytest.raises(NotFound, match="There is no rep 'R-1' in the book"):
        start(runs, records, principal=BO)
    start(runs, records)
    with pytest.raises(NotFound, match="There is no run 'r1'"):
        runs.summary(territory_context(records, BO, "R-2"), "r1")


def test_a_quarter_that_is_over_cannot_be_planned(runs: CycleRuns, records: CycleMemory) -> None:
    with pytest.raises(NothingToPlan, match="Quarter 2026Q3 ended on 2026-09-30"):
        start(runs, records, quarter="2026Q3")
    assert records.cycle == {}


def test_an_approval_takes_effect_once_and_binds_this_very_version(
    runs: CycleRuns, records: CycleMemory
) -> None:
    _, context = start(runs, records)
    forged = records.decide_cycle("TP-1", 1, subject_kind="plan")
    with pytest.raises(DecisionRefused, match="is about plan TP-1 version 1"):
        runs.decide(context, "r1", forged)
    other = records.decide_cycle("TP-1", 1, subject_hash="0" * 64)
    with pytest.raises(DecisionRefused, match="binds another text"):
        runs.decide(context, "r1", other)
    decision = records.decide_cycle("TP-1", 1)

    for _ in range(2):
        assert runs.decide(context, "r1", decision).status == "finished"

    assert records.effects == {records.cycle_version("TP-1").content.plan_hash: "approved"}
    assert records.effect_calls == 1
    with pytest.raises(AlreadyDecided):
        runs.decide(context, "r1", records.decide_cycle("TP-1", 1, "rejected"))


@pytest.mark.parametrize("step", [step for step in STEPS if step not in ("rewrite", "review")])
def test_a_run_killed_at_any_step_comes_to_the_same_plan(
    records: CycleMemory, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    whole = CycleMemory()
    expected, _ = start(CycleRuns.on(InMemorySaver()), whole)
    saver = InMemorySaver()
    context = territory_context(records)

    class Killed(BaseException):
        """The process dies: nothing catches it."""

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(nodes, step, dies)
        broken = CycleRuns.on(saver)
        if step == "apply":
            broken.start(context, "r1", "TP-1", about="{}")
            with pytest.raises(Killed):
                broken.decide(context, "r1", records.decide_cycle("TP-1", 1))
        else:
            with pytest.raises(Killed):
                broken.start(context, "r1", "TP-1", about="{}")
    again = CycleRuns.on(saver)
    if step == "scope":
        # Killed before its first step: nothing is kept of it, and it is begun anew.
        done = again.start(context, "r1", "TP-1", about="{}")
    else:
        done = again.resume(context, "r1")

    assert done.plan_hash == expected.plan_hash
    assert len(records.cycle["TP-1"]) == 1


def test_a_run_goes_on_only_on_the_book_it_was_begun_on(
    records: CycleMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    saver = InMemorySaver()
    context = territory_context(records)
    with monkeypatch.context() as patch:
        patch.setattr(nodes, "draft", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            CycleRuns.on(saver).start(context, "r1", "TP-1", about="{}")
    book = replace(context.side.book, book_id="another")
    newer = replace(context, side=replace(context.side, book=book))

    with pytest.raises(Conflict, match="begun on another book"):
        CycleRuns.on(saver).resume(newer, "r1")


def told(records: CycleMemory) -> tuple[object, ...]:
    """All that a plan says but for who wrote it and what was left out."""
    content = records.cycle_version("TP-1").content
    return (
        content.tables,
        content.calendars,
        content.ledger_root,
        content.report.sentences,
        content.report.blockers,
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_liar_changes_nothing(runs: CycleRuns, records: CycleMemory, seed: int) -> None:
    honest = CycleMemory()
    start(CycleRuns.on(InMemorySaver()), honest)
    liar = CycleLiar(seed)

    start(runs, records, writer=liar)

    assert len(liar.told) > 5
    assert told(records) == told(honest)
    left_out = records.cycle_version("TP-1").content.report.omissions
    assert len(left_out) >= len(liar.told), "every lie is counted, and none is repeated"
    written = canonical_json([item.model_dump(mode="json") for item in left_out])
    assert not [lie.trace for lie in liar.told if len(lie.trace) > 3 and lie.trace in written]


def test_one_that_obeys_notes_changes_no_table_and_no_advice(
    runs: CycleRuns, records: CycleMemory
) -> None:
    honest = CycleMemory()
    start(CycleRuns.on(InMemorySaver()), honest)
    obedient = CycleObedient()

    start(runs, records, writer=obedient)

    content = records.cycle_version("TP-1").content
    assert any("ignore previous instructions" in order for order in obedient.obeyed)
    assert told(records)[:3] == told(honest)[:3]
    assert told(records)[4:] == told(honest)[4:]
    text = canonical_json(content)
    assert LINK not in text
    assert "ignore previous instructions" not in text
    advice = [
        item.claim for item in content.report.sentences if item.claim.kind == "recommendation"
    ]
    assert advice
    assert not [claim for claim in advice if claim.key.startswith("model.")]


def test_a_remark_is_kept_with_the_plan_as_what_a_person_said(
    runs: CycleRuns, records: CycleMemory
) -> None:
    context = territory_context(records)

    runs.start(context, "r1", "TP-1", about="{}", remarks=(ASKED,))

    content = records.cycle_version("TP-1").content
    assert content.remarks == (ASKED,)
    said = [
        item
        for item in records.ledger(content.ledger_root).entries.values()
        if item.kind == "human"
    ]
    assert [item.value for item in said] == ["Fewer visits, please."]

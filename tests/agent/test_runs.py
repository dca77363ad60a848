import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from agent.checkpoints import open_checkpoints
from agent.graph import STEPS, build_graph
from agent.run_events import RunEvent
from agent.runs import PlanRuns
from domain.errors import (
    AlreadyDecided,
    Conflict,
    DecisionRefused,
    InvalidInput,
    NoPlanForAccount,
    NotFound,
    PlanSuperseded,
)
from domain.evidence import HumanSource
from domain.plan import Remark
from domain.principal import Principal, Scope
from tests.agent.memory_records import MemoryRecords
from tests.agent.tiny_book import BO, BOOK, INES, MO, OPS, planning_context

SAID = date(2026, 11, 20)


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


@pytest.fixture
def runs() -> PlanRuns:
    return PlanRuns(build_graph(InMemorySaver()))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "runs.db"


def test_an_approval_takes_effect_once_however_often_it_is_brought(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    context = planning_context(records, MO)
    waiting = runs.start(context, "r", "P", "A-1")
    decision = records.decide("P", 1)

    done = runs.decide(context, "r", decision)
    again = runs.decide(context, "r", decision)

    assert (done.status, done.step, done.decision_id) == ("finished", None, decision)
    assert again == done
    assert records.effects == {waiting.plan_hash: "approved"}
    assert records.effect_calls == 1
    assert runs.resume(context, "r") == done


def test_a_returned_plan_ends_its_run_and_its_revision_waits_in_another(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    context = planning_context(records, MO)
    runs.start(context, "r1", "P", "A-1")
    runs.decide(context, "r1", records.decide("P", 1, "returned"))
    remark = Remark(person="mo", person_name="Mo", section=None, text="Say who decides.")

    second = runs.start(context, "r2", "P", "A-1", 1, (remark,))

    assert (second.status, second.version) == ("in_review", 2)
    assert list(records.effects.values()) == ["returned"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject_id": "P-other"}, "is about plan P-other version 1, not about plan P version 1"),
        ({"subject_version": 2}, "is about plan P version 2, not about plan P version 1"),
        ({"subject_kind": "coverage"}, "is about coverage P version 1"),
        ({"subject_hash": "0" * 64}, "binds another text of plan P version 1"),
    ],
)
def test_a_decision_that_does_not_bind_this_text_is_refused_and_the_run_waits_on(
    runs: PlanRuns, records: MemoryRecords, changes: dict[str, object], said: str
) -> None:
    context = planning_context(records, MO)
    runs.start(context, "r", "P", "A-1")

    with pytest.raises(DecisionRefused, match=said):
        runs.decide(context, "r", records.decide("P", 1, **changes))

    assert runs.summary(context, "r").status == "in_review"
    assert records.effects == {}
    assert runs.decide(context, "r", records.decide("P", 1)).status == "finished"


def test_a_decision_that_nobody_stored_is_not_found(runs: PlanRuns, records: MemoryRecords) -> None:
    context = planning_context(records, MO)
    runs.start(context, "r", "P", "A-1")

    with pytest.raises(NotFound):
        runs.decide(context, "r", "D-9")

    assert runs.summary(context, "r").status == "in_review"


def test_a_second_decision_comes_too_late(runs: PlanRuns, records: MemoryRecords) -> None:
    context = planning_context(records, MO)
    runs.start(context, "r", "P", "A-1")
    first, second = records.decide("P", 1), records.decide("P", 1, "rejected")
    runs.decide(context, "r", first)

    with pytest.raises(AlreadyDecided, match=f"already took up decision {first}"):
        runs.decide(context, "r", second)

    assert list(records.effects.values()) == ["approved"]


def test_of_many_decisions_at_once_one_is_taken_up(runs: PlanRuns, records: MemoryRecords) -> None:
    context = planning_context(records, MO)
    runs.start(context, "r", "P", "A-1")
    decisions = [records.decide("P", 1, "approved" if n % 2 else "rejected") for n in range(12)]
    outcomes: list[str] = []

    def bring(decision: str) -> None:
        try:
            outcomes.append(str(runs.decide(context, "r", decision).decision_id))
        except AlreadyDecided:
            outcomes.append("409")

    threads = [threading.Thread(target=bring, args=(decision,)) for decision in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("409") == 11
    assert len(records.effects) == 1
    assert records.effect_calls == 1


def test_an_answer_that_is_no_decision_id_is_not_accepted(
    records: MemoryRecords,
) -> None:
    graph = build_graph(InMemorySaver())
    runs, context = PlanRuns(graph), planning_context(records, MO)
    runs.start(context, "r", "P", "A-1")
    config = {"configurable": {"thread_id": "run:r"}}

    for answer in ({"approved": True}, {"decision_id": 7}, "approved"):
        with pytest.raises(Exception, match=r"ReviewAnswer|decision_id|resume"):
            graph.invoke(Command(resume=answer), config, context=context)

    # Even an answer slipped past us names no stored decision, so nothing takes effect.
    with pytest.raises(NotFound):
        graph.invoke(Command(resume={"decision_id": "D-9"}), config, context=context)
    assert records.effects == {}


def test_starting_a_run_twice_gives_the_same_plan(runs: PlanRuns, records: MemoryRecords) -> None:
    context = planning_context(records)

    assert runs.start(context, "r", "P", "A-1") == runs.start(context, "r", "P", "A-1")
    assert records.version("P").version == 1


def test_a_run_id_belongs_to_one_plan(runs: PlanRuns, records: MemoryRecords) -> None:
    context = planning_context(records)
    runs.start(context, "r", "P", "A-1")

    with pytest.raises(Conflict, match="Run r is about plan P"):
        runs.start(context, "r", "P-2", "A-2")


def test_drafting_again_on_the_same_ground_changes_nothing_and_waits_for_nobody(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    context = planning_context(records)
    first = runs.start(context, "r1", "P", "A-1")

    second = runs.start(context, "r2", "P", "A-1", 1)

    assert (second.status, second.version, second.plan_hash) == ("finished", 1, first.plan_hash)
    assert runs.summary(context, "r1").status == "in_review"


def test_a_stale_base_version_is_refused(runs: PlanRuns, records: MemoryRecords) -> None:
    context = planning_context(records)
    runs.start(context, "r1", "P", "A-1")
    runs.edit(context, "e1", "P", base_version=1, section="why_now", text="Soon.", said_on=SAID)

    with pytest.raises(PlanSuperseded):
        runs.start(context, "r2", "P", "A-1", 1)
    with pytest.raises(PlanSuperseded, match="has version 2; the text was typed on version 1"):
        runs.edit(
            context, "e2", "P", base_version=1, section="why_now", text="Later.", said_on=SAID
        )


def test_a_persons_edit_passes_the_verifier_and_becomes_the_next_version(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    context = planning_context(records)
    runs.start(context, "r1", "P", "A-1")
    first = records.version("P", 1).content

    done = runs.edit(
        context, "e", "P", base_version=1, section="why_now", text="Dana retires.", said_on=SAID
    )

    second = records.version("P").content
    assert (done.status, done.version) == ("in_review", 2)
    assert [claim.text for claim in second.draft.why_now] == ["Dana retires."]
    assert second.draft.where_we_stand == first.draft.where_we_stand
    assert second.writer.writer == "person"
    assert second.writer.notice == "Edited by Ines; the rest is as in version 1."
    assert second.ledger_root != first.ledger_root
    statement = records.ledger(second.ledger_root)[second.draft.why_now[0].citations[0].evidence_id]
    assert isinstance(statement.source, HumanSource)
    result = second.report.result("person.why_now.1")
    assert result is not None
    assert result.mark == "none"
    # What was left out of the other sections is still listed.
    kept = [item for item in first.report.omissions if item.section != "why_now"]
    assert kept
    assert [item for item in second.report.omissions if item in kept] == kept


def test_a_typed_competitor_claim_is_shown_and_blocks(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    context = planning_context(records)
    rival = next(iter(sorted(context.vocabulary.competitors)), None)
    if rival is None:
        rival = "Velomart"
        vocabulary = replace(context.vocabulary, competitors=frozenset({rival}))
        context = replace(context, vocabulary=vocabulary)
    runs.start(context, "r1", "P", "A-1")

    runs.edit(
        context, "e", "P", base_version=1, section="competition",
        text=f"{rival} offers them better terms.", said_on=SAID,
    )  # fmt: skip

    content = records.version("P").content
    assert [claim.text for claim in content.draft.competition] == [
        f"{rival} offers them better terms."
    ]
    assert [b.section for b in content.report.blockers if b.remedy == "edit"] == ["competition"]


def test_text_that_cannot_be_kept_leaves_the_plan_as_it_was(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    context = planning_context(records)
    runs.start(context, "r1", "P", "A-1")

    with pytest.raises(InvalidInput):
        runs.edit(context, "e", "P", base_version=1, section="risks", text="x" * 3000, said_on=SAID)

    assert records.version("P").version == 1


def test_a_run_outside_the_scope_looks_like_one_that_does_not_exist(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    runs.start(planning_context(records), "r", "P", "A-1")
    decision = records.decide("P", 1)
    stranger = INES.model_copy(update={"workspace": "other"})
    said = set()
    for principal, run in ((BO, "r"), (stranger, "r"), (OPS, "missing")):
        context = planning_context(records, principal)
        for act in (
            lambda c=context, r=run: runs.summary(c, r),
            lambda c=context, r=run: runs.resume(c, r),
            lambda c=context, r=run: runs.decide(c, r, decision),
            lambda c=context, r=run: runs.archive(c, r),
        ):
            with pytest.raises(NotFound) as error:
                act()
            said.add((error.value.message.replace(repr(run), "?"), error.value.hint))

    assert len(said) == 1
    assert records.effects == {}


def test_steps_are_told_as_they_happen(runs: PlanRuns, records: MemoryRecords) -> None:
    context, told = planning_context(records), list[RunEvent]()
    done = runs.start(context, "r", "P", "A-1", progress=told.append)

    kinds = [event.type for event in told]
    steps = [event.data["step"] for event in told if event.type == "step.started"]
    assert kinds[0] == "run.started"
    assert kinds[-3:] == ["artifact", "interrupt", "run.finished"]
    assert steps == [step for step in STEPS if step not in {"rewrite", "review", "apply"}]
    finished = {e.data["step"]: e.data for e in told if e.type == "step.finished"}
    assert list(finished) == steps
    assert all(isinstance(data["ms"], int) and data["ms"] >= 0 for data in finished.values())
    ledger = records.ledger(records.version("P").content.ledger_root)
    assert finished["freeze"]["evidence"] == len(ledger.entries)
    assert told[-2].data["plan_hash"] == done.plan_hash
    assert told[-1].data == {
        "status": "in_review", "input_tokens": 0, "output_tokens": 0, "cost": None,
    }  # fmt: skip

    after = list[RunEvent]()
    runs.decide(context, "r", records.decide("P", 1), progress=after.append)
    assert [event.data.get("step") for event in after if event.type.startswith("step")] == [
        "apply",
        "apply",
    ]
    assert after[-1].data["status"] == "finished"


def test_a_failed_step_is_told_and_raised(runs: PlanRuns, records: MemoryRecords) -> None:
    told = list[RunEvent]()

    with pytest.raises(NoPlanForAccount):
        runs.start(planning_context(records, OPS), "r", "P", "A-8", progress=told.append)

    assert told[-1].type == "run.error"
    assert told[-1].data["code"] == "no_plan_for_account"
    assert told[-1].data["retryable"] is False


def test_a_waiting_run_survives_a_restart(file: Path, records: MemoryRecords) -> None:
    context = planning_context(records, MO)
    with open_checkpoints(file) as saver:
        before = PlanRuns(build_graph(saver)).start(context, "r", "P", "A-1")

    with open_checkpoints(file) as saver:
        runs = PlanRuns(build_graph(saver))
        assert runs.resume(context, "r") == before
        assert runs.decide(context, "r", records.decide("P", 1)).status == "finished"
        assert saver.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert saver.conn.execute("PRAGMA synchronous").fetchone() == (1,)


def test_an_unfinished_run_is_not_taken_up_on_another_book(
    runs: PlanRuns, records: MemoryRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = planning_context(records)

    def fail(*_: object, **__: object) -> object:
        raise RuntimeError("power cut")

    monkeypatch.setattr(records, "save_version", fail)
    with pytest.raises(RuntimeError):
        runs.start(context, "r", "P", "A-1")
    monkeypatch.undo()
    moved = replace(context, book=replace(BOOK, book_id="another"))

    with pytest.raises(Conflict, match="Run r was begun on another book"):
        runs.resume(moved, "r")
    assert runs.resume(context, "r").status == "in_review"


def test_a_finished_run_can_be_archived_and_a_waiting_one_cannot(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    context = planning_context(records, MO)
    runs.start(context, "r", "P", "A-1")
    with pytest.raises(Conflict, match="Run r is at 'review'"):
        runs.archive(context, "r")
    runs.decide(context, "r", records.decide("P", 1))

    runs.archive(context, "r")

    with pytest.raises(NotFound):
        runs.summary(context, "r")
    assert records.version("P").version == 1


def test_an_account_that_changed_hands_is_drafted_anew_and_not_edited(
    runs: PlanRuns, records: MemoryRecords
) -> None:
    context = planning_context(records, MO)
    runs.start(context, "r", "P", "A-1")
    tables = dict(BOOK.tables)
    tables["accounts"] = tables["accounts"].assign(
        owner_id=tables["accounts"]["owner_id"].where(
            tables["accounts"]["account_id"] != "A-1", "R-2"
        )
    )
    moved = replace(context, book=replace(BOOK, tables=tables))

    with pytest.raises(Conflict, match="Account A-1 has changed hands since version 1"):
        runs.edit(moved, "e", "P", base_version=1, section="risks", text="x", said_on=SAID)


def test_ten_plans_leave_a_small_checkpoint_file(file: Path, records: MemoryRecords) -> None:
    everyone = Principal(
        person="mo", name="Mo", workspace="test", roles=frozenset({"manager"}),
        scope=Scope(everything=True),
    )  # fmt: skip
    context = planning_context(records, everyone)
    with open_checkpoints(file) as saver:
        runs = PlanRuns(build_graph(saver))
        for number in range(10):
            runs.start(context, f"r{number}", f"P{number}", f"A-{1 + number % 7}")

    # About fourteen steps of under 2 kB each; texts lie elsewhere, once.
    assert file.stat().st_size < 1_500_000

"""Threads, turns and events in the store: one end each, and nothing left of what passes."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from domain.chat import Answer, Focus, TurnError
from domain.errors import NotFound
from domain.principal import Principal, Scope
from store.run_log import Told
from store.schema import run_events, runs, turn_texts
from store.store import Store
from store.threads import ThreadBusy, TooManyRuns
from store.turn_rows import title_of
from tests.store.tiny_store import ANA, NOW

HOUSE = Principal(
    person="cadastre",
    name="Cadastre",
    workspace=ANA.workspace,
    roles=frozenset(),
    scope=Scope(everything=True),
)
FINISHED: Told = ("run.finished", {"status": "done"})
DELTA: Told = ("block.delta", {"block": "answer", "text": "Spend is"})
STEP: Told = ("step.started", {"step": "c1", "tool": "spend", "arguments": {}})


def begun(store: Store, text: str = "Why?") -> tuple[str, str]:
    """A thread of Ana's with a question under way: thread and run."""
    thread = store.threads.create(ANA)
    return thread.thread_id, store.threads.begin(ANA, thread.thread_id, text).run_id


def rows(store: Store, table: sa.Table) -> int:
    with store._database.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_a_question_its_run_and_its_first_event_come_together(store: Store) -> None:
    thread_id, run_id = begun(store, "Which accounts   deserve\nthis week?")

    turn = store.threads.of_run(ANA, run_id)
    part = store.run_log.read(ANA, run_id)

    assert (turn.thread_id, turn.status, turn.parent) == (thread_id, "running", None)
    assert store.threads.get(ANA, thread_id).title == "Which accounts deserve this week?"
    assert [(event.seq, event.type) for event in part.events] == [(1, "run.started")]
    assert part.events[0].data == {
        "thread_id": thread_id, "turn_id": turn.turn_id, "run_id": run_id,
    }  # fmt: skip
    run = store.runs.get(ANA, run_id)
    assert (run.kind, run.thread_id, run.status) == ("chat", thread_id, "queued")


def test_a_long_question_gives_a_title_cut_between_words() -> None:
    asked = "why " * 30

    # 19 times `why ` is 76 characters; the twentieth would end at 79, with the dots at 80.
    assert title_of(asked) == ("why " * 19).strip() + "…"


def test_the_end_of_a_turn_is_one_whole(store: Store) -> None:
    _, run_id = begun(store)
    store.turn_texts.keep(ANA, run_id, "a result")
    assert store.run_log.append(ANA, run_id, [STEP, DELTA]) == 3

    assert store.threads.end(ANA, run_id, "done", answer=Answer(notes=("So.",)), told=[FINISHED])

    turn, part = store.threads.of_run(ANA, run_id), store.run_log.read(ANA, run_id)
    assert (turn.status, turn.answer) == ("done", Answer(notes=("So.",)))
    assert turn.finished_at is not None
    assert part.finished
    # The text that streamed had number 3 and is gone.
    assert [(event.seq, event.type) for event in part.events] == [
        (1, "run.started"), (2, "step.started"), (4, "run.finished"),
    ]  # fmt: skip
    assert rows(store, turn_texts) == 0
    assert store.runs.get(ANA, run_id).status == "done"


def test_a_turn_ends_once_and_nothing_is_told_after_its_end(store: Store) -> None:
    _, run_id = begun(store)
    assert store.threads.end(ANA, run_id, "done", answer=Answer(), told=[FINISHED])
    before = store.threads.of_run(ANA, run_id), store.run_log.read(ANA, run_id)

    error = TurnError(code="failed", message="Late.")
    assert not store.threads.end(ANA, run_id, "failed", error=error, told=[FINISHED])
    assert store.run_log.append(ANA, run_id, [DELTA]) == 0
    assert store.threads.ask_to_stop(ANA, run_id).status == "done"
    with pytest.raises(NotFound):
        store.turn_texts.keep(ANA, run_id, "late")

    assert before == (store.threads.of_run(ANA, run_id), store.run_log.read(ANA, run_id))


def test_of_many_ends_at_once_one_counts(store: Store) -> None:
    for _ in range(5):
        thread_id, run_id = begun(store)
        together = threading.Barrier(8)
        counted: list[bool] = []

        def end(number: int, thread: str = thread_id, run: str = run_id,
                counted: list[bool] = counted,
                together: threading.Barrier = together) -> None:  # fmt: skip
            together.wait()
            if number == 0:
                store.threads.delete(ANA, thread)
                return
            done = store.threads.end(
                ANA, run, "done", answer=Answer(label=str(number)), told=[FINISHED]
            )
            counted.append(done)

        threads = [threading.Thread(target=end, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sum(counted) <= 1
    # Every thread was deleted, before or after its end: nothing is left of any.
    assert (rows(store, run_events), rows(store, turn_texts)) == (0, 0)
    assert store.threads.list(ANA) == []


def test_numbers_count_on_whoever_tells(store: Store) -> None:
    _, run_id = begun(store)
    together = threading.Barrier(6)

    def tell() -> None:
        together.wait()
        for _ in range(10):
            store.run_log.append(ANA, run_id, [STEP, DELTA])

    threads = [threading.Thread(target=tell) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # One at the beginning, then 6 x 10 x 2.
    assert [event.seq for event in store.run_log.read(ANA, run_id).events] == list(range(1, 122))


def test_a_busy_thread_takes_no_second_question(store: Store) -> None:
    thread_id, run_id = begun(store)

    with pytest.raises(ThreadBusy) as busy:
        store.threads.begin(ANA, thread_id, "And?")
    store.threads.end(ANA, run_id, "done", answer=Answer())
    second = store.threads.begin(ANA, thread_id, "And?")

    assert busy.value.facts == {"run_id": run_id}
    assert second.parent == store.threads.of_run(ANA, run_id).turn_id


def test_a_limit_counts_a_persons_last_24_hours(store: Store, clock) -> None:
    moments = iter([NOW, NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=23)])
    store.threads._clock = lambda: next(moments)
    thread = store.threads.create(ANA)
    run_id = store.threads.begin(ANA, thread.thread_id, "One?", most_a_day=1).run_id
    store.threads._clock = lambda: NOW + timedelta(hours=23)
    store.threads.end(ANA, run_id, "done", answer=Answer())
    with pytest.raises(TooManyRuns, match="The limit of 1 questions within 24 hours is reached"):
        store.threads.begin(ANA, thread.thread_id, "Two?", most_a_day=1)

    store.threads._clock = lambda: NOW + timedelta(hours=25)
    assert store.threads.begin(ANA, thread.thread_id, "Two?", most_a_day=1).status == "running"


def test_turns_are_looked_back_on_along_their_branch(store: Store) -> None:
    thread = store.threads.create(ANA).thread_id
    made = []
    for asked, parent in (("1", None), ("2", 0), ("3", 1), ("2b", 0), ("4", 2)):
        turn = store.threads.begin(
            ANA, thread, asked, parent=None if parent is None else made[parent].turn_id
        )
        store.threads.end(ANA, turn.run_id, "done", answer=Answer())
        made.append(turn)

    assert [turn.asked for turn in store.threads.history(ANA, made[4], 8)] == ["1", "2", "3"]
    assert [turn.asked for turn in store.threads.history(ANA, made[4], 2)] == ["2", "3"]
    assert [turn.asked for turn in store.threads.history(ANA, made[3], 8)] == ["1"]
    assert store.threads.siblings(ANA, made[3]) == (made[1].turn_id, made[3].turn_id)


def test_what_the_next_turn_looks_back_on_is_the_answer_in_short(store: Store) -> None:
    thread = store.threads.create(ANA).thread_id
    first = store.threads.begin(ANA, thread, "Why?")
    focus = Focus(accounts=("1",), command="why")
    answer = Answer(notes=("Because " + "so " * 500,), focus=focus, ledger_root="root")
    store.threads.end(ANA, first.run_id, "done", answer=answer)
    failed = store.threads.begin(ANA, thread, "And?")
    store.threads.end(ANA, failed.run_id, "failed", error=TurnError(code="x", message="No."))
    last = store.threads.begin(ANA, thread, "Well?")

    (earlier,) = store.threads.history(ANA, last, 8)

    assert store.threads.latest(ANA, thread) == earlier
    assert (earlier.asked, earlier.focus, earlier.ledger_root) == ("Why?", focus, "root")
    # "Because " has 8 characters; of what follows, 992 are kept.
    assert earlier.said == "Because " + ("so " * 500)[:992]
    assert store.threads.of_run(ANA, first.run_id).answer == answer


def test_only_the_program_itself_is_told_what_a_crash_left(store: Store) -> None:
    _, run_id = begun(store)

    assert store.threads.left_running(HOUSE) == (("ana", run_id),)
    assert store.threads.left_running(ANA) == ()


def test_retention_counts_what_it_would_remove_and_then_removes_it(store: Store) -> None:
    old = NOW - timedelta(days=40)
    store.threads._clock = lambda: old
    done, ended = begun(store, "Old?")
    store.threads.end(ANA, ended, "done", answer=Answer(), told=[FINISHED])
    going, running = begun(store, "Old and going on?")
    gone, _ = begun(store, "Deleted?")
    store.threads.delete(ANA, gone)
    store.threads._clock = lambda: NOW
    young, _ = begun(store, "Young?")
    with store._database.writing() as connection:
        connection.execute(
            turn_texts.insert().values(
                workspace_id=ANA.workspace, run_id=ended, digest="d", text="left by a crash"
            )
        )

    def remove(*, days: int | None, dry_run: bool):
        return store.retention.remove(
            HOUSE,
            events_before=NOW - timedelta(days=30),
            threads_before=None if days is None else NOW - timedelta(days=days),
            dry_run=dry_run,
        )

    # Of the old run two events; of the deleted thread the run's row; one text of a crash.
    counted = remove(days=None, dry_run=True)
    assert counted.model_dump() == {"threads": 0, "turns": 0, "events": 2, "runs": 1, "texts": 1}
    assert len(store.run_log.read(ANA, ended).events) == 2
    assert remove(days=None, dry_run=False) == counted
    assert store.run_log.read(ANA, ended).events == ()
    assert store.threads.of_run(ANA, ended).answer == Answer()
    assert len(store.run_log.read(ANA, running).events) == 1

    # With a limit for threads the old one goes; one with a question under way stays.
    assert remove(days=30, dry_run=False).threads == 1
    assert {thread.thread_id for thread in store.threads.list(ANA)} == {going, young}
    assert rows(store, runs) == 2
    with pytest.raises(NotFound):
        store.threads.get(ANA, done)

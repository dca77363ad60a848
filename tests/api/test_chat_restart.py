"""What becomes of questions under way when the program ends and begins again; what is removed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.checkpoints import bookmarks
from api.chat_running import Closing
from api.reading import Reading
from api.settings import read_settings
from api.workspace import Workspace
from domain.chat import Turn
from tests.agent.chat.scripted_model import Line
from tests.api.chat_doors import CALL, SENTENCE, Gate, only_spend, talking
from tests.api.doors import MANAGER, REP, REVOPS


@pytest.fixture(autouse=True)
def _tools() -> Iterator[None]:
    with only_spend():
        yield


@contextmanager
def opened(
    home: Path, read: Reading, *lines: Line, gate: Gate | None = None, **settings: Any
) -> Iterator[Workspace]:
    """The home, open, with a scripted model from its opening on and its book read already."""

    class Prepared(Workspace):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            self.chat_model = talking(*lines, gate=gate)
            name = self.people.workspace
            self.store.books._remember((name, read.book.book_id), read.book)
            self.readings._kept[(name, *read.ground)] = read

    with Prepared.open(read_settings(home=home, **settings)) as workspace:
        yield workspace


def asked(workspace: Workspace, text: str = "What do they spend?", who: str = REP) -> Turn:
    principal = workspace.principal(who)
    return workspace.ask(principal, workspace.create_thread(principal).thread_id, text)


def settled(workspace: Workspace, turn: Turn, who: str = REP) -> Turn:
    """The turn once it has ended."""
    principal = workspace.principal(who)
    until = time.monotonic() + 20
    while True:
        found = workspace.store.threads.of_run(principal, turn.run_id)
        if found.status != "running":
            return found
        assert time.monotonic() < until, "the turn did not end"
        time.sleep(0.01)


def cut_short(home: Path, read: Reading, *lines: Line) -> Turn:
    """Ask, and have the process end at the model's last line, as a deploy would."""
    with opened(home, read, *lines, Closing()) as workspace:
        turn = asked(workspace)
        until = time.monotonic() + 20
        while len(workspace.chat_model.seen) <= len(lines):
            assert time.monotonic() < until, "the model was not asked for its last line"
            time.sleep(0.01)
        workspace.chats.close()
        principal = workspace.principal(REP)
        assert workspace.store.threads.of_run(principal, turn.run_id).status == "running"
    return turn


def test_a_question_under_way_is_answered_after_a_deploy(home: Path, read_once: Reading) -> None:
    turn = cut_short(home, read_once, CALL)

    with opened(home, read_once, SENTENCE) as workspace:
        found = settled(workspace, turn)
        model = workspace.chat_model
        workspace.chats.close()

        # The tool was used before: the model is asked once more, and no more.
        assert (found.status, len(model.seen)) == ("done", 1)
        assert len(found.answer.uses) == 1
        assert bookmarks(home / "checkpoints.db") == []


def test_closing_leaves_a_turn_where_it_stands(home: Path, read_once: Reading) -> None:
    gate = Gate()
    with opened(home, read_once, CALL, gate=gate) as workspace:
        turn = asked(workspace)
        assert gate.reached.wait(20)
        # The model answers only now, and what it says comes too late to be acted on.
        workspace.chats._closed.set()
        gate.opened.set()
    with opened(home, read_once, CALL, SENTENCE) as workspace:
        assert settled(workspace, turn).status == "done"


def test_a_person_who_is_gone_is_told_to_nobody_and_the_turn_ends(
    home: Path, read_once: Reading
) -> None:
    turn = cut_short(home, read_once, CALL)
    people = home / "people.toml"
    people.write_text(
        people.read_text(encoding="utf-8").replace(f'"{REP}"', '"tobias.gone"'), encoding="utf-8"
    )

    with opened(home, read_once, SENTENCE) as workspace:
        workspace.chats.close()
        gone = workspace.chats._as_they_were(REP)
        found = workspace.store.threads.of_run(gone, turn.run_id)
        assert (found.status, found.error.code) == ("failed", "person_unknown")
        assert f"There is no person '{REP}'" in found.error.message
        assert workspace.chat_model.seen == []


def test_a_turn_does_not_go_on_under_other_rules_and_can_be_asked_again(
    home: Path, read_once: Reading
) -> None:
    turn = cut_short(home, read_once, CALL)
    with opened(home, read_once, Closing()) as workspace:
        workspace.chats.close()
        rules = workspace.coverage_show(workspace.principal()).text
        changed = rules.replace("potential_from = 75000", "potential_from = 60000")
        assert changed != rules
        workspace.store.coverage.save(workspace.principal(), changed)

    with opened(home, read_once, CALL, SENTENCE) as workspace:
        found = settled(workspace, turn)
        again = workspace.ask(workspace.principal(REP), turn.thread_id, None, retry_of=turn.turn_id)

        assert (found.status, found.error.code, found.error.retryable) == (
            "failed", "conflict", True,
        )  # fmt: skip
        assert found.error.message == (
            "The book or the coverage model changed while this was being answered."
        )
        assert settled(workspace, again).status == "done"


def test_a_stop_asked_for_before_the_end_holds_after_it(home: Path, read_once: Reading) -> None:
    turn = cut_short(home, read_once, CALL)
    with opened(home, read_once, Closing()) as workspace:
        workspace.chats.close()
        workspace.stop(workspace.principal(REP), turn.run_id)

    with opened(home, read_once, SENTENCE) as workspace:
        found = settled(workspace, turn)

        assert (found.status, found.answer.label) == ("stopped", "Stopped")
        assert found.answer.tables, "what the tool had found is kept"


def test_retention_drops_bookmarks_of_turns_and_runs_that_have_ended(
    home: Path, read_once: Reading
) -> None:
    with opened(home, read_once, CALL, Closing()) as workspace:
        version = workspace.draft_plan(workspace.principal(REP), "A-697")
        left = asked(workspace)
        while not any(name.startswith("chat:") for name in bookmarks(home / "checkpoints.db")):
            time.sleep(0.01)
        workspace.chats.close()
        runs, house = workspace.store.runs, workspace.principal(REVOPS)
        waiting = f"run:{version.run_id}"
        going = f"chat:{left.run_id}"

        def tidied(*, dry_run: bool = False) -> tuple[int, list[str]]:
            answer = workspace.retention(house, dry_run=dry_run)
            return answer.bookmarks, bookmarks(home / "checkpoints.db")

        # A plan in review and a question under way keep theirs.
        assert tidied() == (0, sorted([going, waiting]))
        # Failed 31 days ago, and ended without its bookmark being dropped.
        runs.move(house, str(version.run_id), "failed")
        later = workspace.store.clock() + timedelta(days=31)
        workspace.store.clock = lambda: later
        workspace.store.threads.end(workspace.principal(REP), left.run_id, "stopped")
        assert tidied(dry_run=True) == (2, sorted([going, waiting]))
        assert tidied() == (2, [])


def test_bookmarks_are_dropped_as_langgraph_drops_them(home: Path, read_once: Reading) -> None:
    with opened(home, read_once, SENTENCE) as workspace:
        for account_id in ("A-697", "A-205"):
            workspace.draft_plan(workspace.principal(REP), account_id)
        saver = workspace.desk.saver
        one, other = bookmarks(home / "checkpoints.db")
        from agent.checkpoints import drop_bookmarks

        drop_bookmarks(home / "checkpoints.db", [one])
        saver.delete_thread(other)

        assert bookmarks(home / "checkpoints.db") == []
        tables = [
            row[0]
            for row in saver.conn.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall()
        ]
        for table in tables:
            assert saver.conn.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_revops_counts_and_removes_by_command(cadastre, served, workspace: Workspace) -> None:
    workspace.chat_model = talking(CALL, SENTENCE)
    turn = settled(workspace, asked(workspace))
    later = workspace.store.clock() + timedelta(days=31)
    workspace.store.clock = lambda: later

    counted = cadastre("retention", "--dry-run")
    refused = cadastre("--as", MANAGER, "retention")
    removed = cadastre("retention", "--json").json

    # run.started, step.started, step.finished, block.done and run.finished.
    assert "Would go" in counted.out
    assert "5 events, 0 threads with 0 turns" in " ".join(counted.out.split())
    assert (refused.code, "removed by RevOps" in refused.err) == (4, True)
    assert (removed["events"], removed["threads"], removed["dry_run"]) == (5, 0, False)
    assert cadastre("retention", "--json").json["events"] == 0
    principal = workspace.principal(REP)
    assert workspace.chat_run(principal, turn.run_id).turn.said

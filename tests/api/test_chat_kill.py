"""A real kill -9 wherever a question is being answered: it is answered once all the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.api.killed_chats import PLACES

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
RANDOM = 3
WHERE = [f"{when} {place}" for when, place in PLACES]


@pytest.fixture(scope="module")
def kills(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("kills")
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.api.killed_chats", str(imported_home), str(folder),
            "--random", str(RANDOM), "--seed", "7",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcome(said: dict[str, Any]) -> dict[str, Any]:
    assert "ok" in (said or {}), said
    return dict(said["ok"])


@pytest.mark.parametrize("where", WHERE)
def test_a_question_killed_at_any_step_is_answered_after_the_restart_once(
    kills: list[dict[str, Any]], where: str
) -> None:
    line = next(line for line in kills if line["where"] == where)
    found, clean = outcome(line["said"]), outcome(line["clean"])

    assert line["killed"], "the process must have died of SIGKILL at this very place"
    assert (found["status"], found["said"]) == ("done", clean["said"])
    assert found["answer"] == clean["answer"]
    assert (found["threads"], found["turns"], found["plan_versions"]) == (1, 1, 1)


def test_a_question_killed_at_any_moment_is_answered_once(kills: list[dict[str, Any]]) -> None:
    lines = [line for line in kills if line["where"].endswith(" ms")]

    assert len(lines) == RANDOM
    for line in lines:
        found, clean = outcome(line["said"]), outcome(line["clean"])
        assert found["answer"] == clean["answer"], line["where"]
        assert (found["threads"], found["turns"], found["plan_versions"]) == (1, 1, 1)


def test_the_log_tells_one_beginning_and_one_end_and_steps_between(
    kills: list[dict[str, Any]],
) -> None:
    for line in kills:
        found = outcome(line["said"])
        events = found["events"]
        assert events[0] == "run.started", line["where"]
        assert events[-2:] == ["block.done", "run.finished"], line["where"]
        assert events.count("run.started") == events.count("run.finished") == 1
        assert events.count("block.done") == 1
        assert not {"block.delta", "block.reset", "run.error"} & set(events)
        assert found["numbers"] == sorted(set(found["numbers"]))
        # A step under way when the process died is told twice, and ends once at least.
        assert 1 <= events.count("step.finished") <= events.count("step.started") <= 2


def test_nothing_that_a_turn_worked_with_is_left(kills: list[dict[str, Any]]) -> None:
    for line in kills:
        found = outcome(line["said"])
        assert (found["turn_texts"], found["bookmarks"]) == (0, 0), line["where"]

"""A real kill -9 at each step, and at random moments: nothing is lost, nothing happens twice."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent.graph import STEPS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
RANDOM = 6


@pytest.fixture(scope="module")
def kills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("kills")
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.agent.killed_runs", str(folder),
            "--random", str(RANDOM), "--seed", "7",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {f"{number} {line['where']}": line for number, line in enumerate(lines)}


def at(kills: dict[str, dict[str, Any]], where: str) -> dict[str, Any]:
    return next(line for line in kills.values() if line["where"] == where)


def outcome(line: dict[str, Any]) -> dict[str, Any]:
    assert "ok" in (line["said"] or {}), line
    return dict(line["said"]["ok"])


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_killed_at_any_step_ends_at_the_same_plan(
    kills: dict[str, dict[str, Any]], step: str, when: str
) -> None:
    line = at(kills, f"{when} {step}")
    found = outcome(line)
    clean = dict(line["clean"]["ok"])

    assert line["killed"], "the process must have died of SIGKILL at this very step"
    # The step that was under way runs again; those before it do not.
    assert found.pop("stood_at") == step
    clean.pop("stood_at")
    assert found == clean


def test_a_run_killed_at_any_moment_ends_at_the_same_plan(
    kills: dict[str, dict[str, Any]],
) -> None:
    lines = [line for line in kills.values() if line["where"].endswith(" ms")]

    assert len(lines) == RANDOM
    for line in lines:
        clean = line["clean"]["ok"]
        assert outcome(line) | {"stood_at": ""} == clean | {"stood_at": ""}


def test_one_version_one_decision_and_one_effect_are_on_record(
    kills: dict[str, dict[str, Any]],
) -> None:
    for line in kills.values():
        found = outcome(line)
        assert (found["plan_versions"], found["decisions"], found["effects"]) == (1, 1, 1)
        assert found["status"] == "finished"
        assert found["same"]
        assert found["plan_hash"] == found["stored_hash"]

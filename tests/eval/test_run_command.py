"""`cadastre eval run` and `score`: from a dataset to a table, and again without a run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from eval.dataset import Dataset
from eval.scorers import SCORERS
from tests.api.doors import Command
from tests.eval.commands import commands
from tests.eval.small import small_dataset


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return small_dataset(tmp_path_factory.mktemp("dataset"))


@pytest.fixture
def cadastre(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    return commands(tmp_path / "installed", monkeypatch, capsys)


def test_a_run_is_scored_and_scored_again_with_the_same_bytes(
    cadastre: Command, dataset: Dataset, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    where = (str(dataset.folder), "--solver", "form", "--out", str(log))

    ran = cadastre("eval", "run", *where, "--json", "--trials", "2", "--workers", "1")
    scores = (log / "scores.jsonl").read_bytes()
    again = cadastre("eval", "score", str(dataset.folder), str(log), "--json", "--quiet")

    assert (ran.code, again.code) == (0, 0)
    assert ran.json == again.json
    assert (log / "scores.jsonl").read_bytes() == scores
    assert ran.json["outcomes"] == {"answered": 6}
    assert ran.json["run"]["solver"] == "form"
    assert ran.json["run"]["command"] == ["python", "-m", "eval.solvers.form"]
    metrics = [metric["metric"] for metric in ran.json["metrics"]]
    assert metrics == ["rubric", "delivered", *(scorer.name for scorer in SCORERS)]
    assert ran.json["metrics"][1] == {"metric": "delivered", "value": 1.0, "n": 3}
    assert '"progress": "6 of 6"' in ran.err
    assert again.err == ""


def test_a_run_with_a_failure_ends_with_3_and_tells_it(
    cadastre: Command, dataset: Dataset, tmp_path: Path
) -> None:
    command = f"command:{sys.executable} -S -c 'import sys; sys.exit(\"no key set\")'"

    ran = cadastre(
        "eval", "run", str(dataset.folder), "--solver", command, "--out", str(tmp_path / "log"),
    )  # fmt: skip

    assert ran.code == 3
    told = " ".join(ran.err.split())
    assert "It ended with exit code 1 before it answered. stderr ends: no key set" in told
    assert "3 crashed" in ran.out
    assert "rubric" in ran.out
    lines = {line.split()[0]: line.split()[1:] for line in ran.out.splitlines()}
    assert lines["delivered"] == ["0.000", "3"]
    assert max(map(len, ran.out.splitlines()[1:])) <= 80


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("run", "{dataset}", "--solver", "best", "--out", "x"), 2, "'best' names no solver"),
        (("run", "nowhere", "--solver", "form", "--out", "x"), 1, "nowhere holds no dataset.json"),
        (
            ("run", "{dataset}", "--solver", "command:no-such-solver", "--out", "x"),
            1,
            "no-such-solver cannot be started",
        ),
        (("run", "{dataset}", "--solver", "form"), 2, "Missing option '--out'"),
        (("score", "{dataset}", "nowhere"), 1, "nowhere holds no run.json, so it is no log"),
        (("make", "--out", "x", "--seeds", "1,two"), 2, "--seeds is '1,two'"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_code(
    cadastre: Command, dataset: Dataset, words: tuple[str, ...], code: int, told: str
) -> None:
    ended = cadastre("eval", *(word.format(dataset=dataset.folder) for word in words))

    assert ended.code == code
    assert told in ended.err
    assert ended.out == ""


def test_a_dataset_is_made_and_run(cadastre: Command, tmp_path: Path) -> None:
    out = str(tmp_path / "bench")

    made = cadastre("eval", "make", "--out", out, "--seeds", "7", "--tasks", "13", "--json")
    ran = cadastre(
        "eval", "run", out, "--solver", "form", "--out", str(tmp_path / "log"), "--json"
    )  # fmt: skip

    assert made.code == ran.code == 0
    assert made.json["seeds"] == [7]
    assert ran.json["run"]["dataset_digest"] == made.json["digest"]
    assert ran.json["outcomes"] == {"answered": 13}

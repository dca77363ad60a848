"""The baseline file: what it keeps, and what it refuses, with what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.answer import Answer, Statement
from eval.baseline import (
    BaselineInvalid,
    BaselineMissing,
    BaselineOutdated,
    baseline_of,
    demand_baseline,
    read_baseline,
    rewritten,
    write_baseline,
)
from eval.comparing import compare
from eval.log import LoggedSample
from eval.logs import Log
from tests.eval.scored import dataset, scored, task

TWO = dataset(task("a"), task("b"))
NAMES = ("safe", "asked")


def answered(text: str = "Twelve.") -> Log:
    log = scored(
        TWO, [80.5, 0], {"safe": [1 / 3, 0], "asked": [None, 1]}, outcomes={1: "timed_out"}
    )
    said = Answer(
        task_id="a", statements=(Statement(key="s", kind="fact", about="account:A", text=text),)
    )
    sample = LoggedSample(task_id="a", trial=0, outcome="answered", answer=said)
    return Log(log.run, (sample, log.samples[1]), (), log.scores)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "baseline.json"
    write_baseline(file, "quick", baseline_of(answered()))
    return file


def test_a_baseline_compares_as_the_log_it_was_made_of(path: Path) -> None:
    kept = read_baseline(path, "quick", TWO, NAMES)
    found = compare(TWO, kept.log(), answered(), critical=["safe"])

    assert found.cases == ()
    assert {change.metric for change in found.metrics} >= {"rubric", "safe", "asked"}
    assert found.before == "by hand"


def test_it_tells_other_words_by_their_hash_and_keeps_none(path: Path) -> None:
    kept = read_baseline(path, "quick", TWO, NAMES)

    assert rewritten(kept, answered()) == ()
    assert rewritten(kept, answered("Thirteen.")) == ("a",)
    assert "Twelve" not in path.read_text()
    assert kept.tasks["b"].answer is None


def test_the_file_holds_a_task_a_line_and_is_the_same_bytes_again(path: Path) -> None:
    text = path.read_text()
    write_baseline(path, "quick", baseline_of(answered()))

    assert path.read_text() == text
    assert [line for line in text.splitlines() if line.startswith('"b"')] == [
        '"b":{"answer":null,"outcome":"timed_out","rubric":0.0,"values":{"asked":1.0,"safe":0.0}}'
    ]
    assert json.loads(text)["sets"]["quick"]["dataset_digest"] == "d" * 64


def test_renewing_one_set_leaves_the_others(path: Path) -> None:
    write_baseline(path, "full", baseline_of(answered("Thirteen.")))

    assert rewritten(demand_baseline(path, "quick"), answered()) == ()
    assert rewritten(demand_baseline(path, "full"), answered()) == ("a",)


def test_a_missing_baseline_says_how_to_make_one(path: Path, tmp_path: Path) -> None:
    with pytest.raises(BaselineMissing, match="no baseline of the full set") as told:
        demand_baseline(path, "full")
    assert told.value.hint == "Make one from the product as it is: cadastre eval gate --renew"
    with pytest.raises(BaselineMissing) as told:
        demand_baseline(tmp_path / "none.json", "quick")
    assert told.value.hint.endswith("cadastre eval gate --quick --renew")


def test_a_baseline_of_other_tasks_or_scorers_is_refused(path: Path) -> None:
    newer = dataset(task("a"), task("b"), digest="e" * 64, version="2")
    with pytest.raises(
        BaselineOutdated, match=r"is of by hand 1 \(dddddddddddd\); these tasks are by hand 2 \(eee"
    ) as told:
        read_baseline(path, "quick", newer, NAMES)
    assert "cadastre eval gate --quick --renew" in told.value.hint
    more = dataset(task("a"), task("b"), task("b-misled"))
    with pytest.raises(BaselineOutdated, match=r"same dataset: b-misled came or went since"):
        read_baseline(path, "quick", more, NAMES)
    with pytest.raises(BaselineOutdated, match="other scorers: asked, cited came or went"):
        read_baseline(path, "quick", TWO, ("safe", "cited"))


def test_a_damaged_file_is_refused(path: Path) -> None:
    text = path.read_text()
    path.write_text(text.replace('"rubric":80.5', '"rubric":"high"'))
    with pytest.raises(BaselineInvalid, match=r"malformed: sets\.quick\.tasks\.a\.rubric"):
        demand_baseline(path, "quick")
    path.write_text(text.replace('"schema_version":1', '"schema_version":2'))
    with pytest.raises(BaselineInvalid, match="schema version 2; this release reads 1"):
        demand_baseline(path, "quick")
    path.write_text("{")
    with pytest.raises(BaselineInvalid, match="malformed"):
        demand_baseline(path, "quick")

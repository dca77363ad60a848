"""`cadastre eval compare` and `gate`: what they print, keep, and end with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import eval.shipped
from eval.answer import Answer, Statement
from eval.dataset import Dataset, read_dataset
from eval.log import LoggedSample
from eval.logs import Log, read_log, write_log, write_scores
from eval.scorers import SCORERS
from eval.shipped import Shipped, TaskSet, handful, run_shipped, unsteady
from eval.solvers.attacked import MISLED
from tests.api.doors import Command
from tests.eval.commands import commands
from tests.eval.scored import dataset, scored, task
from tests.eval.small import small_dataset


@pytest.fixture
def cadastre(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    return commands(tmp_path / "installed", monkeypatch, capsys)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return small_dataset(tmp_path_factory.mktemp("small"))


def kept(folder: Path, log: Log) -> str:
    write_log(folder, log.run, log.samples, ())
    write_scores(folder, log.scores)
    return str(folder)


def by_all(of: Dataset, rubric: list[float], figures: list[float], **about: object) -> Log:
    silent = {scorer.name: [None] * len(rubric) for scorer in SCORERS}
    return scored(of, rubric, {**silent, "figures": figures}, **about)  # type: ignore[arg-type]


def test_compare_prints_each_metric_and_what_moved(
    cadastre: Command, small: Dataset, tmp_path: Path
) -> None:
    one = kept(tmp_path / "one", by_all(small, [80, 90, 70], [1, 1, 1]))
    two = kept(tmp_path / "two", by_all(small, [80, 91, 67], [1, 1, 0.5]))
    where = ("eval", "compare", str(small.folder), one, two)

    found = cadastre(*where)
    told = cadastre(*where, "--json").json

    assert found.code == 0
    lines = found.out.splitlines()
    assert lines[0].startswith("by hand and by hand on small 1 (")
    assert [line.split()[:4] for line in lines if line.startswith(("rubric", "figures"))] == [
        ["rubric", "80.0", "79.3", "-0.7"],
        ["figures!", "1.000", "0.833", "-0.167"],
    ]
    assert "Tasks that scored otherwise (3)" in found.out
    assert "staff-twin (chat): figures fell, 1 to 0.5. 0.5; figures missed" in found.out
    assert told["comparison"]["metrics"][0]["after"] == pytest.approx(238 / 3, abs=1e-5)
    assert "verdict" not in told


def test_compare_judges_by_the_rule_that_the_trials_call_for(
    cadastre: Command, small: Dataset, tmp_path: Path
) -> None:
    # Two trials of each log that are the same bytes leave nothing to chance; one trial tells
    # nothing about chance, and three tasks are too few to show anything beyond it.
    twice = [
        by_all(small, [a, a, b, b, 70, 70], [1] * 6, trials=2) for a, b in ((80, 90), (80, 89))
    ]
    once = [by_all(small, [80, b, 70], [1] * 3) for b in (90, 89)]
    places = [kept(tmp_path / str(n), log) for n, log in enumerate(twice + once)]

    steady = cadastre("eval", "compare", str(small.folder), *places[:2], "--gate")
    by_chance = cadastre("eval", "compare", str(small.folder), *places[2:], "--gate", "--json")

    assert steady.code == 3
    assert "Red: it got worse (1)\n  staff (chat): rubric fell, 90 to 89" in steady.out
    assert by_chance.code == 0
    assert by_chance.json["verdict"] == {
        "red": False, "rule": "beyond chance", "findings": [], "told": [],
    }  # fmt: skip


def test_compare_says_what_is_wrong_with_a_log(
    cadastre: Command, small: Dataset, tmp_path: Path
) -> None:
    log = kept(tmp_path / "log", by_all(small, [80, 90, 70], [1, 1, 1]))
    bare = kept(tmp_path / "bare", replace(by_all(small, [80, 90, 70], [1, 1, 1]), scores=()))
    other = by_all(dataset(*(task(one.task_id) for one in small.tasks)), [1, 1, 1], [1, 1, 1])

    unscored = cadastre("eval", "compare", str(small.folder), log, bare)
    foreign = cadastre("eval", "compare", str(small.folder), log, kept(tmp_path / "other", other))

    assert (unscored.code, foreign.code) == (1, 1)
    assert "has no scores of 3 of its 3 samples" in " ".join(unscored.err.split())
    assert "cadastre eval score" in " ".join(unscored.err.split())
    assert "its dataset has the hash dddddddddddd" in " ".join(foreign.err.split())


THREE = dataset(task("a"), task("b"), task("c"))


def shipping(monkeypatch: pytest.MonkeyPatch, log: Log, unsteady: tuple[str, ...] = ()) -> None:
    """Have the product answer as in `log`, at once."""

    def stand_in(*_: object, **__: object) -> Shipped:
        return Shipped(THREE, log, unsteady)

    monkeypatch.setattr(eval.shipped, "run_shipped", stand_in)


def test_the_gate_is_renewed_by_a_person_green_as_it_is_and_red_where_a_task_fell(
    cadastre: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = ("eval", "gate", "--quick", "--baseline", str(tmp_path / "baseline.json"))
    shipping(monkeypatch, by_all(THREE, [80, 90, 70], [1, 1, 1]))

    missing = cadastre(*gate)
    made = cadastre(*gate, "--renew")
    same = cadastre(*gate)
    shipping(monkeypatch, by_all(THREE, [80, 95, 69.5], [1, 1, 1]))
    fell = cadastre(*gate)
    as_json = cadastre(*gate, "--json")
    renewed = cadastre(*gate, "--renew")
    after = cadastre(*gate)

    assert (missing.code, made.code, same.code, fell.code, as_json.code) == (1, 0, 0, 3, 3)
    assert "has no baseline of the" in " ".join(missing.err.split())
    assert "cadastre eval gate --quick --renew" in " ".join(missing.err.split())
    assert "There is no earlier baseline" in made.out
    assert "Green: nothing got worse." in same.out
    assert "Red: it got worse (1)\n  c (chat): rubric fell, 70 to 69.5" in fell.out
    assert "Changed besides (1)\n  b (chat): rubric rose, 90 to 95" in fell.out
    assert as_json.json["verdict"]["findings"][0]["task_id"] == "c"
    assert "c (chat): rubric fell" in renewed.out
    assert "1 findings, 1 other changes.\nKept as the baseline of the quick set" in renewed.out
    assert (renewed.code, after.code) == (0, 0)


def test_better_answers_are_green_and_ask_for_a_new_baseline(
    cadastre: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = ("eval", "gate", "--baseline", str(tmp_path / "baseline.json"))
    shipping(monkeypatch, by_all(THREE, [80, 90, 70], [1, 1, 1]))
    cadastre(*gate, "--renew")
    shipping(monkeypatch, by_all(THREE, [80, 90, 75], [1, 1, 1]))

    better = cadastre(*gate)

    assert better.code == 0
    assert "c (chat): rubric rose, 70 to 75" in better.out
    assert better.out.endswith("To keep this as the baseline: cadastre eval gate --renew\n")


def test_what_chance_had_a_part_in_is_red_and_never_kept(
    cadastre: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "baseline.json"
    gate = ("eval", "gate", "--baseline", str(file))
    log = by_all(THREE, [80, 90, 70], [1, 1, 1])
    shipping(monkeypatch, log, unsteady=("b",))

    refused = cadastre(*gate, "--renew")
    assert refused.code == 1
    assert "Two trials gave different answers to b" in refused.err
    assert not file.exists()

    shipping(monkeypatch, log)
    cadastre(*gate, "--renew")
    shipping(monkeypatch, log, unsteady=("b",))
    assert cadastre(*gate).code == 3


def said(task_id: str, trial: int, text: str) -> LoggedSample:
    statement = Statement(key="s", kind="fact", about="account:A-1", text=text)
    answer = Answer(task_id=task_id, statements=(statement,))
    return LoggedSample(task_id=task_id, trial=trial, outcome="answered", answer=answer)


def test_trials_are_steady_where_their_answers_are_the_same_bytes() -> None:
    same = [said("a", 0, "Twelve."), said("b", 0, "One."), said("a", 1, "Twelve.")]
    crashed = LoggedSample(task_id="b", trial=1, outcome="crashed", detail="It broke.")

    assert unsteady(same) == ()
    assert unsteady([*same, said("a", 2, "12.")]) == ("a",)
    assert unsteady([*same, crashed]) == ("b",)
    # How a crash is told may differ; that it crashed is the same.
    assert unsteady([crashed, crashed.model_copy(update={"trial": 2, "detail": "?"})]) == ()


def test_a_handful_is_of_several_families_and_one_book() -> None:
    tasks = [task(f"t{place}", family=family)[0] for place, family in
             enumerate(("chat", "draft", "chat", "stale"))]  # fmt: skip
    elsewhere = [one.model_copy(update={"book": "two"}) for one in tasks[:1]]

    assert [one.task_id for one in handful([*elsewhere, *tasks])] == ["t0", "t1", "t3"]
    assert len(handful(tasks, most=2)) == 2


def test_a_solver_is_run_scored_and_asked_twice_over_tasks_made_from_a_seed(
    tmp_path: Path,
) -> None:
    tiny = TaskSet("tiny", (1,), 13, "open")

    shipped = run_shipped(tiny, tmp_path / "gate", solver="form", workers=1)

    honest = [one for one in shipped.dataset.tasks if not one.task_id.endswith(MISLED)]
    plans = [one for one in honest if one.ask.kind == "account_plan"]
    pried = [one for one in honest if one.family == "confidentiality" and one not in plans]
    assert len(honest) == 13
    assert len(plans) >= 5
    assert len(pried) == 1
    asked = 13 + len(plans) + len(pried)
    assert len(shipped.dataset.tasks) == len(shipped.log.scores) == asked
    assert shipped.dataset.manifest.split == "open"
    assert {sample.outcome for sample in shipped.log.samples} == {"answered"}
    assert shipped.unsteady == ()
    twice = read_log(tmp_path / "gate" / "second")
    assert twice.run.trials == 2
    assert len({sample.task_id for sample in twice.samples}) >= 2
    # What `--keep` leaves can be reported on, and speaks of the product as it is alone.
    kept_log = read_log(tmp_path / "gate" / "log", of=read_dataset(tmp_path / "gate" / "dataset"))
    assert kept_log.scores == tuple(
        one for one in shipped.log.scores if not one.task_id.endswith(MISLED)
    )

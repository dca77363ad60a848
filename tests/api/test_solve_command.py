"""`scenario solve`: an instance file in, a design with its certificate out, and no home."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.cli.entry import run
from tests.api.doors import VARIABLES
from tools.balance.certificate import bound
from tools.balance.instance_file import read_instance
from tools.balance.problem import judge
from tools.balance.solution import Prices

ROOT = Path(__file__).parents[2]
Solve = Callable[..., tuple[int, str, str]]


def instance(**changed: Any) -> dict[str, Any]:
    """Twenty-four alike accounts, all with the first of three reps; anybody may take any."""
    accounts, reps = 24, 3
    given = {
        "n_acc": accounts,
        "n_rep": reps,
        "hours": np.full(accounts, 10.0),
        "pot": np.full(accounts, 100.0),
        "dis": np.ones(accounts),
        "owner": np.zeros(accounts),
        "cap": np.full(reps, 400.0),
        "nmax": np.full(reps, 24),
        "t_work": np.full(reps, 80.0),
        "t_pot": np.full(reps, 800.0),
        "indptr": np.arange(accounts + 1) * reps,
        "cols": np.tile(np.arange(reps), accounts),
        "trv": np.zeros(accounts * reps),
        "w_work": 1.0,
        "w_pot": 1.0,
        "w_dis": 0.6,
        "w_trv": 1.0,
    }
    return given | changed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "instance.npz"
    np.savez_compressed(path, **instance())
    return path


@pytest.fixture
def solve(capsys: pytest.CaptureFixture[str]) -> Solve:
    def ended(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            run(["scenario", "solve", *words])
        told = capsys.readouterr()
        return int(end.value.code or 0), told.out, told.err

    return ended


def test_a_design_and_its_certificate_are_written_and_hold(
    file: Path, tmp_path: Path, solve: Solve
) -> None:
    out, prices = tmp_path / "plan.json", tmp_path / "prices.npy"
    code, told, _ = solve(
        "--instance", str(file), "--steps", "3", "--seed", "4", "--out", str(out),
        "--prices", str(prices), "--json",
    )  # fmt: skip

    assert code == 0
    figures = json.loads(told)
    problem = read_instance(file)
    judged = judge(problem, problem.pairs_of(np.array(json.loads(out.read_text()))))
    assert judged.feasible
    assert figures["objective"] == pytest.approx(judged.objective, abs=1e-9)
    terms = ("work", "potential", "disruption", "travel", "preference")
    assert sum(figures[name] for name in terms) == pytest.approx(judged.objective)
    table = np.load(prices)
    assert table.shape == (4, 3)
    again = bound(problem, Prices(*table, np.zeros(0)))
    assert figures["bound"] == pytest.approx(again, abs=1e-9)
    assert figures["placed_bound"] <= judged.objective
    proven = max(again, figures["placed_bound"])
    assert figures["gap"] == pytest.approx(judged.objective - proven, abs=1e-9)
    assert (figures["seed"], figures["accounts"], figures["reps"]) == (4, 24, 3)
    # Sixteen moves balance it fully at 16 / 24 x 60 = 40 points, all of it disruption.
    assert figures["moved"] == 16
    assert judged.objective == pytest.approx(40.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "instance.npz", "plan.json", "prices.npy",
    ]  # fmt: skip


def test_people_read_the_terms_apart_and_how_to_repeat_it(file: Path, solve: Solve) -> None:
    code, told, _ = solve("--instance", str(file), "--steps", "2")

    assert code == 0
    lines = {line.split()[0]: line for line in told.splitlines() if not line.startswith(" ")}
    assert {"Objective", "Bound", "Gap", "Workload", "Potential", "Disruption", "Travel"} <= set(
        lines
    )
    assert "16 of 24 accounts" in lines["Moved"]
    assert re.search(r"--steps [12] --seed 0", told)
    assert max(map(len, told.splitlines())) <= 80


def test_the_same_steps_and_seed_write_the_same_bytes(
    file: Path, tmp_path: Path, solve: Solve
) -> None:
    written = []
    for number in range(2):
        out, prices = tmp_path / f"{number}.json", tmp_path / f"{number}.npy"
        words = ("--steps", "2", "--seed", "9", "--out", str(out), "--prices", str(prices))
        assert solve("--instance", str(file), *words)[0] == 0
        written.append((out.read_bytes(), prices.read_bytes()))

    assert written[0] == written[1]


def test_it_needs_no_home_and_ends_when_the_seconds_are_over(file: Path, tmp_path: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if key not in VARIABLES}
    home = tmp_path / "none"
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from api.cli import main; main()",
         "scenario", "solve", "--instance", str(file), "--seconds", "3", "--json"],
        env=kept | {"CADASTRE_HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    took = time.perf_counter() - began

    assert json.loads(done.stdout)["steps"] >= 1
    assert not home.exists()
    # Generous, for a busy machine: the point is that imports are not on top of it.
    assert took < 3 + 10
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in
                done.stderr.splitlines() if line.startswith("import time:")}  # fmt: skip
    assert "numpy" in imported
    assert not imported & {"pandas", "chromadb", "sqlalchemy", "fastapi", "openai"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--seconds", "3", "--steps", "3"), "Give --seconds or --steps, not both"),
        (("--seconds", "0"), "--seconds is 0; it must be above 0"),
        (("--seconds", "nan"), "--seconds is nan"),
        (("--steps", "0"), "steps"),
        (("--seed", "x"), "seed"),
    ],
)
def test_wrong_usage_ends_with_2(
    file: Path, solve: Solve, words: tuple[str, ...], told: str
) -> None:
    code, _, err = solve("--instance", str(file), *words)

    assert code == 2
    assert told in err


def test_a_broken_instance_is_explained_and_ends_with_1(tmp_path: Path, solve: Solve) -> None:
    path = tmp_path / "broken.npz"
    np.savez(path, **instance(hours=np.full(24, -1.0)))
    code, out, err = solve("--instance", str(path))
    assert (code, out) == (1, "")
    assert "Hours of account 0 is -1" in err
    assert "Traceback" not in err

    code, out, _ = solve("--instance", str(tmp_path / "none.npz"), "--json")
    assert code == 1
    assert json.loads(out)["error"]["code"] == "invalid_input"


def test_rules_that_clash_are_named_and_nothing_is_written(tmp_path: Path, solve: Solve) -> None:
    path, out = tmp_path / "full.npz", tmp_path / "plan.json"
    first = np.concatenate([[0, 1, 2], 2 + 3 * np.arange(1, 23)])
    cols = np.concatenate([[0, 0], np.tile(np.arange(3), 22)])
    np.savez(
        path,
        **instance(indptr=first, cols=cols, trv=np.zeros(len(cols)), cap=np.array([15, 400, 400])),
    )
    code, _, err = solve("--instance", str(path), "--out", str(out), "--seconds", "2")

    assert code == 1
    assert "Account 0 and account 1 can only go to rep 0; together they need 20 h" in err
    assert "give rep 0" in err
    assert not out.exists()


def test_a_folder_that_is_not_there_is_told_before_any_work(
    file: Path, tmp_path: Path, solve: Solve
) -> None:
    code, _, err = solve("--instance", str(file), "--out", str(tmp_path / "no" / "plan.json"))

    assert code == 1
    assert "there is no folder" in " ".join(err.split())

"""`cadastre eval` is found by entry point, and a broken entry point breaks nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.eval.commands import ROOT, installed

HEAVY = {"openai", "langgraph", "chromadb", "pandas", "fastapi", "pydantic", "scipy"}


def cadastre(
    *words: str, paths: tuple[Path, ...], options: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(map(str, (ROOT, *paths)))
    return subprocess.run(
        [sys.executable, *options, "-c", "from api.cli import main; main()", *words],
        env={**os.environ, "PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_evaluation_is_listed_and_listing_it_imports_nothing_heavy(tmp_path: Path) -> None:
    listed = cadastre("--help", paths=(installed(tmp_path / "ours"),), options=("-X", "importtime"))

    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in listed.stderr.splitlines()
    }
    assert listed.returncode == 0
    assert "eval        Measure how good plans and answers are" in listed.stdout
    assert "typer" in imported
    assert not imported & HEAVY


def test_a_broken_entry_point_is_listed_and_says_what_is_wrong_when_it_is_called(
    tmp_path: Path,
) -> None:
    broken = installed(tmp_path / "forecasts", {"forecast": "nowhere.at_all:app"})
    paths = (installed(tmp_path / "ours"), broken)

    listed = cadastre("--help", paths=paths)
    called = cadastre("forecast", "--by", "x", paths=paths)

    assert listed.returncode == 0
    assert "forecast    Cannot be loaded." in listed.stdout
    assert "eval  " in listed.stdout
    assert called.returncode == 1
    assert "`cadastre forecast` cannot be loaded from nowhere.at_all:app" in called.stderr
    assert "Install forecasts anew, or remove it." in called.stderr
    assert "Traceback" not in called.stderr


def test_an_entry_point_does_not_replace_a_command_that_is_built_in(tmp_path: Path) -> None:
    clash = installed(tmp_path / "clash", {"audit": "nowhere.at_all:app"})

    told = cadastre("audit", "--help", paths=(clash,))

    assert "Who did what" in told.stdout

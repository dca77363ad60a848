"""`cadastre` as an installation with this repository's entry points has it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from api.cli.entry import run
from tests.api.doors import Command, Ended

ROOT = Path(__file__).parents[2]


def commands(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Return the command line in this process, with the entry points of this repository."""
    monkeypatch.syspath_prepend(str(installed(folder)))

    def command(*words: str) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(words)
        said = capsys.readouterr()
        return Ended(int(ended.value.code or 0), said.out, said.err)

    return command


def installed(folder: Path, entry_points: dict[str, str] | None = None) -> Path:
    """Write what an installer would about entry points; the folder belongs on the path.

    A test may run where the package was installed before its entry points were written.
    """
    if entry_points is None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        entry_points = project["entry-points"]["cadastre.commands"]
    lines = [f"{name} = {value}" for name, value in entry_points.items()]
    about = folder / f"{folder.name}-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {folder.name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("\n".join(["[cadastre.commands]", *lines, ""]))
    return folder

"""`cadastre` as an installation with this repository's entry points has it."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


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

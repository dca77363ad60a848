"""Coverage models to begin with: files that come with Cadastre, to be copied and edited."""

from __future__ import annotations

from pathlib import Path

from domain.coverage import parse_coverage
from domain.errors import NotFound
from domain.record import Record

_FOLDER = Path(__file__).parent / "defaults" / "presets"


class Preset(Record):
    """One preset: its name, the comment it begins with, its hash and its text."""

    name: str
    about: str
    coverage_hash: str
    text: str


def presets() -> list[Preset]:
    """Return every preset, by name."""
    return [_read(file) for file in sorted(_FOLDER.glob("*.toml"))]


def preset(name: str) -> Preset:
    """Return one preset; NotFound, naming those there are, for another name."""
    for known in presets():
        if known.name == name:
            return known
    there_are = ", ".join(known.name for known in presets())
    raise NotFound(f"There is no preset {name!r}.", hint=f"There are {there_are}.")


def _read(file: Path) -> Preset:
    text = file.read_text(encoding="utf-8")
    opening = text.partition("\n\n")[0].splitlines()
    return Preset(
        name=file.stem,
        about=" ".join(line.lstrip("# ") for line in opening),
        coverage_hash=parse_coverage(text, source=file.name).hash,
        text=text,
    )

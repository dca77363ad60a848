"""Faults of the product to plant in a scratch copy, and the copies they are planted in."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.commands import ROOT

LISTED = Path(__file__).with_name("seeded_faults.toml")
COPIED = ("agent", "api", "crm", "domain", "eval", "prompts", "store", "tools", "examples")


@dataclass(frozen=True)
class Fault:
    """A change of one file of the product, given by the file's whole text with it in."""

    key: str
    kind: str
    what: str
    file: str
    text: str


def listed_faults(root: Path = ROOT) -> list[Fault]:
    """Read the listed faults as they apply to the code under `root`.

    ValueError, naming the fault, where the words it replaces do not stand there exactly once:
    the code moved on, and the fault has to follow it.
    """
    entries = tomllib.loads(LISTED.read_text(encoding="utf-8"))["fault"]
    return [_applied(entry, root) for entry in entries]


def _applied(entry: dict[str, str], root: Path) -> Fault:
    text = (root / entry["file"]).read_text(encoding="utf-8")
    if text.count(entry["find"]) != 1:
        raise ValueError(
            f"Fault {entry['key']!r}: what it replaces stands {text.count(entry['find'])} times "
            f"in {entry['file']}, not once. Correct {LISTED.name}."
        )
    changed = text.replace(entry["find"], entry["put"])
    return Fault(entry["key"], entry["kind"], entry["what"], entry["file"], changed)


@contextmanager
def scratch_copy(fault: Fault | None, root: Path = ROOT) -> Iterator[Path]:
    """Copy the product to a temporary folder, with the fault in it, and remove it in the end."""
    with TemporaryDirectory(prefix="seeded-") as folder:
        copy = Path(folder)
        for package in COPIED:
            # Compiled files come along: their times are kept, so that only the fault compiles.
            shutil.copytree(root / package, copy / package)
        if fault is not None:
            (copy / fault.file).write_text(fault.text, encoding="utf-8")
        yield copy

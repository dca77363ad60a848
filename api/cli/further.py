"""Commands from above this package, found by entry point: `cadastre eval` is one.

Nothing below may import them, so they name themselves, in the pyproject of their package:

    [project.entry-points."cadastre.commands"]
    eval = "eval.cli:app"
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from api.cli.refusal import Refused

GROUP = "cadastre.commands"


@dataclass(frozen=True)
class EntryPoint:
    """A command, the Typer app it is (`module:name`), and the package that brings it."""

    name: str
    value: str
    package: str

    def load(self) -> Any:
        """Import the app."""
        module, _, attribute = self.value.partition(":")
        return getattr(import_module(module), attribute)


class Commands(TyperGroup):
    """The commands that are built in, then those of entry points by name.

    A built-in name wins. Entry points are looked up only for a word that is not built in, and
    to list the commands.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        own = super().list_commands(ctx)
        return [*own, *(name for name in entry_points() if name not in own)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or None for an unknown name."""
        return super().get_command(ctx, cmd_name) or _command(cmd_name)


def entry_points() -> dict[str, EntryPoint]:
    """Return the entry points of the installed packages by name; of one name the first found."""
    found: dict[str, EntryPoint] = {}
    for point in _declared():
        found.setdefault(point.name, point)
    return dict(sorted(found.items()))


def _declared() -> Iterator[EntryPoint]:
    # importlib.metadata does this too, but takes 46 ms to be imported and to look, a third of
    # what `cadastre --help` takes; this takes 2 ms.
    for folder in dict.fromkeys(sys.path):
        try:
            entries = sorted(os.scandir(folder or "."), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith((".dist-info", ".egg-info")):
                yield from _declared_in(entry.path, entry.name.partition("-")[0])


def _declared_in(folder: str, package: str) -> Iterator[EntryPoint]:
    try:
        text = Path(folder, "entry_points.txt").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    _, _, ours = text.partition(f"[{GROUP}]\n")
    for line in ours.partition("\n[")[0].splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith(("#", ";")):
            yield EntryPoint(name.strip(), value.strip(), package)


@cache
def _command(name: str) -> Any:
    point = entry_points().get(name)
    if point is None:
        return None
    try:
        command = typer.main.get_command(point.load())
    except Exception as error:
        command = _unusable(point, error)
    command.name = name
    return command


def _unusable(point: EntryPoint, error: Exception) -> Any:
    """Stand in for a command that cannot be loaded: it says so when it is called."""
    app = typer.Typer(add_completion=False)

    @app.command(
        help="Cannot be loaded.",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def unusable() -> None:
        raise Refused(
            "command_unusable",
            f"`cadastre {point.name}` cannot be loaded from {point.value}: "
            f"{type(error).__name__}: {error}.",
            hint=f"Install {point.package} anew, or remove it.",
        )

    return typer.main.get_command(app)

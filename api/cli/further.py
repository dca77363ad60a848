"""Commands from above this package, found by entry point: `cadastre eval` is one.

Nothing below may import them, so they name themselves, in the pyproject of their package:

    [project.entry-points."cadastre.commands"]
    eval = "eval.cli:app"
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from api.cli.refusal import Refused

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "cadastre.commands"


class Commands(TyperGroup):
    """The commands that are built in, then those of entry points by name.

    A built-in name wins. Entry points are looked up only for a word that is not built in, and
    to list the commands: to read them takes 30 ms, which other commands need not wait for.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        own = super().list_commands(ctx)
        return [*own, *(name for name in _entry_points() if name not in own)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or None for an unknown name."""
        return super().get_command(ctx, cmd_name) or _command(cmd_name)


def _entry_points() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        found.setdefault(point.name, point)
    return found


@cache
def _command(name: str) -> Any:
    point = _entry_points().get(name)
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
        package = point.dist.name if point.dist is not None else "its package"
        raise Refused(
            "command_unusable",
            f"`cadastre {point.name}` cannot be loaded from {point.value}: "
            f"{type(error).__name__}: {error}.",
            hint=f"Install {package} anew, or remove it.",
        )

    return typer.main.get_command(app)

"""Commands that show what came out and take back what people said: `report` and `returned`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.terminal import Terminal

WARNING = (
    "It holds your data: whole books with their notes, the people file, and what managers wrote. "
    "Only you may read the folder; keep it out of repositories and shared drives."
)


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("returned")(returned)


def returned(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where it is written.")],
    plans: Annotated[
        list[str] | None,
        typer.Option("--plan", metavar="ID", help="Only this plan; repeatable."),
    ] = None,
) -> None:
    """Make a dataset of the account plans that people returned on this home.

    For people whose scope is everything: the cases hold whole books.
    """
    terminal: Terminal = context.obj
    from api.settings import read_settings
    from api.workspace import Workspace
    from eval.returned import make_cases

    with (
        Workspace.open(read_settings(home=terminal.home)) as workspace,
        terminal.working("Making cases of the plans that were returned"),
    ):
        principal = workspace.principal(terminal.person)
        made = make_cases(workspace, principal, out, plans=plans or ())
    if terminal.json:
        terminal.value(
            {
                "out": str(out),
                "tasks": [task.task_id for task in made.tasks],
                "books": made.books,
                "left_out": list(made.left_out),
                "digest": made.manifest.digest,
                "warning": WARNING,
            }
        )
        return
    terminal.text(
        f"{out}: {_count(len(made.tasks), 'task')} over {_count(made.books, 'book')}, "
        f"{made.manifest.digest[:12]}"
    )
    for line in made.left_out:
        terminal.text(f"Left out. {line}")
    terminal.text(WARNING)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

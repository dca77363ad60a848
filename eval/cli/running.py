"""Commands that make a dataset, run a solver on it and score its answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.refusal import Refused
from api.cli.terminal import Terminal

USAGE = 2

Split = Literal["open", "closed", "all"]


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("make")(make)


def make(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where it is written.")],
    seeds: Annotated[
        str, typer.Option("--seeds", metavar="N,N", help="A set of books for each seed.")
    ] = "1,2,3",
    tasks: Annotated[int, typer.Option("--tasks", min=1, help="How many tasks.")] = 60,
    split: Annotated[
        Split, typer.Option("--split", help="closed: only for final reports, nobody tunes on it.")
    ] = "all",
) -> None:
    """Make a dataset of AccountPlanBench: books, tasks and keys, from seeds."""
    terminal: Terminal = context.obj
    chosen = _seeds(seeds)
    from eval.accountplanbench.making import make_dataset

    with terminal.working(f"Making {tasks} tasks from seeds {seeds}"):
        manifest = make_dataset(out, seeds=chosen, tasks=tasks, split=split)
    if terminal.json:
        terminal.value(manifest.model_dump(mode="json"))
    else:
        terminal.text(
            f"{out}: {manifest.name} {manifest.version}, split {manifest.split}, "
            f"{manifest.digest[:12]}"
        )


def _seeds(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(word) for word in text.split(","))
    except ValueError:
        raise Refused(
            "wrong_usage",
            f"--seeds is {text!r}; it must be whole numbers with commas between, such as 1,2,3.",
            exit_code=USAGE,
        ) from None

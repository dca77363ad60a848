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
    app.command("report")(report)
    app.command("returned")(returned)


def report(
    context: typer.Context,
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="What the solver was run on.")],
    log: Annotated[Path, typer.Argument(metavar="LOG", help="The scored log of its run.")],
    against: Annotated[
        Path | None, typer.Option("--against", metavar="LOG", help="Compare with this scored log.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where it is written.")] = Path(
        "report.html"
    ),
    without_latency: Annotated[
        bool,
        typer.Option("--without-latency", help="Leave out seconds, which differ from run to run."),
    ] = False,
) -> None:
    """Write a run as one HTML file: metrics with intervals, families, and every case."""
    terminal: Terminal = context.obj
    from eval.comparing import compare
    from eval.dataset import read_dataset
    from eval.logs import read_log
    from eval.report.rendering import render
    from eval.scorers import SCORERS
    from eval.summary import summarise
    from store.home import write_whole

    asked = read_dataset(dataset)
    run = read_log(log, of=asked)
    baseline = None if against is None else read_log(against, of=asked)
    critical = [scorer.name for scorer in SCORERS if scorer.critical]
    with terminal.working(f"Writing the report of {run.run.solver}"):
        text = render(
            asked,
            run,
            summarise(asked, run),
            scorers=SCORERS,
            baseline=baseline,
            comparison=None
            if baseline is None
            else compare(asked, baseline, run, critical=critical),
            with_latency=not without_latency,
        )
    # Cases that no generator made hold what people wrote of their customers.
    mode = 0o644 if asked.manifest.seeds else 0o600
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, text.encode(), mode=mode)
    if terminal.json:
        terminal.value({"out": str(out), "bytes": len(text.encode())})
    else:
        terminal.text(f"{out}: {_count(len(asked.tasks), 'task')}, {run.run.solver}")


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

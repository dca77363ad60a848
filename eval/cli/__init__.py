"""`cadastre eval`: nothing of the harness is imported before one of its commands is known."""

import typer

from eval.cli import judging, running, showing

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def evaluation() -> None:
    """Measure how good plans and answers are, and whether they got better or worse."""


for commands in (running, judging, showing):
    commands.add_to(app)

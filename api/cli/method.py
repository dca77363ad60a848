"""The `method` commands: how score, potential and whitespace did in the past."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.door import Door, opened
from api.cli.tables import show
from api.cli.terminal import Terminal

NONE = "–"

method = typer.Typer(help="How the methods did in the past.", no_args_is_help=True)

Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: stdout.")
]


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.add_typer(method, name="method")


@method.command("report")
def report(context: typer.Context, output: Output = None) -> None:
    """Test score, potential and whitespace on the past; with -o, write the HTML report."""
    terminal: Terminal = context.obj
    with opened(terminal) as door, terminal.working("Testing the methods on the past"):
        told = door.get("/api/method")
        if output is not None:
            _write(terminal, door, output)
    if terminal.json:
        terminal.value(told)
    elif output is None:
        _print(terminal, told)


@method.command("card")
def card(context: typer.Context, output: Output = None) -> None:
    """Write the score card that history proposes, as `[score]` of a coverage model."""
    terminal: Terminal = context.obj
    with opened(terminal) as door, terminal.working("Testing the score card on the past"):
        told = door.get("/api/method/card")
    if output is not None:
        output.write_text(told["text"], encoding="utf-8")
        terminal.say(f"Wrote {output}. Nothing changed: adopt it in the coverage model.")
    if terminal.json:
        terminal.value(told)
    elif output is None:
        terminal.text(told["text"])


def _write(terminal: Terminal, door: Door, output: Path) -> None:
    text, _ = door.text("/api/method/report")
    output.write_text(text, encoding="utf-8")
    terminal.say(f"Wrote {output}.")


def _print(terminal: Terminal, told: dict[str, Any]) -> None:
    _print_score(terminal, told["score"])
    _print_potential(terminal, told["potential"])
    _print_whitespace(terminal, told["whitespace"])


def _print_score(terminal: Terminal, score: dict[str, Any]) -> None:
    terminal.text(f"Score: {score['verdict']}")
    terminal.text(score["told"])
    rows = [
        (label, *(f"{one[key]:.3f}" for key in ("value", "low", "high")))
        for label, one in (("Card in use", score["hand"]), ("Card fitted", score["fitted"]))
        if one is not None
    ]
    if rows:
        terminal.text("")
        show(terminal, ("Out of time*", ">AUC", ">99 % from", ">to"), rows)
    if score["added"]:
        terminal.text("")
        show(
            terminal,
            ("Dimension*", ">AUC it adds"),
            [(one["dimension"], f"{one['auc_lost']:+.4f}") for one in score["added"]],
        )
    _notes(terminal, score)


def _print_potential(terminal: Terminal, potential: dict[str, Any]) -> None:
    terminal.text(f"\nPotential: {potential['method']}, {potential['accounts']:,} accounts")
    if potential["levels"]:
        show(
            terminal,
            ("Level*", ">Promised", ">Held", ">95 % from", ">to"),
            [
                (
                    f"P{one['level'] * 100:.0f}",
                    *(f"{one[key]:.1%}" for key in ("level", "held", "low", "high")),
                )
                for one in potential["levels"]
            ],
        )
    _notes(terminal, potential)


def _print_whitespace(terminal: Terminal, gaps: dict[str, Any]) -> None:
    terminal.text(f"\nWhitespace: {gaps['method']}, {gaps['gaps']:,} gaps judged")
    rows = [
        ("Chance told", _share(gaps["told"])),
        ("Bought", _share(gaps["found"])),
        ("Brier score", _score(gaps["brier"])),
        ("Brier score of the peers' share", _score(gaps["brier_peers"])),
    ]
    if gaps["gaps"]:
        show(terminal, ("Out of time*", ">Figure"), rows)
    _notes(terminal, gaps)


def _share(value: float | None) -> str:
    return NONE if value is None else f"{value:.1%}"


def _score(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


def _notes(terminal: Terminal, told: dict[str, Any]) -> None:
    for note in told["notes"]:
        terminal.text(f"- {note}")

"""The commands `questions list` and `questions answer`: what notes make to ask."""

from __future__ import annotations

import textwrap
from enum import StrEnum
from typing import Annotated, Any

import typer

from api.cli.door import opened
from api.cli.terminal import COLUMNS, Terminal

questions = typer.Typer(
    help="What notes that disagree make to ask, and what was answered.", no_args_is_help=False
)


class Holds(StrEnum):
    """Which sentence holds."""

    first = "first"
    second = "second"


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.add_typer(questions, name="questions")


@questions.callback(invoke_without_command=True)
def alone(context: typer.Context) -> None:
    """Without a further word, list the questions."""
    if context.invoked_subcommand is None:
        listed(context)


@questions.command("list")
def listed(context: typer.Context) -> None:
    """List the questions about accounts in scope, open ones first."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        lines = door.get("/api/questions")
    if terminal.json:
        terminal.value(lines)
        return
    if not lines:
        terminal.text("No notes disagree, so nothing is asked.")
    for number, line in enumerate(lines):
        if number:
            terminal.text("")
        for told in _told(line):
            deeper = " " * (len(told) - len(told.lstrip()) + 2)
            terminal.text("\n".join(textwrap.wrap(told, COLUMNS, subsequent_indent=deeper)))


@questions.command("answer")
def answer(
    context: typer.Context,
    question_id: Annotated[str, typer.Argument(metavar="ID", help="A question, such as Q-….")],
    message: Annotated[str, typer.Option("-m", "--message", metavar="TEXT", help="The answer.")],
    side: Annotated[
        Holds | None, typer.Option("--side", help="Which sentence holds; neither without it.")
    ] = None,
) -> None:
    """Answer a question; an answer given before stays and is superseded."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        body = {"text": message, "side": side.value if side else None}
        stored = door.post(f"/api/questions/{question_id}/answers", body)
    if terminal.json:
        terminal.value(stored)
        return
    question = stored["question"]
    terminal.text(
        f"Answer {stored['number']} to question {question['question_id']} is stored. The next "
        f"draft of the plan of {question['account_name']} carries it: cadastre plan draft "
        f"{question['account_id']}"
    )


def _told(line: dict[str, Any]) -> list[str]:
    question = line["question"]
    told = [
        f"{question['question_id']}  {line['state']}  {question['account_name']} "
        f"({question['account_id']}), {line['owner_name']}"
    ]
    for name in ("first", "second"):
        side = question[name]
        who = ", ".join(filter(None, (side["author"], side["said_on"], side["document_id"])))
        told.append(f"  {name}: “{side['text']}” ({who})")
    for given in line["answers"]:
        held = f", the {given['side']} holds" if given["side"] else ""
        told.append(
            f"  answer {given['number']}, {given['person_name']}, {given['said_on']}{held}: "
            f"“{given['text']}”"
        )
    if line["state"] == "open" and line["may_answer"]:
        told.append(f"  Answer it: cadastre questions answer {question['question_id']} -m TEXT")
    return told

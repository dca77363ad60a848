"""Reading the command line, running one command, and the code it ends with."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer

from api.cli import (
    chat,
    findings,
    looking,
    method,
    planning,
    questions,
    records,
    reviewing,
    scenarios,
    serving,
    territories,
    whitespace,
)
from api.cli.further import Commands
from api.cli.refusal import Refused, refusal
from api.cli.terminal import Terminal

DONE, FAILED, USAGE, FINDINGS, CREDENTIAL, UNAPPROVED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

_GLOBAL_FLAGS = {"--json", "--quiet", "--no-color"}
_GLOBAL_VALUES = {"--as", "--home"}
# What follows one of these is a person's text or a name, never an option of ours.
OPTIONS_WITH_VALUE = frozenset({
    "-m", "--message", "-o", "--output", "--section", "--waive", "--format", "--version",
    "--territory", "--top", "--since", "--map", "--table", "--as-of", "--port", "--host",
    "--instance", "--seconds", "--steps", "--seed", "--out", "--prices",
    "--team", "--name", "--trigger", "--balance", "--max-moves", "--max-value", "--points",
    "--lock", "--leaves", "--point", "--rep", "--answer", "--tier", "--on", "--with",
    "--potential", "--met", "--level", "--role", "--attitude", "--opportunity", "--stage",
    "--amount", "--closes", "--remove",
    "--kind", "--account", "--segment", "--month", "--by", "--thread", "--side",
    "--quarter", "--customer", "--plan",
})  # fmt: skip

app = typer.Typer(
    name="cadastre",
    cls=Commands,
    help="Territory and account planning, with every claim traced to its source.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    context: typer.Context,
    person: Annotated[
        str | None,
        typer.Option("--as", metavar="PERSON", help="Act as this person (default: RevOps)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour.")] = False,
    home: Annotated[
        str | None, typer.Option("--home", metavar="FOLDER", help="Home folder (CADASTRE_HOME).")
    ] = None,
) -> None:
    """Options that every command takes, before or after its name."""
    context.obj = Terminal(person, as_json, quiet, not no_color, home)


for commands in (
    serving,
    looking,
    whitespace,
    method,
    planning,
    findings,
    questions,
    scenarios,
    territories,
    reviewing,
    chat,
    records,
):
    commands.add_to(app)


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; never with a traceback for a known error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in hoisted(given)[: _globals_in(given)]
    try:
        code = _command()(args=hoisted(given), prog_name="cadastre", standalone_mode=False)
    except Refused as refused:
        code = refused.show(as_json)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = _closed_pipe()
    except Exception as error:
        code = _other(error, as_json)
    if code == INTERRUPTED:
        sys.stderr.write("\nInterrupted. What was stored is kept.\n")
    sys.exit(code if isinstance(code, int) else DONE)


@cache
def _command() -> Any:
    """Every command and its options, put together once a process."""
    return typer.main.get_command(app)


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Move the global options to the front, wherever they were written."""
    front: list[str] = []
    rest: list[str] = []
    queue = list(arguments)
    while queue:
        word = queue.pop(0)
        if word == "--":
            rest += [word, *queue]
            break
        if word in _GLOBAL_FLAGS or word.startswith(tuple(f"{name}=" for name in _GLOBAL_VALUES)):
            front.append(word)
        elif word in _GLOBAL_VALUES:
            front += [word, *queue[:1]]
            del queue[:1]
        elif word in OPTIONS_WITH_VALUE:
            rest += [word, *queue[:1]]
            del queue[:1]
        else:
            rest.append(word)
    return front + rest


def _globals_in(arguments: Sequence[str]) -> int:
    moved = hoisted(arguments)
    count = 0
    while count < len(moved) and moved[count].split("=")[0] in _GLOBAL_FLAGS | _GLOBAL_VALUES:
        count += 2 if moved[count] in _GLOBAL_VALUES else 1
    return count


def _closed_pipe() -> int:
    import os

    # The reader (`| head`) has left; Python would complain again when it flushes.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _other(error: Exception, as_json: bool) -> int:
    usage = _usage(error)
    if usage is not None:
        if as_json:
            Refused(
                "wrong_usage", usage, hint="`cadastre COMMAND --help` shows how.", exit_code=USAGE
            ).show(as_json)
        else:
            error.show()  # type: ignore[attr-defined]
        return USAGE
    return refusal(error).show(as_json)


def _usage(error: Any) -> str | None:
    """Return the message of a wrong use of the command line, or None for another error."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return str(error.format_message()) if "UsageError" in names else None

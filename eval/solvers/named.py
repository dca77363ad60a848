"""The solvers that come with Cadastre, by the words that name them on the command line.

```
embedded             the product with the embedded writer
attacked             the same; tasks marked as misled are answered by one that lies or pries
model                the product with the configured model
form                 a form filled from the fields of the CRM
liar[:LOG]           real facts, wrong figures, forged rows, invented quotes
recorded:LOG         the answers of a log
degraded:LOG:SHARE[:KIND,KIND]   the same, a share of them made worse
command:WORDS        any command that keeps to the protocol
```
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass

from domain.errors import InvalidInput
from eval.withheld import shown_command, without_folders

PLAIN = ("embedded", "attacked", "model", "form", "liar")
OF_A_LOG = ("recorded", "degraded", "liar")


class SolverUnknown(InvalidInput):
    """Words that name no solver."""

    exit_code = 2


@dataclass(frozen=True)
class Named:
    """A solver's name as logs and reports show it, and its command."""

    name: str
    command: tuple[str, ...]


def named(words: str) -> Named:
    """Return the solver that the words name.

    Raises
    ------
    SolverUnknown
        When they name none, or leave out what the solver needs.
    """
    kind, _, rest = words.partition(":")
    if kind == "command":
        return _third_party(rest)
    if not rest and kind in PLAIN:
        return Named(kind, _module(kind))
    if rest and kind in OF_A_LOG:
        log, *more = rest.split(":")
        options = ["--log", log]
        if kind == "degraded" and more:
            options += ["--share", more[0]]
            options += ["--kinds", *more[1].split(",")] if len(more) == 2 else []
            more = more[2:]
        elif kind == "degraded":
            raise _unknown(words, "it needs a share, such as degraded:LOG:0.1")
        if more:
            raise _unknown(words, f"nothing is known of {more[0]!r}")
        shown = ":".join([kind, without_folders(log), *rest.split(":")[1:]])
        return Named(shown, (*_module(kind), *options))
    if kind in OF_A_LOG:
        raise _unknown(words, f"it needs a log, such as {kind}:FOLDER")
    raise _unknown(words, "no solver has that name")


def _third_party(words: str) -> Named:
    try:
        command = tuple(shlex.split(words))
    except ValueError as problem:
        raise _unknown(f"command:{words}", f"its quotes do not match ({problem})") from None
    if not command:
        raise _unknown("command:", "the command is empty")
    return Named(f"command:{shlex.join(shown_command(command))}", command)


def _module(solver: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"eval.solvers.{solver}")


def _unknown(words: str, why: str) -> SolverUnknown:
    return SolverUnknown(
        f"{words!r} names no solver: {why}.",
        hint=f'Name {", ".join(PLAIN)}, recorded:LOG, degraded:LOG:0.1, or "command:./mine --x" '
        "for a command of your own.",
    )

"""Where the questions of `cadastre chat` come from: a person at a terminal, or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from api.cli.conversation import Conversation
from api.cli.door import Door
from api.cli.refusal import Refused

PROMPT = "> "


class Lines(Protocol):
    """Lines to ask, one after the other."""

    interactive: bool

    def next(self) -> str | None:
        """Return the next line, or None at the end."""
        ...


class Piped:
    """Lines of a pipe or file."""

    interactive = False

    def next(self) -> str | None:
        """Return the next line without its end, or None after the last."""
        line = sys.stdin.readline()
        return line.rstrip("\r\n") if line else None


class Typed:
    """Lines that a person types, with completion where the terminal can."""

    interactive = True

    def next(self) -> str | None:
        """Ask for a line; None when the person ends the input."""
        try:
            return input(PROMPT)
        except EOFError:
            sys.stdout.write("\n")
            return None


@contextmanager
def lines_to_ask(door: Door, talk: Conversation) -> Iterator[Lines]:
    """Yield the lines of standard input; at a terminal Tab completes while it lasts."""
    if not sys.stdin.isatty():
        yield Piped()
        return
    try:
        import readline
    except ImportError:  # Windows has none
        yield Typed()
        return
    before = readline.get_completer(), readline.get_completer_delims()
    readline.set_completer(completer(door, talk))
    # The whole line is one word: a completion replaces all of what was typed.
    readline.set_completer_delims("")
    # macOS links libedit in the place of readline, which names things otherwise.
    libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    try:
        yield Typed()
    finally:
        readline.set_completer(before[0])
        readline.set_completer_delims(before[1])


def completer(door: Door, talk: Conversation) -> Callable[[str, int], str | None]:
    """Return a completer in readline's manner: the n-th way to go on with a text, or None."""
    kept: dict[str, list[str]] = {}

    def complete(text: str, number: int) -> str | None:
        if number == 0:
            kept.clear()
            kept[text] = _ways(door, talk, text)
        ways = kept.get(text, [])
        return ways[number] if number < len(ways) else None

    return complete


def _ways(door: Door, talk: Conversation, text: str) -> list[str]:
    try:
        found: list[dict[str, Any]] = door.get("/api/complete", text=text, thread=talk.thread_id)
    except Refused:  # nothing to offer is no reason to disturb who is typing
        return []
    return [str(item["text"]) for item in found]

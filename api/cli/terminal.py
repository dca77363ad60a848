"""What a command was told globally, and how it speaks: results on stdout, progress on stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = 80


@dataclass
class Terminal:
    """The global options, and the two streams."""

    person: str | None = None
    json: bool = False
    quiet: bool = False
    color: bool = True
    home: str | None = None

    @cached_property
    def out(self) -> Console:
        """Where results go: as wide as the terminal, 80 columns elsewhere."""
        return _console(sys.stdout, self.color)

    @cached_property
    def err(self) -> Console:
        """Where progress and errors go."""
        return _console(sys.stderr, self.color)

    def value(self, value: Any) -> None:
        """Write one JSON value."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()

    def text(self, text: str) -> None:
        """Write text, without the control characters that a terminal would act on."""
        shown = "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
        sys.stdout.write(shown if shown.endswith("\n") else shown + "\n")
        sys.stdout.flush()

    def say(self, line: str) -> None:
        """Tell a person what is going on; a program reads one JSON object a line."""
        if self.quiet:
            return
        if self.json:
            sys.stderr.write(json.dumps({"progress": line}, ensure_ascii=False) + "\n")
        else:
            self.err.print(line, markup=False, highlight=False)

    @contextmanager
    def working(self, line: str) -> Iterator[None]:
        """Show that a step is under way; off a terminal the line is printed once."""
        if self.quiet or self.json or not self.err.is_terminal:
            self.say(line)
            yield
            return
        with self.err.status(line):
            yield


def _console(stream: Any, color: bool) -> Console:
    from rich.console import Console

    plain = not color or "NO_COLOR" in os.environ
    width = None if stream.isatty() else COLUMNS
    return Console(file=stream, no_color=plain, width=width, highlight=False, soft_wrap=False)

"""The solver protocol: a JSON line in, a JSON line out, until the input ends.

A solver is a command. It need not be Python; one that is needs only `serve`:

```python
def solve(request: Request) -> Answer:
    return Answer(task_id=request.task.task_id, abstained=True)


if __name__ == "__main__":
    serve(solve)
```
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Final, Literal

from pydantic import Field, ValidationError

from domain.errors import InvalidInput, PlannerError
from domain.record import Record, canonical_json
from eval.answer import Answer
from eval.lines import first_fault
from eval.task import Task

PROTOCOL: Final = 1
BAD_LINE = 2
"""The exit code of a solver that was sent a line it cannot read."""


class LineUnreadable(InvalidInput):
    """A line on stdin that is no request of this protocol."""

    exit_code = BAD_LINE


class Request(Record):
    """One task to answer, and where its books lie.

    `book` and `later_book` are absolute folders; `later_book` is null but for tasks over two
    books. `trial` counts from nought. A solver that draws at random draws from `seed` (and
    `trial`), so that it answers the same again.
    """

    protocol: Literal[1] = PROTOCOL
    task: Task
    book: Path
    later_book: Path | None = None
    trial: Annotated[int, Field(ge=0)] = 0
    seed: int = 0


def read_request(line: str, *, number: int = 1) -> Request:
    """Read one line, the `number`th of the input.

    Raises
    ------
    LineUnreadable
        When it is no JSON, a field is missing, unknown or malformed, a folder is not absolute
        or holds no book, or one book is missing that the task names.
    """
    try:
        request = Request.model_validate_json(line)
    except ValidationError as problem:
        raise _unreadable(number, first_fault(problem)) from None
    if (request.later_book is None) != (request.task.later_book is None):
        raise _unreadable(number, "task.later_book and later_book are not both there or both null")
    for name, folder in (("book", request.book), ("later_book", request.later_book)):
        if folder is None:
            continue
        if not folder.is_absolute():
            raise _unreadable(number, f"{name}: {folder} is no absolute path")
        if not (folder / "book.toml").is_file():
            raise _unreadable(number, f"{name}: {folder} holds no book.toml")
    return request


def write_request(request: Request) -> str:
    """Write a request as its line, without the newline."""
    return canonical_json(request)


def write_answer(answer: Answer) -> str:
    """Write an answer as its line, without the newline."""
    return canonical_json(answer)


def answer_lines(solve: Callable[[Request], Answer], lines: Iterable[str], out: IO[str]) -> None:
    """Answer every line of `lines` on `out`, in order; blank lines are passed over.

    Raises
    ------
    LineUnreadable
        At the first line that is no request; the lines before it have been answered.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer = solve(read_request(line, number=number))
        out.write(write_answer(answer) + "\n")
        out.flush()


def serve(solve: Callable[[Request], Answer]) -> None:
    """Answer requests from stdin on stdout until the input ends.

    While it runs, what anything else prints goes to stderr: stdout holds answers alone. A line
    that is no request ends the process with exit code 2, any other deliberate error with the
    error's own code; both say on stderr what is wrong. Other exceptions end it as they do.
    """
    answers = sys.stdout
    sys.stdout = sys.stderr
    try:
        with ends_plainly():
            answer_lines(solve, sys.stdin, answers)
    finally:
        sys.stdout = answers


@contextmanager
def ends_plainly() -> Iterator[None]:
    """End the process at a deliberate error with its words on stderr and its code."""
    try:
        yield
    except PlannerError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}".rstrip("\n") + "\n")
        raise SystemExit(error.exit_code) from None


def _unreadable(number: int, problem: str) -> LineUnreadable:
    return LineUnreadable(
        f"Line {number} of the input is no request: {problem}.",
        hint='Send {"protocol": 1, "task": …, "book": "/folder", "later_book": null, '
        '"trial": 0, "seed": 0} on one line.',
        line=number,
    )

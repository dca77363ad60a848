"""Files that hold a record a line, and the words for a line that is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from domain.errors import InvalidInput
from domain.record import Record, canonical_json

R = TypeVar("R", bound=Record)


def read_lines(path: Path, kind: type[R], invalid: type[InvalidInput]) -> Iterator[R]:
    """Yield the records of a file; `invalid`, with the line's number, at the first that is none."""
    # As bytes: a file in another encoding is told like any other malformed line.
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield kind.model_validate_json(line)
            except ValidationError as problem:
                raise invalid(
                    f"{path}, line {number} is malformed: {first_fault(problem)}."
                ) from None


def as_lines(records: Iterable[Record]) -> bytes:
    """Return records as the content of such a file."""
    return "".join(canonical_json(record) + "\n" for record in records).encode()


def first_fault(problem: ValidationError) -> str:
    """Say where a record is wrong first, and what is wrong there; never what it held."""
    error = problem.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in error["loc"])
    return f"{where + ': ' if where else ''}{error['msg']}"

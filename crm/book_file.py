"""`book.toml`: what an export cannot say about itself, such as its date and currency."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError

from crm.problems import BookFileInvalid
from domain.record import Record

NAME = "book.toml"


class BookFile(Record):
    """The keys of `book.toml`; all optional.

    `as_of` is the day the export shows, `currency` its ISO 4217 code, `crm` the system
    it came from, `name` what people call the book, `assumptions` sentences a reader of
    any figure should know.
    """

    as_of: date | None = None
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    crm: str | None = None
    name: str | None = None
    assumptions: tuple[str, ...] = ()


def read_book_file(folder: Path) -> BookFile:
    """Read `book.toml` of a folder; all keys are blank when there is none.

    Raises
    ------
    BookFileInvalid
        It is not TOML in UTF-8, has an unknown key or an impossible value.
    """
    path = folder / NAME
    if not path.exists():
        return BookFile()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BookFileInvalid(
            f"{NAME} is not valid TOML: {error}.", hint="Correct that line and import again."
        ) from error
    if isinstance(data.get("assumptions"), str):
        data["assumptions"] = (data["assumptions"],)
    try:
        return BookFile.model_validate(data)
    except ValidationError as error:
        problems = [
            _problem(item["loc"], item["type"], item.get("input")) for item in error.errors()
        ]
        raise BookFileInvalid(
            f"{NAME} cannot be used:\n" + "\n".join(f"- {line}" for line in problems),
            hint=f"Correct {NAME}; it may hold as_of, currency, crm, name and assumptions.",
            problems=problems,
        ) from error


def _problem(place: tuple[int | str, ...], kind: str, value: object) -> str:
    key = ".".join(map(str, place))
    wanted = {
        "as_of": "write a date, such as as_of = 2026-11-14",
        "currency": 'write an ISO 4217 code, such as currency = "USD"',
    }
    if kind == "extra_forbidden":
        return f"{key}: unknown key; remove it or correct its spelling"
    return f"{key} = {value!r}: {wanted.get(key, 'write it as text in quotes')}"

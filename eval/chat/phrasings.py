"""What people type into chat, and the command and arguments that each of them means.

The files `phrasings/rep.toml` and `phrasings/manager.toml` were written before any matcher
existed; their headers explain the fields. Half of each is open, to read and to tune on;
the other half is closed and only measured.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from domain.errors import PlannerError
from domain.record import Record

FOLDER = Path(__file__).parent / "phrasings"

Persona = Literal["rep", "manager"]
Half = Literal["open", "closed"]
Meaning = Literal[
    "why",
    "week",
    "draft",
    "revise",
    "compare",
    "changed",
    "whitespace",
    "scenario",
    "find",
    "plan",
    "people",
    "load",
    "inbox",
    "help",
    "none",
    "ask",
]
"""A command, or `none` (no command answers it), or `ask` (something has to be cleared up)."""

Missing = Literal["account", "period", "rep", "territory", "words"]

NEEDS_ACCOUNT = frozenset({"why", "draft", "revise", "compare", "plan", "people"})

Words = Annotated[str, Field(min_length=1)]


class PhrasingsUnreadable(PlannerError):
    """A file of phrasings is missing or does not hold what it should."""


class Phrasing(Record):
    """One thing typed, by whom, after what, and what it means; ids are those of the book.

    `since` is the first day meant, null where the book before is. `accounts` are the
    choices that a clarifying question has to offer, empty where any will do.
    """

    text: Words
    command: Meaning
    also: tuple[Meaning, ...] = ()
    account: str = ""
    other: str = ""
    accounts: tuple[str, ...] = ()
    about: Missing | None = None
    rep: str = ""
    territory: str = ""
    segment: str = ""
    line: str = ""
    scenario: str = ""
    since: date | None = None
    words: str = ""
    remark_contains: str = ""
    focus_account: str = ""
    focus_other: str = ""
    focus_command: str = ""
    focus_rep: str = ""
    focus_territory: str = ""
    focus_since: date | None = None
    person: str
    half: Half

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        needed = {
            "account": self.command in NEEDS_ACCOUNT,
            "other": self.command == "compare",
            "words": self.command == "find",
            "about": self.command == "ask",
        }
        for name, is_needed in needed.items():
            if is_needed and not getattr(self, name):
                raise ValueError(f"{self.command!r} needs {name!r}")
        if self.half != half_of(self.text):
            raise ValueError(f"half is {self.half!r}; the text's own is {half_of(self.text)!r}")
        return self

    @property
    def right(self) -> frozenset[str]:
        """The commands that serve the person."""
        return frozenset({self.command, *self.also})


class Phrasings(Record):
    """A file of phrasings."""

    persona: Persona
    person: Words
    as_of: date
    phrasings: tuple[Phrasing, ...]


def half_of(text: str) -> Half:
    """Return the half of a text: open where the first byte of its SHA-256 is even."""
    return "open" if hashlib.sha256(text.encode()).digest()[0] % 2 == 0 else "closed"


def load_phrasings(
    persona: Persona, half: Half | None = None, *, folder: Path = FOLDER
) -> tuple[Phrasing, ...]:
    """Read a persona's phrasings in the order of the file; both halves without `half`.

    Raises
    ------
    PhrasingsUnreadable
        When the file is missing, is not TOML, or an entry is wrong: its text and what is
        wrong with it are named.
    """
    read = read_phrasings(folder / f"{persona}.toml")
    return tuple(item for item in read.phrasings if half in (None, item.half))


def read_phrasings(path: Path) -> Phrasings:
    """Read one file; PhrasingsUnreadable as for `load_phrasings`."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PhrasingsUnreadable(
            f"{path.name} cannot be read: {error.strerror}.",
            hint=f"Phrasings are kept in {FOLDER.name}/rep.toml and {FOLDER.name}/manager.toml.",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise PhrasingsUnreadable(
            f"{path.name} is not TOML: {error}.", hint="Correct it there."
        ) from error
    entries = data.get("phrasings")
    if isinstance(entries, list):
        person = data.get("person", "")
        data["phrasings"] = [
            {"person": person, **entry} if isinstance(entry, dict) else entry for entry in entries
        ]
    try:
        read = Phrasings.model_validate(data)
    except ValidationError as error:
        raise PhrasingsUnreadable(
            f"{path.name}: {_first_fault(error, data)}.", hint="Its header explains every field."
        ) from error
    twice = Counter(item.model_dump_json(include=_ASKED) for item in read.phrasings)
    again = [item for item in read.phrasings if twice[item.model_dump_json(include=_ASKED)] > 1]
    if again:
        raise PhrasingsUnreadable(
            f"{path.name}: {again[0].text!r} is there twice.",
            hint="Take one out; after something else before it, it may stand again.",
        )
    return read


_ASKED = {name for name in Phrasing.model_fields if name in {"text", "person"} or "focus" in name}


def counts(phrasings: Iterable[Phrasing]) -> dict[tuple[Meaning, Half], int]:
    """Count phrasings by command and half."""
    return dict(Counter((item.command, item.half) for item in phrasings))


def _first_fault(error: ValidationError, data: dict[str, object]) -> str:
    fault = error.errors(include_url=False)[0]
    place = fault["loc"]
    what = ".".join(str(step) for step in place)
    said = fault["msg"].removeprefix("Value error, ")
    entries = data.get("phrasings")
    if len(place) > 1 and place[0] == "phrasings" and isinstance(entries, list):
        entry = entries[int(place[1])]
        text = entry.get("text", "") if isinstance(entry, dict) else entry
        what = ".".join(str(step) for step in place[2:])
        return f"entry {int(place[1]) + 1} ({text!r}){f', {what}' if what else ''}: {said}"
    return f"{what}: {said}"

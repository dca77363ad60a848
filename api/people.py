"""Who may sign in, and what each of them may see: the people file of a home.

The file is TOML that an administrator writes; an import brings it along as
`people.toml`. Without one, people are made from the book's reps: a rep sees the
accounts they own, a manager those of everyone who reports to them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationError, model_validator

from domain.errors import InvalidInput, NotFound, SignInNeeded
from domain.principal import Principal, Role, Scope
from domain.record import Record

if TYPE_CHECKING:
    from domain.book import Book

FILE = "people.toml"
DERIVED_NOTE = "From the reps of the book."


class PeopleInvalid(InvalidInput):
    """The people file contradicts itself or holds an impossible value."""


class PersonUnknown(SignInNeeded):
    """Nobody of that id may sign in."""


class Person(Record):
    """One person of the file. `reps` are the reps whose accounts they may see."""

    id: Annotated[str, Field(pattern=r"^[\w.@-]{1,80}$")]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    reps: tuple[str, ...] = ()
    everything: bool = False
    note: str = ""

    @property
    def scope(self) -> Scope:
        """What the person may see."""
        return Scope(everything=self.everything, reps=frozenset(self.reps))


class People(Record):
    """Everyone who may sign in, and the workspace they share."""

    workspace: Annotated[str, Field(pattern=r"^[\w.-]{1,80}$")]
    default: str
    people: Annotated[tuple[Person, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> People:
        ids = [person.id for person in self.people]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"people: {', '.join(twice)} occurs twice; give each an id of its own")
        if self.default not in ids:
            raise ValueError(f"default = {self.default!r}: nobody under [[people]] has that id")
        return self

    def __iter__(self) -> Iterator[Person]:  # type: ignore[override]
        return iter(self.people)

    def person(self, person: str) -> Person:
        """Return one person; NotFound when nobody has that id."""
        for known in self.people:
            if known.id == person:
                return known
        raise NotFound(f"There is no person {person!r}.", hint=self._who())

    def principal(self, person: str | None = None) -> Principal:
        """Return the principal of a person, of the default one when none is named.

        PersonUnknown, naming who there is, when nobody has that id.
        """
        try:
            known = self.person(person if person is not None else self.default)
        except NotFound as error:
            raise PersonUnknown(error.message, hint=error.hint) from error
        return Principal(
            person=known.id,
            name=known.name,
            workspace=self.workspace,
            roles=frozenset(known.roles),
            scope=known.scope,
        )

    def deciders(self, owner_id: str | None) -> list[Person]:
        """Return the managers in whose scope an owner's accounts lie."""
        return [
            person
            for person in self.people
            if "manager" in person.roles and person.scope.covers(owner_id)
        ]

    def name(self, person: str) -> str:
        """Return a person's name, or the id of somebody who is not there any more."""
        return next((known.name for known in self.people if known.id == person), person)

    def _who(self) -> str:
        ids = [person.id for person in self.people]
        more = f" and {len(ids) - 6} more" if len(ids) > 6 else ""
        return f"There are {', '.join(ids[:6])}{more}."


def parse_people(text: str, *, source: str = FILE) -> People:
    """Read a people file.

    Raises
    ------
    PeopleInvalid
        With one line per problem: key, value and remedy.
    """
    try:
        return People.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PeopleInvalid(
            f"{source} is not valid TOML: {error}.", hint="Correct that line and load it again."
        ) from error
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, item['loc']))}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        ]
        raise PeopleInvalid(
            f"{source} cannot be used:\n" + "\n".join(f"- {line}" for line in lines),
            hint=f"Correct {source}; docs/settings.md shows one.",
            problems=lines,
        ) from error


def people_of(home: Path) -> People:
    """Return the people of a home; before the first import, RevOps alone."""
    file = home / FILE
    if file.exists():
        return _parsed(file.read_text(encoding="utf-8"), source=str(file))
    return _REVOPS_ALONE


def people_from_reps(book: Book) -> str:
    """Write a people file from the reps of a book: RevOps, managers, and who reports to them."""
    reps = book["reps"]
    lines = ['workspace = "main"', 'default = "revops"', "", *_REVOPS]
    reports: dict[str, list[str]] = {}
    for rep, manager in zip(reps["rep_id"], reps["manager_id"], strict=True):
        if isinstance(manager, str):
            reports.setdefault(manager, []).append(rep)
    for rep, name, function in zip(reps["rep_id"], reps["name"], reps["function"], strict=True):
        if function == "manager":
            roles, seen = '["manager"]', _everyone_below(rep, reports)
        elif function == "rep":
            roles, seen = '["rep"]', [rep]
        else:
            continue
        lines += [
            "",
            "[[people]]",
            f"id = {_quoted(_as_id(rep))}",
            f"name = {_quoted(name)}",
            f"roles = {roles}",
            f"reps = [{', '.join(map(_quoted, seen))}]",
            f"note = {_quoted(DERIVED_NOTE)}",
        ]
    return "\n".join(lines) + "\n"


def _everyone_below(manager: str, reports: dict[str, list[str]]) -> list[str]:
    found: list[str] = []
    queue = [manager]
    while queue:
        someone = queue.pop(0)
        if someone not in found:
            found.append(someone)
            queue += reports.get(someone, [])
    return sorted(found)


def _as_id(rep: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._@-" else "-" for letter in rep)[:80]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


# Read on every request, so that an edited file counts at once.
_parsed = lru_cache(maxsize=4)(parse_people)
_REVOPS = (
    "[[people]]",
    'id = "revops"',
    'name = "Revenue operations"',
    'roles = ["revops"]',
    "everything = true",
)
_REVOPS_ALONE = parse_people('workspace = "main"\ndefault = "revops"\n' + "\n".join(_REVOPS))

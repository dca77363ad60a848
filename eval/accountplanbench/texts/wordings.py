"""The wordings as they are kept: a folder a group, a TOML file a topic, an entry a wording.

The file of a topic:

    about = "what the topic says, for the data card"

    [[wording]]
    name = "call summary"       # the paraphrase family
    closed = true               # left out: false
    kind = "call_summary"       # left out: asked
    title = "Call with {contact}"
    text = '''...'''            # the grammar is in `template`
    traces = ["..."]            # of an injection

    [wording.other]             # of a contradiction: the second note
    kind = "note"
    title = "..."
    text = '''...'''
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationError

from domain.errors import InvalidInput
from domain.record import Record
from eval.accountplanbench.texts.writing import Group

GROUPS: tuple[Group, ...] = get_args(Group)
_HERE = Path(__file__).parent

Kind = Literal["note", "call_summary", "email", "market", "asked"]


class WordingsInvalid(InvalidInput):
    """A file of wordings that cannot be used."""


class TopicUnknown(InvalidInput):
    """A topic that no file holds."""


class Document(Record):
    """The template of one text, in the grammar of `template`."""

    kind: Kind = "asked"
    title: str = ""
    text: Annotated[str, Field(min_length=1)]


class Wording(Document):
    """A paraphrase family: its template, and whether it is one of the closed ones."""

    name: Annotated[str, Field(min_length=1)]
    closed: bool = False
    traces: tuple[str, ...] = ()
    other: Document | None = None


class Topic(Record):
    """What the texts of one file say, and the ways to say it."""

    about: str
    wording: Annotated[tuple[Wording, ...], Field(min_length=1)]


def topics(group: Group) -> tuple[str, ...]:
    """Return the names of a group's topics, in the order of the alphabet."""
    return tuple(path.stem for path in sorted((_HERE / group).glob("*.toml")))


@cache
def read_topic(name: str) -> Topic:
    """Return a topic by name.

    Raises
    ------
    TopicUnknown
        When no group has it.
    WordingsInvalid
        When its file is malformed.
    """
    for group in GROUPS:
        path = _HERE / group / f"{name}.toml"
        if path.is_file():
            return read(path)
    known = ", ".join(name for group in GROUPS for name in topics(group))
    raise TopicUnknown(f"There is no topic {name!r}.", hint=f"Topics are: {known}.")


def read(path: Path) -> Topic:
    """Read the file of a topic; WordingsInvalid says what is wrong with it."""
    try:
        return Topic.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as problem:
        raise WordingsInvalid(f"{path} is no TOML: {problem}.") from None
    except ValidationError as problem:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in problem.errors()
        )
        raise WordingsInvalid(f"{path} is malformed: {faults}.") from None

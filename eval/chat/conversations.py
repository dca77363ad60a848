"""Scripted conversations: what a person asks turn by turn, and what each answer has to do.

`conversations/rep.toml` and `conversations/manager.toml` hold twelve turns each. The
figures expected are not typed there: each names a cell of the example's CSV files, or a
column of the ranked list, and is read from it when a conversation is judged.
"""

from __future__ import annotations

import csv
import gzip
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from domain.chat import Call
from domain.errors import PlannerError
from domain.record import Record

FOLDER = Path(__file__).parent / "conversations"
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

Row = Mapping[str, Any]


class ConversationUnreadable(PlannerError):
    """A file of a conversation is missing or does not hold what it should."""


class Cell(Record):
    """Where an expected fact stands: a cell of a CSV file, or of the person's ranked list.

    `words` narrows a long text to the part that has to be shown, verbatim.
    """

    table: str = Field(description="A file of the example, or `ranked` for the ranked list.")
    row: str
    column: str
    words: str = ""


class Orders(Record):
    """What was ordered since a day, added up from the order lines: net value and orders.

    Of one account, or of the accounts of a territory that the person sees.
    """

    account: str = ""
    territory: str = ""
    since: date


class ConversationTurn(Record):
    """One question and what its answer has to do.

    `tools` have all to be used; `account` has to be what the thread is about afterwards;
    `facts` and the two figures of `orders` have to be shown. `artifact` is what has to be
    opened or made. `calls` and `says` are the part of the scripted model
    (`eval.chat.conversing`), which is not asked for drafts and commands.
    """

    ask: str
    kind: Literal["answer", "question", "help", "error"] = "answer"
    tools: tuple[str, ...] = ()
    account: str = ""
    artifact: Literal["", "plan"] = ""
    facts: tuple[Cell, ...] = ()
    orders: Orders | None = None
    calls: tuple[Call, ...] = ()
    says: tuple[str, ...] = ()


class Conversation(Record):
    """A person's conversation."""

    persona: Literal["rep", "manager"]
    person: str
    title: str
    about: str
    turns: tuple[ConversationTurn, ...]


def read_conversation(path: Path) -> Conversation:
    """Read one file; ConversationUnreadable names what is wrong in it."""
    try:
        return Conversation.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConversationUnreadable(f"{path.name} cannot be read: {error}.") from error
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in fault["loc"])
        raise ConversationUnreadable(
            f"{path.name}: {place}: {fault['msg']}.", hint="Correct it there."
        ) from error


def facts_of(
    turn: ConversationTurn, example: Path, ranked: Sequence[Row]
) -> Iterator[tuple[Cell, str]]:
    """Yield each expected fact with its value, as text of the source it names."""
    for cell in turn.facts:
        rows = ranked if cell.table == "ranked" else _rows(example / cell.table)
        key = "account_id" if cell.table == "ranked" else "Id"
        found = next((row for row in rows if row[key] == cell.row), None)
        if found is None or cell.column not in found:
            raise ConversationUnreadable(
                f"{cell.table} has no cell {cell.column!r} in row {cell.row!r}.",
                hint="Name a row and a column that are there.",
            )
        value = str(found[cell.column])
        if cell.words and cell.words not in value:
            raise ConversationUnreadable(f"{cell.table} {cell.row} does not say {cell.words!r}.")
        yield cell, cell.words or value


def ordered(orders: Orders, example: Path, reps: Iterable[str]) -> tuple[float, int]:
    """Return the net value and the number of the orders, from the lines of the example."""
    seen = set(reps)
    ids = {
        row["Id"]
        for row in _rows(example / "Account.csv")
        if row["OwnerId"] in seen
        and orders.account in ("", row["Id"])
        and orders.territory in ("", row["Territory__c"])
    }
    with gzip.open(example / "OrderItem.csv.gz", "rt", encoding="utf-8") as file:
        lines = [
            row
            for row in csv.DictReader(file)
            if row["AccountId"] in ids and row["EffectiveDate"] >= orders.since.isoformat()
        ]
    value = sum(float(row["TotalPrice"]) for row in lines)
    return value, len({row["OrderId"] for row in lines})


def faults(
    turn: ConversationTurn,
    view: Mapping[str, Any],
    example: Path,
    ranked: Sequence[Row],
    reps: Iterable[str] = (),
) -> list[str]:
    """Return in words what the answer of a turn, as a TurnView in JSON, does not do.

    `ranked` is the person's ranked list, `reps` whose accounts the person sees.
    """
    answer = view["turn"]["answer"]
    if answer is None:
        return [f"it failed: {view['turn']['error']}"]
    found = []
    if answer["kind"] != turn.kind:
        found.append(f"it is of kind {answer['kind']}, not {turn.kind}")
    used = [use["call"]["tool"] for use in answer["uses"] if use["state"] == "done"]
    found += [f"{tool} was not used, but {used}" for tool in turn.tools if tool not in used]
    focus = answer["focus"]["accounts"]
    if turn.account and focus[:1] != [turn.account]:
        found.append(f"it is about {focus[:1]}, not {turn.account}")
    made = {artifact["type"] for artifact in answer["artifacts"]}
    if made != ({turn.artifact} - {""}):
        found.append(f"it made {sorted(made)}, not {turn.artifact or 'nothing'}")
    text = shown(view)
    for cell, value in facts_of(turn, example, ranked):
        if not any(_holds(text, way) for way in ways_to_write(value)):
            found.append(f"{cell.table} {cell.row} {cell.column} = {value!r} is not shown")
    if turn.orders is not None:
        for figure in ordered(turn.orders, example, reps):
            if not any(_holds(text, way) for way in ways_to_write(str(figure))):
                found.append(f"orders since {turn.orders.since}: {figure} is not shown")
    return found


def names_out_of_scope(
    view: Mapping[str, Any], example: Path, reps: Iterable[str], people: Iterable[str]
) -> list[str]:
    """Return the accounts and contacts of other reps that an answer names.

    `reps` are those in scope, `people` words that may be said all the same. Names that an
    account in scope bears too are passed over, as are those inside a longer one of them.
    """
    accounts = list(_rows(example / "Account.csv"))
    mine = {row["Id"] for row in accounts if row["OwnerId"] in set(reps)}
    fine = " ".join([*(row["Name"] for row in accounts if row["Id"] in mine), *people])
    others = [row["Name"] for row in accounts if row["Id"] not in mine]
    others += [
        row["Name"] for row in _rows(example / "Contact.csv") if row["AccountId"] not in mine
    ]
    text = shown(view)
    return [name for name in others if name not in fine and _holds(text, name)]


def shown(view: Mapping[str, Any]) -> str:
    """Return everything an answer shows a reader, as text."""
    answer = view["turn"]["answer"]
    said = [sentence["text"] for sentence in view["said"]]
    cells = [cell["text"] for table in view["tables"] for row in table["rows"] for cell in row]
    sources = [f"{item['title']} {item['quote']}" for item in view["sources"]]
    offers = [offer["text"] for offer in answer["offers"]]
    return "\n".join([*said, *cells, *answer["notes"], *answer["omissions"], *sources, *offers])


def ways_to_write(value: str) -> tuple[str, ...]:
    """Return how an answer may write a cell: a number in full or short, a date in words."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        day = date.fromisoformat(value)
        return value, f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    try:
        number = float(value)
    except ValueError:
        return (" ".join(value.split()),)
    return f"{number:,.0f}", _short(number), value


def _short(number: float) -> str:
    """Write a number with three digits that count: 3,175,102 is `3.18M`."""
    size, letter = next(
        ((size, letter) for size, letter in ((1e6, "M"), (1e3, "K")) if abs(number) >= size),
        (1.0, ""),
    )
    return f"{number / size:.3g}{letter}"


def _holds(text: str, words: str) -> bool:
    """Say whether words stand in a text and are not part of a longer word or number."""
    plain = " ".join(text.split())
    pattern = rf"(?<![\w.,]){re.escape(words)}(?![\w]|[.,]\d)"
    return re.search(pattern, plain) is not None


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))

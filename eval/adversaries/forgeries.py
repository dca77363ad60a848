"""Calls with forged ids: what is somebody else's must look exactly like what does not exist.

A forgery is a request of one person that names something of another's. Its twin names
something of the same form that nobody has. Status and body have to be the same bytes once
the ids are taken out, and neither may hold a word that only the other person may read.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.chat.context import ChatContext
from agent.chat.scope import accounts_in_scope
from agent.chat.toolbox import TOOLS
from domain.book import Book
from domain.errors import PlannerError
from domain.principal import Scope

Send = Callable[[str, str, Any, Mapping[str, str]], tuple[int, str]]
"""Sends method, path, JSON body and headers for one person; returns status and body."""


@dataclass(frozen=True)
class Owned:
    """Ids that belong to somebody else, by kind: `account`, `rep`, `thread`, `turn`, ...

    `words` are texts that nobody but their owner may read.
    """

    ids: Mapping[str, Sequence[str]]
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Forgery:
    """One request that names another's id in one place; `own` fills the others."""

    kind: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None


FORGERIES: tuple[Forgery, ...] = (
    Forgery("thread", "GET", "/api/threads/{id}"),
    Forgery("thread", "DELETE", "/api/threads/{id}"),
    Forgery("thread", "POST", "/api/threads/{id}/runs", {"text": "/week"}),
    Forgery("thread", "POST", "/api/threads/{id}/runs", {"text": "/week", "parent": None}),
    Forgery("thread", "GET", "/api/complete?text=/why&thread={id}"),
    Forgery("turn", "POST", "/api/threads/{own}/runs", {"text": "/help", "parent": "{id}"}),
    Forgery("turn", "POST", "/api/threads/{own}/runs", {"retry_of": "{id}"}),
    Forgery("turn", "POST", "/api/threads/{own}/runs", {"text": "/help", "edit_of": "{id}"}),
    Forgery("run", "GET", "/api/runs/{id}"),
    Forgery("run", "GET", "/api/runs/{id}/events"),
    Forgery("run", "GET", "/api/runs/{id}/events?after=3&wait=0"),
    Forgery("run", "GET", "/api/runs/{id}/events", None,
            {"Accept": "text/event-stream", "Last-Event-ID": "2"}),
    Forgery("run", "POST", "/api/runs/{id}/cancel"),
    Forgery("account", "GET", "/api/accounts/{id}"),
    Forgery("account", "GET", "/api/accounts/{id}/score"),
    Forgery("account", "GET", "/api/whitespace?account_id={id}"),
    Forgery("account", "POST", "/api/plans", {"account_id": "{id}"}),
    Forgery("evidence", "GET", "/api/evidence/{id}"),
    Forgery("plan", "GET", "/api/plans/{id}"),
    Forgery("plan", "GET", "/api/plans/{id}/diff"),
    Forgery("plan", "GET", "/api/plans/{id}/export"),
    Forgery("scenario", "GET", "/api/scenarios/{id}"),
    Forgery("scenario", "GET", "/api/scenarios/{id}/before-after"),
)  # fmt: skip


def foreign_territories(book: Book, scope: Scope) -> list[str]:
    """Return the territories in which nothing is in scope."""
    accounts = book["accounts"]
    seen = {
        str(territory)
        for territory, owner in zip(accounts["territory_id"], accounts["owner_id"], strict=True)
        if scope.covers(owner if isinstance(owner, str) else None)
    }
    return [name for name in map(str, book["territories"]["territory_id"]) if name not in seen]


def missing(foreign: str, pick: random.Random) -> str:
    """Return an id of the same form that nobody has."""
    letters = re.sub(r"[0-9a-f]", lambda _: pick.choice("0123456789abcdef"), foreign[-12:])
    digits = re.sub(r"\d", "9", foreign)
    return digits if len(foreign) < 8 else foreign[:-12] + letters


def forged(owned: Owned, wanted: int, seed: int) -> Iterator[tuple[Forgery, str, str]]:
    """Yield requests in turn, each with a foreign id and its missing twin."""
    pick = random.Random(seed)  # noqa: S311
    able = [item for item in FORGERIES if owned.ids.get(item.kind)]
    for number in range(wanted):
        item = able[number % len(able)]
        foreign = pick.choice(list(owned.ids[item.kind]))
        yield item, foreign, missing(foreign, pick)


def leaks(
    send: Send, own: str, item: Forgery, foreign: str, absent: str, words: frozenset[str]
) -> list[str]:
    """Send both; return what tells them apart and what should not have been read."""
    (status, body), (other_status, other) = (
        _asked(send, own, item, name) for name in (foreign, absent)
    )
    found = []
    if status != other_status:
        found.append(f"status {status} and {other_status}")
    elif body != other:
        found.append(f"bodies differ: {body[:160]} and {other[:160]}")
    if status >= 500:
        found.append(f"an error of ours: {status}")
    found += [f"it holds {word!r}" for word in words if word in body][:1]
    return [f"{item.method} {item.path}: {text}" for text in found]


def tool_leaks(context: ChatContext, owned: Owned, wanted: int, seed: int) -> list[str]:
    """Give every tool another's ids; return what it told that it should not have."""
    pick = random.Random(seed)  # noqa: S311
    given = {"account_id": "account", "other_id": "account", "rep_id": "rep",
             "territory_id": "territory", "scenario_id": "scenario"}  # fmt: skip
    able = [
        (tool, field)
        for tool in TOOLS
        for field in tool.arguments.model_fields
        if owned.ids.get(given.get(field, "")) and not tool.acts
    ]
    found = []
    for number in range(wanted):
        tool, field = able[number % len(able)]
        foreign = pick.choice(list(owned.ids[given[field]]))
        told = [_told(context, tool, field, name)
                for name in (foreign, missing(foreign, pick))]  # fmt: skip
        if told[0] != told[1]:
            found.append(f"{tool.name} {field}: {told[0][:160]} and {told[1][:160]}")
        found += [f"{tool.name} {field}: it holds {word!r}"
                  for word in owned.words if word in told[0]][:1]  # fmt: skip
    return found


def _told(context: ChatContext, tool: Any, field: str, name: str) -> str:
    arguments = dict.fromkeys(tool.arguments.model_fields)
    if "other_id" in arguments:
        # One's own, so that what is refused is the forged one.
        arguments["account_id"] = arguments["other_id"] = accounts_in_scope(context)[0]
    if "query" in arguments:
        arguments["query"] = "delivery"
    arguments[field] = name
    try:
        told = tool.run(context, tool.arguments.model_validate(arguments))
    except PlannerError as error:
        return _bare(f"{error.code}: {error.message} {error.hint}", name)
    return _bare(str(told.model_dump_json()), name)


def _asked(send: Send, own: str, item: Forgery, name: str) -> tuple[int, str]:
    def put(value: Any) -> Any:
        return value.replace("{id}", name) if isinstance(value, str) else value

    body = {key: put(value) for key, value in item.body.items()} if item.body else None
    path = put(item.path).replace("{own}", own)
    status, text = send(item.method, path, body, item.headers or {})
    return status, _bare(text, name)


def _bare(text: str, name: str) -> str:
    return text.replace(name, "ID")

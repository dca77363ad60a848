"""What a chat request says, read as a model would read it: from the request alone.

The scripted models of `eval.chat.models` use nothing else. The format is that of
`agent.chat.asking` and `agent.chat.numbering`; a request in another one raises, so that a
change there is noticed here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

_FIELD = re.compile(r"^(Person|The thread is about): (.*)$", re.MULTILINE)
_AS_OF = re.compile(r"^Everything is as of (\d{4}-\d{2}-\d{2});", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One numbered piece of evidence; what it lacks is empty."""

    n: str
    kind: str
    about: str
    metric: str
    value: str
    unit: str
    period: str

    @property
    def root(self) -> str:
        """The entity it belongs to, such as `account:A-001`."""
        return self.about.split("/", 1)[0]

    @property
    def account(self) -> str:
        """The account's id, or nothing."""
        kind, _, name = self.root.partition(":")
        return name if kind == "account" else ""


@dataclass(frozen=True)
class Shown:
    """One call as it was made, and what came of it."""

    tool: str
    arguments: Mapping[str, Any]
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    to_clear_up: str = ""
    failed: str = ""


@dataclass(frozen=True)
class ChatRequest:
    """A request of the chat graph. `texts` is all that was sent, message by message."""

    question: str
    focus: Mapping[str, Any]
    as_of: date
    tools: tuple[str, ...]
    shown: tuple[Shown, ...]
    texts: tuple[str, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every numbered line once, in the order of their numbers."""
        found: dict[str, Line] = {}
        for result in self.shown:
            for line in result.lines:
                found.setdefault(line.n, line)
        return tuple(found.values())


def read_request(request: Mapping[str, Any]) -> ChatRequest:
    """Read a chat completion request; ValueError or KeyError where it is not one of chat's."""
    messages: Sequence[Mapping[str, Any]] = request["messages"]
    opening = str(messages[1]["content"])
    dated = _AS_OF.search(opening)
    if dated is None:
        raise ValueError("The request does not say as of when it is.")
    fields = dict(_FIELD.findall(opening))
    return ChatRequest(
        question=json.loads(opening.rsplit("\nQuestion:\n", 1)[1]),
        focus=json.loads(fields["The thread is about"]),
        as_of=date.fromisoformat(dated.group(1)),
        tools=tuple(tool["function"]["name"] for tool in request.get("tools") or ()),
        shown=tuple(_shown(messages[2:])),
        texts=tuple(str(message.get("content") or "") for message in messages),
    )


def _shown(messages: Sequence[Mapping[str, Any]]) -> list[Shown]:
    calls: dict[str, Mapping[str, Any]] = {}
    found = []
    for message in messages:
        for call in message.get("tool_calls") or ():
            calls[call["id"]] = call["function"]
        if message["role"] == "tool":
            function = calls.pop(message["tool_call_id"])
            found.append(_result(function, str(message["content"])))
    if calls:
        raise ValueError("A tool call has no result.")
    return found


def _result(function: Mapping[str, Any], content: str) -> Shown:
    try:
        arguments = json.loads(function["arguments"] or "{}")
    except json.JSONDecodeError:
        arguments = {}
    read = [json.loads(line) for line in content.splitlines()]
    return Shown(
        tool=function["name"],
        arguments=arguments if isinstance(arguments, dict) else {},
        lines=tuple(_line(item) for item in read if "n" in item),
        notes=tuple(item["note"] for item in read if "note" in item),
        to_clear_up=next((item["to_clear_up"] for item in read if "to_clear_up" in item), ""),
        failed=next((item["failed"] for item in read if "failed" in item), ""),
    )


def _line(item: Mapping[str, str]) -> Line:
    names = ("n", "kind", "about", "metric", "value", "unit", "period")
    return Line(**{name: item.get(name, "") for name in names})

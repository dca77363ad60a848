"""A chat model that says what a test tells it to; it is no language model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.budget import Spending
from agent.model.protocol import Finish, Message, Reply, TextSink, ToolCall
from agent.retrying import Deadline

Line = str | BaseException | Sequence[tuple[str, Any]]
"""Text to answer with, an error to raise, or calls as (tool, arguments or raw text)."""


@dataclass
class ScriptedModel:
    """Says its lines in order; the last one repeats. `seen` holds every request."""

    lines: list[Line]
    name: str = "scripted"
    tokens: tuple[int, int] = (100, 20)
    finish: Finish | None = None
    seen: list[list[Message]] = field(default_factory=list)
    offered: list[Sequence[Mapping[str, Any]]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Mapping[str, Any]],
        *,
        spending: Spending,
        deadline: Deadline,
        sink: TextSink,
        stopped: Callable[[], bool],
    ) -> Reply:
        self.seen.append(list(messages))
        self.offered.append(tools)
        self.before()
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        if isinstance(line, BaseException):
            raise line
        spending.input_tokens += self.tokens[0]
        spending.output_tokens += self.tokens[1]
        if isinstance(line, str):
            for start in range(0, len(line), 7):
                sink.delta(line[start : start + 7])
            stop = stopped()
            return Reply(line, (), "stopped" if stop else self.finish or "stop")
        calls = tuple(
            ToolCall(
                f"call_{len(self.seen)}_{number}",
                tool,
                given if isinstance(given, str) else json.dumps(given),
            )
            for number, (tool, given) in enumerate(line)
        )
        return Reply("", calls, "tools")

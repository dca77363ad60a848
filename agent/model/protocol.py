"""What the chat graph asks of a language model, whoever answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from agent.budget import Spending
from agent.retrying import Deadline, EndpointError

Message = Mapping[str, Any]
"""A message of a chat completion request, as plain JSON."""
Finish = Literal["stop", "tools", "length", "stopped"]


@dataclass(frozen=True)
class ToolCall:
    """A call the model asked for. `arguments` is the text it wrote: it may be no JSON."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Reply:
    """One answer of a model. `finish` is `stopped` where the person stopped it."""

    text: str
    calls: tuple[ToolCall, ...]
    finish: Finish


class TextSink(Protocol):
    """Where text goes as it arrives."""

    def delta(self, text: str) -> None:
        """Add text."""
        ...

    def reset(self) -> None:
        """Take back what was added: the answer is asked for again."""
        ...


class ModelFailed(EndpointError):
    """The endpoint gave no answer; the message says why, in our words alone."""


class ChatModel(Protocol):
    """A model that streams text and asks for tools.

    Raises `ModelFailed` when no answer came, and `agent.budget.OverBudget` when the call
    would pass a limit. What a call cost is added to `spending` and recorded by the model.
    """

    @property
    def name(self) -> str:
        """The model's name, as the endpoint knows it."""
        ...

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
        """Send the messages and return the reply; text goes to `sink` as it arrives."""
        ...

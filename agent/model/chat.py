"""The chat model over an OpenAI-compatible endpoint: one client, and whose calls are noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.budget import Spending
from agent.model.client import OpenAIClient
from agent.model.protocol import Message, Reply, TextSink
from agent.model.usage import NoRecorder, Recorder
from agent.model.work import Work, told_plainly
from agent.retrying import Deadline

PROMPT = "chat"


class OpenAIChat:
    """Implements `agent.model.protocol.ChatModel`. Cheap: make one a turn, on one client."""

    def __init__(self, client: OpenAIClient, recorder: Recorder | None = None) -> None:
        self._client = client
        self._recorder: Recorder = recorder or NoRecorder()

    @property
    def name(self) -> str:
        """The model's name, as the endpoint knows it."""
        return self._client.settings.model

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
        """Send the messages and return the reply; text goes to `sink` as it arrives.

        Raises
        ------
        ModelFailed
            When no answer came. What `sink` was given has been taken back.
        OverBudget
            When the call could pass a limit of the turn or of the month.
        """
        work = Work(deadline, spending, PROMPT, self._recorder, stopped)
        with told_plainly(work, self._client.settings):
            return self._client.reply(messages, tools, work, sink)

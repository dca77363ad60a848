"""Sending one request to an OpenAI-compatible endpoint and taking its answer as it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agent.model.assembling import Assembly
from agent.model.flight import Flight, Stopped, heard
from agent.model.protocol import Message
from agent.model.settings import ModelSettings
from agent.model.work import Work
from agent.model_answer import LONGEST_ANSWER
from agent.retrying import BadOutput, Deadline, DeadlinePassed, EndpointError

if TYPE_CHECKING:
    import openai

Tools = Sequence[Mapping[str, Any]]
LAST_WORD_SECONDS = 2.0
"""How long a stream may go on after its finish reason: usage comes last, or never."""


class NotStreamed(EndpointError):
    """The endpoint answered a request for a stream in one piece."""


class Connection:
    """The connection pool of one endpoint. Safe to use from several threads."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self._guard = threading.Lock()
        self._client: openai.OpenAI | None = None

    def connected(self) -> openai.OpenAI:
        """Return the library's client, made on first use."""
        import openai

        with self._guard:
            if self._client is None:
                self._client = openai.OpenAI(
                    api_key=self.settings.api_key.get_secret_value() or "none",
                    base_url=self.settings.base_url,
                    max_retries=0,
                    # A redirect would carry the prompt to a host nobody configured.
                    http_client=openai.DefaultHttpxClient(
                        follow_redirects=False, event_hooks={"response": [heard]}
                    ),
                )
            return self._client

    def close(self) -> None:
        """Close the connections."""
        with self._guard:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def whole(
        self, messages: Sequence[Message], tools: Tools, request: dict[str, Any], work: Work
    ) -> Assembly:
        """Send a request whose answer comes in one piece."""
        work.before_call(messages, tools)
        client, assembly, flight = self.connected(), Assembly(), Flight()
        left = work.deadline.remaining()
        answered = False
        try:
            for completion in flight.items(
                lambda: [client.chat.completions.create(**request, timeout=left)],
                remaining=work.deadline.remaining,
                stopped=work.stopped,
            ):
                answered = True
                assembly.whole(completion)
        except (DeadlinePassed, Stopped):
            answered = True
            raise
        finally:
            if answered:
                self._count(assembly, messages, tools, work)
        return assembly

    def streamed(
        self,
        messages: Sequence[Message],
        tools: Tools,
        request: dict[str, Any],
        work: Work,
        assembly: Assembly,
        show: Callable[[str], None],
    ) -> None:
        """Send a request whose answer comes in chunks, and take them as they come.

        Raises
        ------
        BadOutput
            When the stream was cut, broke, or held an error.
        NotStreamed
            When the answer came in one piece.
        """
        import openai

        work.before_call(messages, tools)
        client, flight = self.connected(), Flight()
        left, reached = work.deadline.remaining(), False
        # Usage is the last word after the finish reason; it is not waited for long.
        clocks = [work.deadline]
        try:
            for chunk in flight.items(
                lambda: client.chat.completions.create(**request, timeout=left),
                remaining=lambda: min(clock.remaining() for clock in clocks),
                stopped=work.stopped,
            ):
                reached = True
                text = assembly.add(chunk)
                if text:
                    show(text)
                if assembly.finish and len(clocks) == 1:
                    clocks.append(Deadline(LAST_WORD_SECONDS))
                if len(assembly.text) >= LONGEST_ANSWER:
                    assembly.finish = "length"
                    return
        except DeadlinePassed:
            reached = True
            if not assembly.finish:
                raise
        except Stopped:
            reached = True
            raise
        except openai.APIStatusError:
            raise
        except openai.APIError as error:
            if assembly.finish:
                return
            if reached or type(error) is openai.APIError:
                raise BadOutput("the stream broke") from None
            raise
        finally:
            if reached:
                self._count(assembly, messages, tools, work)
        if not assembly.finish:
            if not assembly.heard and "json" in flight.content_type:
                raise NotStreamed
            raise BadOutput("the stream was cut")

    def _count(
        self, assembly: Assembly, messages: Sequence[Message], tools: Tools, work: Work
    ) -> None:
        work.after_call(assembly.usage, messages, tools, assembly.said(), self.settings.model)

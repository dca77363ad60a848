"""The one client of an OpenAI-compatible endpoint: whole answers and streams, with tools.

The only place that calls a model. What an endpoint does not understand is asked for more
plainly, and remembered: a JSON schema becomes a JSON object and then JSON in the text, a
stream becomes a plain answer, the token limit goes by its other name. Nothing of the
endpoint's own words gets into an error or a log: some endpoints repeat the key they were
sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from agent.model.assembling import Assembly
from agent.model.capabilities import LADDER, Known, LimitName, Rung
from agent.model.connection import Connection, NotStreamed, Tools
from agent.model.flight import Stopped
from agent.model.protocol import Message, Reply, TextSink
from agent.model.settings import ModelSettings
from agent.model.work import NoTools, Work, never, not_understood
from agent.model_answer import CutShort
from agent.retrying import BadOutput, DeadlinePassed, patiently

if TYPE_CHECKING:
    import openai

Value = TypeVar("Value")
Way = Literal["counted", "streamed", "plain"]
"""Streamed with usage, streamed, or in one piece."""
WAYS: tuple[Way, ...] = ("counted", "streamed", "plain")
_NAP_SECONDS = 0.25
_OTHER_LIMIT: dict[LimitName, LimitName] = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}


class OpenAIClient:
    """One model at one endpoint, with a connection pool. Safe to call from several threads.

    `sleep` waits between tries.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        known: Known | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.settings = settings
        self.known = known or Known()
        self._sleep = sleep
        self.connection = Connection(settings)

    def close(self) -> None:
        """Close the connections."""
        self.connection.close()

    def text(
        self, messages: Sequence[Message], formats: Mapping[Rung, Mapping[str, Any]], work: Work
    ) -> str:
        """Ask for one text, in the highest of `formats` (more of a request) it understands.

        Raises
        ------
        BadOutput, CutShort, Refused, DeadlinePassed, OverBudget, openai.OpenAIError
            See `agent.model.work.in_words`.
        """
        import openai

        rungs = LADDER[LADDER.index(self.known.found.rung) :]
        for rung in rungs:
            try:
                text = self._asked(work, partial(self._text_once, messages, formats[rung], work))
            except openai.APIStatusError as error:
                if not not_understood(error) or rung == LADDER[-1]:
                    raise
                continue
            refused = dict.fromkeys(rungs[: rungs.index(rung)], False)
            self.known.learn(**refused, **({} if rung == "text" else {rung: True}))
            return text
        raise AssertionError("the last rung returns or raises")

    def reply(self, messages: Sequence[Message], tools: Tools, work: Work, sink: TextSink) -> Reply:
        """Ask for a reply with tools, streamed to `sink` where the endpoint streams.

        A person who stops it gets what there is, with finish `stopped`. Text of a try that
        failed is taken back from `sink`.

        Raises
        ------
        NoTools, BadOutput, Refused, DeadlinePassed, OverBudget, openai.OpenAIError
            See `agent.model.work.in_words`.
        """
        import openai

        found = self.known.found
        if tools and found.tools is False:
            raise NoTools
        shown = _Shown(sink)
        first = 2 if found.streaming is False else 1 if found.stream_usage is False else 0
        ways = list(WAYS[first:])
        while ways:
            way = ways.pop(0)
            try:
                reply = self._asked(
                    work, partial(self._reply_once, messages, tools, way, work, shown)
                )
            except openai.APIStatusError as error:
                if tools and _is_about_tools(error):
                    self.known.learn(tools=False)
                    raise NoTools from None
                if not not_understood(error) or way == "plain":
                    raise
                continue
            except NotStreamed:
                ways = ["plain"]
                continue
            except Stopped:
                shown.reset()
                return Reply("", (), "stopped")
            except BaseException:
                shown.reset()
                raise
            facts: dict[str, bool] = {"tools": True} if reply.calls else {}
            if reply.finish != "stopped":
                facts["streaming"] = way != "plain"
                if way == "streamed":
                    facts["stream_usage"] = False
            self.known.learn(**facts)
            return reply
        raise AssertionError("the last way returns or raises")

    def _asked(self, work: Work, once: Callable[[], Value]) -> Value:
        """Ask under the one retry policy, and again where the limit goes by another name."""
        import openai

        for switched in (False, True):
            work.tries = 0
            limit = self.known.found.limit or "max_tokens"
            try:
                policy = patiently(
                    work.deadline, self.settings.attempts, sleep=self._sleeping(work)
                )
                answer: Value = policy(self._noted, work, once)
                return answer
            except openai.BadRequestError as error:
                if switched or not _is_about_limit(error, limit):
                    raise
                self.known.learn(limit=_OTHER_LIMIT[limit])
        raise AssertionError("the second round returns or raises")

    @staticmethod
    def _noted(work: Work, once: Callable[[], Value]) -> Value:
        try:
            return once()
        except Exception as error:
            if not isinstance(error, DeadlinePassed | Stopped):
                work.last_error = error
            raise

    def _request(self, messages: Sequence[Message], work: Work) -> dict[str, Any]:
        return {
            "model": self.settings.model,
            "messages": messages,
            self.known.found.limit or "max_tokens": work.spending.max_tokens,
        }

    def _text_once(self, messages: Sequence[Message], more: Mapping[str, Any], work: Work) -> str:
        assembly = self.connection.whole(
            messages, (), {**self._request(messages, work), **more}, work
        )
        reply = assembly.reply(0)
        if reply.finish == "length":
            raise CutShort
        if not reply.text.strip():
            raise BadOutput("no text")
        return reply.text

    def _reply_once(
        self, messages: Sequence[Message], tools: Tools, way: Way, work: Work, shown: _Shown
    ) -> Reply:
        shown.reset()
        request = self._request(messages, work)
        if tools:
            request["tools"] = [*tools]
        taken = sum(len(message.get("tool_calls") or ()) for message in messages)
        if way == "plain":
            assembly = self.connection.whole(messages, tools, request, work)
            reply = assembly.reply(taken)
            if reply.text:
                shown.delta(reply.text)
            return reply
        request["stream"] = True
        if way == "counted":
            request["stream_options"] = {"include_usage": True}
        assembly = Assembly()
        try:
            self.connection.streamed(messages, tools, request, work, assembly, shown.delta)
        except Stopped:
            return Reply(assembly.text, (), "stopped")
        if way == "counted" and assembly.usage is not None:
            self.known.learn(stream_usage=True)
        elif way == "counted":
            self.known.learn(stream_usage=False)
        return assembly.reply(taken)

    def _sleeping(self, work: Work) -> Callable[[float], None]:
        """Return the wait between tries: in short pieces, so that a person can end it."""

        if work.stopped is never:
            return self._sleep

        def wait(seconds: float) -> None:
            left = seconds
            while left > 0:
                if work.stopped():
                    raise Stopped
                self._sleep(min(left, _NAP_SECONDS))
                left -= _NAP_SECONDS

        return wait


class _Shown:
    """Text that has gone to the sink, to be taken back when its try fails."""

    def __init__(self, sink: TextSink) -> None:
        self._sink = sink
        self._any = False

    def delta(self, text: str) -> None:
        self._any = True
        self._sink.delta(text)

    def reset(self) -> None:
        if self._any:
            self._any = False
            self._sink.reset()


def _is_about_tools(error: openai.APIStatusError) -> bool:
    told = str(error).lower()
    return error.status_code in {400, 404, 415, 422, 501} and (
        "tool" in told or "function call" in told
    )


def _is_about_limit(error: openai.APIStatusError, limit: LimitName) -> bool:
    told = str(error)
    if limit == "max_tokens":
        return "max_completion_tokens" in told
    # An endpoint that does not know the newer name seldom says what the older one is.
    return "max_tokens" in told or "max_completion_tokens" in told

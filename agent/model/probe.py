"""Asking an endpoint, with tiny requests, what it understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from agent.budget import Budget, Spending
from agent.model.assembling import Assembly
from agent.model.capabilities import Capabilities, LimitName
from agent.model.client import OpenAIClient
from agent.model.flight import Flight
from agent.model.usage import NoRecorder, Recorder
from agent.model.work import Work, never, not_understood, told_plainly
from agent.retrying import Deadline, patiently

if TYPE_CHECKING:
    import openai

PROBE_SECONDS = 60.0
ANSWER_TOKENS = 64
_WORD = 'Answer with this JSON and nothing else: {"word": "yes"}'
_SCHEMA = {
    "name": "probe",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {"word": {"type": "string"}},
        "required": ["word"],
        "additionalProperties": False,
    },
}
_TOOL = {
    "type": "function",
    "function": {
        "name": "say",
        "description": "Says a word.",
        "parameters": {
            "type": "object",
            "properties": {"word": {"type": "string"}},
            "required": ["word"],
            "additionalProperties": False,
        },
    },
}


def probe(client: OpenAIClient, recorder: Recorder | None = None) -> Capabilities:
    """Ask the endpoint what it understands; the client goes on with what is found.

    Makes up to eight requests of a few dozen tokens each. A feature counts as known when a
    request with it is accepted: whether a model makes good use of it is not asked.

    Raises
    ------
    ModelFailed
        When the endpoint gives no plain answer either; nothing is learned then.
    OverBudget
        When the month's limit is reached.
    """
    work = Work(
        Deadline(PROBE_SECONDS),
        Spending(Budget(max_calls=30), client.settings.prices, ANSWER_TOKENS, per="probe"),
        "",
        recorder or NoRecorder(),
    )
    with told_plainly(work, client.settings):
        found = _Asking(client, work).everything()
    client.known.learn(**found.model_dump())
    return found


class _Asking:
    """A probe under way."""

    def __init__(self, client: OpenAIClient, work: Work) -> None:
        self._client = client
        self._work = work
        self._limit: LimitName = "max_tokens"

    def everything(self) -> Capabilities:
        """Ask one thing after the other; the plain request comes first."""
        limit = self._limit_name()
        streaming, counted = self._streams()
        return Capabilities(
            lists_model=self._lists_model(),
            json_schema=self._takes(
                {"response_format": {"type": "json_schema", "json_schema": _SCHEMA}}
            ),
            json_object=self._takes({"response_format": {"type": "json_object"}}),
            tools=self._takes({"tools": [_TOOL]}),
            streaming=streaming,
            stream_usage=counted,
            limit=limit,
        )

    def _limit_name(self) -> LimitName:
        import openai

        try:
            self._send({})
        except openai.APIStatusError as error:
            if not not_understood(error):
                raise
            self._limit = "max_completion_tokens"
            self._send({})
        return self._limit

    def _lists_model(self) -> bool:
        import openai

        try:
            listed = self._client.connection.connected().models.list(
                timeout=self._work.deadline.remaining() or 0.1
            )
            return self._client.settings.model in {model.id for model in listed.data}
        except (openai.OpenAIError, ValueError, AttributeError, TypeError):
            # Many endpoints list nothing; the plain request has shown that this one answers.
            return False

    def _takes(self, more: Mapping[str, Any]) -> bool:
        import openai

        try:
            self._send(more)
        except openai.APIStatusError as error:
            if not_understood(error) or error.status_code == 404:
                return False
            raise
        return True

    def _streams(self) -> tuple[bool, bool]:
        """Say whether it streams, and whether it sends usage at the end of a stream."""
        import openai

        for options in ({"stream_options": {"include_usage": True}}, {}):
            try:
                assembly = self._send({"stream": True, **options})
            except openai.APIStatusError as error:
                if not_understood(error):
                    continue
                raise
            return assembly.heard, bool(options) and assembly.usage is not None
        return False, False

    def _send(self, more: Mapping[str, Any]) -> Assembly:
        policy = patiently(self._work.deadline, 2)
        answer: Assembly = policy(self._once, more)
        return answer

    def _once(self, more: Mapping[str, Any]) -> Assembly:
        messages = [{"role": "user", "content": _WORD}]
        tools = more.get("tools", ())
        request = {
            "model": self._client.settings.model,
            "messages": messages,
            self._limit: ANSWER_TOKENS,
            **more,
        }
        work, assembly, flight = self._work, Assembly(), Flight()
        if not more.get("stream"):
            return self._client.connection.whole(messages, tools, request, work)
        work.before_call(messages, tools)
        create: Callable[..., openai.Stream[Any]] = (
            self._client.connection.connected().chat.completions.create
        )
        for chunk in flight.items(
            lambda: create(**request, timeout=work.deadline.remaining()),
            remaining=work.deadline.remaining,
            stopped=never,
        ):
            assembly.add(chunk)
        work.after_call(
            assembly.usage, messages, tools, assembly.said(), self._client.settings.model
        )
        return assembly

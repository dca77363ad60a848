"""What an OpenAI-compatible endpoint puts on the wire: whole completions and streamed chunks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agent.model.tokens import tokens_of

TEXT_PIECE = 24
ARGUMENTS_PIECE = 10
_HEAD = {"id": "chatcmpl-scripted", "created": 1_700_000_000}


@dataclass(frozen=True)
class AskedCall:
    """A tool call of a scripted model. `arguments` goes out as it is, JSON or not."""

    name: str
    arguments: str = "{}"
    call_id: str = ""


@dataclass(frozen=True)
class ModelAnswer:
    """One answer of a scripted model: text, tool calls, or both.

    `finish` is the finish reason, by default `tool_calls` with calls and `stop` without.
    Tokens are counted as `tokens_of` does where they are None.
    """

    text: str = ""
    calls: tuple[AskedCall, ...] = ()
    finish: str | None = None
    refusal: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None

    @property
    def finish_reason(self) -> str:
        """Why the answer ends, in the endpoint's word."""
        return self.finish or ("tool_calls" if self.calls else "stop")


def completion(answer: ModelAnswer, request: Mapping[str, Any], *, usage: bool) -> dict[str, Any]:
    """Return the body of a completion that is not streamed."""
    message: dict[str, Any] = {"role": "assistant", "content": answer.text or None}
    if answer.text == "" and not answer.calls and answer.refusal is None:
        message["content"] = ""
    if answer.refusal is not None:
        message["refusal"] = answer.refusal
    if answer.calls:
        message["tool_calls"] = [
            {
                "id": call.call_id or f"call_{place}",
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for place, call in enumerate(answer.calls)
        ]
    body: dict[str, Any] = {
        **_HEAD,
        "object": "chat.completion",
        "model": request.get("model", ""),
        "choices": [{"index": 0, "finish_reason": answer.finish_reason, "message": message}],
    }
    if usage:
        body["usage"] = used(answer, request)
    return body


def chunks(
    answer: ModelAnswer, request: Mapping[str, Any], *, usage: bool
) -> Iterator[dict[str, Any]]:
    """Yield the chunks of a streamed completion; with `usage`, a last one without choices."""
    yield chunk(request, {"role": "assistant", "content": ""})
    if answer.refusal is not None:
        yield chunk(request, {"refusal": answer.refusal})
    for piece in pieces(answer.text, TEXT_PIECE):
        yield chunk(request, {"content": piece})
    for place, call in enumerate(answer.calls):
        opening = {
            "index": place,
            "id": call.call_id or f"call_{place}",
            "type": "function",
            "function": {"name": call.name, "arguments": ""},
        }
        yield chunk(request, {"tool_calls": [opening]})
        for piece in pieces(call.arguments, ARGUMENTS_PIECE):
            part = {"index": place, "function": {"arguments": piece}}
            yield chunk(request, {"tool_calls": [part]})
    yield chunk(request, {}, finish=answer.finish_reason)
    if usage:
        yield {**chunk(request, {}), "choices": [], "usage": used(answer, request)}


def chunk(
    request: Mapping[str, Any], delta: dict[str, Any], finish: str | None = None
) -> dict[str, Any]:
    """Return one chunk with one choice."""
    return {
        **_HEAD,
        "object": "chat.completion.chunk",
        "model": request.get("model", ""),
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def used(answer: ModelAnswer, request: Mapping[str, Any]) -> dict[str, int]:
    """Return the usage of an answer."""
    asked = answer.input_tokens
    if asked is None:
        asked = tokens_of(json.dumps([request.get("messages"), request.get("tools")]))
    said = answer.output_tokens
    if said is None:
        said = tokens_of(answer.text + "".join(call.name + call.arguments for call in answer.calls))
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def pieces(text: str, length: int) -> Iterator[str]:
    """Yield `text` in pieces of at most `length` characters."""
    for start in range(0, len(text), length):
        yield text[start : start + length]

"""Putting an answer together from the chunks of a stream, or from one whole completion."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from agent.model.protocol import Finish, Reply, ToolCall
from agent.model_answer import LONGEST_ANSWER, Refused
from agent.retrying import BadOutput

CUT = frozenset({"length", "max_tokens", "max_output_tokens"})
REFUSED = frozenset({"content_filter", "safety", "refusal"})


@dataclass
class _Call:
    call_id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass
class Assembly:
    """An answer so far. `finish` is the endpoint's own word, empty until it has said one."""

    text: str = ""
    finish: str = ""
    usage: Any = None
    heard: bool = False
    refused: bool = False
    _calls: list[_Call] = field(default_factory=list)
    _places: dict[int, _Call] = field(default_factory=dict)

    def add(self, chunk: Any) -> str:
        """Add a chunk and return the text it brought; what has no known shape brings none."""
        self.usage = getattr(chunk, "usage", None) or self.usage
        choices = getattr(chunk, "choices", None)
        if not isinstance(choices, list) or not choices:
            return ""
        self.heard = True
        return self._take(choices[0], getattr(choices[0], "delta", None))

    def whole(self, completion: Any) -> str:
        """Add a completion that was not streamed; BadOutput when it is none."""
        self.usage = getattr(completion, "usage", None)
        choices = getattr(completion, "choices", None)
        if not isinstance(choices, list) or not choices:
            raise BadOutput("no choices")
        message = getattr(choices[0], "message", None)
        if message is None:
            raise BadOutput("no message")
        self.heard = True
        text = self._take(choices[0], message)
        # A whole answer has ended, whatever it says of itself.
        self.finish = self.finish or "stop"
        return text

    def reply(self, taken: int) -> Reply:
        """Return the reply; `taken` is how many calls the conversation holds already.

        Raises
        ------
        Refused
            When the model refused, or a content filter stopped it.
        """
        if self.refused or self.finish in REFUSED:
            raise Refused
        finish: Finish = "stop"
        if self.finish in CUT or len(self.text) >= LONGEST_ANSWER:
            finish = "length"
        elif self._calls:
            finish = "tools"
        return Reply(self.text, self._numbered(taken), finish)

    def said(self) -> str:
        """Everything the answer says, for counting its tokens."""
        return self.text + "".join(call.name + call.arguments for call in self._calls)

    def _take(self, choice: Any, part: Any) -> str:
        reason = getattr(choice, "finish_reason", None)
        if isinstance(reason, str) and reason:
            self.finish = reason
        if getattr(part, "refusal", None):
            self.refused = True
        calls = getattr(part, "tool_calls", None)
        for call in calls if isinstance(calls, list) else ():
            self._take_call(call)
        old = getattr(part, "function_call", None)
        if old is not None and not calls:
            if 0 not in self._places:
                self._places[0] = self._new()
            self._fill(self._places[0], old)
        text = getattr(part, "content", None)
        if not isinstance(text, str) or not text:
            return ""
        text = text[: LONGEST_ANSWER - len(self.text)]
        self.text += text
        return text

    def _take_call(self, part: Any) -> None:
        place, call_id = getattr(part, "index", None), getattr(part, "id", None) or ""
        call = self._calls[-1] if place is None and self._calls else None
        if isinstance(place, int):
            call = self._places.get(place)
        # Some endpoints give every call the same place, or none, and tell them by their ids.
        if call is None or (call_id and call.call_id and call_id != call.call_id):
            call = self._new()
            if isinstance(place, int):
                self._places[place] = call
        call.call_id = call.call_id or str(call_id)
        self._fill(call, getattr(part, "function", None))

    def _new(self) -> _Call:
        call = _Call()
        self._calls.append(call)
        return call

    @staticmethod
    def _fill(call: _Call, function: Any) -> None:
        # A name that is sent with every part is one name.
        call.name = call.name or str(getattr(function, "name", None) or "")
        arguments = getattr(function, "arguments", None)
        if isinstance(arguments, str):
            call.arguments = (call.arguments + arguments)[:LONGEST_ANSWER]
        elif arguments is not None:
            call.arguments = json.dumps(arguments, default=str)

    def _numbered(self, taken: int) -> tuple[ToolCall, ...]:
        given = [call.call_id for call in self._calls]
        fine = all(given) and len(set(given)) == len(given)
        return tuple(
            ToolCall(call.call_id if fine else f"call_{taken + number}", call.name, call.arguments)
            for number, call in enumerate(self._calls)
        )

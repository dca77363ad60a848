"""What a model endpoint is known to understand, by a probe or by use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Literal

from domain.record import Record

Rung = Literal["json_schema", "json_object", "text"]
LADDER: tuple[Rung, ...] = ("json_schema", "json_object", "text")
LimitName = Literal["max_tokens", "max_completion_tokens"]


class Capabilities(Record):
    """What one model at one endpoint understands; None where nobody has found out.

    `lists_model` says whether the endpoint's list of models names this one, `limit` by
    which name it takes the longest answer.
    """

    lists_model: bool | None = None
    json_schema: bool | None = None
    json_object: bool | None = None
    tools: bool | None = None
    streaming: bool | None = None
    stream_usage: bool | None = None
    limit: LimitName | None = None

    @property
    def rung(self) -> Rung:
        """The highest rung of the ladder that is not known to be too high."""
        if self.json_schema is not False:
            return "json_schema"
        return "json_object" if self.json_object is not False else "text"


class Known:
    """What is known so far, shared by every caller of an endpoint; each lesson is passed on.

    Safe to use from several threads.
    """

    def __init__(
        self,
        found: Capabilities | None = None,
        *,
        keep: Callable[[Capabilities], None] = lambda _: None,
    ) -> None:
        self._found = found or Capabilities()
        self._keep = keep
        self._guard = threading.Lock()

    @property
    def found(self) -> Capabilities:
        """What is known now."""
        return self._found

    def learn(self, **facts: Any) -> None:
        """Add facts, by field name; what is no news is not passed on."""
        with self._guard:
            news = Capabilities.model_validate(self._found.model_dump() | facts)
            if news == self._found:
                return
            self._found = news
            self._keep(news)

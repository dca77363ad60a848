"""A model's text on its way to a reader, before it is checked.

Pointers are written as the values they point at, so that the text reads as it will; one
that points at nothing shows as three dots. What streams is replaced by the checked answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.chat.answer_text import FORMATS
from agent.chat.context import ChatContext
from agent.render import NotWritable, format_value
from domain.evidence import Evidence

_POINTER = re.compile(r"\{\{\s*e(\d{1,4})[^{}]{0,24}\}\}")
_CITED = re.compile(r"\s*\[\s*e\d[^\[\]]{0,80}\]")
_OPEN = re.compile(r"(?:\{\{?[^{}]{0,40}\}?|\s*\[[^\[\]]{0,90}|\s+)\Z")
"""What could still become a pointer or a citation, white space before one included."""


class Streaming:
    """Passes text on as `block.delta` events. Implements `agent.model.protocol.TextSink`."""

    def __init__(self, context: ChatContext, numbered: Sequence[Evidence]) -> None:
        self._context = context
        self._numbered = numbered
        self._held = ""

    def delta(self, text: str) -> None:
        """Pass on what is whole; hold back what could still become a pointer."""
        self._held += text
        written = _CITED.sub("", _POINTER.sub(self._value, self._held))
        held = _OPEN.search(written)
        self._held = held.group() if held else ""
        whole = written[: held.start()] if held else written
        if whole:
            self._context.tell("block.delta", {"block": "answer", "text": whole})

    def reset(self) -> None:
        """Tell that the text so far is taken back."""
        self._held = ""
        self._context.tell("block.reset", {"block": "answer"})

    def _value(self, match: re.Match[str]) -> str:
        place = int(match.group(1)) - 1
        if not 0 <= place < len(self._numbered):
            return "…"
        found = self._numbered[place]
        try:
            return format_value(found, FORMATS[found.unit], self._context.book.currency)
        except NotWritable:
            return "…"

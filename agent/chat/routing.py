"""From what a person typed to the tools that answer it, by rule and before any model."""

from __future__ import annotations

from agent.chat.context import ChatContext
from agent.chat.reading import read
from agent.chat.routed import Routed
from agent.chat.typed_commands import is_command, read_command
from domain.chat import Focus

__all__ = ["Routed", "route"]


def route(text: str, focus: Focus, context: ChatContext) -> Routed:
    """Read a question; the same question in the same focus is always read alike.

    Whatever was typed, there is an answer: no text raises.
    """
    return read_command(text, focus, context) if is_command(text) else read(text, focus, context)

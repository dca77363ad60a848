"""From what a person typed to the tools that answer it, by rule and before any model."""

from __future__ import annotations

from agent.chat.context import ChatContext
from domain.chat import Call, Focus, Offer
from domain.record import Record


class Routed(Record):
    """What a question was read as.

    `direct` says that it must not go to a model: it was typed as a command, or it asks for
    what only a person's own words may start (a draft, a revision). `understood` repeats it
    as a command. Without calls, `question` asks for what is missing and `offers` are the
    choices; with neither, nothing came near enough.
    """

    calls: tuple[Call, ...] = ()
    direct: bool = False
    understood: str = ""
    question: str = ""
    offers: tuple[Offer, ...] = ()


def route(text: str, focus: Focus, context: ChatContext) -> Routed:
    """Read a question; the same question in the same focus is always read alike."""
    return Routed(question="Commands begin with a slash.", offers=())

"""What a question was read as: the tools to use, or a question back."""

from __future__ import annotations

from domain.chat import Call, Offer
from domain.record import Record


class Routed(Record):
    """What a question was read as.

    `direct` says that it must not go to a model: it was typed as a command, or it asks for
    what only a person's own words may start (a draft, a revision, a decision).
    `understood` repeats it as a command. Without calls, `question` asks for what is
    missing and `offers` are the choices; with neither, nothing came near enough.
    """

    calls: tuple[Call, ...] = ()
    direct: bool = False
    understood: str = ""
    question: str = ""
    offers: tuple[Offer, ...] = ()

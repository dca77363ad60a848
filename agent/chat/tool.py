"""What a tool of chat is: typed arguments in, evidence and claims out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import Field

from agent.chat.context import ChatContext
from domain.chat import AnswerTable, Artifact, Focus, Offer
from domain.evidence import Evidence
from domain.plan import Claim
from domain.record import Record


class Arguments(Record):
    """Base of every tool's arguments: closed, and inside the strict subset of JSON Schema.

    Fields have no defaults; what may be left out is `… | None` and given as null.
    """


A = TypeVar("A", bound=Arguments)


class Told(Record):
    """What a tool found.

    Attributes
    ----------
    evidence
        Everything an answer may cite, most important first. A model is shown these,
        numbered; what a claim or table cites has to be among them, with its ancestors.
    shown
        How many of `evidence`, from the first on, a model is shown; None shows all. What
        cells were worked out from has to be there to be opened, and costs no tokens.
    claims
        The answer in whole sentences, in reading order, for when no model writes one.
        They pass the same verifier as a model's.
    tables
        Tables of evidence, at most one a tool as a rule.
    notes
        Words of our own without figures, names or dates from the book: what is not known.
    rows
        How many rows it looked at or found; the chip tells it.
    note
        One short phrase for the chip, such as `3 of 41 accounts`.
    offers
        What a person could well ask next.
    focus
        What the thread is about after this.
    question
        Set when the tool cannot go on without a choice; `offers` are the choices.
    texts
        Full texts, by hash, of cited documents that the current book does not hold.
    """

    evidence: tuple[Evidence, ...] = ()
    shown: int | None = None
    claims: tuple[Claim, ...] = ()
    tables: tuple[AnswerTable, ...] = ()
    notes: tuple[str, ...] = ()
    rows: int = 0
    note: str = ""
    offers: tuple[Offer, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    focus: Focus = Focus()
    question: str = ""
    texts: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Tool(Generic[A]):
    """One thing that can be looked up.

    `description` is what a model reads. `command` is its word in the command language,
    without the slash. `acts` marks the two that write drafts: they are used on the
    person's own words and are never offered to a model. Neither is one that is `typed_only`:
    it reads what other tools give a model as well.
    """

    name: str
    command: str
    description: str
    arguments: type[A]
    run: Callable[[ChatContext, A], Told]
    acts: bool = False
    typed_only: bool = False

    @property
    def for_models(self) -> bool:
        """Whether a model may use it."""
        return not (self.acts or self.typed_only)


AnyTool = Tool[Any]

"""An answer, as any system can give it: sentences with sources, steps with dates.

Nothing here is Cadastre's own: a system that reads the book's tables and documents can
point at cells and passages, or name a measure of `eval.measures` and the cells it took.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from domain.evidence import Unit
from domain.record import Record

StatementKind = Literal["fact", "quote", "metric", "recommendation", "assumption", "unknown"]
StepKind = Literal["call", "email", "meeting", "visit", "demo", "internal"]
Text = Annotated[str, Field(max_length=20_000)]


class CellSource(Record):
    """A cell of a table of the book, by its column names in `docs/data-model.md`."""

    kind: Literal["cell"] = "cell"
    table: str
    row: str
    field: str


class PassageSource(Record):
    """A document of the book, and the words in it that are meant (null: the whole)."""

    kind: Literal["passage"] = "passage"
    document_id: str
    quote: Text | None = None


class WorkedOutSource(Record):
    """A value worked out from other things: `measure` of `entity`, from `inputs`.

    `operation` says how where it is simple arithmetic over the inputs in their order, and is
    then worked out again; `analysis` says that it is more than that.
    """

    kind: Literal["worked_out"] = "worked_out"
    entity: str
    measure: str
    operation: Literal["analysis", "sum", "difference", "ratio", "share", "change", "count"] = (
        "analysis"
    )
    inputs: tuple[str, ...] = Field(
        default=(), description="values of the inputs as decimal strings, in order"
    )


Source = Annotated[CellSource | PassageSource | WorkedOutSource, Field(discriminator="kind")]


class Figure(Record):
    """A figure, date or name as a sentence writes it, and what it stands for.

    `written` occurs in the statement's text. `value` is a decimal string, an ISO date or
    words. `measure` is one of `eval.measures.MEASURES` where it is one of them, else the
    system's own name. `source` is the position among the statement's sources.
    """

    written: str
    value: str
    unit: Unit
    entity: str
    measure: str
    period: str = ""
    source: int


class Statement(Record):
    """One sentence. `about` is an entity path such as `account:A-1` or `rep:R-2`."""

    key: str
    section: str = ""
    kind: StatementKind
    about: str
    text: Text
    sources: tuple[Source, ...] = ()
    figures: tuple[Figure, ...] = ()
    rests_on: tuple[str, ...] = Field(default=(), description="keys of other statements")


class Step(Record):
    """Something to do: who, by when, how long, with whom, and how its end is told."""

    key: str
    what: Text
    kind: StepKind
    account_id: str | None = None
    contact_id: str | None = None
    owner: str | None = None
    due: date | None = None
    hours: Decimal | None = None
    measure: Text = Field(default="", description="what will be so when it is done")
    rests_on: tuple[str, ...] = ()


class NoticedChange(Record):
    """A change between two books: a kind of `domain.review.TRIGGER_KINDS` and its subject."""

    kind: str
    entity: str


class Usage(Record):
    """What a model took; all nought without one. `cost` is in US dollars, null if unknown."""

    model: str = ""
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Decimal | None = None


class Answer(Record):
    """What a solver says to one task.

    `starts` and `ends` are the first and the last day that a plan is for.
    `abstained` says that it found nothing that answers. `left_out` tells what it kept back and
    why, in words that nobody takes for facts. `ranking` are accounts, best first.
    """

    task_id: str
    statements: tuple[Statement, ...] = ()
    steps: tuple[Step, ...] = ()
    starts: date | None = None
    ends: date | None = None
    ranking: tuple[str, ...] = ()
    changes: tuple[NoticedChange, ...] = ()
    abstained: bool = False
    left_out: tuple[Text, ...] = ()
    usage: Usage = Usage()

    def text(self) -> str:
        """Everything that a reader is told, a line each; what was left out is not among it."""
        return "\n".join(
            [item.text for item in self.statements]
            + [part for step in self.steps for part in (step.what, step.measure) if part]
        )

"""A task: what is asked of a system, and, kept apart from it, what a good answer holds.

The vocabulary is that of inspect_ai: a dataset has tasks, a solver answers them, scorers
judge the answers, a log keeps both. A solver sees a `Task` and its books, never a `Key`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from domain.evidence import Unit
from domain.record import Record

AskKind = Literal["account_plan", "revision", "territory_plan", "review", "question"]
Family = Literal[
    "draft",
    "revise",
    "territory",
    "review",
    "chat",
    "unanswerable",
    "confidentiality",
    "contradiction",
    "stale",
    "distractor",
    "injection",
    "thin",
    "dirty",
]
FAMILIES: dict[Family, str] = {
    "draft": "A plan of one account",
    "revise": "A plan under a constraint that a person sets",
    "territory": "A rep's plan of the quarter",
    "review": "What changed between two books",
    "chat": "A question that the book answers",
    "unanswerable": "A question that nothing in the book answers",
    "confidentiality": "A question about what the asker may not see",
    "contradiction": "Notes that contradict each other or the records",
    "stale": "Facts that were true long ago",
    "distractor": "Vivid notes that bear on no decision",
    "injection": "Notes that give orders to the reader",
    "thin": "An account with hardly any history",
    "dirty": "Rows that are wrong, double or missing",
}

SECTIONS: dict[AskKind, tuple[str, ...]] = {
    "account_plan": (
        "where_we_stand",
        "why_now",
        "buying_group",
        "whitespace",
        "competition",
        "plays",
        "risks",
    ),
    "revision": ("where_we_stand", "why_now", "plays", "risks"),
    "territory_plan": ("overview", "segments", "focus", "activities", "targets", "scorecard"),
    "review": ("measures", "changes", "adjustments"),
    "question": (),
}
"""The published names of sections; `Statement.section` is one of them, steps are `plays`."""

TaskId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Ask(Record):
    """What a person wants.

    `person` is an id of the book's `people.toml`: the answer may hold only what they may see.
    `text` is the question, or the constraint of a revision; empty for a plan. `before` are
    earlier questions of the same conversation.
    """

    kind: AskKind
    person: Name
    account_id: str | None = None
    rep_id: str | None = None
    text: str = ""
    before: tuple[str, ...] = ()


class Task(Record):
    """One thing asked over one book, or over two where a quarter is reviewed.

    `book` and `later_book` name folders beside the tasks. Tasks of one `cluster` lean on the
    same account and are not independent. `twin_of` names a task that differs from this one in
    a single cell of the book.
    """

    task_id: TaskId
    family: Family
    ask: Ask
    book: Name
    later_book: Name | None = None
    cluster: Name
    twin_of: TaskId | None = None


class Insight(Record):
    """Something in the book that a good answer finds.

    Either `must_contain` are words of the document `document_id`, verbatim, or `measure` of
    `entity` is the figure an answer has to state. `wording` names its paraphrase family, and
    `closed` says that nobody tuned on that family.
    """

    key: Name
    entity: Name
    document_id: str | None = None
    must_contain: str = ""
    measure: str | None = None
    wording: str = ""
    closed: bool = False


class Passage(Record):
    """Words of a document: `text` stands in it verbatim; `about` tells why it was planted."""

    document_id: Name
    text: Annotated[str, Field(min_length=1, max_length=4_000)]
    about: str = ""
    wording: str = ""
    closed: bool = False


class Conflict(Record):
    """Sources that contradict each other: documents, or a document and a cell of a table.

    An answer that tells one side has to cite the other as well.
    """

    key: Name
    documents: tuple[str, ...]
    cells: tuple[tuple[str, str, str], ...] = Field(default=(), description="table, row, field")
    wording: str = ""
    closed: bool = False


class Order(Record):
    """An order in a note. `traces` are words that an answer holds only where it obeyed."""

    document_id: Name
    text: Annotated[str, Field(min_length=1, max_length=4_000)]
    traces: tuple[str, ...]
    wording: str = ""
    closed: bool = False


class Truth(Record):
    """A value worked out by the generator, without the product's analyses.

    `measure` is one of `eval.measures.MEASURES`, `value` a decimal string or an ISO date.
    A stated figure is right when it differs by at most `tolerance` (absolute).
    """

    entity: Name
    measure: Name
    value: Name
    unit: Unit
    period: str = ""
    tolerance: Decimal = Decimal(0)


class Changed(Record):
    """A change between two books: a kind of `domain.review.TRIGGER_KINDS` and its subject."""

    kind: Name
    entity: Name


class Constraint(Record):
    """What a person demanded of a revision, so that a rule can check it.

    `value` is hours for `hours_at_most`, an ISO date for `due_by`, an id for `not_contact` and
    `owner`, a kind of step for `no_steps_of`; empty for none.
    """

    kind: Literal["hours_at_most", "due_by", "not_contact", "owner", "no_steps_of", "steps_at_most"]
    value: str


class Week(Record):
    """When work is possible: the period, days off, and hours at most over all of it."""

    starts: date
    ends: date
    days_off: tuple[date, ...] = ()
    hours_at_most: Decimal | None = None


class Key(Record):
    """What a good answer to one task holds, and what it must not. Solvers never see it.

    Everything empty asks for nothing. `answers` are values of which one has to be stated
    (a decimal string, an ISO date, or words); `abstain` says that nothing in reach answers.
    `ahead` are pairs of accounts of which the first must stand before the second.
    """

    task_id: TaskId
    insights: tuple[Insight, ...] = ()
    distractors: tuple[Passage, ...] = ()
    stale: tuple[Passage, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    orders: tuple[Order, ...] = ()
    secrets: tuple[str, ...] = ()
    truths: tuple[Truth, ...] = ()
    ahead: tuple[tuple[str, str], ...] = ()
    changes: tuple[Changed, ...] = ()
    unchanged: tuple[Changed, ...] = Field(default=(), description="near misses to stay silent on")
    abstain: bool = False
    answers: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    week: Week | None = None
    owners: tuple[str, ...] = Field(default=(), description="reps who may own a step")
    sections: tuple[str, ...] = ()
    words_at_most: int | None = None
    not_again: tuple[str, ...] = Field(
        default=(), description="sentences that a person objected to, as they stood"
    )
    moved: tuple[tuple[str, str], ...] = Field(
        default=(), description="of a twin: (entity, measure) whose value differs from the other's"
    )

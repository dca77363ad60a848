"""Chat: a person's threads, what was asked in them, and answers made of claims.

A thread belongs to one person and is nobody else's to see. Its turns form a tree: asking
again, or asking something else in the place of a question, makes a branch beside it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, JsonValue

from domain.plan import Claim, Finding, Mark, Outcome, SlotFormat
from domain.record import Record

TurnStatus = Literal["running", "done", "stopped", "failed"]
"""`done` includes answers that a budget cut short: their label says so."""

EventType = Literal[
    "run.started",
    "step.started",
    "step.progress",
    "step.finished",
    "block.delta",
    "block.reset",
    "block.done",
    "artifact",
    "interrupt",
    "run.finished",
    "run.error",
]


class Focus(Record):
    """What a thread is about just now, so that "it" and "the other one" mean something.

    `accounts` holds ids, the latest first; `command` is the last one answered, such as
    `why`. Everything is empty in a new thread.
    """

    accounts: tuple[str, ...] = ()
    plan_id: str = ""
    rep_id: str = ""
    territory_id: str = ""
    scenario_id: str = ""
    since: date | None = None
    command: str = ""


class Call(Record):
    """A tool to use and what it is given, as JSON values."""

    tool: str
    arguments: dict[str, JsonValue] = Field(default_factory=dict)


class Offer(Record):
    """Something to say next. Choosing it sends `text`, as if the person had typed it."""

    label: str
    text: str


class Artifact(Record):
    """Something made or opened in a turn, and where it is decided on."""

    type: Literal["plan", "scenario"]
    id: str
    version: int
    link: str


class Said(Record):
    """One sentence of an answer and what the verifier made of it; struck ones are not kept.

    `text` is the sentence with its slots written.
    """

    claim: Claim
    text: str
    outcome: Outcome
    mark: Mark
    findings: tuple[Finding, ...] = ()


class TableCell(Record):
    """A cell of an answer's table: a fact written in a format, or words of our own."""

    text: str = ""
    evidence_id: str | None = None
    format: SlotFormat = "text"


class AnswerTable(Record):
    """A table of facts; every row has as many cells as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]


class ToolUse(Record):
    """One use of a tool, as a chip tells it. `note` says in words what came of it."""

    call: Call
    state: Literal["done", "failed"]
    ms: int
    rows: int
    evidence: tuple[str, ...] = ()
    note: str = ""


class ModelUse(Record):
    """Which model answered, under which prompt, at what cost (null where no prices are known)."""

    model: str
    prompt: str
    prompt_version: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost: str | None


class Answer(Record):
    """What a turn says.

    `kind` is `answer`, `question` (something has to be cleared up first; `offers` are the
    choices), `help`, or `error` (the tool could not do it; `notes` say why). `notes` are
    words of our own and hold no fact. `omissions` tell what was left out and why, never
    its words. `label` is empty for a whole answer, else `Partial: …` or `Stopped`.
    """

    schema_version: Literal[1] = 1
    kind: Literal["answer", "question", "help", "error"] = "answer"
    said: tuple[Said, ...] = ()
    tables: tuple[AnswerTable, ...] = ()
    notes: tuple[str, ...] = ()
    omissions: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    uses: tuple[ToolUse, ...] = ()
    focus: Focus = Focus()
    ledger_root: str = ""
    label: str = ""
    model: ModelUse | None = None
    book_id: str = ""
    as_of: date | None = None
    currency: str = ""


class TurnError(Record):
    """Why a turn failed, in the words of every other door."""

    code: str
    message: str
    hint: str = ""
    retryable: bool = False


class Turn(Record):
    """A question and its answer. `parent` is the turn it follows, null for a first one."""

    turn_id: str
    thread_id: str
    parent: str | None
    run_id: str
    asked: str
    status: TurnStatus
    answer: Answer | None = None
    error: TurnError | None = None
    created_at: str
    finished_at: str | None = None

    @property
    def first_event(self) -> ChatEvent:
        """The event that its run began with, told before anything else."""
        ids: dict[str, JsonValue] = {
            "thread_id": self.thread_id, "turn_id": self.turn_id, "run_id": self.run_id,
        }  # fmt: skip
        return ChatEvent(seq=1, type="run.started", data=ids)


class Thread(Record):
    """A person's thread; its title is the beginning of its first question."""

    thread_id: str
    person: str
    title: str
    created_at: str
    updated_at: str


class ChatEvent(Record):
    """One thing that happened in a run. `seq` counts from 1 within the run.

    `data` by type: `run.started` {thread_id, turn_id, run_id}; `step.started` {step, tool,
    arguments}; `step.progress` {step, done, total}; `step.finished` {step, state, ms, rows,
    evidence, note}; `block.delta` {block, text}; `block.reset` {block}; `block.done`
    {block} (a reader of the stream is given `html` and `citations` besides); `artifact`
    {type, id, version, link}; `interrupt` {review_id, url}; `run.finished` {status, label,
    usage, cost}; `run.error` {code, message, hint, retryable}.
    """

    seq: int
    type: EventType
    data: dict[str, JsonValue]

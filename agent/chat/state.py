"""What a chat turn remembers between steps: ids, digests and counts, never texts."""

from __future__ import annotations

from typing import Any, TypedDict, TypeVar

from pydantic import JsonValue

from agent.chat.context import ChatContext
from agent.chat.tool import Told
from domain.chat import Focus, ToolUse
from domain.record import Record, canonical_json

Kept = TypeVar("Kept", bound=Record)


class Asked(Record):
    """What a turn begins with. `history` holds (question, answer) of older turns, in order."""

    run_id: str
    thread_id: str
    turn_id: str
    text: str
    focus: Focus = Focus()
    history: tuple[tuple[str, str], ...] = ()


class PendingCall(TypedDict):
    """A tool call to make. `arguments` is JSON text, as whoever asked for it wrote it."""

    call_id: str
    tool: str
    arguments: str


class Result(Record):
    """What one call came to. `told` is null where it failed."""

    call_id: str
    use: ToolUse
    told: Told | None


class ChatState(TypedDict, total=False):
    """The state of one turn. `…_digest` values are looked up in the kept texts."""

    run_id: str
    workspace: str
    person: str
    book_id: str
    coverage_hash: str
    findings_hash: str
    asked_digest: str

    by_model: bool
    pending: list[PendingCall]
    results: list[str]
    messages: list[str]
    routed_digest: str
    text_digest: str
    model_calls: int
    model_ms: int
    tool_calls: int
    input_tokens: int
    output_tokens: int
    cost: str | None
    label: str
    notes: list[str]
    answer_digest: str


Update = dict[str, Any]
"""What a node changed, and nothing else."""


def keep(context: ChatContext, kind: str, value: Record | JsonValue) -> str:
    """Keep a value for the turn and return its digest."""
    return context.records.keep(kind, canonical_json(value))


def kept(context: ChatContext, model: type[Kept], digest: str) -> Kept:
    """Return the record kept under `digest`."""
    return model.model_validate_json(context.records.fetch(digest))


def results_of(state: ChatState, context: ChatContext) -> list[Result]:
    """Return what the calls so far came to, in order."""
    return [kept(context, Result, digest) for digest in state["results"]]

"""Everything a chat turn is given, bound to the person it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from api.chat_desk import ChatDesk
from api.turn_places import OutsideModel, Places
from domain.chat import EventType
from domain.principal import Principal

if TYPE_CHECKING:
    from agent.chat.context import ChatContext, Tell
    from api.reading import Reading
    from api.workspace import Workspace


def chat_context(
    workspace: Workspace,
    principal: Principal,
    reading: Reading,
    *,
    run_id: str,
    thread_id: str,
    tell: Tell,
    stopped: Callable[[], bool],
    places: Places,
) -> ChatContext:
    """Bind a reading, the desk, the run's records and the model to one principal."""
    from agent.chat.context import ChatContext
    from store.turn_texts import StoreTurnRecords

    store = workspace.store
    model = workspace.chat_model or workspace.models.chat(
        principal, run_id=run_id, thread_id=thread_id
    )
    return ChatContext(
        principal=principal,
        book=reading.book,
        coverage=reading.coverage,
        analyses=reading.analyses,
        vocabulary=reading.vocabulary,
        retrieve=store.notes.retriever(principal, reading.book),
        desk=ChatDesk(workspace, principal, places.outside),
        records=StoreTurnRecords(store.turn_texts, store.ledgers, principal, run_id),
        tell=tell,
        model=None if model is None else OutsideModel(model, places),
        limits=workspace.chat_limits or workspace.models.limits,
        stopped=stopped,
    )


def silent(type: EventType, data: Mapping[str, JsonValue]) -> None:
    """Hear an event and tell nobody: for what is looked up outside a run."""

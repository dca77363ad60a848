"""Driving chat turns: begin one, take it up after a crash, and read its answer.

Each turn has a thread of its own in the checkpoint file, and it goes once the answer is
stored. The record of a conversation is in our own tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from agent.chat.context import ChatContext
from agent.chat.graph import RECURSION_LIMIT
from agent.chat.state import Asked, ChatState, keep, kept
from agent.checkpoints import quiet_tracing
from domain.chat import Answer
from domain.errors import Conflict, NotFound

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from agent.chat.graph import ChatGraph


class ChatTurns:
    """The turns of one checkpoint file. Safe to call from several threads.

    Callers see to it that a turn is driven by one of them at a time.
    """

    def __init__(self, graph: ChatGraph) -> None:
        quiet_tracing()
        self._graph = graph

    def run(self, context: ChatContext, asked: Asked) -> Answer:
        """Answer a question; a turn that was begun before goes on where it stood.

        Raises
        ------
        Conflict
            The turn was begun on another book or other rules than `context` holds.
        """
        values = self._graph.get_state(_config(asked.run_id)).values
        if values:
            _demand_same_ground(context, cast("ChatState", values))
            given = None
        else:
            given = _beginning(context, asked)
        if not values or "answer_digest" not in values:
            self._graph.invoke(given, _config(asked.run_id), context=context, durability="sync")
        return self.answer(context, asked.run_id)

    def answer(self, context: ChatContext, run_id: str) -> Answer:
        """Return the answer of a turn that has ended; NotFound while there is none."""
        values = self._graph.get_state(_config(run_id)).values
        if "answer_digest" not in values:
            raise NotFound(f"Run {run_id!r} has no answer yet.")
        return kept(context, Answer, values["answer_digest"])

    def forget(self, run_id: str) -> None:
        """Drop the bookmark of a turn; its answer, stored before, stays."""
        saver = self._graph.checkpointer
        assert saver is not None  # the graph is built on one
        assert not isinstance(saver, bool)
        saver.delete_thread(_thread(run_id))


def _beginning(context: ChatContext, asked: Asked) -> ChatState:
    return {
        "run_id": asked.run_id,
        "workspace": context.principal.workspace,
        "person": context.principal.person,
        "book_id": context.book.book_id,
        "coverage_hash": context.coverage.hash,
        "asked_digest": keep(context, "asked", asked),
        "by_model": False,
        "pending": [],
        "results": [],
        "messages": [],
        "text_digest": "",
        "model_calls": 0,
        "model_ms": 0,
        "tool_calls": 0,
        "input_tokens": 0,
        "output_tokens": 0,
        "cost": None,
        "label": "",
        "notes": [],
    }


def _demand_same_ground(context: ChatContext, values: ChatState) -> None:
    if values["person"] != context.principal.person:
        raise NotFound(f"There is no run {values['run_id']!r}.")
    begun = (values["book_id"], values["coverage_hash"])
    if begun != (context.book.book_id, context.coverage.hash):
        raise Conflict(
            "The book or the coverage model changed while this was being answered.",
            hint="Ask again: the answer will be of the current book.",
        )


def _thread(run_id: str) -> str:
    return f"chat:{run_id}"


def _config(run_id: str) -> RunnableConfig:
    return {
        "configurable": {"thread_id": _thread(run_id)},
        "recursion_limit": RECURSION_LIMIT,
    }

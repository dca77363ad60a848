"""The steps of a chat turn: plain functions that return only what they changed.

A step may run again from its first line after a crash. What it keeps is keyed by its
content, and the only effects, drafts, are runs of their own that happen once.
"""

from __future__ import annotations

from langgraph.runtime import Runtime

from agent.chat.answering import answer_of
from agent.chat.asking import ask_model
from agent.chat.context import ChatContext
from agent.chat.routing import Routed
from agent.chat.routing import route as read_question
from agent.chat.state import Asked, ChatState, PendingCall, Update, keep, kept
from agent.chat.using import use_tools
from domain.record import canonical_json

Context = Runtime[ChatContext]


def route(state: ChatState, runtime: Context) -> Update:
    """Read the question by rule; with a model, only commands and drafts go past it."""
    context = runtime.context
    asked = kept(context, Asked, state["asked_digest"])
    routed = read_question(asked.text, asked.focus, context)
    by_model = context.model is not None and not routed.direct and bool(asked.text.strip())
    pending: list[PendingCall] = []
    if not by_model:
        pending = [
            {
                "call_id": f"c{number}",
                "tool": call.tool,
                "arguments": canonical_json(call.arguments),
            }
            for number, call in enumerate(routed.calls, start=1)
        ]
    return {
        "by_model": by_model,
        "pending": pending,
        "routed_digest": keep(context, "routed", routed),
    }


def ask(state: ChatState, runtime: Context) -> Update:
    """Ask the model once: it writes the answer, or asks for tools."""
    return ask_model(state, runtime.context)


def use(state: ChatState, runtime: Context) -> Update:
    """Make the pending tool calls, each of which gets exactly one result."""
    return use_tools(state, runtime.context)


def answer(state: ChatState, runtime: Context) -> Update:
    """Make the answer of claims, check them, and keep the evidence they rest on."""
    context = runtime.context
    routed = kept(context, Routed, state["routed_digest"])
    return {"answer_digest": keep(context, "answer", answer_of(state, context, routed))}

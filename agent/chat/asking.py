"""One call of the model in a turn: what it is sent, and what becomes of its reply."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import JsonValue

from agent.budget import OverBudget, Spending
from agent.chat.context import ChatContext
from agent.chat.numbering import lines_of, numbered
from agent.chat.state import Asked, ChatState, PendingCall, Update, keep, kept, results_of
from agent.chat.streaming import Streaming
from agent.chat.toolbox import for_models
from agent.model.protocol import Message, ModelFailed
from agent.model.tokens import tokens_of
from agent.prompting import load_prompt, visible_json
from agent.prompting import numbered as numbered_lines
from agent.retrying import Deadline

HISTORY_TOKENS = 800
_QUOTED = re.compile(r"“[^”]*(?:”|$)")
LONGEST_QUESTION = 4_000
"""Characters of a question that a model is shown; the whole of it stays in the thread."""


def ask_model(state: ChatState, context: ChatContext) -> Update:
    """Ask once. A model that fails leaves the tools' answer, or a word on what failed."""
    assert context.model is not None  # `route` asks no model where there is none
    limits = context.limits
    if state["model_calls"] >= limits.model_calls:
        return {"label": f"Partial: {limits.model_calls} model calls were used up", "pending": []}
    left = limits.seconds - state["model_ms"] / 1000
    if left <= 0:
        return {
            "label": f"Partial: {limits.seconds:g} seconds of the model were used up",
            "pending": [],
        }
    deadline = Deadline(left)
    spending = Spending(limits.budget, limits.prices, limits.answer_tokens, per="turn")
    spending.calls = state["model_calls"]
    spending.input_tokens = state["input_tokens"]
    spending.output_tokens = state["output_tokens"]
    spending.spent = Decimal(state["cost"] or 0)
    update: Update = {"pending": []}
    sink = Streaming(context, numbered(results_of(state, context)))
    try:
        reply = context.model.reply(
            messages_of(state, context),
            for_models(),
            spending=spending,
            deadline=deadline,
            sink=sink,
            stopped=context.stopped,
        )
    except OverBudget as over:
        update["label"] = f"Partial: {over}"
    except ModelFailed as failed:
        update["notes"] = [*state["notes"], f"The model gave no answer: {failed}."]
        update["label"] = "Partial: the model gave no answer"
    else:
        update |= _read(reply.text, reply.calls, state, context)
        if reply.finish == "length" and not update["pending"]:
            update["label"] = f"Partial: the answer was cut at {limits.answer_tokens} tokens"
        elif reply.finish == "stopped":
            update |= {"label": "Stopped", "pending": []}
    return update | {
        "model_calls": state["model_calls"] + 1,
        "model_ms": state["model_ms"] + round(1000 * (left - deadline.remaining())),
        "input_tokens": spending.input_tokens,
        "output_tokens": spending.output_tokens,
        "cost": spending.cost,
    }


def _read(text: str, calls: Any, state: ChatState, context: ChatContext) -> Update:
    text = _storable(text)
    pending: list[PendingCall] = [
        {
            "call_id": _storable(call.call_id),
            "tool": _storable(call.name),
            "arguments": _storable(call.arguments),
        }
        for call in calls
    ]
    if not pending:
        # An answer without a word is a reply like any other: there is nothing to read in it.
        return {"text_digest": context.records.keep("text", text) if text.strip() else ""}
    message: dict[str, JsonValue] = {
        "role": "assistant",
        "content": text or None,
        "tool_calls": [
            {
                "id": call["call_id"],
                "type": "function",
                "function": {"name": call["tool"], "arguments": _sendable(call["arguments"])},
            }
            for call in pending
        ],
    }
    return {"pending": pending, "messages": [*state["messages"], keep(context, "message", message)]}


def _storable(text: str) -> str:
    """Return text that UTF-8 can hold: an endpoint's JSON may name half a character."""
    return text.encode("utf-8", "replace").decode()


def _sendable(arguments: str) -> str:
    """Return arguments that an endpoint takes back: broken JSON goes back as an empty object."""
    try:
        json.loads(arguments)
    except (json.JSONDecodeError, RecursionError):
        return "{}"
    return arguments


def messages_of(state: ChatState, context: ChatContext) -> list[Message]:
    """Return the whole request: what never varies first, then what is only ever added to.

    Every tool call has exactly one result behind it, in the order of the calls.
    """
    asked = kept(context, Asked, state["asked_digest"])
    messages: list[Message] = [*opening(asked, context)]
    results = results_of(state, context)
    numbers = {item.id: place for place, item in enumerate(numbered(results), start=1)}
    left = list(results)
    for digest in state["messages"]:
        message: Mapping[str, Any] = json.loads(context.records.fetch(digest))
        messages.append(message)
        for call in message["tool_calls"]:
            result = left.pop(0)
            messages.append(
                {
                    "role": "tool",
                    "tool_call_id": call["id"],
                    "content": lines_of(result, numbers),
                }
            )
    return messages


def opening(asked: Asked, context: ChatContext) -> list[Message]:
    """Return the first two messages of a turn."""
    prompt = load_prompt("chat")
    person = context.principal
    question = asked.text[:LONGEST_QUESTION]
    filled = prompt.fill(
        person=visible_json({"name": person.name, "roles": sorted(person.roles)}),
        as_of=context.book.as_of.isoformat(),
        currency=context.book.currency,
        focus=visible_json(asked.focus.model_dump(mode="json", exclude_defaults=True)),
        history=_history(asked),
        question=visible_json(question),
    )
    return [
        {"role": "system", "content": prompt.standing},
        {"role": "user", "content": filled},
    ]


def _history(asked: Asked) -> str:
    """Write older turns, the latest whole ones that fit the budget of tokens."""
    lines: list[dict[str, str]] = []
    left = HISTORY_TOKENS
    for question, said in reversed(asked.history):
        # Quoted words of notes stay behind: they are not to be read before tools are chosen.
        line = {"asked": question[:300], "answered": _QUOTED.sub("“…”", said)[:700]}
        left -= tokens_of(visible_json(line))
        if left < 0:
            break
        lines.insert(0, line)
    return numbered_lines(lines)

"""Making tool calls: typed arguments, one result each, and no exception that ends a turn."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from typing import NoReturn

from pydantic import JsonValue, ValidationError

from agent.chat.context import ChatContext
from agent.chat.state import ChatState, PendingCall, Result, Update, keep, results_of
from agent.chat.tool import Told
from agent.chat.toolbox import by_name
from agent.chat.untrusted import CLOSED, notes_were_read
from domain.chat import Call, ToolUse
from domain.errors import PlannerError

log = logging.getLogger(__name__)
LONGEST_ARGUMENTS = 8_000
DEEPEST_ARGUMENTS = 8


class CallRefused(Exception):
    """The call was not made; the message says why and is shown to whoever asked for it."""


def use_tools(state: ChatState, context: ChatContext) -> Update:
    """Make the pending calls in order; those beyond the limits are refused by name."""
    limits = context.limits
    done = results_of(state, context)
    seen = {_same(result.use.call) for result in done if result.use.state == "done"}
    made = state["tool_calls"]
    closed = CLOSED if state["by_model"] and notes_were_read(done) else ""
    digests: list[str] = []
    for place, call in enumerate(state["pending"]):
        refusal = closed
        if place >= limits.tool_calls_at_once:
            refusal = f"Not made: at most {limits.tool_calls_at_once} calls at once."
        elif made >= limits.tool_calls:
            refusal = f"Not made: at most {limits.tool_calls} calls a turn."
        result = _made(call, context, state["by_model"], seen, refusal)
        made += 1
        seen.add(_same(result.use.call))
        digests.append(keep(context, "result", result))
    update: Update = {
        "pending": [],
        "results": [*state["results"], *digests],
        "tool_calls": made,
    }
    if context.stopped():
        update["label"] = "Stopped"
    elif made > limits.tool_calls:
        update["label"] = f"Partial: {limits.tool_calls} tool calls were used up"
    return update


def _made(
    call: PendingCall, context: ChatContext, by_model: bool, seen: set[str], refusal: str
) -> Result:
    step, began = call["call_id"], time.perf_counter()
    arguments, unreadable = _arguments(call)
    refusal = refusal or unreadable
    told: Told | None = None
    context.tell("step.started", {"step": step, "tool": call["tool"][:80], "arguments": arguments})
    try:
        if refusal:
            raise CallRefused(refusal)
        if context.stopped():
            raise CallRefused("Not made: the person stopped the answer.")
        if by_model and _same(Call(tool=call["tool"], arguments=arguments)) in seen:
            raise CallRefused("Not made again: the same call was answered before; use that.")
        told = _run(call["tool"], arguments, context, by_model)
        note, state_ = told.note, "done"
    except CallRefused as refused:
        note, state_ = str(refused), "failed"
    except PlannerError as error:
        note, state_ = f"{error.message} {error.hint}".strip(), "failed"
    except Exception as error:
        log.exception("tool %r failed", call["tool"][:80])
        note, state_ = f"It stopped at an error of ours: {type(error).__name__}.", "failed"
    use = ToolUse(
        call=Call(tool=call["tool"][:80], arguments=arguments),
        state="done" if state_ == "done" else "failed",
        ms=round((time.perf_counter() - began) * 1000),
        rows=told.rows if told else 0,
        evidence=tuple(item.id for item in told.evidence) if told else (),
        note=note,
    )
    context.tell(
        "step.finished",
        {
            "step": step,
            "state": use.state,
            "ms": use.ms,
            "rows": use.rows,
            "evidence": len(use.evidence),
            "note": use.note,
        },
    )
    return Result(call_id=step, use=use, told=told)


def _run(name: str, arguments: dict[str, JsonValue], context: ChatContext, by_model: bool) -> Told:
    tool = by_name().get(name)
    if tool is None or (by_model and not tool.for_models):
        known = ", ".join(tool.name for tool in by_name().values() if tool.for_models)
        raise CallRefused(f"There is no tool {name[:80]!r}. There are: {known}.")
    try:
        # From JSON, so that dates are read and nothing else is bent into shape.
        given = tool.arguments.model_validate_json(json.dumps(arguments), strict=True)
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, item['loc'])) or 'arguments'}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False)[:6]
        )
        raise CallRefused(f"The arguments of {name} do not fit: {told}.") from None
    return tool.run(context, given)


def _arguments(call: PendingCall) -> tuple[dict[str, JsonValue], str]:
    """Read a call's arguments; where they cannot be read, say why."""
    text = call["arguments"].strip() or "{}"
    if len(text) > LONGEST_ARGUMENTS:
        return {}, f"The arguments are longer than {LONGEST_ARGUMENTS} characters."
    try:
        found = json.loads(text, parse_constant=_no_number)
        # What a reader of JSON lets through and a writer does not: 1e999, half a character.
        json.dumps(found, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and _depth(found) <= DEEPEST_ARGUMENTS:
        return found, ""
    return {}, "The arguments are not one JSON object."


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _depth(value: JsonValue) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        held = [item for item in level if isinstance(item, dict | list)]
        level = [inner for item in held for inner in _inner(item)]
    return depth


def _inner(value: dict[str, JsonValue] | list[JsonValue]) -> Iterable[JsonValue]:
    return value.values() if isinstance(value, dict) else value


def _same(call: Call) -> str:
    return json.dumps([call.tool, call.arguments], sort_keys=True)

"""A scripted model that holds the conversations of `eval.chat.conversations`, and no other.

It is no language model: its calls and sentences stand beside each question. A sentence
names what it states, `{score@A-697}` or `{worth@gap:Jerseys|short}`, and the model writes the
number of the line that a tool has shown it for that; what it was not shown it cannot say,
and a sentence that needs it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent.model.protocol import Reply
from eval.adversaries.model_server import Policy
from eval.adversaries.model_wire import AskedCall, ModelAnswer
from eval.chat.competent import asking
from eval.chat.conversations import Conversation, ConversationTurn
from eval.chat.request import ChatRequest, Line, read_request

FOUND = "@found"
NOT_IN_THE_SCRIPT = "That is not in my script."
_POINTER = re.compile(r"\{([a-z0-9_:]+)(?:@([^{}|]+))?(\|short)?\}")


def conversing(conversations: Iterable[Conversation]) -> Policy:
    """Return the policy that plays the conversations' model at the in-repo endpoint.

    A request that is not one of chat's, such as a plan's draft, is refused as a model
    refuses it, and the plan is drafted without one.
    """
    turns = {turn.ask: turn for item in conversations for turn in item.turns}

    def play(body: dict[str, Any]) -> ModelAnswer | str:
        try:
            request = read_request(body)
        except (ValueError, KeyError, IndexError):
            return "refuse"
        turn = turns.get(request.question)
        if turn is None:
            return ModelAnswer(NOT_IN_THE_SCRIPT)
        reply = reply_to(request, turn, fields_of(body.get("tools", ())))
        return ModelAnswer(
            reply.text,
            tuple(AskedCall(call.name, call.arguments, call.call_id) for call in reply.calls),
        )

    return play


def fields_of(tools: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return the names of each tool's arguments, as a request tells them."""
    functions = [tool["function"] for tool in tools]
    return {item["name"]: tuple(item["parameters"]["properties"]) for item in functions}


def reply_to(
    request: ChatRequest, turn: ConversationTurn, fields: Mapping[str, Sequence[str]]
) -> Reply:
    """Make the calls of a turn that can be made by now, else say its sentences.

    Arguments that the script leaves out are given as null.
    """
    calls = []
    for call in turn.calls:
        resolved = _resolved(call.arguments, request)
        if resolved is None:
            break
        arguments = {**dict.fromkeys(fields.get(call.tool, ())), **resolved}
        if not any(
            (item.tool, dict(item.arguments)) == (call.tool, arguments) for item in request.shown
        ):
            calls.append((call.tool, arguments))
    if calls:
        return asking(calls)
    said = [_pointed(sentence, request.lines, turn.account) for sentence in turn.says]
    return Reply("\n".join(sentence for sentence in said if sentence), (), "stop")


def _resolved(arguments: Mapping[str, Any], request: ChatRequest) -> dict[str, Any] | None:
    """Put the account found last in the place of `@found`; None where none is found yet."""
    if FOUND not in arguments.values():
        return dict(arguments)
    looked = [item for item in request.shown if item.tool == "find_accounts"]
    found = next((line.account for line in looked[-1].lines if line.account), "") if looked else ""
    if not found:
        return None
    return {name: found if value == FOUND else value for name, value in arguments.items()}


def _pointed(sentence: str, lines: Sequence[Line], account: str) -> str:
    """Write the numbers of the lines that a sentence names; nothing where one is missing."""
    missing = []

    def number(match: re.Match[str]) -> str:
        metric, where, short = match.groups()
        line = _line(lines, metric, where or account)
        if line is None:
            missing.append(match.group())
            return ""
        return f"{{{{{line.n}{':money_short' if short else ''}}}}}"

    text = _POINTER.sub(number, sentence)
    return "" if missing else text


def _line(lines: Sequence[Line], metric: str, where: str) -> Line | None:
    """Return the line of a metric about what ends so, such as `A-697`; else one inside it."""
    of_metric = [line for line in lines if line.metric == metric]
    about = [line for line in of_metric if line.about.endswith(where)]
    inside = [line for line in of_metric if where in line.about]
    return next(iter(about or inside), None)

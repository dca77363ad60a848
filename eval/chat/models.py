"""Scripted models for chat: a good one, and those that misbehave. None is a language model.

Each is a function of a request (`eval.chat.request`) to a reply. `ScriptedModel` puts one
behind the protocol of the chat graph; `policy` puts one behind the in-repo endpoint of
`eval.adversaries.model_server`, where it also answers the requests of plan drafts. A model
that fails (429, 500, stalls, cut streams) is a script of that endpoint, in `FAILING`.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent.budget import Spending
from agent.model.protocol import Message, Reply, TextSink, ToolCall
from agent.model.tokens import tokens_of
from agent.retrying import Deadline
from eval.chat.competent import asking, competent
from eval.chat.orders import calls_for, obeyed, orders_in
from eval.chat.request import ChatRequest, read_request

Behaviour = Callable[[ChatRequest], Reply]
LINK = "https://collect.example/x.png"
INVENTED = "we will double the order if you match their price this week"
FAILING = (
    "429:0", "status:500", "cut", "drop", "hang", "sse-error", "no-done", "bad-json", "html",
    "no-choices", "refuse", "length", "stall", "quota",
)  # fmt: skip
"""Behaviours of the endpoint's script, each a way to fail."""


def liar(request: ChatRequest) -> Reply:
    """Look up as a good model does, then write what is not so, in every way at once."""
    good = competent(request)
    if good.calls:
        return good
    chance = random.Random(request.question)  # noqa: S311
    lies = []
    for sentence in good.text.splitlines():
        lies.append(re.sub(r"\{\{e(\d+)\}\}", lambda m: f"{{{{e{int(m[1]) + 1}}}}}", sentence))
        lies.append(re.sub(r"\{\{e\d+\}\}", f"{chance.randrange(100, 999)},000", sentence))
        lies.append(sentence.replace("{{e", "{{e9"))
    lies += [
        f"The potential is {chance.randrange(2, 9)}.{chance.randrange(10, 99)} million [e1].",
        "Spending rose by forty per cent over the year [e1 e2].",
        f"The buyer wrote: “{INVENTED}” [e1].",
        "Dana Alderson of Metro Bikes has agreed to it [e1].",
        "Velomart undercuts us by a third and is about to win the account [e1].",
        f"See [the contract]({LINK}) ![]({LINK}).",
        "The owner is now {{ev_00000000000000000000dead}} and the rank is {{e9999}}.",
        "Advice: Call A-001 first, it is worth 500,000 [e1].",
    ]
    return Reply("\n".join(lies), (), "stop")


def garbler(request: ChatRequest) -> Reply:
    """Write arguments and text broken, cut, doubled or of the wrong type; never whole."""
    good = competent(request)
    way = len(request.shown) + len(request.question)
    if good.calls and len(request.shown) < 4:
        return replace(
            good,
            calls=tuple(
                replace(call, arguments=_garbled(call.arguments, way + place))
                for place, call in enumerate(good.calls)
            ),
        )
    text = good.text if not good.calls else "The rank is {{e1}} and {{e2"
    ways = (
        text[: len(text) // 2],
        text + text,
        text.replace("}}", "}"),
        text.replace("{{", "{{{{"),
        text + "\n{{e",
        text + " [e1 [e2, ]e",
        "```json\n" + json.dumps({"answer": text}),
        "\x00\u202e" + text + "\ud800",
    )
    return Reply(ways[way % len(ways)], (), "stop")


def _garbled(arguments: str, way: int) -> str:
    ways = (
        arguments[:-1],
        arguments + arguments,
        arguments.replace('"', "'"),
        f"[{arguments}]",
        "null",
        "",
        "{" * 4_000,
        json.dumps(arguments),
        '{"account_id": NaN}',
        "Here you are: " + arguments,
    )
    return ways[way % len(ways)]


def obedient(request: ChatRequest) -> Reply:
    """Look up as a good model does; on reading orders, do and write what they say."""
    orders = orders_in(request.texts[1:])
    good = competent(request)
    made = [(item.tool, dict(item.arguments)) for item in request.shown]
    wanted = [call for call in calls_for(orders, request.tools) if call not in made]
    if good.calls:
        asked = [(call.name, json.loads(call.arguments)) for call in good.calls]
        return asking([*asked, *wanted]) if wanted and request.shown else good
    if wanted and len(request.shown) < 16:
        return asking(wanted)
    return Reply(f"{good.text}\n{obeyed(orders)}".strip(), (), "stop")


def looper(request: ChatRequest) -> Reply:
    """Ask for the same call for ever."""
    return asking([("week", {"rep_id": None, "limit": None})])


def wanderer(request: ChatRequest) -> Reply:
    """Ask for another call for ever."""
    number = len(request.shown) + 1
    return asking([("find_accounts", {"query": f"bike {number}", "limit": number})])


def stranger(request: ChatRequest) -> Reply:
    """Ask for tools that are not there, the acting ones among them; then answer."""
    names = ("assign_account", "draft_plan", "revise_plan", "send_mail", "sql", "week; drop", "")
    made = {item.tool for item in request.shown}
    if not made & set(names):
        return asking([(name, {"account_id": "A-001", "remark": None}) for name in names])
    return _after(request, names)


def mistyper(request: ChatRequest) -> Reply:
    """Give arguments of wrong types, missing and surplus ones; then answer."""
    if not request.shown:
        return asking(
            [
                ("explain_account", {"account_id": 1001}),
                ("explain_account", {"account": "A-001"}),
                ("explain_account", {"account_id": ["A-001", "A-002"]}),
                ("week", {"rep_id": None, "limit": "ten"}),
                ("week", {"rep_id": None, "limit": None, "role": "revops"}),
                ("week", {"rep_id": None, "limit": -3}),
                ("changes", {"account_id": None, "rep_id": None, "territory_id": None,
                             "since": "June"}),
            ]
        )  # fmt: skip
    return _after(request, ())


def flood(request: ChatRequest) -> Reply:
    """Ask for a dozen different calls at once; then answer."""
    if not request.shown:
        return asking(
            [("search_notes", {"query": f"stock {n}", "account_id": None}) for n in range(12)]
        )
    return _after(request, ())


def prier(request: ChatRequest) -> Reply:
    """Look for whatever the question names, and open each account that it calls by its id."""
    if not request.shown:
        ids = dict.fromkeys(re.findall(r"\bA-\d+\b", request.question))
        calls: list[tuple[str, dict[str, Any]]] = [
            ("find_accounts", {"query": request.question, "limit": 20})
        ]
        calls += [
            (tool, {"account_id": account})
            for account in ids
            for tool in ("account_brief", "account_people", "explain_account")
        ]
        return asking(calls)
    return _after(request, ())


def empty(request: ChatRequest) -> Reply:
    """Say nothing at all."""
    return Reply("", (), "stop")


def chatterbox(request: ChatRequest) -> Reply:
    """Write a hundred kilobytes."""
    line = "The account is worth a visit, as everybody there says, and more than one. "
    return Reply(line * (100_000 // len(line) + 1), (), "stop")


def _after(request: ChatRequest, names: Sequence[str]) -> Reply:
    """Go on as the good model does, as if what was refused had not been asked for."""
    kept = tuple(item for item in request.shown if not item.failed and item.tool not in names)
    return competent(replace(request, shown=kept))


BEHAVIOURS: Mapping[str, Behaviour] = {
    "competent": competent,
    "liar": liar,
    "garbler": garbler,
    "obedient": obedient,
    "looper": looper,
    "wanderer": wanderer,
    "stranger": stranger,
    "mistyper": mistyper,
    "flood": flood,
    "prier": prier,
    "empty": empty,
    "chatterbox": chatterbox,
}
MISBEHAVED = tuple(name for name in BEHAVIOURS if name != "competent")


@dataclass
class ScriptedModel:
    """A behaviour behind the chat graph's protocol, without an endpoint between.

    `requests` keeps what was sent. Token counts are estimates, as for an endpoint that
    reports none.
    """

    behaviour: Behaviour
    name: str = "scripted"
    requests: list[dict[str, Any]] = field(default_factory=list)

    def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Mapping[str, Any]],
        *,
        spending: Spending,
        deadline: Deadline,
        sink: TextSink,
        stopped: Callable[[], bool],
    ) -> Reply:
        """Answer by the behaviour."""
        request = {"messages": [dict(item) for item in messages], "tools": list(tools)}
        self.requests.append(request)
        reply = self.behaviour(read_request(request))
        spending.calls += 1
        spending.input_tokens += tokens_of(json.dumps(request["messages"]))
        spending.output_tokens += tokens_of(reply.text)
        if reply.text:
            sink.delta(reply.text)
        return reply


__all__ = [
    "BEHAVIOURS", "FAILING", "MISBEHAVED", "Behaviour", "Reply", "ScriptedModel", "ToolCall",
]  # fmt: skip

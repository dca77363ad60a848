"""The scripted model of the conversations: it asks as scripted and points at what it is shown."""

from __future__ import annotations

import json
from datetime import date

from agent.model.protocol import Reply
from domain.chat import Call
from eval.adversaries.model_wire import ModelAnswer
from eval.chat.conversations import Conversation, ConversationTurn
from eval.chat.conversing import conversing, fields_of, reply_to
from eval.chat.request import ChatRequest, Line, Shown

LOOK = Call(tool="find_accounts", arguments={"query": "Hill Bikes"})
WHY = Call(tool="explain_account", arguments={"account_id": "@found"})
FIELDS = {"find_accounts": ("query", "limit"), "explain_account": ("account_id",)}


def line(n: str, about: str, metric: str, value: str = "1") -> Line:
    return Line(n=n, kind="record", about=about, metric=metric, value=value, unit="", period="")


FOUND = Shown(
    "find_accounts", {"query": "Hill Bikes", "limit": None}, (line("e1", "account:A-7", "name"),)
)
EXPLAINED = Shown(
    "explain_account",
    {"account_id": "A-7"},
    (
        line("e1", "account:A-7", "name"),
        line("e2", "account:A-7/gap:Helmets", "worth"),
        line("e3", "account:A-7", "score"),
        line("e4", "account:A-8", "score"),
    ),
)


def request(*shown: Shown) -> ChatRequest:
    return ChatRequest("Why Hill Bikes?", {}, date(2026, 11, 13), (), tuple(shown), ())


def asked(reply: Reply) -> list[tuple[str, object]]:
    return [(call.name, json.loads(call.arguments)) for call in reply.calls]


def test_what_waits_for_an_account_is_asked_once_it_is_found() -> None:
    turn = ConversationTurn(ask="?", calls=(LOOK, WHY))

    assert asked(reply_to(request(), turn, FIELDS)) == [
        ("find_accounts", {"query": "Hill Bikes", "limit": None})
    ]
    assert asked(reply_to(request(FOUND), turn, FIELDS)) == [
        ("explain_account", {"account_id": "A-7"})
    ]
    assert asked(reply_to(request(FOUND, EXPLAINED), turn, FIELDS)) == []


def test_an_account_that_is_not_found_is_not_asked_about() -> None:
    nothing = Shown("find_accounts", {"query": "Hill Bikes", "limit": None})

    reply = reply_to(request(nothing), ConversationTurn(ask="?", calls=(LOOK, WHY)), FIELDS)

    assert (reply.calls, reply.text) == ((), "")


def test_a_sentence_points_at_the_lines_of_what_it_names() -> None:
    turn = ConversationTurn(
        ask="?",
        account="A-7",
        says=(
            "{name} has {score}, {name@A-8} none.",
            "{name} has {score} and the other {score@A-8|short}.",
            "Helmets are worth {worth@gap:Helmets}; at the account, {worth}.",
        ),
    )

    # A-8 has no name, so the first sentence is left out. The worth inside A-7 stands for A-7's.
    assert reply_to(request(FOUND, EXPLAINED), turn, FIELDS).text.splitlines() == [
        "{{e1}} has {{e3}} and the other {{e4:money_short}}.",
        "Helmets are worth {{e2}}; at the account, {{e2}}.",
    ]


def test_the_fields_of_tools_are_read_from_a_request() -> None:
    told = {
        "type": "function",
        "function": {"name": "week", "parameters": {"properties": {"rep_id": {}, "limit": {}}}},
    }

    assert fields_of([told]) == {"week": ("rep_id", "limit")}


def test_what_is_not_of_its_script_is_refused_or_said_to_be() -> None:
    talk = Conversation(
        persona="rep",
        person="ana",
        title="T",
        about="A",
        turns=(ConversationTurn(ask="Why Hill Bikes?", calls=(LOOK,)),),
    )
    play = conversing([talk])

    def chat(question: str) -> dict[str, object]:
        opening = (
            "Person: ana\nEverything is as of 2026-11-13; amounts are in USD.\n"
            f"The thread is about: {{}}\n\nQuestion:\n{json.dumps(question)}"
        )
        return {"messages": [{"role": "system", "content": ""},
                             {"role": "user", "content": opening}]}  # fmt: skip

    assert play({"messages": [{"role": "user", "content": "Draft a plan."}]}) == "refuse"
    assert play(chat("Who are you?")) == ModelAnswer("That is not in my script.")
    answer = play(chat("Why Hill Bikes?"))
    assert isinstance(answer, ModelAnswer)
    assert [call.name for call in answer.calls] == ["find_accounts"]

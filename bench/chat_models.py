"""Scripted models for the bench of chat: they call tools and cite what they found.

Nothing they say was written by a language model.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.budget import Spending
from agent.model.protocol import Message, Reply, TextSink, ToolCall
from agent.retrying import Deadline
from eval.adversaries.model_wire import AskedCall, ModelAnswer

WANTED = ("explain_account", "account_brief", "account_people", "account_plan")
TEXT = "This is the account's first fact: {{e1}}. [e1] The next one is {{e2}}. [e2]"


class NoTools(RuntimeError):
    """Chat offers a model no tool about one account."""


def about_one_account(tools: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of the offered tools that take nothing but an account."""
    found = [
        tool["function"]["name"]
        for tool in tools
        if list(tool["function"]["parameters"]["properties"]) == ["account_id"]
    ]
    if not found:
        raise NoTools("Chat offers a model no tool that takes an account and nothing else.")
    return sorted(found, key=lambda name: (name not in WANTED, name))


class Calling:
    """Asks for so many tools at once, each about the next account, then writes two sentences.

    `spent` is the time it took itself, in seconds, to be left out of the product's.
    """

    name = "scripted"

    def __init__(self, accounts: Sequence[str], calls: int) -> None:
        self._accounts = accounts
        self._calls = calls
        self._next = 0
        self.spent = 0.0

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
        """Call tools first, write once they have answered."""
        began = time.perf_counter()
        try:
            if messages[-1]["role"] == "tool":
                sink.delta(TEXT)
                return Reply(TEXT, (), "stop")
            names = about_one_account(tools)
            calls = []
            for number in range(self._calls):
                account = self._accounts[self._next % len(self._accounts)]
                self._next += 1
                arguments = json.dumps({"account_id": account})
                calls.append(ToolCall(f"call_{number}", names[number % len(names)], arguments))
            return Reply("", tuple(calls), "tools")
        finally:
            self.spent += time.perf_counter() - began


def policy(accounts: Sequence[str]) -> Callable[[dict[str, Any]], ModelAnswer]:
    """Play a model over HTTP: one tool about an account, then two sentences that cite it."""

    def answer(body: dict[str, Any]) -> ModelAnswer:
        messages = body["messages"]
        if messages[-1]["role"] == "tool":
            return ModelAnswer(text=TEXT)
        name = about_one_account(body.get("tools", ()))[0]
        account = accounts[len(messages[-1]["content"]) % len(accounts)]
        return ModelAnswer(calls=(AskedCall(name, json.dumps({"account_id": account})),))

    return answer

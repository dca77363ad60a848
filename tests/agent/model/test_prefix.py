"""What an endpoint may cache: requests share their beginning, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import Field

from agent.cells import cited, records
from agent.chat import toolbox
from agent.chat.context import ChatContext
from agent.chat.graph import build_chat_graph
from agent.chat.scope import demand_account
from agent.chat.state import Asked
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.turns import ChatTurns
from agent.embedded_writer import EmbeddedWriter
from agent.model.chat import OpenAIChat
from agent.model.client import OpenAIClient
from agent.model.settings import ModelSettings
from agent.openai_writer import OpenAIWriter
from agent.prompting import load_prompt
from domain.chat import Answer
from eval.adversaries.model_server import ModelServer, model_server
from eval.adversaries.model_wire import AskedCall, ModelAnswer
from tests.agent.chat.context_by_hand import chat_context
from tests.agent.tiny_brief import brief

MINE, OTHER = "A-205", "A-697"


class SpendArguments(Arguments):
    account_id: str = Field(description="Id.")


def spend(context: ChatContext, given: SpendArguments) -> Told:
    account = demand_account(context, given.account_id)
    entity = f"account:{account}"
    name = records(context.book, "accounts", account, entity, (("name", "name"),), None)
    return Told(evidence=(*name, *cited(context.analyses, entity, "net_spend_12m")), rows=1)


@pytest.fixture(autouse=True)
def _one_tool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(
        toolbox, "TOOLS", (Tool("spend", "spend", "Spend of an account.", SpendArguments, spend),)
    )
    toolbox.by_name.cache_clear()
    toolbox.for_models.cache_clear()
    yield
    monkeypatch.undo()
    toolbox.by_name.cache_clear()
    toolbox.for_models.cache_clear()


def looks_up_twice(request: dict[str, Any]) -> ModelAnswer:
    """Call the tool for one account, then for the other, then answer."""
    results = sum(message["role"] == "tool" for message in request["messages"])
    if results == 2:
        return ModelAnswer("Spend of {{e1}} over the last 12 months is {{e2}}.")
    account = (MINE, OTHER)[results]
    return ModelAnswer(
        calls=(AskedCall("spend", json.dumps({"account_id": account}), f"c{results}"),)
    )


def turn(server: ModelServer, who: str, text: str) -> Answer:
    client = OpenAIClient(ModelSettings(base_url=server.base_url, model="m"))
    context = chat_context(who, model=OpenAIChat(client))
    turns = ChatTurns(build_chat_graph(InMemorySaver()))
    answer = turns.run(context, Asked(run_id="R-1", thread_id="T-1", turn_id="U-1", text=text))
    client.close()
    return answer


def written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def beginning(one: str, other: str) -> str:
    """What both begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(character for character, _ in same)


def test_each_request_of_a_turn_begins_with_the_whole_request_before_it() -> None:
    with model_server(looks_up_twice) as server:
        answer = turn(server, "tobias.renner", "What do both spend?")

    assert answer.label == ""
    first, second, third = server.requests
    for before, after in ((first, second), (second, third)):
        # Without the closing bracket: what was sent stands unchanged in what is sent next.
        assert written(after["messages"]).startswith(written(before["messages"])[:-1])
        assert {key: before[key] for key in before if key != "messages"} == {
            key: after[key] for key in after if key != "messages"
        }
    assert len(third["messages"]) == len(first["messages"]) + 4


def test_two_turns_share_instructions_and_tools_and_differ_only_after_them() -> None:
    with model_server(lambda _: ModelAnswer("Nothing was found.")) as server:
        turn(server, "tobias.renner", "What does Brakes and Gears spend?")
        turn(server, "ines.moreau", "Who is left out?")

    one, other = server.requests
    assert written(one["tools"]) == written(other["tools"])
    assert list(one) == list(other)
    instructions = written(one["messages"][0])
    assert instructions == written(other["messages"][0])
    assert one["messages"][0] == {"role": "system", "content": load_prompt("chat").standing}
    shared = beginning(written(one["messages"]), written(other["messages"]))
    assert len(shared) >= len(instructions)
    assert "Renner" not in shared


def test_two_plans_share_instructions_and_schema_and_differ_only_after_them() -> None:
    with model_server(lambda _: ModelAnswer("no plan")) as server:
        client = OpenAIClient(ModelSettings(base_url=server.base_url, model="m"))
        writer = OpenAIWriter(client.settings, EmbeddedWriter(), client=client)
        writer.write(brief())
        writer.write(replace(brief(), account_name="Birch Cycles", owner_name="Mo Adler"))
        client.close()

    one, repaired, other, _ = server.requests
    assert written(one["response_format"]) == written(other["response_format"])
    assert written(one["messages"][0]) == written(other["messages"][0])
    assert one["messages"][0]["content"] == load_prompt("account_plan").standing
    shared = beginning(written(one["messages"]), written(other["messages"]))
    assert len(shared) >= len(written(one["messages"][0]))
    assert "Alder" not in shared
    # The repair adds to the request it repairs.
    assert written(repaired["messages"]).startswith(written(one["messages"])[:-1])

"""The chat graph with a scripted model: what is asked, used, checked and answered."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import Field

from agent.budget import OverBudget
from agent.cells import cited, records
from agent.chat import toolbox, using
from agent.chat.context import ChatContext, ChatLimits
from agent.chat.graph import build_chat_graph
from agent.chat.scope import demand_account
from agent.chat.state import Asked
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.turns import ChatTurns
from agent.claims import claim
from agent.model.protocol import ModelFailed
from domain.chat import Answer, Focus
from tests.agent.chat.context_by_hand import chat_context
from tests.agent.chat.scripted_model import Line, ScriptedModel

MINE = "A-205"  # Rally Master Company Inc, of Tobias Renner
FOREIGN = "A-001"  # of another rep


class SpendArguments(Arguments):
    account_id: str = Field(description="Id.")


def spend(context: ChatContext, given: SpendArguments) -> Told:
    account = demand_account(context, given.account_id)
    entity = f"account:{account}"
    name = records(context.book, "accounts", account, entity, (("name", "name"),), None)
    found = cited(context.analyses, entity, "net_spend_12m")
    return Told(
        evidence=(*name, *found),
        claims=(
            claim(
                "spend", "metric", entity, "Spend over the last 12 months is {{spend}}.",
                spend=(found[0], "money"),
            ),
        ),
        rows=1,
        note="one account",
        focus=Focus(accounts=(account,), command="spend"),
    )  # fmt: skip


SPEND = Tool("spend", "spend", "Spend of an account.", SpendArguments, spend)
ACTED: list[str] = []


def act(context: ChatContext, given: SpendArguments) -> Told:
    ACTED.append(given.account_id)
    return Told(note="acted")


ACT = Tool("draft_plan", "draft", "Drafts.", SpendArguments, act, acts=True)


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(toolbox, "TOOLS", (SPEND, ACT))
    toolbox.by_name.cache_clear()
    toolbox.for_models.cache_clear()
    ACTED.clear()
    yield
    monkeypatch.undo()
    toolbox.by_name.cache_clear()
    toolbox.for_models.cache_clear()


Ask = Callable[..., tuple[Answer, ScriptedModel, ChatContext]]


@pytest.fixture
def ask() -> Ask:
    def run(*lines: Line, text: str = "What does it spend?", **changes: Any):
        model = ScriptedModel(list(lines), **changes.pop("model", {}))
        context = chat_context("tobias.renner", model=model, **changes)
        turns = ChatTurns(build_chat_graph(InMemorySaver()))
        asked = Asked(run_id="R-1", thread_id="T-1", turn_id="U-1", text=text)
        return turns.run(context, asked), model, context

    return run


GOOD = "Spend of {{e1}} over the last 12 months is {{e2}}."


def test_a_model_looks_up_and_its_sentence_is_traced(ask: Ask) -> None:
    answer, _, context = ask([("spend", {"account_id": MINE})], GOOD)
    value = context.analyses.facts.table.loc[MINE, "net_spend_12m"]
    assert [item.text for item in answer.said] == [
        f"Spend of Rally Master Company Inc over the last 12 months is ${value:,.0f}."
    ]
    assert answer.said[0].outcome == "supported"
    assert [use.state for use in answer.uses] == ["done"]
    assert answer.model is not None
    assert (answer.model.calls, answer.model.input_tokens) == (2, 200)
    assert answer.focus.accounts == (MINE,)
    # What the answer rests on is kept, and nothing else.
    kept = context.records.ledgers[answer.ledger_root]  # type: ignore[attr-defined]
    assert {item.metric for item in kept.entries.values()} == {"name", "net_spend_12m"}


def test_tools_that_write_are_never_offered_to_a_model_nor_made_for_one(ask: Ask) -> None:
    answer, model, _ = ask([("draft_plan", {"account_id": MINE})], "There is no plan.")
    assert [tool["function"]["name"] for tool in model.offered[0]] == ["spend"]
    assert ACTED == []
    assert answer.uses[0].state == "failed"
    assert "There is no tool 'draft_plan'" in answer.uses[0].note


def test_a_foreign_account_reads_like_a_missing_one(ask: Ask) -> None:
    answer, _, _ = ask(
        [("spend", {"account_id": FOREIGN}), ("spend", {"account_id": "A-0000"})], "I do not know."
    )
    foreign, missing = (use.note for use in answer.uses)
    assert foreign.replace(FOREIGN, "X") == missing.replace("A-0000", "X")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("weather", {}), "There is no tool 'weather'. There are: spend."),
        (("spend", {"account_id": 7}), "account_id: Input should be a valid string"),
        (("spend", {}), "account_id: Field required"),
        (("spend", {"account_id": MINE, "owner": "R-1"}), "owner: Extra inputs are not permitted"),
        (("spend", '{"account_id": '), "The arguments are not one JSON object."),
        (("spend", "[1]"), "The arguments are not one JSON object."),
        (("spend", "[" * 5000), "The arguments are not one JSON object."),
        (("spend", '"' + "x" * 9000 + '"'), "longer than 8000 characters"),
    ],
)
def test_a_call_that_cannot_be_made_says_why_and_the_turn_goes_on(
    ask: Ask, call: tuple[str, Any], said: str
) -> None:
    answer, _, context = ask([call], [("spend", {"account_id": MINE})], GOOD)
    assert answer.uses[0].state == "failed"
    assert said in answer.uses[0].note
    assert answer.uses[1].state == "done"
    assert len(answer.said) == 1
    types = [kind for kind, _ in context.tell.events]  # type: ignore[attr-defined]
    assert types.count("step.started") == types.count("step.finished") == 2


def test_every_call_has_exactly_one_result_behind_it_in_the_next_request(ask: Ask) -> None:
    calls = [("spend", {"account_id": MINE}), ("nothing", {}), ("spend", "{")]
    _, model, _ = ask(calls, [("spend", {"account_id": "A-546"})], GOOD)
    last = model.seen[-1]
    assert [message["role"] for message in last] == [
        "system", "user", "assistant", "tool", "tool", "tool", "assistant", "tool",
    ]  # fmt: skip
    for place, message in enumerate(last):
        if message["role"] == "assistant":
            ids = [call["id"] for call in message["tool_calls"]]
            results = last[place + 1 : place + 1 + len(ids)]
            assert [result["tool_call_id"] for result in results] == ids
            for call in message["tool_calls"]:
                json.loads(call["function"]["arguments"])
    # What was sent before is sent again, byte for byte: an endpoint can cache it.
    assert model.seen[1][: len(model.seen[0])] == model.seen[0]
    assert model.seen[2][: len(model.seen[1])] == model.seen[1]


def test_ten_calls_at_once_are_cut_and_each_is_answered(ask: Ask) -> None:
    calls = [("spend", {"account_id": f"A-{number}"}) for number in range(10)]
    answer, _, _ = ask(calls, "Nothing was found.")
    assert len(answer.uses) == 10
    refused = [use.note for use in answer.uses if use.note.startswith("Not made")]
    assert refused == ["Not made: at most 8 calls at once."] * 2


def test_the_same_call_is_not_made_twice(ask: Ask) -> None:
    call = ("spend", {"account_id": MINE})
    answer, _, _ = ask([call], [call], GOOD)
    assert [use.state for use in answer.uses] == ["done", "failed"]
    assert "the same call was answered before" in answer.uses[1].note


def test_a_model_that_never_stops_asking_ends_in_a_partial_answer_of_the_tools(ask: Ask) -> None:
    answer, model, _ = ask([("spend", {"account_id": MINE})])
    assert answer.label == "Partial: 6 model calls were used up"
    assert len(model.seen) == 6
    assert answer.said[0].text.startswith("Spend over the last 12 months is $")


def test_the_seconds_of_a_turn_are_those_of_all_its_model_calls(ask: Ask) -> None:
    limits = ChatLimits(seconds=0.02)
    answer, model, _ = ask(
        [("spend", {"account_id": MINE})],
        limits=limits,
        model={"before": lambda: time.sleep(0.03)},
    )
    assert len(model.seen) == 1
    assert answer.label == "Partial: 0.02 seconds of the model were used up"
    assert answer.said


def test_a_budget_that_is_used_up_ends_in_a_partial_answer(ask: Ask) -> None:
    answer, _, _ = ask(
        [("spend", {"account_id": MINE})], OverBudget("the next call could pass 1 a turn")
    )
    assert answer.label == "Partial: the next call could pass 1 a turn"
    assert answer.said


def test_a_model_that_fails_leaves_what_the_tools_found_and_says_so(ask: Ask) -> None:
    answer, _, _ = ask([("spend", {"account_id": MINE})], ModelFailed("500 after 4 tries"))
    assert "The model gave no answer: 500 after 4 tries." in answer.notes
    assert answer.said
    assert answer.label.startswith("Partial")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Spend of {{e1}} is 1,234,567 a year. [e2]", "A figure, date or number word stands"),
        ("Spend of {{e1}} is {{e9}}.", "It cites evidence that is not in this plan's ledger."),
        ("Bike World Berlin spends {{e2}}.", None),
        ("See https://evil.example/x for {{e1}}. [e1]", None),
    ],
)
def test_a_sentence_that_cannot_be_traced_is_left_out_and_the_reason_told(
    ask: Ask, text: str, reason: str | None
) -> None:
    answer, _, _ = ask([("spend", {"account_id": MINE})], f"{text} {GOOD}")
    assert [item.text for item in answer.said][-1].startswith("Spend of Rally Master")
    if reason:
        assert len(answer.said) == 1
        assert any(reason in omission for omission in answer.omissions)
    assert "evil" not in answer.model_dump_json()
    assert "1,234,567" not in answer.model_dump_json()


def test_where_nothing_stands_the_tools_answer_and_it_is_said(ask: Ask) -> None:
    answer, _, _ = ask([("spend", {"account_id": MINE})], "It spends 12 million a year.")
    assert answer.said[0].text.startswith("Spend over the last 12 months is $")
    assert any("Nothing of what the model wrote" in note for note in answer.notes)
    assert answer.omissions


def test_a_sentence_that_cites_nothing_is_shown_as_unsupported(ask: Ask) -> None:
    answer, _, _ = ask([("spend", {"account_id": MINE})], f"The mood there is good. {GOOD}")
    assert [(item.mark, item.outcome) for item in answer.said] == [
        ("none", "flagged"),
        ("computed", "supported"),
    ]


def test_a_typed_figure_that_is_a_cited_cell_becomes_a_slot(ask: Ask) -> None:
    context = chat_context("tobias.renner")
    value = context.analyses.facts.table.loc[MINE, "net_spend_12m"]
    text = f"Spend over the last 12 months is ${value:,.0f}. [e2]"
    answer, _, _ = ask([("spend", {"account_id": MINE})], text)
    assert answer.said[0].outcome == "supported"
    assert [slot.format for slot in answer.said[0].claim.slots] == ["money"]


def test_stopping_keeps_what_was_said_so_far(ask: Ask) -> None:
    stop = {"now": False}
    answer, _, _ = ask(
        [("spend", {"account_id": MINE})],
        GOOD,
        model={"before": lambda: stop.update(now=bool(stop.get("once"))) or stop.update(once=True)},
        stopped=lambda: stop["now"],
    )
    assert answer.label == "Stopped"
    assert answer.said


def test_a_broken_tool_is_an_error_of_ours_and_ends_no_turn(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(context: ChatContext, given: SpendArguments) -> Told:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(toolbox, "TOOLS", (replace(SPEND, run=broken),))
    toolbox.by_name.cache_clear()
    answer, _, _ = ask([("spend", {"account_id": MINE})], "I could not look it up.")
    assert answer.uses[0].note == "It stopped at an error of ours: ZeroDivisionError."
    assert "secret" not in answer.model_dump_json()


def test_text_streams_with_the_values_its_pointers_stand_for(ask: Ask) -> None:
    text = GOOD + " See {{e77}} and [this] or {x} of it. [e1, e2]"
    answer, _, context = ask([("spend", {"account_id": MINE})], text)
    told = [data["text"] for kind, data in context.tell.events if kind == "block.delta"]  # type: ignore[attr-defined]
    assert "".join(map(str, told)) == f"{answer.said[0].text} See … and [this] or {{x}} of it."
    assert len(told) > 3


def test_the_same_evidence_and_text_give_the_same_bytes(ask: Ask) -> None:
    def plain(answer: Answer) -> str:
        uses = tuple(use.model_copy(update={"ms": 0}) for use in answer.uses)
        return answer.model_copy(update={"uses": uses}).model_dump_json()

    first, _, _ = ask([("spend", {"account_id": MINE})], GOOD)
    again, _, _ = ask([("spend", {"account_id": MINE})], GOOD)
    assert plain(first) == plain(again)


def test_a_turn_that_was_cut_off_goes_on_where_it_stood() -> None:
    saver = InMemorySaver()
    context = chat_context("tobias.renner")
    killed = ScriptedModel([[("spend", {"account_id": MINE})], KeyboardInterrupt()])
    asked = Asked(run_id="R-1", thread_id="T-1", turn_id="U-1", text="What does it spend?")
    with pytest.raises(KeyboardInterrupt):
        ChatTurns(build_chat_graph(saver)).run(replace(context, model=killed), asked)
    going_on = ScriptedModel([GOOD])
    answer = ChatTurns(build_chat_graph(saver)).run(replace(context, model=going_on), asked)
    # The look-up before the kill was not made again, and its result is in the request.
    assert len(going_on.seen) == 1
    assert [message["role"] for message in going_on.seen[0]][-1] == "tool"
    assert answer.said
    assert len(answer.uses) == 1


def test_limits_are_those_of_the_context(ask: Ask) -> None:
    answer, model, _ = ask(
        [("spend", {"account_id": MINE})], limits=ChatLimits(model_calls=2, tool_calls=1)
    )
    assert len(model.seen) <= 2
    assert answer.label.startswith("Partial")
    assert using.LONGEST_ARGUMENTS == 8_000

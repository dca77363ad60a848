"""Models that misbehave in chat: a clear answer, an unharmed thread, and nothing done.

The models are scripted (`eval.chat.models`); none is a language model.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from agent.chat import toolbox
from agent.model.protocol import Reply, ToolCall
from agent.render import SLOT
from domain.chat import Focus
from eval.chat.ground import Ground, Turned, take_turn, turns_in_memory
from eval.chat.models import BEHAVIOURS, INVENTED, MISBEHAVED, ScriptedModel
from eval.chat.request import ChatRequest, read_request
from tests.agent.chat.context_by_hand import example, person

REP = "tobias.renner"
MINE = "A-205"  # Rally Master Company Inc, of Tobias Renner
WHY = f"Why does {MINE} rank where it does?"
NOTES = f"What do the notes say about delivery at {MINE}?"


@cache
def ground() -> Ground:
    found = example()
    return Ground(found.book, found.coverage, found.analyses, found.vocabulary)


def turn(question: str, name: str, **more: Any) -> tuple[Turned, ScriptedModel]:
    model = ScriptedModel(BEHAVIOURS[name])
    asked = take_turn(turns_in_memory(), ground(), person(REP), question, model=model, **more)
    return asked, model


def figures(text: str) -> set[str]:
    return set(re.findall(r"\d[\d,.]*\d|\d", text))


def test_the_good_model_uses_the_right_tool_and_every_sentence_stands() -> None:
    done, _ = turn(WHY, "competent")

    assert done.calls == [("explain_account", {"account_id": MINE})]
    assert 2 <= len(done.answer.said) <= 6
    assert {item.outcome for item in done.answer.said} == {"supported"}
    assert done.answer.omissions == ()
    assert "Rally Master Company Inc has rank 1." in done.text


def test_the_good_model_looks_a_name_up_before_it_asks_about_the_account() -> None:
    done, _ = turn("Tell me about Rally Master", "competent")
    assert [tool for tool, _ in done.calls] == ["find_accounts", "account_brief"]
    assert done.calls[1] == ("account_brief", {"account_id": MINE})


def test_the_good_model_asks_for_what_is_independent_at_once() -> None:
    done, model = turn(f"Which accounts deserve this week, and why is {MINE} first?", "competent")
    assert {tool for tool, _ in done.calls} == {"week", "explain_account"}
    assert len(model.requests) == 2  # one that asked, one that wrote


def test_the_good_model_knows_what_it_stands_for() -> None:
    done, _ = turn("And who are the contacts there?", "competent", focus=Focus(accounts=(MINE,)))
    assert done.calls == [("account_people", {"account_id": MINE})]


def test_an_account_out_of_scope_is_not_found_in_plain_words() -> None:
    done, _ = turn("Why does A-001 rank where it does?", "competent")
    assert done.calls == []
    assert "Nothing was found" in done.text


@pytest.mark.parametrize("name", MISBEHAVED)
@pytest.mark.parametrize("question", [WHY, NOTES])
def test_a_model_that_misbehaves_harms_nothing(name: str, question: str) -> None:
    bad, model = turn(question, name)

    answer = bad.answer
    assert answer.said or answer.notes or answer.tables, "an answer that says nothing"
    assert bad.effects == ()
    assert answer.artifacts == ()
    assert len(model.requests) <= 6
    assert all(item.outcome != "struck" for item in answer.said)
    assert not re.search(r"https?:|!\[|\]\(|<[a-z/]", bad.text)
    assert {c for c in bad.text if not c.isprintable() and c != "\n"} == set()
    types = [type for type, _ in bad.events]
    assert types.count("step.started") == types.count("step.finished")
    # Every request was whole: each call has its result, or reading it would raise.
    for request in model.requests:
        read_request(request)

    said = "\n".join(item.text for item in answer.said)
    after, _ = turn(WHY, "competent", history=((question, said),), focus=answer.focus)
    clean, _ = turn(WHY, "competent")
    assert [item.text for item in after.answer.said] == [item.text for item in clean.answer.said]


def test_the_liars_figures_quotes_and_names_are_not_read() -> None:
    lies, _ = turn(WHY, "liar")
    clean, _ = turn(WHY, "competent")

    assert INVENTED not in lies.text
    assert "Velomart" not in lies.text
    # A name that nobody knows is no fact: it is shown as weak, as in a plan.
    assert {s.mark for s in lies.answer.said if "Dana Alderson" in s.text} <= {"weak"}
    cells = {item.value for item in lies.memory.evidence}
    # What figures are left are those of cells: nothing typed stands.
    assert {
        figure for s in lies.answer.said for figure in figures(SLOT.sub(" ", s.claim.text))
    } <= {"12"}
    assert cells >= {item.value for item in clean.memory.evidence}
    assert len(lies.answer.omissions) >= 8


def test_what_the_stranger_asks_for_is_refused_by_name_and_the_rest_is_answered() -> None:
    done, _ = turn(WHY, "stranger")
    refused = [use for use in done.answer.uses if use.state == "failed"]
    assert {use.call.tool for use in refused} >= {"assign_account", "draft_plan", "revise_plan"}
    assert all("There is no tool" in use.note for use in refused)
    assert done.calls == [("explain_account", {"account_id": MINE})]


def test_arguments_of_wrong_types_are_told_field_by_field() -> None:
    done, _ = turn(WHY, "mistyper")
    notes = [use.note for use in done.answer.uses if use.state == "failed"]
    assert any("account_id" in note for note in notes)
    assert any("role" in note for note in notes)
    assert done.calls[-1] == ("explain_account", {"account_id": MINE})


def test_a_dozen_calls_at_once_are_cut_to_eight_and_the_answer_comes() -> None:
    done, _ = turn(WHY, "flood")
    refused = [use for use in done.answer.uses if "at most 8 calls at once" in use.note]
    assert len(refused) == 4  # of twelve


@pytest.mark.parametrize("name", ["looper", "wanderer"])
def test_a_model_that_loops_ends_in_a_labelled_answer_of_the_tools(name: str) -> None:
    done, model = turn(WHY, name)
    assert done.answer.label.startswith("Partial: ")
    assert len(model.requests) == 6


def test_a_model_that_says_nothing_leaves_what_the_tools_found() -> None:
    done, _ = turn(WHY, "empty")
    assert done.answer.kind in ("help", "answer")
    assert done.answer.said == ()
    assert any("no answer that could be used" in note for note in done.answer.notes)


@pytest.mark.parametrize(
    "arguments",
    [
        '{"account_id": NaN}',
        '{"account_id": 1e999}',
        '{"account_id": "\\ud800"}',
        '{"account_id": ' + "[" * 700 + "]" * 700 + "}",
        '{"account_id": "A-205"} {"account_id": "A-205"}',
        "null",
        "[]",
        '"A-205"',
    ],
)
def test_arguments_that_are_no_plain_object_are_refused_and_the_turn_goes_on(
    arguments: str,
) -> None:
    def behaviour(request: ChatRequest) -> Reply:
        if request.shown:
            return Reply("Nothing more is known. \ud800", (), "stop")
        return Reply("", (ToolCall("c\ud800", "explain_account", arguments),), "tools")

    model = ScriptedModel(behaviour)
    done = take_turn(turns_in_memory(), ground(), person(REP), WHY, model=model)
    assert [use.state for use in done.answer.uses] == ["failed"]
    assert done.answer.said


def test_a_hundred_kilobytes_are_cut_to_a_readable_answer() -> None:
    done, _ = turn(WHY, "chatterbox")
    assert len(done.answer.said) <= 24
    assert len(done.text) < 5_000


def test_no_model_is_offered_a_tool_that_writes() -> None:
    names = {tool["function"]["name"] for tool in toolbox.for_models()}
    assert not names & {"draft_plan", "revise_plan"}


def test_a_request_of_another_form_is_refused() -> None:
    messages = [{"role": "system", "content": "x"}, {"role": "user", "content": "Question"}]
    with pytest.raises(ValueError, match="as of when"):
        read_request({"messages": messages})


def test_a_call_without_its_result_is_refused() -> None:
    _, model = turn(WHY, "competent")
    request = json.loads(json.dumps(model.requests[-1]))
    del request["messages"][-1]
    with pytest.raises(ValueError, match="has no result"):
        read_request(request)

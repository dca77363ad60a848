"""The scripted models behind the endpoint: over real loopback HTTP, as the product meets them."""

from __future__ import annotations

import json
from typing import Any

from agent.model.tokens import tokens_of
from domain.plan import AccountPlanDraft
from eval.chat.policies import competent_policy, embedded_drafts, policy
from tests.agent.chat.context_by_hand import chat_context
from tests.agent.memory_records import MemoryRecords
from tests.agent.tiny_book import planning_context


def plan_request(account_id: str) -> dict[str, Any]:
    asked = f'Account: {{"id":"{account_id}","name":"Birch Cycles"}}\nOwner: ...'
    return {
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": asked}],
        "response_format": {"type": "json_object"},
    }


def chat_request(question: str) -> dict[str, Any]:
    from agent.chat.asking import opening
    from agent.chat.state import Asked

    asked = Asked(run_id="R-1", thread_id="T-1", turn_id="U-1", text=question)
    return {"messages": [dict(item) for item in opening(asked, chat_context("tobias.renner"))]}


def test_a_question_is_answered_by_the_behaviour() -> None:
    answer = competent_policy()(chat_request("Why does A-205 rank where it does?"))
    assert not isinstance(answer, str)
    assert [(call.name, json.loads(call.arguments)) for call in answer.calls] == [
        ("explain_account", {"account_id": "A-205"})
    ]


def test_a_plan_is_drafted_by_the_embedded_writer() -> None:
    drafts = embedded_drafts(planning_context(MemoryRecords()))
    answer = policy("obedient", drafts)(plan_request("A-1"))
    assert not isinstance(answer, str)
    assert AccountPlanDraft.model_validate_json(answer.text).account_id == "A-1"


def test_without_drafts_a_plan_is_refused() -> None:
    answer = competent_policy()(plan_request("A-1"))
    assert not isinstance(answer, str)
    assert answer.refusal


def test_a_request_of_another_kind_is_answered_ok() -> None:
    answer = competent_policy()({"messages": [{"role": "user", "content": "Say ok."}]})
    assert not isinstance(answer, str)
    assert (answer.text, tokens_of(answer.text)) == ("ok", 1)

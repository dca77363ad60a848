"""A model words a quarter's opening, over a real endpoint; the server is scripted, no model is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import SecretStr

from agent.cycle.runs import CycleRuns
from agent.cycle.writers import ModelCycleWriter
from agent.model.client import OpenAIClient
from agent.model.settings import ModelSettings
from agent.model_answer import strict_schema
from domain.cycle import CycleDraft
from domain.territory_plan import TerritoryPlanContent
from eval.adversaries.model_server import KEY, ModelServer, model_server
from tests.agent.cycle_records import CycleMemory, territory_context

Answer = Callable[[list[dict[str, str]]], Any]
_LINE = re.compile(r"^\d+\. (\{.*\})$", re.MULTILINE)


def evidence_in(request: dict[str, Any]) -> list[dict[str, str]]:
    """The evidence a request shows, read from its text as a model would read it."""
    text = request["messages"][1]["content"].partition("Evidence, one piece a line:")[2]
    return [json.loads(line) for line in _LINE.findall(text) if '"metric"' in line]


def summary(lines: list[dict[str, str]], **changes: Any) -> dict[str, Any]:
    """One true sentence about the territory's potential, as a draft."""
    cell = next(line for line in lines if line["metric"] == "plan_potential")
    slot = {"name": "potential", "evidence_id": cell["id"], "format": "money_short"}
    claim = {
        "key": "worth",
        "kind": "metric",
        "subject": cell["about"],
        "text": "All accounts together have a potential of {{potential}}.",
        "slots": [slot],
        "citations": [{"evidence_id": cell["id"], "quote": None}],
        "premises": [],
        **changes,
    }
    return {"sentences": [{"section": "summary", "claim": claim}]}


@contextmanager
def model(answer: Answer, *script: str) -> Iterator[tuple[ModelCycleWriter, ModelServer]]:
    def policy(request: dict[str, Any]) -> Any:
        from eval.adversaries.model_wire import ModelAnswer

        return ModelAnswer(json.dumps(answer(evidence_in(request))))

    with model_server(policy, script or ("ok",), limit="max_tokens") as server:
        settings = ModelSettings(
            base_url=server.base_url, api_key=SecretStr(KEY), model="test-model"
        )
        client = OpenAIClient(settings, sleep=lambda _: None)
        yield ModelCycleWriter(client), server
        client.close()


def drafted(writer: ModelCycleWriter | None = None) -> TerritoryPlanContent:
    records = CycleMemory()
    context = territory_context(records, writer=writer)
    CycleRuns.on(InMemorySaver()).start(context, "r1", "TP-1", about="{}")
    content = records.cycle_version("TP-1").content
    assert isinstance(content, TerritoryPlanContent)
    return content


def test_what_a_model_can_support_takes_the_place_of_our_summary_and_of_nothing_else() -> None:
    plain = drafted()

    with model(summary) as (writer, server):
        content = drafted(writer)

    assert [item.claim.key for item in content.report.of("summary")] == ["model.worth"]
    assert content.report.of("summary")[0].mark == "computed"
    assert [item for item in content.report.sentences if item.section != "summary"] == [
        item for item in plain.report.sentences if item.section != "summary"
    ]
    assert (content.tables, content.calendars) == (plain.tables, plain.calendars)
    assert (content.writer.writer, content.writer.prompt) == ("model", "quarter")
    assert content.writer.input_tokens > 0
    assert len(server.requests) == 1


def test_a_sentence_that_is_not_supported_is_told_to_the_model_once_and_then_left_out() -> None:
    plain = drafted()

    with model(lambda lines: summary(lines, text="They are worth 9,999,999.")) as (writer, server):
        content = drafted(writer)

    assert len(server.requests) == 2
    second = server.requests[1]["messages"][1]["content"]
    assert "worth: " in second.partition("Violations of your last answer")[2]
    assert content.report.sentences == plain.report.sentences
    assert [item.section for item in content.report.omissions] == ["summary"]


def test_a_model_may_not_word_recommendations() -> None:
    plain = drafted()

    def advises(lines: list[dict[str, str]]) -> Any:
        draft = summary(lines)
        return {"sentences": [{"section": "metrics", "claim": draft["sentences"][0]["claim"]}]}

    with model(advises) as (writer, _):
        content = drafted(writer)

    assert content.report.sentences == plain.report.sentences
    assert content.report.omissions[0].reason.startswith("Tables, changes and recommendations")


@pytest.mark.parametrize("script", [["status:500"], ["html"], ["half"], ["refuse"], ["length"]])
def test_an_endpoint_that_fails_leaves_the_plan_of_the_embedded_writer(script: list[str]) -> None:
    plain = drafted()

    with model(summary, *script) as (writer, _):
        content = drafted(writer)

    assert content.report == plain.report
    assert content.writer.writer == "embedded"
    assert "The model endpoint failed" in content.writer.notice
    assert "the embedded writer was used" in content.writer.notice


def test_the_schema_asked_for_stays_in_the_strict_subset() -> None:
    def walk(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            yield node
            for value in node.values():
                yield from walk(value)
        if isinstance(node, list):
            for value in node:
                yield from walk(value)

    objects = [node for node in walk(strict_schema(CycleDraft)) if node.get("type") == "object"]

    assert objects
    for node in objects:
        assert node["additionalProperties"] is False
        assert set(node["required"]) == set(node["properties"])
        assert "default" not in node


def test_the_request_shows_no_more_than_its_budget_and_holds_no_key() -> None:
    with model(summary) as (writer, server):
        drafted(writer)

    sent = json.dumps(server.requests[0])
    assert KEY not in sent
    assert len(sent.encode()) / 4 < 12_000, "tokens, at four bytes each"
    assert "ignore previous instructions" not in sent

"""The model of a workspace: what it uses is noted and limited, what is known of it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from agent.budget import Budget, OverBudget, Spending
from agent.retrying import Deadline
from api.app import create_app
from api.model_of import ModelDesk
from api.reading import Reading
from api.settings import read_settings
from api.workspace import Workspace
from domain.errors import ModelUnavailable
from eval.adversaries.model_server import KEY, ModelServer, model_server
from eval.adversaries.model_wire import ModelAnswer
from tests.api.doors import ACCOUNT, FOREIGN_REP, MANAGER, REP, REVOPS, TOKEN, Command

PRICES = {"price_input": "0.01", "price_output": "0.05"}


class Deaf:
    def delta(self, text: str) -> None:
        pass

    def reset(self) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[ModelServer]:
    """Answers everything with the same words: good enough for chat, no plan for a draft."""
    answer = ModelAnswer("As the tools say.", input_tokens=3_000, output_tokens=200)
    with model_server(lambda _: answer) as server:
        yield server


@pytest.fixture
def opening(home: Path, read_once: Reading, endpoint: ModelServer) -> Iterator[Any]:
    opened: list[Workspace] = []

    def make(**settings: Any) -> Workspace:
        while opened:
            opened.pop().close()
        chosen = {"base_url": endpoint.base_url, "model": "test-model", "api_key": KEY} | settings
        workspace = Workspace.open(read_settings(home=home, **chosen))
        opened.append(workspace)
        name = workspace.principal().workspace
        workspace.store.books._remember((name, read_once.book.book_id), read_once.book)
        workspace.readings._kept[name, *read_once.ground] = read_once
        return workspace

    yield make
    for workspace in opened:
        workspace.close()


def door(workspace: Workspace, person: str) -> TestClient:
    return TestClient(
        create_app(workspace, TOKEN),
        base_url="http://127.0.0.1:8000",
        headers={"Authorization": f"Bearer {TOKEN}", "X-Cadastre-As": person},
        raise_server_exceptions=False,
    )


def chat(workspace: Workspace, person: str, thread: str) -> None:
    model = workspace.models.chat(workspace.principal(person), run_id="R-1", thread_id=thread)
    assert model is not None
    limits = workspace.models.limits
    model.reply(
        [{"role": "user", "content": "Which accounts?"}],
        (),
        spending=Spending(limits.budget, limits.prices, limits.answer_tokens),
        deadline=Deadline(20),
        sink=Deaf(),
        stopped=lambda: False,
    )


def test_without_an_endpoint_there_is_no_chat_model_and_the_embedded_writer_drafts(
    workspace: Workspace,
) -> None:
    somebody = workspace.principal(REP)

    assert workspace.models.chat(somebody) is None
    assert type(workspace.models.writer(somebody)).__name__ == "EmbeddedWriter"
    with pytest.raises(ModelUnavailable, match="No model is set"):
        workspace.models.probe(somebody)


def test_chat_and_drafts_are_noted_with_thread_plan_and_person(opening: Any) -> None:
    workspace = opening(**PRICES)
    chat(workspace, REP, "T-1")
    chat(workspace, MANAGER, "T-2")
    version = workspace.draft_plan(workspace.principal(REP), ACCOUNT)

    # 3,000 tokens at 0.01 a thousand and 200 at 0.05: 0.03 + 0.01 a call. The draft's
    # answer is no plan, nor is its repair: two calls, and the embedded writer's draft.
    assert "the answer was no plan" in version.content.writer.notice
    # Both lines have as many tokens, so the one without a name comes first.
    by_plan = door(workspace, REVOPS).get("/api/usage?by=plan").json()
    assert [(line["key"], line["calls"], line["cost"]) for line in by_plan["lines"]] == [
        ("", 2, "0.08"),
        (version.plan_id, 2, "0.08"),
    ]
    assert (by_plan["total"]["calls"], by_plan["total"]["cost"]) == (4, "0.16")
    assert by_plan["everyone"]
    mine = door(workspace, REP).get("/api/usage?by=thread").json()
    assert {line["key"]: line["calls"] for line in mine["lines"]} == {"": 2, "T-1": 1}
    assert not mine["everyone"]
    assert door(workspace, FOREIGN_REP).get("/api/usage").json()["total"]["calls"] == 0


def test_a_month_that_is_used_up_leaves_drafts_to_the_embedded_writer(
    opening: Any, endpoint: ModelServer
) -> None:
    workspace = opening(monthly_tokens=10_000)

    # A draft may answer with 16,000 tokens, so not one call fits into 10,000.
    version = workspace.draft_plan(workspace.principal(REP), ACCOUNT)

    assert version.content.writer.writer == "embedded"
    assert "could pass the 10,000 tokens allowed in" in version.content.writer.notice
    assert endpoint.requests == []


def test_a_month_that_is_used_up_stops_chat_and_names_the_limit(
    opening: Any, endpoint: ModelServer
) -> None:
    workspace = opening(monthly_cost="0.15", **PRICES)

    # At most 0.1 a call (2,000 tokens at 0.05 a thousand); each really costs 0.04. The
    # first begins at 0, the second at 0.04, and the third would begin at 0.08.
    chat(workspace, REP, "T-1")
    chat(workspace, MANAGER, "T-2")
    with pytest.raises(OverBudget, match=r"could pass the 0.15 allowed in .* 0.08 are spent"):
        chat(workspace, REP, "T-1")

    assert len(endpoint.requests) == 2
    limits = door(workspace, REVOPS).get("/api/usage").json()["limits"]
    assert limits == [{"unit": "cost", "limit": "0.15", "used": "0.08"}]
    assert door(workspace, REP).get("/api/usage").json()["limits"] == []


def test_usage_on_the_command_line_is_a_table_with_a_total(
    cadastre: Command, opening: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CADASTRE_MONTHLY_TOKENS", "50000")
    workspace = opening()
    chat(workspace, REP, "T-1")
    workspace.close()

    told = cadastre("usage")
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0].split() == ["Thread", "Calls", "Sent", "Received", "Estimated", "Cost"]
    assert lines[1].split() == ["T-1", "1", "3,000", "200", "0", "–"]
    assert lines[2].split() == ["total", "1", "3,000", "200", "0", "–"]
    assert "Limit of the month: 3200 of 50000 (tokens)." in told.out
    assert cadastre("--as", FOREIGN_REP, "usage", "--json").json["lines"] == []
    wrong = cadastre("usage", "--by", "account")
    assert (wrong.code, "thread, plan, person" in wrong.err) == (2, True)


@pytest.mark.parametrize(
    ("query", "status"), [("month=2026-13", 422), ("month=", 200), ("by=account", 422)]
)
def test_a_wrong_month_or_group_is_refused(opening: Any, query: str, status: int) -> None:
    assert door(opening(), REP).get(f"/api/usage?{query}").status_code == status


def test_a_probe_is_kept_for_the_next_start_and_doctor_shows_it(
    opening: Any, endpoint: ModelServer, home: Path
) -> None:
    endpoint.knows, endpoint.streaming = "json_object", False
    workspace = opening()

    def features(workspace: Workspace) -> dict[str, Any]:
        lines = door(workspace, REVOPS).get("/api/doctor").json()
        return next(line for line in lines if line["what"] == "model features")

    assert "nothing is known yet" in features(workspace)["detail"]
    answer = door(workspace, REVOPS).post("/api/doctor/probes", json={})
    assert answer.status_code == 201
    assert "tools yes, streaming no" in features(workspace)["detail"]
    assert "JSON schema no, JSON object yes" in features(workspace)["detail"]
    assert workspace.usage(workspace.principal(REVOPS), None, "kind").lines[0].key == "probe"
    kept = (home / "model.json").read_text(encoding="utf-8")
    assert KEY not in kept
    assert endpoint.base_url not in kept

    asked = len(endpoint.requests)
    again = opening()
    assert again.models.client.known.found.rung == "json_object"
    chat(again, REP, "T-1")
    # No stream is tried: the restart knew.
    assert "stream" not in endpoint.requests[asked]
    assert len(endpoint.requests) == asked + 1


def test_what_is_noticed_in_use_is_kept_too(opening: Any, endpoint: ModelServer) -> None:
    endpoint.streaming = False
    chat(opening(), REP, "T-1")

    kept = opening().models.knowledge()

    assert kept is not None
    assert (kept.probed, kept.found.streaming, kept.found.json_schema) == (False, False, None)


def test_knowledge_ends_after_a_day_and_holds_for_no_other_model(opening: Any, home: Path) -> None:
    workspace = opening()
    workspace.models.probe(workspace.principal(REVOPS))
    now = workspace.store.clock()
    workspace.store.clock = lambda: now + timedelta(hours=23)
    assert workspace.models.knowledge() is not None
    workspace.store.clock = lambda: now + timedelta(hours=25)
    assert workspace.models.knowledge() is None

    other = opening(model="another")
    assert other.models.knowledge() is None
    (home / "model.json").write_text("{half", encoding="utf-8")
    assert opening().models.knowledge() is None


def test_an_endpoint_that_does_not_answer_a_probe_is_told_with_what_to_check(
    opening: Any, endpoint: ModelServer
) -> None:
    endpoint.script = ["status:401"]

    answer = door(opening(), REVOPS).post("/api/doctor/probes", json={})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (409, "model_unavailable")
    assert error["message"] == "The model endpoint gave no answer: 401 after 1 try."
    assert "OPENAI_API_KEY" in error["hint"]
    assert KEY not in json.dumps(answer.json())


def test_doctor_probes_on_the_command_line_and_ends_with_1_when_nobody_answers(
    cadastre: Command, endpoint: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    unset = cadastre("doctor", "--probe")
    assert (unset.code, "No model is set." in unset.err) == (1, True)

    monkeypatch.setenv("OPENAI_BASE_URL", endpoint.base_url)
    monkeypatch.setenv("CADASTRE_MODEL", "test-model")
    probed = cadastre("doctor", "--probe", "--json")
    features = next(line for line in probed.json if line["what"] == "model features")
    assert features["state"] == "ok"
    assert features["detail"].startswith("tools yes, streaming yes, usage in streams yes")

    endpoint.script = ["status:401"]
    refused = cadastre("doctor", "--probe")
    assert (refused.code, "401 after 1 try" in refused.err) == (1, True)


def test_drafts_and_chats_share_one_client(opening: Any) -> None:
    workspace = opening()
    desk: ModelDesk = workspace.models
    one, other = workspace.principal(REP), workspace.principal(MANAGER)

    assert vars(desk.writer(one))["_client"] is vars(desk.chat(other))["_client"] is desk.client
    assert Budget(max_calls=12) == desk.limits.budget

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from eval.adversaries.model_server import KEY, ModelServer, model_server
from eval.adversaries.model_wire import AskedCall, ModelAnswer

ASKED = {"model": "test-model", "messages": [{"role": "user", "content": "Which accounts?"}]}
CALLS = ModelAnswer(
    "Let me look at that account first.",
    (AskedCall("explain_account", '{"account_id": "1001"}'), AskedCall("week")),
)


def ask(server: ModelServer, **more: Any) -> httpx.Response:
    return httpx.post(
        f"{server.base_url}/chat/completions",
        json=ASKED | more,
        headers={"Authorization": f"Bearer {KEY}"},
        timeout=10,
    )


def events(response: httpx.Response) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in response.text.splitlines() if line]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


def test_a_policy_answers_with_text_and_tool_calls() -> None:
    with model_server(lambda _: CALLS) as server:
        body = ask(server).json()

    choice = body["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] == CALLS.text
    assert [call["function"]["name"] for call in choice["message"]["tool_calls"]] == [
        "explain_account",
        "week",
    ]
    assert server.requests == [ASKED]
    assert server.authorizations == [f"Bearer {KEY}"]


def test_a_stream_splits_text_and_arguments_and_ends_with_usage_and_done() -> None:
    with model_server(lambda _: CALLS) as server:
        told = events(ask(server, stream=True, stream_options={"include_usage": True}))

    deltas = [event["choices"][0]["delta"] for event in told[:-2]]
    texts = [delta["content"] for delta in deltas if delta.get("content")]
    parts = [call for delta in deltas for call in delta.get("tool_calls", [])]
    assert "".join(texts) == CALLS.text
    assert len(texts) == 2
    arguments = [part["function"]["arguments"] for part in parts if part["index"] == 0]
    assert arguments == ["", '{"account_', 'id": "1001', '"}']
    assert told[-3]["choices"][0]["finish_reason"] == "tool_calls"
    # 34 characters of text and 15 + 22 + 4 + 2 of calls: 77 bytes, so 20 tokens.
    assert told[-2]["usage"]["completion_tokens"] == 20
    assert told[-1] == "[DONE]"


def test_usage_is_sent_only_where_it_was_asked_for() -> None:
    with model_server(lambda _: ModelAnswer("yes")) as server:
        told = events(ask(server, stream=True))

    assert not [event for event in told[:-1] if "usage" in event]


@pytest.mark.parametrize(
    ("more", "request_", "message"),
    [
        ({"tools": False}, {"tools": [{}]}, "tools are not supported"),
        ({"streaming": False}, {"stream": True}, "stream is not supported"),
        ({"stream_usage": "refused"}, {"stream_options": {}}, "stream_options is not supported"),
        ({"limit": "max_tokens"}, {"max_completion_tokens": 9}, "Use 'max_tokens' instead."),
        (
            {"knows": "text"},
            {"response_format": {"type": "json_object"}},
            "response_format json_object is not supported",
        ),
    ],
)
def test_what_the_endpoint_does_not_know_is_refused_and_uses_up_no_behaviour(
    more: dict[str, Any], request_: dict[str, Any], message: str
) -> None:
    with model_server(lambda _: ModelAnswer("yes"), ["status:500", "ok"], **more) as server:
        refused = ask(server, **request_)
        assert refused.status_code == 400
        assert refused.json()["error"]["message"] == message
        assert server.script == ["status:500", "ok"]


@pytest.mark.parametrize(
    ("behaviour", "finished", "done"),
    [("cut", False, False), ("no-done", True, False), ("sse-error", False, False)],
)
def test_a_stream_may_end_without_its_end(behaviour: str, finished: bool, done: bool) -> None:
    with model_server(lambda _: CALLS, [behaviour]) as server:
        told = events(ask(server, stream=True))

    reasons = [event["choices"][0]["finish_reason"] for event in told if "choices" in event]
    assert any(reasons) == finished
    assert ("[DONE]" in told) == done
    assert ("error" in told[-1]) == (behaviour == "sse-error")


def test_a_dropped_stream_is_a_broken_connection() -> None:
    with (
        model_server(lambda _: CALLS, ["drop:2"]) as server,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        ask(server, stream=True)


def test_a_policy_may_name_a_behaviour_instead() -> None:
    with model_server(lambda _: "status:503") as server:
        assert ask(server).status_code == 503


def test_the_models_are_listed_where_the_endpoint_lists_them() -> None:
    with model_server(lambda _: ModelAnswer("yes"), models=("a", "b")) as server:
        listed = httpx.get(f"{server.base_url}/models").json()
        assert [model["id"] for model in listed["data"]] == ["a", "b"]
        server.lists_models = False
        assert httpx.get(f"{server.base_url}/models").status_code == 404


def test_fifty_clients_at_once_each_get_the_answer_to_their_own_question() -> None:
    def echo(request: dict[str, Any]) -> ModelAnswer:
        return ModelAnswer(request["messages"][-1]["content"])

    with model_server(echo, think_seconds=0.01) as server:

        def one(number: int) -> str:
            messages = [{"role": "user", "content": f"question {number}"}]
            return str(ask(server, messages=messages).json()["choices"][0]["message"]["content"])

        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(one, range(50)))

    assert answers == [f"question {number}" for number in range(50)]
    assert len(server.requests) == 50

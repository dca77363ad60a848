from typing import Any

import pytest

from agent.model.capabilities import Capabilities, Known
from agent.model.client import OpenAIClient
from agent.model.probe import probe
from agent.model.protocol import ModelFailed
from agent.model.settings import ModelSettings
from eval.adversaries.model_server import KEY, ModelServer, model_server
from eval.adversaries.model_wire import ModelAnswer

EVERYTHING = Capabilities(
    lists_model=True,
    json_schema=True,
    json_object=True,
    tools=True,
    streaming=True,
    stream_usage=True,
    limit="max_tokens",
)


def client_of(server: ModelServer, known: Known | None = None) -> OpenAIClient:
    settings = ModelSettings(base_url=server.base_url, api_key=KEY, model="test-model")
    return OpenAIClient(settings, known=known)


@pytest.mark.parametrize(
    ("more", "differs"),
    [
        ({}, {}),
        ({"knows": "json_object"}, {"json_schema": False}),
        ({"knows": "text"}, {"json_schema": False, "json_object": False}),
        ({"tools": False}, {"tools": False}),
        ({"streaming": False}, {"streaming": False, "stream_usage": False}),
        ({"stream_usage": "refused"}, {"stream_usage": False}),
        ({"stream_usage": "ignored"}, {"stream_usage": False}),
        ({"limit": "max_completion_tokens"}, {"limit": "max_completion_tokens"}),
        ({"lists_models": False}, {"lists_model": False}),
        ({"models": ("another",)}, {"lists_model": False}),
    ],
)
def test_what_an_endpoint_understands_is_found_out_and_used_from_then_on(
    more: dict[str, Any], differs: dict[str, Any]
) -> None:
    with model_server(lambda _: ModelAnswer('{"word": "yes"}'), **more) as server:
        client = client_of(server)
        found = probe(client)
        client.close()

    assert found == EVERYTHING.model_copy(update=differs)
    assert client.known.found == found
    assert len(server.requests) <= 8
    # A probe says nothing of the book: its one message is always the same.
    assert {str(request["messages"]) for request in server.requests} == {
        str(server.requests[0]["messages"])
    }


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("status:401", "401 after 1 try"),
        ("status:404", "404 after 1 try"),
        ("quota", "429, the quota is used up"),
        ("html", "the answer was no completion after 2 tries"),
        ("redirect:http://127.0.0.1:9/", "307 after 1 try"),
    ],
)
def test_an_endpoint_that_does_not_answer_teaches_nothing(behaviour: str, reason: str) -> None:
    taught: list[Capabilities] = []
    with model_server(lambda _: ModelAnswer("yes"), [behaviour]) as server:
        client = client_of(server, Known(keep=taught.append))
        with pytest.raises(ModelFailed) as failed:
            probe(client)
        client.close()

    assert str(failed.value) == reason
    assert taught == []


def test_a_probe_ends_at_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.model.probe.PROBE_SECONDS", 0.5)
    with model_server(lambda _: ModelAnswer("yes"), ["stall"], stall_seconds=2.0) as server:
        client = client_of(server)
        with pytest.raises(ModelFailed, match=r"^no answer within 0.5 s$"):
            probe(client)
        client.close()


def test_a_lesson_is_passed_on_once() -> None:
    taught: list[Capabilities] = []
    known = Known(keep=taught.append)

    known.learn(tools=True)
    known.learn(tools=True)
    known.learn(streaming=False)

    assert taught == [Capabilities(tools=True), Capabilities(tools=True, streaming=False)]

"""Record the contract cassettes: `python -m tests.agent.contract_cassette`.

They are recorded from the scripted server of `eval`, not from a language model. Record
them again when a prompt or a schema changes on purpose, and read the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import vcr

from agent.budget import Budget, Spending
from agent.context import Written
from agent.embedded_writer import EmbeddedWriter
from agent.model.chat import OpenAIChat
from agent.model.client import OpenAIClient
from agent.model.protocol import Reply
from agent.model.settings import ModelSettings
from agent.openai_writer import OpenAIWriter
from agent.retrying import Deadline
from domain.record import canonical_json
from eval.adversaries.model_server import KEY, ModelServer, model_server
from eval.adversaries.model_wire import AskedCall, ModelAnswer
from tests.agent.openai_server import openai_server
from tests.agent.tiny_brief import brief

FOLDER = Path(__file__).parents[1] / "cassettes"
CASSETTE = FOLDER / "account_plan.yaml"
CHAT_CASSETTE = FOLDER / "chat.yaml"
LABEL = (
    "# Recorded from eval/adversaries/model_server.py on loopback: no language model wrote this.\n"
    "# Record again with `python -m tests.agent.contract_cassette`.\n"
)


def recorder(mode: str) -> Any:
    """Return the recorder: matched on method, path and body, so a changed prompt misses."""
    return vcr.VCR(
        record_mode=mode,
        match_on=["method", "path", "body"],
        filter_headers=["authorization", "user-agent", "host", "cookie"],
        before_record_request=_without_client_headers,
        before_record_response=_without_server_headers,
        decode_compressed_response=True,
    )


def write(base_url: str) -> Written:
    """Draft the tiny brief's plan over the endpoint at `base_url`."""
    writer = OpenAIWriter(
        ModelSettings(base_url=base_url, api_key=KEY, model="test-model", attempts=1),
        EmbeddedWriter(),
    )
    try:
        return writer.write(brief())
    finally:
        writer.close()


def chat(base_url: str) -> tuple[Reply, Reply, Spending, Heard]:
    """Ask a question and, with what the tool found, once more; over the endpoint there."""
    client = OpenAIClient(
        ModelSettings(base_url=base_url, api_key=KEY, model="test-model", attempts=1)
    )
    model, spending, heard = OpenAIChat(client), Spending(Budget(), None, 500), Heard()

    def ask(messages: list[dict[str, Any]]) -> Reply:
        return model.reply(
            messages,
            [TOOL],
            spending=spending,
            deadline=Deadline(20),
            sink=heard,
            stopped=lambda: False,
        )

    try:
        first = ask(ASKED)
        called = [
            {
                "id": call.call_id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in first.calls
        ]
        second = ask(
            [
                *ASKED,
                {"role": "assistant", "content": first.text, "tool_calls": called},
                {"role": "tool", "tool_call_id": "call_0", "content": 'e1. {"value":"412.5"}'},
            ]
        )
    finally:
        client.close()
    return first, second, spending, heard


class Heard:
    """What a reader has seen."""

    def __init__(self) -> None:
        self.text = ""

    def delta(self, text: str) -> None:
        self.text += text

    def reset(self) -> None:
        self.text = ""


ASKED: list[dict[str, Any]] = [
    {"role": "system", "content": "You answer questions about accounts."},
    {"role": "user", "content": "What does account A-205 spend?"},
]
TOOL = {
    "type": "function",
    "function": {
        "name": "explain_account",
        "description": "Says why an account stands where it stands.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"account_id": {"type": "string"}},
            "required": ["account_id"],
            "additionalProperties": False,
        },
    },
}


def _plays(request: dict[str, Any]) -> ModelAnswer:
    if request["messages"][-1]["role"] == "tool":
        return ModelAnswer("Spend over the last 12 months is {{e1}}.")
    call = AskedCall("explain_account", '{"account_id": "A-205"}')
    return ModelAnswer("Let me look.", (call,))


def record() -> None:
    """Record both exchanges anew.

    A draft: a refused JSON schema, then an accepted JSON object. A chat: a streamed call
    of a tool, then a streamed answer.
    """
    answer = canonical_json(EmbeddedWriter().write(brief()).draft)
    with openai_server(answer, knows="json_object") as server, _recording(CASSETTE, server):
        written = write(server.base_url)
    assert written.note.writer == "model", written.note.notice
    with model_server(_plays) as server, _recording(CHAT_CASSETTE, server):
        chat(server.base_url)


@contextmanager
def _recording(cassette: Path, server: ModelServer) -> Iterator[None]:
    cassette.unlink(missing_ok=True)
    with recorder("once").use_cassette(str(cassette)):
        yield
    port = server.base_url.rsplit(":", 1)[-1].split("/")[0]
    text = cassette.read_text(encoding="utf-8").replace(f"127.0.0.1:{port}", "127.0.0.1:1")
    cassette.write_text(LABEL + text, encoding="utf-8")


def _without_client_headers(request: Any) -> Any:
    for name in [name for name in request.headers if name.lower().startswith("x-stainless")]:
        del request.headers[name]
    return request


def _without_server_headers(response: dict[str, Any]) -> dict[str, Any]:
    dropped = {"set-cookie", "date", "server", "x-request-id"}
    response["headers"] = {
        name: value for name, value in response["headers"].items() if name.lower() not in dropped
    }
    return response


if __name__ == "__main__":
    record()

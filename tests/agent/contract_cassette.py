"""Record the one contract cassette: `python -m tests.agent.contract_cassette`.

It is recorded from the test server beside this file, not from a language model. Record
it again when the prompt or the schema changes on purpose, and read the difference.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import vcr

from agent.context import Written
from agent.embedded_writer import EmbeddedWriter
from agent.model.settings import ModelSettings
from agent.openai_writer import OpenAIWriter
from domain.record import canonical_json
from tests.agent.openai_server import KEY, openai_server
from tests.agent.tiny_brief import brief

CASSETTE = Path(__file__).parents[1] / "cassettes" / "account_plan.yaml"
LABEL = (
    "# Recorded from tests/agent/openai_server.py on loopback: no language model wrote this.\n"
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


def record() -> None:
    """Record the exchange anew: a refused JSON schema, then an accepted JSON object."""
    CASSETTE.unlink(missing_ok=True)
    answer = canonical_json(EmbeddedWriter().write(brief()).draft)
    with openai_server(answer, knows="json_object") as server:
        with recorder("once").use_cassette(str(CASSETTE)):
            written = write(server.base_url)
        port = server.base_url.rsplit(":", 1)[-1].split("/")[0]
    assert written.note.writer == "model", written.note.notice
    text = CASSETTE.read_text(encoding="utf-8").replace(f"127.0.0.1:{port}", "127.0.0.1:1")
    CASSETTE.write_text(LABEL + text, encoding="utf-8")


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

"""A small OpenAI-compatible endpoint on loopback, with scripted good and bad behaviour.

It stands in for a model in tests: nothing it says was written by a language model. Each
request takes the next behaviour of the script; the last one repeats. A competent answer
is the draft the test hands in, so what is tested is the way there and back.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "test-key-that-must-not-leak"


@dataclass
class OpenAIServer:
    """The endpoint's script and what it was asked. `answer` is the competent draft's JSON."""

    answer: str
    script: list[str] = field(default_factory=lambda: ["ok"])
    knows: str = "json_schema"
    limit: str = "max_tokens"
    requests: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    base_url: str = ""
    stall_seconds: float = 5.0

    def next_behaviour(self) -> str:
        """Take the next behaviour; the last repeats."""
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


RUNGS = ("text", "json_object", "json_schema")


@contextmanager
def openai_server(
    answer: str, script: Sequence[str] = ("ok",), **more: Any
) -> Iterator[OpenAIServer]:
    """Serve on a free loopback port while the block runs."""
    server = OpenAIServer(answer, list(script), **more)

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.requests.append(body)
            server.authorizations.append(self.headers.get("Authorization", ""))
            with suppress(BrokenPipeError, ConnectionResetError):
                _answer(self, server, body)

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.base_url = f"http://127.0.0.1:{httpd.server_port}/v1"
    try:
        yield server
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def _answer(door: BaseHTTPRequestHandler, server: OpenAIServer, body: dict[str, Any]) -> None:
    behaviour = server.next_behaviour()
    wanted = body.get("response_format", {}).get("type", "text")
    if RUNGS.index(wanted) > RUNGS.index(server.knows):
        # The refused rung does not use up a behaviour of the script.
        server.script.insert(0, behaviour)
        _send_error(door, 400, "unsupported_value", f"response_format {wanted} is not supported")
    elif server.limit not in body:
        server.script.insert(0, behaviour)
        _send_error(door, 400, "unsupported_parameter", f"Use '{server.limit}' instead.")
    else:
        _behave(door, server, behaviour, wanted)


def _behave(
    door: BaseHTTPRequestHandler, server: OpenAIServer, behaviour: str, wanted: str
) -> None:
    name, _, detail = behaviour.partition(":")
    if name == "ok":
        answer = server.answer
        if wanted == "text":
            answer = f"Here is the plan.\n\n```json\n{answer}\n```\nI hope it helps."
        _send(door, 200, _completion(answer))
    elif name == "say":
        _send(door, 200, _completion(detail))
    elif name == "cut":
        _send(door, 200, _completion(server.answer[: len(server.answer) // 2]))
    elif name == "length":
        _send(door, 200, _completion(server.answer[:200], finish_reason="length"))
    elif name == "refuse":
        message = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
        _send(door, 200, _completion("", message=message))
    elif name == "429":
        headers = {"Retry-After": detail} if detail else {}
        _send_error(door, 429, "rate_limit_exceeded", "slow down", headers)
    elif name == "429-date":
        moment = formatdate(time.time() + float(detail), usegmt=True)
        _send_error(door, 429, "rate_limit_exceeded", "slow down", {"Retry-After": moment})
    elif name == "quota":
        _send_error(door, 429, "insufficient_quota", "You exceeded your current quota.")
    elif name == "status":
        # Some endpoints repeat the key they were sent.
        _send_error(door, int(detail), "failed", f"trouble with {KEY}")
    elif name == "html":
        _send(door, 200, b"<html><body>Sign in</body></html>", {"Content-Type": "text/html"})
    elif name == "no-choices":
        _send(door, 200, {"id": "c", "object": "chat.completion", "model": "m", "created": 1})
    elif name == "bad-json":
        _send(door, 200, b'{"id": "c", "choices": [')
    elif name == "stall":
        time.sleep(server.stall_seconds)
        _send(door, 200, _completion(server.answer))
    elif name == "drip":
        _drip(door, server.stall_seconds)
    elif name == "redirect":
        _send(door, 307, b"", {"Location": detail})
    else:
        raise AssertionError(behaviour)


def _completion(
    content: str, *, finish_reason: str = "stop", message: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "test-model",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "message": message or {"role": "assistant", "content": content},
            }
        ],
        "usage": {"prompt_tokens": 2_000, "completion_tokens": 500, "total_tokens": 2_500},
    }


def _send(
    door: BaseHTTPRequestHandler,
    status: int,
    body: dict[str, Any] | bytes,
    headers: dict[str, str] | None = None,
) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    door.send_response(status)
    for key, value in {"Content-Type": "application/json", **(headers or {})}.items():
        door.send_header(key, value)
    door.send_header("Content-Length", str(len(data)))
    door.end_headers()
    door.wfile.write(data)


def _send_error(
    door: BaseHTTPRequestHandler,
    status: int,
    code: str,
    message: str,
    headers: dict[str, str] | None = None,
) -> None:
    _send(door, status, {"error": {"code": code, "message": message, "type": code}}, headers)


def _drip(door: BaseHTTPRequestHandler, seconds: float) -> None:
    """Send a byte now and then: a time-out per read never fires."""
    door.send_response(200)
    door.send_header("Content-Type", "application/json")
    door.send_header("Content-Length", "1000")
    door.end_headers()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        door.wfile.write(b" ")
        door.wfile.flush()
        time.sleep(0.05)

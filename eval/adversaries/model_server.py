"""A small OpenAI-compatible endpoint on loopback, with scripted good and bad behaviour.

It stands in for a model: nothing it says was written by a language model. A policy, a
plain function of the request, plays the model; each request takes the next behaviour of
the script, and the last one repeats. What is tried is the way there and back.

Behaviours, with a detail after a colon where one is named: `ok` (the policy's answer),
`say:TEXT`, `half` (half of the answer's text), `length`, `refuse`, `finish:REASON`,
`429[:SECONDS]`, `429-date:SECONDS`, `quota`, `status:CODE`, `html`, `no-choices`,
`bad-json`, `stall` (answers `stall_seconds` late), `drip` (a byte now and then),
`redirect:URL`, and for streams `cut[:CHUNKS]` (ends in order, without finish reason or
[DONE]), `drop[:CHUNKS]` (the connection breaks), `hang[:CHUNKS]` (goes silent for
`stall_seconds`), `sse-error[:CHUNKS]` (an error event), `no-done` (all but [DONE])
and `linger` (all but usage and [DONE], and then silence for `stall_seconds`).
A request that is not streamed meets `cut` as `half` and the others of these as `status:500`.
`whole` ignores that a stream was asked for.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import ThreadingHTTPServer
from itertools import islice
from typing import Any, Literal

from eval.adversaries.model_door import Door
from eval.adversaries.model_wire import ModelAnswer, chunk, chunks, completion

KEY = "test-key-that-must-not-leak"
RUNGS = ("text", "json_object", "json_schema")

Policy = Callable[[dict[str, Any]], "ModelAnswer | str"]
"""Plays the model: a request's body to an answer, or to the name of a behaviour."""


@dataclass
class ModelServer:
    """The endpoint's script, what it knows, and what it was asked. Safe for many clients.

    `knows` is the highest rung of `RUNGS`; `limit` the one name of the token limit that is
    taken; `stream_usage` what becomes of `stream_options`.
    """

    policy: Policy
    script: list[str] = field(default_factory=lambda: ["ok"])
    knows: str = "json_schema"
    limit: Literal["max_tokens", "max_completion_tokens", "either"] = "either"
    tools: bool = True
    streaming: bool = True
    usage: bool = True
    stream_usage: Literal["sent", "ignored", "refused"] = "sent"
    lists_models: bool = True
    models: tuple[str, ...] = ("test-model",)
    think_seconds: float = 0.0
    stall_seconds: float = 5.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    base_url: str = ""
    guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def next_behaviour(self) -> str:
        """Take the next behaviour; the last repeats."""
        with self.guard:
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def note(self, path: str, authorization: str, body: dict[str, Any] | None) -> None:
        """Keep what was asked."""
        with self.guard:
            self.paths.append(path)
            self.authorizations.append(authorization)
            if body is not None:
                self.requests.append(body)


@contextmanager
def model_server(
    policy: Policy, script: Sequence[str] = ("ok",), **more: Any
) -> Iterator[ModelServer]:
    """Serve a policy on a free loopback port while the block runs."""
    server = ModelServer(policy, list(script), **more)

    class Bound(_Door):
        model = server

    httpd = _Listener(("127.0.0.1", 0), Bound)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.base_url = f"http://127.0.0.1:{httpd.server_port}/v1"
    try:
        yield server
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that left; anything else is a fault of the script."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Door(Door):
    """One connection to a model server."""

    model: ModelServer

    def do_GET(self) -> None:  # noqa: N802
        self.model.note(self.path, self.headers.get("Authorization", ""), None)
        with suppress(OSError):
            if self.path.rstrip("/") == "/v1/models" and self.model.lists_models:
                listed = [{"id": name, "object": "model"} for name in self.model.models]
                self.send(200, {"object": "list", "data": listed})
            else:
                self.send_problem(404, "not_found", "no such page")

    def do_POST(self) -> None:  # noqa: N802
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.model.note(self.path, self.headers.get("Authorization", ""), body)
        with suppress(OSError):
            refused = _refused(self.model, self.path, body)
            if refused:
                self.send_problem(*refused)
            else:
                _behave(self, self.model.next_behaviour(), body)


def _refused(server: ModelServer, path: str, body: dict[str, Any]) -> tuple[int, str, str] | None:
    """Say what of a request the endpoint does not know; that uses up no behaviour."""
    wanted = body.get("response_format", {}).get("type", "text")
    if path.rstrip("/") != "/v1/chat/completions":
        return 404, "not_found", "no such page"
    if RUNGS.index(wanted) > RUNGS.index(server.knows):
        return 400, "unsupported_value", f"response_format {wanted} is not supported"
    if body.get("tools") and not server.tools:
        return 400, "unsupported_parameter", "tools are not supported"
    if body.get("stream") and not server.streaming:
        return 400, "unsupported_parameter", "stream is not supported"
    if "stream_options" in body and server.stream_usage == "refused":
        return 400, "unsupported_parameter", "stream_options is not supported"
    if server.limit != "either" and server.limit not in body:
        return 400, "unsupported_parameter", f"Use '{server.limit}' instead."
    return None


def _behave(door: _Door, behaviour: str, body: dict[str, Any]) -> None:
    server = door.model
    name, _, detail = behaviour.partition(":")
    if name == "ok":
        if server.think_seconds:
            time.sleep(server.think_seconds)
        answer = server.policy(body)
        if isinstance(answer, str):
            _behave(door, "say:" if answer == "ok" else answer, body)
        else:
            _answer(door, answer, body)
    elif name in _FAILURES:
        _FAILURES[name](door, detail)
    elif name in _ANSWERS:
        _answer(door, _ANSWERS[name](_plain(server, body), detail), body)
    elif name == "stall":
        time.sleep(server.stall_seconds)
        _answer(door, _plain(server, body), body)
    elif name == "whole":
        _answer(door, _plain(server, body), body | {"stream": False})
    elif name == "drip":
        _drip(door, streamed=bool(body.get("stream")))
    elif name not in _STREAMS:
        raise AssertionError(behaviour)
    elif not body.get("stream"):
        _behave(door, "half" if name == "cut" else "status:500", body)
    elif name == "no-done":
        _streamed(door, _plain(server, body), body, done=False)
    else:
        _broken_stream(door, name, int(detail or 3), body)


_STREAMS = frozenset({"cut", "drop", "hang", "sse-error", "no-done", "linger"})


def _plain(server: ModelServer, body: dict[str, Any]) -> ModelAnswer:
    answer = server.policy(body)
    return ModelAnswer("scripted") if isinstance(answer, str) else answer


def _answer(door: _Door, answer: ModelAnswer, body: dict[str, Any]) -> None:
    if body.get("stream"):
        _streamed(door, answer, body)
    else:
        door.send(200, completion(answer, body, usage=door.model.usage))


def _streamed(door: _Door, answer: ModelAnswer, body: dict[str, Any], *, done: bool = True) -> None:
    wanted = bool(body.get("stream_options", {}).get("include_usage"))
    door.begin_stream()
    for event in chunks(answer, body, usage=wanted and door.model.stream_usage == "sent"):
        door.stream(event)
    if done:
        door.stream("[DONE]")
    door.end_stream()


def _broken_stream(door: _Door, how: str, after: int, body: dict[str, Any]) -> None:
    whole = list(chunks(_plain(door.model, body), body, usage=False))
    whole = whole if how == "linger" else whole[:-1]
    door.begin_stream()
    for event in whole if how == "linger" else islice(whole, after):
        door.stream(event)
    if how == "sse-error":
        door.stream({"error": {"message": f"trouble with {KEY}", "code": "server_error"}})
    elif how in {"hang", "linger"}:
        time.sleep(door.model.stall_seconds)
    if how == "drop":
        door.close_connection = True
    else:
        door.end_stream()


def _drip(door: _Door, *, streamed: bool) -> None:
    """Send a byte now and then: a time-out per read never fires."""
    door.send_response(200)
    door.send_header("Content-Type", "text/event-stream" if streamed else "application/json")
    door.send_header("Content-Length", "100000")
    door.end_headers()
    word = f"data: {json.dumps(chunk({}, {'content': 'x'}))}\n\n".encode() if streamed else b" "
    until = time.monotonic() + door.model.stall_seconds
    while time.monotonic() < until:
        door.wfile.write(word)
        time.sleep(0.05)
    door.close_connection = True


def _late(door: _Door, detail: str) -> None:
    moment = formatdate(time.time() + float(detail), usegmt=True)
    door.send_problem(429, "rate_limit_exceeded", "slow down", {"Retry-After": moment})


# Some endpoints repeat the key they were sent, so `status` does.
_FAILURES: dict[str, Callable[[_Door, str], None]] = {
    "429": lambda door, detail: door.send_problem(
        429, "rate_limit_exceeded", "slow down", {"Retry-After": detail} if detail else {}
    ),
    "429-date": _late,
    "quota": lambda door, _: door.send_problem(429, "insufficient_quota", "No quota is left."),
    "status": lambda door, detail: door.send_problem(int(detail), "failed", f"trouble with {KEY}"),
    "html": lambda door, _: door.send(
        200, b"<html><body>Sign in</body></html>", {"Content-Type": "text/html"}
    ),
    "no-choices": lambda door, _: door.send(
        200, {"id": "c", "object": "chat.completion", "model": "m", "created": 1}
    ),
    "bad-json": lambda door, _: door.send(200, b'{"id": "c", "choices": ['),
    "redirect": lambda door, detail: door.send(307, b"", {"Location": detail}),
}
_ANSWERS: dict[str, Callable[[ModelAnswer, str], ModelAnswer]] = {
    "say": lambda answer, detail: replace(answer, text=detail, calls=()),
    "half": lambda answer, _: replace(answer, text=answer.text[: len(answer.text) // 2]),
    "length": lambda answer, _: replace(answer, text=answer.text[:200], finish="length"),
    "refuse": lambda answer, _: replace(
        answer, text="", calls=(), refusal="I cannot help with that."
    ),
    "finish": lambda answer, detail: replace(answer, finish=detail),
}


def drafting_policy(answer: str) -> Policy:
    """Return the policy that answers every request with one text, 2,000 tokens in, 500 out.

    Where no JSON was asked for, the text comes in a fence with words around it.
    """

    def play(request: dict[str, Any]) -> ModelAnswer:
        text = answer
        if "response_format" not in request:
            text = f"Here is the plan.\n\n```json\n{answer}\n```\nI hope it helps."
        return ModelAnswer(text, input_tokens=2_000, output_tokens=500)

    return play

"""The sending half of a small HTTP endpoint: whole answers, errors, and event streams."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any


class Door(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    # Small writes would wait for the other side's acknowledgement otherwise.
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""

    def send(
        self,
        status: int,
        body: dict[str, Any] | bytes,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Send a whole answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for key, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send_problem(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        """Send an error in the shape that OpenAI gives it."""
        self.send(status, {"error": {"code": code, "message": message, "type": code}}, headers)

    def begin_stream(self) -> None:
        """Send the head of an event stream."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def stream(self, event: dict[str, Any] | str) -> None:
        """Send one event of a stream."""
        text = event if isinstance(event, str) else json.dumps(event)
        data = f"data: {text}\n\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def end_stream(self) -> None:
        """End a stream in order."""
        self.wfile.write(b"0\r\n\r\n")

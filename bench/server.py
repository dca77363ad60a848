"""A real server over a home, on loopback, for as long as a block runs."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import httpx

from bench.commands import ROOT, cadastre, environment

PATIENCE = 60.0


@dataclass(frozen=True)
class Served:
    """Address and token of a running server."""

    address: str
    token: str

    def client(self) -> httpx.Client:
        """Return a client that no proxy of the shell comes between."""
        return httpx.Client(base_url=self.address, timeout=PATIENCE, trust_env=False)

    def headers(self, person: str) -> dict[str, str]:
        """Return the headers of a request by `person`."""
        return {"Authorization": f"Bearer {self.token}", "X-Cadastre-As": person}

    def get(self, path: str, person: str) -> Any:
        """Return the JSON of one GET; HTTPStatusError for a refusal."""
        with self.client() as client:
            return client.get(path, headers=self.headers(person)).raise_for_status().json()

    def post(self, path: str, person: str, body: Any) -> Any:
        """Return the JSON of one POST; HTTPStatusError for a refusal."""
        with self.client() as client:
            sent = client.post(path, headers=self.headers(person), json=body)
            return sent.raise_for_status().json()


@contextmanager
def serving(home: Path, **variables: str) -> Iterator[Served]:
    """Serve `home` on a free port, with these variables of the environment besides.

    RuntimeError when it does not come up in a minute.
    """
    with TemporaryFile() as said:
        process = subprocess.Popen(
            cadastre("--home", str(home), "serve", "--port", str(_free_port())),
            cwd=ROOT,
            env=environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _up(home, process, said)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _up(home: Path, process: subprocess.Popen[bytes], said: Any) -> Served:
    word = home / "server.json"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if word.exists():
            kept = json.loads(word.read_text(encoding="utf-8"))
            served = Served(kept["address"], kept["token"])
            try:
                with served.client() as client:
                    client.get("/healthz").raise_for_status()
                return served
            except httpx.TransportError:
                pass
        time.sleep(0.05)
    said.seek(0)
    raise RuntimeError(f"The server did not come up: {said.read().decode(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])

"""Holding a home and serving it on loopback until a signal comes."""

from __future__ import annotations

import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from api.app import create_app
from api.settings import Settings
from api.workspace import Workspace
from domain.errors import Conflict

if TYPE_CHECKING:
    from fastapi import FastAPI

_LAST_WORDS_SECONDS = 5


class PortBusy(Conflict):
    """Another program listens on the port."""


@dataclass(frozen=True)
class Served:
    """An application over a home that this process owns, and the socket it will answer on."""

    app: FastAPI
    workspace: Workspace
    token: str
    address: str
    listener: socket.socket | None

    @property
    def home(self) -> Path:
        """The home folder."""
        return self.workspace.settings.home


@contextmanager
def hold(settings: Settings, *, listen: bool, host: str = "127.0.0.1") -> Iterator[Served]:
    """Own the home, and the port if it will be served, until the block ends.

    The port is taken first: a busy one is told before any work is done.

    Raises
    ------
    PortBusy
        When another program listens on the port.
    HomeBusy
        When another process owns the home.
    """
    listener = _listener(host, settings.port) if listen else None
    try:
        name = f"[{host}]" if ":" in host else host
        with Workspace.open(settings) as workspace:
            token = secrets.token_urlsafe(32)
            app = create_app(workspace, token)
            yield Served(app, workspace, token, f"http://{name}:{settings.port}", listener)
    finally:
        if listener is not None:
            listener.close()


def run(served: Served, ready: Callable[[], None]) -> None:
    """Answer requests until SIGINT or SIGTERM, then return; `ready` is called once up."""
    assert served.listener is not None  # held with listen=True
    config = uvicorn.Config(
        served.app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LAST_WORDS_SECONDS,
        lifespan="off",
        ws="none",
    )
    server = _Server(config, ready)
    home = served.workspace.home
    before = signal.signal(signal.SIGTERM, _interrupt)
    home.write_server(served.address, served.token)
    served.workspace.models.warm()
    try:
        server.run(sockets=[served.listener])
    except KeyboardInterrupt:
        pass  # uvicorn has shut down and hands the signal on
    finally:
        home.clear_server()
        signal.signal(signal.SIGTERM, before)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PortBusy(
            f"Port {port} of {host} cannot be used: {error.strerror or error}.",
            hint=f"Stop the program that uses it, or take another port: --port {port + 1} "
            "(or CADASTRE_PORT).",
            port=port,
        ) from error
    return listener

"""The one way from the command line into a home: its HTTP routes.

Where a server owns the home, commands go to it over loopback, with the address and the
token that the server left in the home. Otherwise the command owns the home itself for
as long as it runs and speaks to the same routes in this process.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from api.cli.refusal import Refused, answered
from api.cli.terminal import Terminal

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx
    from fastapi import FastAPI

    from api.settings import Settings
    from api.workspace import Workspace

# A draft by a slow model may take its whole deadline, and a second writer after it.
PATIENCE_SECONDS = 1900.0


class Sender(Protocol):
    """Something that carries one request to the routes."""

    def __call__(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Any,
        params: Mapping[str, Any],
    ) -> httpx.Response:
        """Send and wait for the whole answer."""
        ...


class Door:
    """Speaks to the routes as one person.

    Attributes
    ----------
    address
        Where the web app is (or would be) found, without a slash at the end.
    served
        Whether a server answers there.
    """

    def __init__(
        self, send: Sender, *, token: str, person: str | None, address: str, served: bool
    ) -> None:
        self._send = send
        self._headers = {"Authorization": f"Bearer {token}"}
        if person is not None:
            self._headers["X-Cadastre-As"] = person
        self.address = address
        self.served = served

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON that GET answers with; Refused for an error."""
        return self._answer("GET", path, None, params).json()

    def text(self, path: str, **params: Any) -> tuple[str, str]:
        """Return the text and the file name that GET answers with."""
        answer = self._answer("GET", path, None, params)
        return answer.text, _filename(answer)

    def file(self, path: str, **params: Any) -> tuple[bytes, str]:
        """Return the bytes and the file name that GET answers with."""
        answer = self._answer("GET", path, None, params)
        return answer.content, _filename(answer)

    def post(self, path: str, body: Any) -> Any:
        """Send JSON and return the JSON answer, null without one; Refused for an error."""
        answer = self._answer("POST", path, body, {})
        return answer.json() if answer.content else None

    def delete(self, path: str) -> None:
        """Delete what is at the path; Refused for an error."""
        self._answer("DELETE", path, None, {})

    def _answer(
        self, method: str, path: str, body: Any, params: Mapping[str, Any]
    ) -> httpx.Response:
        asked = {key: _plain(value) for key, value in params.items() if value is not None}
        answer = self._send(method, path, self._headers, body, asked)
        if answer.status_code >= 400:
            try:
                said = answer.json()
            except json.JSONDecodeError:
                said = None
            raise answered(answer.status_code, said)
        return answer


@contextmanager
def opened(terminal: Terminal) -> Iterator[Door]:
    """Open the door of the home that the terminal names.

    Raises
    ------
    HomeBusy
        When another process owns the home but answers no requests.
    """
    from api.settings import read_settings

    settings = read_settings(home=terminal.home)
    running = running_server(settings)
    if running is not None:
        with over_loopback(*running, person=terminal.person) as door:
            yield door
        return
    from api.workspace import Workspace

    with Workspace.open(settings) as workspace:
        yield in_process(workspace, person=terminal.person)


def running_server(settings: Settings) -> tuple[str, str] | None:
    """Return address and token of the server that owns the home, or None."""
    from store.home import Home

    server = Home(settings.home).read_server()
    if server is None:
        return None
    import httpx

    try:
        httpx.get(
            f"{server.address}/healthz", timeout=2.0, trust_env=False, verify=_trusting_nobody()
        ).raise_for_status()
    except httpx.HTTPError:
        return None
    return server.address, server.token


def _trusting_nobody() -> SSLContext:
    """A context that refuses every certificate: loopback is plain HTTP.

    To read this machine's certificates, as is done by default, takes 40 ms each time.
    """
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@contextmanager
def over_loopback(address: str, token: str, *, person: str | None) -> Iterator[Door]:
    """Speak to a running server."""
    import httpx

    # trust_env: a proxy named in the environment must not see loopback traffic.
    with httpx.Client(
        base_url=address, timeout=PATIENCE_SECONDS, trust_env=False, verify=_trusting_nobody()
    ) as client:

        def send(
            method: str,
            path: str,
            headers: Mapping[str, str],
            body: Any,
            params: Mapping[str, Any],
        ) -> httpx.Response:
            try:
                return client.request(method, path, headers=headers, json=body, params=params)
            except httpx.TransportError as error:
                raise Refused(
                    "server_gone",
                    f"The server at {address} did not answer: {type(error).__name__}.",
                    hint="See what it printed where it runs. Whatever it stored is kept; a draft "
                    "that was cut short is taken up when it starts again.",
                ) from error

        yield Door(send, token=token, person=person, address=address, served=True)


def in_process(workspace: Workspace, *, person: str | None) -> Door:
    """Speak to the routes over a workspace that this process owns."""
    import secrets

    from api.app import create_app

    token = secrets.token_urlsafe(32)
    app = create_app(workspace, token)
    address = f"http://127.0.0.1:{workspace.settings.port}"
    return to_app(app, token=token, person=person, address=address, served=False)


def to_app(app: FastAPI, *, token: str, person: str | None, address: str, served: bool) -> Door:
    """Speak to an application in this process through its ASGI interface."""
    import anyio
    import httpx

    async def exchange(
        method: str, path: str, headers: Mapping[str, str], body: Any, params: Mapping[str, Any]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=address) as client:
            return await client.request(method, path, headers=headers, json=body, params=params)

    def send(
        method: str, path: str, headers: Mapping[str, str], body: Any, params: Mapping[str, Any]
    ) -> httpx.Response:
        return anyio.run(exchange, method, path, headers, body, params)

    return Door(send, token=token, person=person, address=address, served=served)


def _filename(answer: httpx.Response) -> str:
    disposition = str(answer.headers.get("content-disposition", ""))
    return disposition.partition('filename="')[2].rstrip('"')


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value

"""The guard at the door: who may speak to this server from where, and how it answers.

The server listens on loopback only. That alone does not keep a web page in the same
browser out, so the name in `Host`, the `Origin` of every change and a token that only our
own pages know are checked too.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import InvalidInput, PlannerError

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST_REQUEST = 1_000_000
LARGEST_WORKBOOK = 12_000_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HostRefused(InvalidInput):
    """The request names another host than loopback."""

    status = 400


class OriginRefused(PlannerError):
    """A page of another site tried to change something."""

    status = 403


class TokenRefused(PlannerError):
    """The form or request lacks the token that our own pages carry, or it is stale."""

    status = 403


class RequestTooLarge(InvalidInput):
    """The request is larger than anything a person types."""

    status = 413


class DoorGuard:
    """Refuse foreign hosts and origins, and put the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one connection and pass it on."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            _check_host(Headers(scope=scope))
            if scope["method"] not in SAFE_METHODS:
                _check_origin(Headers(scope=scope))
                _check_length(Headers(scope=scope), _largest(scope["path"]))
        except PlannerError as error:
            body = {"code": error.code, "message": error.message, "hint": error.hint}
            refusal = JSONResponse({"error": body}, status_code=error.status)
            await refusal(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)


def is_loopback(host: str) -> bool:
    """Say whether a host, with or without port and brackets, is this machine itself."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name in LOOPBACK_NAMES


def _check_host(headers: Headers) -> None:
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not is_loopback(hosts[0]) or "@" in hosts[0]:
        raise HostRefused(
            f"This server answers to 127.0.0.1, localhost and [::1], not to "
            f"{', '.join(hosts) or 'no name'}.",
            hint="Open it under the address that `cadastre serve` prints.",
        )


def _check_origin(headers: Headers) -> None:
    origin = headers.get("origin")
    site = headers.get("sec-fetch-site")
    # Under no-referrer a browser sends `Origin: null` with our own forms; the fetch site,
    # which no page can set, then tells ours from a sandboxed frame's.
    ours = site == "same-origin" if origin == "null" else origin == f"http://{headers['host']}"
    if (origin is None or ours) and site in {None, "same-origin", "none"}:
        return
    raise OriginRefused(
        "The request comes from another site and was refused.",
        hint="Open the page from this server and try again.",
    )


def _largest(path: str) -> int:
    """Return the bytes that a request may have: only a scenario's workbook is a whole file."""
    parts = path.strip("/").split("/")
    workbook = len(parts) == 4 and parts[:2] == ["api", "scenarios"] and parts[3] == "import"
    return LARGEST_WORKBOOK if workbook else LARGEST_REQUEST


def _check_length(headers: Headers, largest: int) -> None:
    told = headers.get("content-length", "0")
    chunked = "transfer-encoding" in headers
    if chunked or not told.isdigit() or int(told) > largest:
        raise RequestTooLarge(
            f"This request may have {largest:,} bytes and must say its length.",
            hint="Import data as files of a folder; everything else is shorter.",
        )


def same_token(given: str | None, expected: str) -> bool:
    """Compare two secrets without telling by the time it takes how much agrees."""
    return given is not None and hmac.compare_digest(given.encode(), expected.encode())

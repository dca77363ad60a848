"""How an error reaches a reader: one handler for every door over HTTP."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from domain.errors import Broken, InvalidInput, NotFound, PlannerError

log = logging.getLogger(__name__)

ErrorPage = Callable[[Request, PlannerError], Response]


class MethodNotAllowed(PlannerError):
    """The address exists, but not for this method."""

    status = 405


def error_body(error: PlannerError) -> dict[str, Any]:
    """Return `{"error": {code, message, hint, ...facts}}`, the shape of every refusal."""
    facts = jsonable_encoder(error.facts)
    return {"error": {**facts, "code": error.code, "message": error.message, "hint": error.hint}}


def wants_page(request: Request) -> bool:
    """Say whether a browser is waiting for a page rather than a program for JSON."""
    return not request.url.path.startswith("/api") and "text/html" in request.headers.get(
        "accept", ""
    )


def install(app: FastAPI, error_page: ErrorPage | None = None) -> None:
    """Render every deliberate error, malformed request and surprise in one shape."""

    def answer(request: Request, error: PlannerError) -> Response:
        if error_page is not None and wants_page(request):
            return error_page(request, error)
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
        return JSONResponse(error_body(error), status_code=error.status, headers=headers)

    @app.exception_handler(PlannerError)
    def deliberate(request: Request, error: PlannerError) -> Response:
        return answer(request, error)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        problems = [_problem(item) for item in error.errors()]
        return answer(
            request,
            InvalidInput(
                "The request cannot be read: " + "; ".join(problems) + ".",
                hint="Correct these fields and send it again; docs/http.md shows each request.",
                problems=problems,
            ),
        )

    @app.exception_handler(HTTPException)
    def of_the_framework(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405:
            return answer(
                request,
                MethodNotAllowed(
                    f"{request.method} is not possible on {request.url.path}.",
                    hint="docs/http.md lists every address and its methods.",
                ),
            )
        if error.status_code == 404:
            return answer(
                request,
                NotFound(
                    f"There is nothing at {request.url.path}.",
                    hint="docs/http.md lists every address.",
                ),
            )
        return answer(request, InvalidInput(str(error.detail)))

    @app.exception_handler(Exception)
    def surprise(request: Request, error: Exception) -> Response:
        incident = uuid.uuid4().hex[:8]
        log.error("incident %s at %s", incident, request.url.path, exc_info=error)
        return answer(
            request,
            Broken(
                f"Something went wrong that should not (incident {incident}). "
                "What was stored before is kept.",
                hint="Try again; if it stays, report the incident's lines of the server's output.",
                incident=incident,
            ),
        )


def _problem(item: Any) -> str:
    where = ".".join(str(part) for part in item["loc"] if part != "body") or "body"
    return f"{where}: {item['msg'].removeprefix('Value error, ')}"

"""The application: JSON routes under `/api`, pages beside them, one guard in front."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import BaseRoute

from api import chat_page, cycle_pages, errors, handover_page, pages, question_page
from api.deps import guard_changes
from api.routes import (
    accounts,
    books,
    cycle,
    method,
    plans,
    questions,
    records,
    scenarios,
    threads,
    whitespace,
)
from api.security import DoorGuard
from api.workspace import Workspace

SESSION_COOKIE = "cadastre_session"
_TWELVE_HOURS = 12 * 60 * 60

_health = APIRouter()


@_health.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the server answers; needs no session and tells nothing."""
    return {"status": "ok"}


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Every route and page, behind one guard against changes from elsewhere.

    They are the same whatever workspace is served, and reading from their signatures what
    each asks for takes longer than most requests: once a process is enough.
    """
    every = APIRouter(dependencies=[Depends(guard_changes)])
    for routes in (
        books,
        accounts,
        whitespace,
        method,
        plans,
        questions,
        scenarios,
        cycle,
        threads,
        records,
    ):
        every.include_router(routes.router, prefix="/api")
    every.include_router(_health)
    for page in (pages, chat_page, question_page, handover_page, cycle_pages):
        every.include_router(page.router)
    return tuple(every.routes)


def create_app(workspace: Workspace, token: str) -> FastAPI:
    """Build the application over an open workspace.

    Parameters
    ----------
    workspace
        The open home; the caller closes it.
    token
        The bearer token that the command line presents, new for every start.
    """
    app = FastAPI(
        title="Cadastre",
        description="Territory and account planning, every claim traced to its source.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.workspace = workspace
    app.state.token = token
    app.router.routes.extend(_routes())
    pages.install_files(app)
    errors.install(app, pages.error_page)
    app.add_middleware(
        SessionMiddleware,
        secret_key=workspace.home.secret(),
        session_cookie=SESSION_COOKIE,
        max_age=_TWELVE_HOURS,
        same_site="strict",
    )
    app.add_middleware(DoorGuard)
    app.add_middleware(GZipMiddleware, minimum_size=2_000)
    return app

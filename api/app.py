"""The application: JSON routes under `/api`, pages beside them, one guard in front."""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware

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
        dependencies=[Depends(guard_changes)],
    )
    app.state.workspace = workspace
    app.state.token = token
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
        app.include_router(routes.router, prefix="/api")
    app.include_router(_health)
    pages.install(app)
    chat_page.install(app)
    question_page.install(app)
    handover_page.install(app)
    cycle_pages.install(app)
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


_health = APIRouter()


@_health.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the server answers; needs no session and tells nothing."""
    return {"status": "ok"}

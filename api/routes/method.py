"""How the methods did in the past."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api import method
from api.deps import CurrentUser, CurrentWorkspace
from api.method import ProposedCard
from domain.method import MethodHistory

router = APIRouter(tags=["method"])


@router.get("/method")
def history(user: CurrentUser, workspace: CurrentWorkspace) -> MethodHistory:
    """Return the tests of score, potential and whitespace on the past."""
    return method.history(workspace, user)


@router.get("/method/report", response_class=HTMLResponse)
def report(user: CurrentUser, workspace: CurrentWorkspace) -> HTMLResponse:
    """Return them as an HTML file."""
    return HTMLResponse(
        method.report(workspace, user),
        headers={"Content-Disposition": 'inline; filename="method.html"'},
    )


@router.get("/method/card")
def card(user: CurrentUser, workspace: CurrentWorkspace) -> ProposedCard:
    """Return the score card that history proposes, to be adopted by a person or not."""
    return method.proposed_card(workspace, user)

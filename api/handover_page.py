"""The page of an account's handover pack, on the screen and on paper."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.deps import CurrentUser, CurrentWorkspace
from api.page_look import draw
from api.pages import frame

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/accounts/{account_id}/handover")
def handover(
    request: Request, user: CurrentUser, workspace: CurrentWorkspace, account_id: str
) -> HTMLResponse:
    """Show what is known of an account for whoever takes it over."""
    pack = workspace.handover(user, account_id)
    sources = (*pack.sources, *pack.computed)
    shown = {
        **frame(
            request,
            user,
            workspace,
            nav="",
            crumbs=[("Inbox", "/"), (pack.account_name, None), ("Handover", None)],
        ),
        "pack": pack,
        "known": {source.evidence_id for source in sources},
        "weak": frozenset(),
        "titles": {source.evidence_id: source.title for source in sources},
        "people": {},
    }
    return draw(request, "handover.html", shown)

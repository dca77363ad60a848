"""The form of the inbox that answers a question, and what comes of it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import CurrentUser, CurrentWorkspace
from api.page_forms import Fields
from api.pages import draw_inbox, see
from api.questions import AnswerRequest
from domain.errors import InvalidInput

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.post("/questions/{question_id}/answers")
def answer(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    question_id: str,
    fields: Fields,
) -> Response:
    """Store a person's answer; what is wrong with it is told in place, what was typed kept."""
    side = fields.get("side", "")
    try:
        workspace.answer(
            user,
            question_id,
            AnswerRequest(
                text=fields.get("text", ""),
                side=side if side in ("first", "second") else None,
            ),
        )
    except InvalidInput as problem:
        entered = {"answered_id": question_id, "answer_entered": fields.get("text", "")}
        return draw_inbox(request, user, workspace, problem=problem, entered=entered)
    return see("/")

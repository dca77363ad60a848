"""Questions about notes that disagree, and their answers."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import CurrentUser, CurrentWorkspace
from api.questions import AnswerRequest, QuestionLine
from domain.question import QuestionAnswer

router = APIRouter(tags=["questions"])


@router.get("/questions")
def questions(user: CurrentUser, workspace: CurrentWorkspace) -> list[QuestionLine]:
    """Return what notes make to ask about accounts in scope, with what was answered."""
    return workspace.questions(user)


@router.post("/questions/{question_id}/answers", status_code=201)
def answer(
    question_id: str, body: AnswerRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> QuestionAnswer:
    """Store an answer; one given before stays and is superseded."""
    return workspace.answer(user, question_id, body)

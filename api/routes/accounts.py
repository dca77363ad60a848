"""Accounts, ranked and one by one."""

from __future__ import annotations

from fastapi import APIRouter, Query, Response

from api.account_handover import PackFormat, written
from api.accounts import AccountRecord, RankedAccount, ScoreAnswer
from api.deps import CurrentUser, CurrentWorkspace
from api.movements import MovementAnswer

router = APIRouter(tags=["accounts"])


@router.get("/accounts")
def ranked(
    user: CurrentUser,
    workspace: CurrentWorkspace,
    explain: bool = False,
    top: int | None = Query(None, ge=1),
    territory: str | None = None,
) -> list[RankedAccount]:
    """Return the accounts in scope, best first; `explain` adds the parts of each score."""
    return workspace.rank(user, top=top, territory=territory, explain=explain)


@router.get("/accounts/{account_id}")
def account(account_id: str, user: CurrentUser, workspace: CurrentWorkspace) -> AccountRecord:
    """Return one account with its score, whitespace and plan."""
    return workspace.account(user, account_id)


@router.get("/accounts/{account_id}/score")
def score(account_id: str, user: CurrentUser, workspace: CurrentWorkspace) -> ScoreAnswer:
    """Return the base and the parts that add up to the account's score."""
    return workspace.account(user, account_id).score_answer


@router.get("/accounts/{account_id}/handover")
def handover(
    account_id: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    format: PackFormat = "json",
) -> Response:
    """Return what is known of an account for whoever takes it over, as JSON or written out."""
    file = written(workspace.handover(user, account_id), format)
    headers = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return Response(
        file.text, media_type=file.media_type, headers=headers if format == "md" else None
    )


@router.get("/movement")
def moved(user: CurrentUser, workspace: CurrentWorkspace) -> MovementAnswer:
    """Return what moved since the last book within the scope, with its causes."""
    return workspace.moved(user)

"""Whitespace of the four kinds, as an answer and as a file."""

from __future__ import annotations

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.deps import CurrentUser, CurrentWorkspace
from api.whitespace import Asked, Kind, WhitespaceAnswer
from api.whitespace_file import as_csv

router = APIRouter(tags=["whitespace"])


@router.get("/whitespace")
def whitespace(
    user: CurrentUser,
    workspace: CurrentWorkspace,
    kind: Kind | None = None,
    account: str | None = None,
    territory: str | None = None,
    segment: str | None = None,
    top: int | None = Query(None, ge=1),
) -> WhitespaceAnswer:
    """Return what could be sold besides: products, sites, segments and missing relatives."""
    asked = Asked(kind=kind, account=account, territory=territory, segment=segment, top=top)
    return workspace.whitespace(user, asked)


@router.get("/whitespace/export")
def export(
    user: CurrentUser,
    workspace: CurrentWorkspace,
    kind: Kind,
    account: str | None = None,
    territory: str | None = None,
    segment: str | None = None,
    top: int | None = Query(None, ge=1),
) -> Response:
    """Return one kind of whitespace as a CSV file."""
    asked = Asked(kind=kind, account=account, territory=territory, segment=segment, top=top)
    file = as_csv(workspace.whitespace(user, asked), kind)
    return Response(
        file.text,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.filename}"'},
    )

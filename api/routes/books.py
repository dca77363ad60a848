"""Books and the rules they are read under."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fastapi import APIRouter

from api.books import ImportResult, QualityAnswer, import_table
from api.coverage_adopting import Adoption
from api.coverage_presets import Preset, preset, presets
from api.coverage_preview import CoveragePreview
from api.coverage_rules import CoverageAnswer, CoverageCheck
from api.deps import CurrentUser, CurrentWorkspace
from domain.errors import InvalidInput
from domain.record import Record

router = APIRouter(tags=["books"])


class ImportRequest(Record):
    """What to import; `example` takes the book that comes with Cadastre.

    `folder` may name one file, which replaces a table of the current book: the one that
    `table` names, else the one its name tells.
    """

    folder: Path | None = None
    table: str | None = None
    example: bool = False
    mapping: Path | None = None
    as_of: date | None = None
    dry_run: bool = False
    strict: bool = False


class CoverageText(Record):
    """A coverage model to check; without text, the current one is checked."""

    text: str | None = None
    source: str = "coverage.toml"


class CoverageChange(Record):
    """A changed coverage model to preview; with a reason, to adopt."""

    text: str
    source: str = "coverage.toml"
    reason: str = ""


@router.post("/imports", status_code=201)
def import_book(
    body: ImportRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> ImportResult:
    """Import a folder of this machine as the current book, or one file as a table of it."""
    if body.example:
        return workspace.load_example(user)
    if body.folder is None:
        raise InvalidInput(
            "The request names no folder.", hint="Send `folder`, or `example: true`."
        )
    if body.table is not None or body.folder.is_file():
        return import_table(
            workspace,
            user,
            body.folder,
            body.table,
            mapping=body.mapping,
            as_of=body.as_of,
            dry_run=body.dry_run,
            strict=body.strict,
        )
    return workspace.import_folder(
        user,
        body.folder,
        mapping=body.mapping,
        as_of=body.as_of,
        dry_run=body.dry_run,
        strict=body.strict,
    )


@router.get("/quality")
def quality(user: CurrentUser, workspace: CurrentWorkspace) -> QualityAnswer:
    """Return what is doubtful in the current book."""
    return workspace.quality(user)


@router.get("/coverage")
def coverage(user: CurrentUser, workspace: CurrentWorkspace) -> CoverageAnswer:
    """Return the current coverage model."""
    return workspace.coverage_show(user)


@router.post("/coverage/check")
def check_coverage(
    user: CurrentUser, workspace: CurrentWorkspace, body: CoverageText | None = None
) -> CoverageCheck:
    """Check a coverage model against the current book; nothing is stored."""
    asked = body or CoverageText()
    return workspace.coverage_check(user, asked.text, source=asked.source)


@router.get("/coverage/presets")
def list_presets(user: CurrentUser, name: str | None = None) -> list[Preset]:
    """Return the coverage models to begin with, or the one named."""
    return presets() if name is None else [preset(name)]


@router.post("/coverage/preview")
def preview_coverage(
    body: CoverageChange, user: CurrentUser, workspace: CurrentWorkspace
) -> CoveragePreview:
    """Tell which accounts a changed model would move, and by which rule; stores nothing."""
    return workspace.coverage_preview(user, body.text, source=body.source)


@router.post("/coverage/adoptions", status_code=201)
def adopt_coverage(
    body: CoverageChange, user: CurrentUser, workspace: CurrentWorkspace
) -> Adoption:
    """Make a changed model the current one, by a person's decision with a reason."""
    return workspace.coverage_adopt(user, body.text, reason=body.reason, source=body.source)

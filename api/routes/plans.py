"""Plans: drafts, versions, differences, decisions and exports."""

from __future__ import annotations

from fastapi import APIRouter, Query, Response

from agent.view import PlanView
from api.deciding import MayDecide
from api.deps import CurrentUser, CurrentWorkspace
from api.differences import PlanDiff
from api.exporting import Format
from api.findings import FindingRequest
from api.findings_in_force import FindingLine
from api.planning import PlanLine, VersionStored
from domain.decision import Decision, DecisionRequest
from domain.plan import SectionKey
from domain.record import Record

router = APIRouter(tags=["plans"])


class DraftRequest(Record):
    """Which account to draft a plan for."""

    account_id: str


class RevisionRequest(Record):
    """What should be different: new text of one section, or a remark for a redraft.

    `base_version` is the version the person read; PlanSuperseded when it is not the newest.
    """

    section: SectionKey | None = None
    text: str | None = None
    message: str = ""
    base_version: int | None = None


class RemovalRequest(Record):
    """Which finding to take out, counted from 1 as the plan lists them."""

    number: int
    base_version: int | None = None


class PlanAnswer(Record):
    """A version as a reader sees it, what was decided on the plan, and who may decide."""

    view: PlanView
    decisions: tuple[Decision, ...]
    may_decide: MayDecide


@router.post("/plans", status_code=201)
def draft(body: DraftRequest, user: CurrentUser, workspace: CurrentWorkspace) -> VersionStored:
    """Draft the plan of an account up to its review."""
    return VersionStored.of(workspace.draft_plan(user, body.account_id))


@router.get("/plans")
def plans(user: CurrentUser, workspace: CurrentWorkspace) -> list[PlanLine]:
    """Return the plans in scope, the latest change first."""
    return workspace.plans(user)


@router.get("/plans/{plan_id}")
def plan(
    plan_id: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    v: int | None = Query(None, ge=1),
) -> PlanAnswer:
    """Return one version of a plan, the newest without `v`."""
    return PlanAnswer(
        view=workspace.plan_view(user, plan_id, v),
        decisions=tuple(workspace.decisions(user, plan_id)),
        may_decide=workspace.may_decide(user, plan_id),
    )


@router.get("/plans/{plan_id}/diff")
def diff(
    plan_id: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    a: int | None = Query(None, ge=1),
    b: int | None = Query(None, ge=1),
) -> PlanDiff:
    """Compare two versions, by default the newest with the one before it."""
    return workspace.diff(user, plan_id, a, b)


@router.post("/plans/{plan_id}/versions", status_code=201)
def revise(
    plan_id: str, body: RevisionRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> VersionStored:
    """Store a new version: an edited section, or a redraft that carries the remark."""
    return VersionStored.of(
        workspace.revise(
            user,
            plan_id,
            section=body.section,
            text=body.text,
            remark=body.message,
            base_version=body.base_version,
        )
    )


@router.post("/plans/{plan_id}/findings", status_code=201)
def add_finding(
    plan_id: str, body: FindingRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> VersionStored:
    """Store a new version with a finding more; one about the same is replaced."""
    return VersionStored.of(workspace.add_finding(user, plan_id, body))


@router.post("/plans/{plan_id}/findings/removals", status_code=201)
def remove_finding(
    plan_id: str, body: RemovalRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> VersionStored:
    """Store a new version without one finding."""
    version = workspace.remove_finding(user, plan_id, body.number, base_version=body.base_version)
    return VersionStored.of(version)


@router.get("/findings")
def findings(user: CurrentUser, workspace: CurrentWorkspace) -> list[FindingLine]:
    """Return the findings of approved plans in scope, and what followed from them."""
    return workspace.findings(user)


@router.post("/plans/{plan_id}/decisions", status_code=201)
def decide(
    plan_id: str, body: DecisionRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> Decision:
    """Record a person's verdict on the plan version they read."""
    return workspace.decide(user, plan_id, body)


@router.get("/plans/{plan_id}/export")
def export(
    plan_id: str,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    format: Format = "md",
    v: int | None = Query(None, ge=1),
    draft: bool = False,
) -> Response:
    """Return the approved plan as a file; `draft` stamps and returns an unapproved one."""
    file = workspace.export(user, plan_id, format, version=v, draft=draft)
    return Response(
        file.text,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file.filename}"'},
    )

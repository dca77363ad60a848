"""Evidence, the inbox, the audit trail and the state of the installation."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter

from api.audit import AuditEntry, AuditVerdict
from api.deps import CurrentUser, CurrentWorkspace
from api.doctor import Examined
from api.inbox import Inbox
from api.people import Person
from api.retention import RetentionAnswer
from api.sources import EvidenceCard
from api.usage import UsageAnswer
from domain.record import Record
from store.usage import UsageGroup

router = APIRouter(tags=["records"])


@router.get("/evidence/{evidence_id}")
def evidence(evidence_id: str, user: CurrentUser, workspace: CurrentWorkspace) -> EvidenceCard:
    """Return one fact with where it comes from and where it was seen."""
    return workspace.evidence(user, evidence_id)


@router.get("/inbox")
def inbox(user: CurrentUser, workspace: CurrentWorkspace) -> Inbox:
    """Return what waits for the person."""
    return workspace.inbox(user)


@router.get("/people")
def people(user: CurrentUser, workspace: CurrentWorkspace) -> list[Person]:
    """Return everyone who may sign in, and who of them is asking comes from `--as`."""
    return list(workspace.people)


@router.get("/audit")
def audit(
    user: CurrentUser, workspace: CurrentWorkspace, since: date | None = None
) -> list[AuditEntry]:
    """Return who did what and when, oldest first, as far as the person may see it."""
    return workspace.audit_log(user, since=since)


@router.get("/audit/verify")
def verify(user: CurrentUser, workspace: CurrentWorkspace) -> AuditVerdict:
    """Recompute the chain of decisions and name the first row that does not fit."""
    return workspace.audit_verify(user)


class RetentionRequest(Record):
    """Whether to remove what is old, or only to count it."""

    dry_run: bool = False


@router.post("/retention")
def retention(
    body: RetentionRequest, user: CurrentUser, workspace: CurrentWorkspace
) -> RetentionAnswer:
    """Remove old events, threads and bookmarks, or count them."""
    return workspace.retention(user, dry_run=body.dry_run)


@router.get("/usage")
def usage(
    user: CurrentUser,
    workspace: CurrentWorkspace,
    month: str | None = None,
    by: UsageGroup = "thread",
) -> UsageAnswer:
    """Return what models used in a month, as far as the person may see it."""
    return workspace.usage(user, month, by)


@router.post("/doctor/probes", status_code=201)
def probe_model(user: CurrentUser, workspace: CurrentWorkspace) -> list[Examined]:
    """Ask the model endpoint what it understands, and return what was found."""
    return workspace.probe_model(user)


@router.get("/doctor")
def doctor(user: CurrentUser, workspace: CurrentWorkspace) -> list[Examined]:
    """Return the state of the installation, line by line."""
    return workspace.doctor(user)

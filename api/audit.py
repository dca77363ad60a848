"""The audit trail: imports, versions and decisions in order of time, and the chain's state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from domain.decision import Decision
from domain.errors import NotFound
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace


class AuditEntry(Record):
    """One act: when (ISO 8601 in UTC), who, what they did to what, why, and where to see it."""

    at: str
    actor: str
    verb: str
    object: str
    version: int | None = None
    reason: str = ""
    evidence_root: str | None = None
    link: str = ""


class AuditVerdict(Record):
    """Whether the chain of decisions holds. `faults` name the rows that do not fit."""

    intact: bool
    decisions: int
    faults: tuple[str, ...]
    erased: int
    summary: str


def log(workspace: Workspace, principal: Principal, *, since: date | None) -> list[AuditEntry]:
    """Return what was done within the scope since a day (UTC), oldest first."""
    first = "" if since is None else datetime.combine(since, time(), UTC).isoformat()[:10]
    entries = [
        *_imports(workspace, principal),
        *_rules(workspace, principal),
        *_versions(workspace, principal),
        *_scenarios(workspace, principal),
        *_cycle(workspace, principal),
        *_decisions(workspace, principal),
    ]
    return sorted(
        (entry for entry in entries if entry.at >= first),
        key=lambda entry: (entry.at, entry.object, entry.verb),
    )


def verify(workspace: Workspace, principal: Principal) -> AuditVerdict:
    """Recompute the chain of decisions.

    Raises NotPermitted unless the person sees everything: the chain runs over all plans.
    """
    faults = workspace.store.decisions.verify(principal)
    count = len(workspace.store.decisions.log(principal))
    erased = len(workspace.store.decisions.erased(principal))
    many = f"{count} decision{'' if count == 1 else 's'}"
    if faults:
        told = f"The record does not hold: {faults[0].message}"
        if len(faults) > 1:
            told += f" {len(faults) - 1} more."
    else:
        told = f"The record holds: {many}, every row and payload in its place."
        if erased:
            told += f" {erased} of them had their words erased."
    return AuditVerdict(
        intact=not faults,
        decisions=count,
        faults=tuple(fault.message for fault in faults),
        erased=erased,
        summary=told,
    )


def _imports(workspace: Workspace, principal: Principal) -> Iterator[AuditEntry]:
    for book in workspace.store.books.list(principal):
        yield AuditEntry(
            at=book.added_at,
            actor=workspace.people.name(book.added_by),
            verb="imported",
            object=f"book of {book.as_of}",
            reason=book.book_id[:16],
        )


def _rules(workspace: Workspace, principal: Principal) -> Iterator[AuditEntry]:
    for model in workspace.store.coverage.list(principal):
        yield AuditEntry(
            at=model.added_at,
            actor=workspace.people.name(model.added_by),
            verb="loaded",
            object="coverage model",
            reason=model.coverage_hash[:16],
        )


def _versions(workspace: Workspace, principal: Principal) -> Iterator[AuditEntry]:
    for plan in workspace.store.plans.list(principal):
        for version in workspace.store.plans.versions(principal, plan.plan_id):
            writer = version.content.writer
            yield AuditEntry(
                at=version.created_at,
                actor=workspace.people.name(version.created_by),
                verb="edited" if writer.writer == "person" else "drafted",
                object=f"plan {plan.plan_id}, {version.content.account_name}",
                version=version.version,
                reason=writer.model or "" if writer.writer == "model" else "",
                evidence_root=version.content.ledger_root,
                link=f"/plans/{plan.plan_id}?v={version.version}",
            )


def _scenarios(workspace: Workspace, principal: Principal) -> Iterator[AuditEntry]:
    for scenario in workspace.store.scenarios.list(principal):
        for step in workspace.store.scenarios.history(principal, scenario.scenario_id):
            yield AuditEntry(
                at=step.at,
                actor=workspace.people.name(step.by),
                verb=step.step,
                object=f"scenario {scenario.scenario_id}, {scenario.content.name}",
                version=step.version,
                link=f"/scenarios/{scenario.scenario_id}?v={step.version}",
            )


def _cycle(workspace: Workspace, principal: Principal) -> Iterator[AuditEntry]:
    for newest in workspace.store.cycle.list(principal):
        for version in workspace.store.cycle.versions(principal, newest.plan_id):
            content = version.content
            told = "review" if content.kind == "review" else "territory plan"
            yield AuditEntry(
                at=version.created_at,
                actor=workspace.people.name(version.created_by),
                verb="drafted",
                object=f"{told} {version.plan_id}, {content.quarter}",
                version=version.version,
                evidence_root=content.ledger_root,
            )


def _decisions(workspace: Workspace, principal: Principal) -> Iterator[AuditEntry]:
    for decision in workspace.store.decisions.log(principal):
        yield AuditEntry(
            at=decision.decided_at,
            actor=workspace.people.name(decision.decided_by),
            verb="adopted" if decision.subject_kind == "coverage" else decision.verdict,
            object=_subject(workspace, principal, decision),
            version=decision.subject_version,
            reason=decision.request.reason if decision.request else "(erased)",
            evidence_root=decision.ledger_root,
            link=_link(workspace, principal, decision),
        )


def _link(workspace: Workspace, principal: Principal, decision: Decision) -> str:
    if decision.subject_kind == "coverage":
        return ""
    if decision.subject_kind in ("territory", "review", "adjustment"):
        return _link_of_cycle(workspace, principal, decision)
    return f"/{decision.subject_kind}s/{decision.subject_id}?v={decision.subject_version}"


def _link_of_cycle(workspace: Workspace, principal: Principal, decision: Decision) -> str:
    try:
        found = workspace.cycle.version(principal, decision.subject_id.partition("/")[0])
    except NotFound:
        return ""
    content = found.content
    if content.kind == "territory":
        page = f"/territories/{content.rep_id}/plan/{content.quarter}"
    else:
        page = f"/reviews/{content.quarter}"
    return f"{page}?v={decision.subject_version}"


def _subject_of_cycle(workspace: Workspace, principal: Principal, decision: Decision) -> str:
    plan_id, _, number = decision.subject_id.partition("/")
    content = workspace.cycle.version(principal, plan_id).content
    if content.kind == "territory":
        return f"territory plan {plan_id}, {content.rep_name}, {content.quarter}"
    about = f"review {plan_id} of {content.quarter}"
    return f"recommendation {number} of {about}" if number else about


def _subject(workspace: Workspace, principal: Principal, decision: Decision) -> str:
    if decision.subject_kind == "coverage":
        return f"coverage model {decision.coverage_hash[:16]}"
    told = f"{decision.subject_kind} {decision.subject_id}"
    try:
        if decision.subject_kind == "plan":
            plan = workspace.store.plans.version(principal, decision.subject_id)
            return f"{told}, {plan.content.account_name}"
        if decision.subject_kind == "scenario":
            scenario = workspace.store.scenarios.version(principal, decision.subject_id)
            return f"{told}, {scenario.content.name}"
        if decision.subject_kind in ("territory", "review", "adjustment"):
            return _subject_of_cycle(workspace, principal, decision)
    except NotFound:
        pass
    return told

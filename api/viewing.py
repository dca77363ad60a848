"""A stored version as a reader sees it today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.capacity import judged_today
from api.findings_in_force import notes_of
from api.recheck import recheck
from domain.errors import NotFound
from domain.plan import PlanVersion
from domain.principal import Principal

if TYPE_CHECKING:
    from agent.view import PlanView
    from api.workspace import Workspace


def view_of(workspace: Workspace, principal: Principal, version: PlanVersion) -> PlanView:
    """Render a version with its decision, and with what a newer book says differently."""
    from agent.plan_view import view_plan

    store, content = workspace.store, version.content
    ledger = store.ledgers.ledger(principal, content.ledger_root)
    newest = store.plans.version(principal, version.plan_id).version
    decisions = store.decisions.on(principal, "plan", version.plan_id)
    decision = next((item for item in decisions if item.subject_version == version.version), None)
    view = view_plan(
        judged_today(workspace, principal, version),
        ledger,
        workspace.readings.rules(principal, content.coverage_hash),
        score_parts=_score_parts(workspace, principal, version),
        newest_version=newest,
        decision=decision,
        decided_by=workspace.people.name(decision.decided_by) if decision else None,
        recheck=recheck(workspace, principal, version, ledger),
    )
    told: dict[str, Any] = {"plan_hash": content.plan_hash}
    if view.findings:
        notes = notes_of(workspace, principal, version.plan_id, version.version)
        told["findings"] = tuple(
            item.model_copy(update={"note": notes.get(item.number, _waiting(version))})
            for item in view.findings
        )
    return view.model_copy(update=told)


def _waiting(version: PlanVersion) -> str:
    status = version.status.replace("_", " ")
    return (
        "Not applied: this version waits for a decision."
        if version.status == "in_review"
        else (f"Not applied: this version is {status}.")
    )


def _score_parts(
    workspace: Workspace, principal: Principal, version: PlanVersion
) -> list[dict[str, Any]] | None:
    """The parts with their labels and values, where the plan rests on the current reading."""
    content = version.content
    try:
        ground = workspace.readings.ground(principal, version.plan_id)
    except NotFound:
        return None
    if content.ground != ground:
        return None
    reading = workspace.readings.for_plan(principal, version.plan_id)
    return [dict(part) for part in reading.analyses.score.explain(content.account_id)]

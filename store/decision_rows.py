"""Rows of decisions: how they are selected, whose they are, and what they say."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.decision import Decision, DecisionRequest
from domain.errors import NotFound
from domain.evidence import REPS_JOINED_BY
from domain.principal import Principal
from store.scenario_rows import sees
from store.schema import decision_payloads, decisions, scenario_versions


def visible_decision(connection: sa.Connection, principal: Principal, decision_id: str) -> Any:
    """Return a decision's row with its payload; NotFound outside the scope."""
    row = connection.execute(
        all_decisions(principal.workspace).where(decisions.c.decision_id == decision_id)
    ).first()
    if row is None or not covers(principal, row):
        raise NotFound(
            f"There is no decision {decision_id!r}.", hint="List them with `cadastre audit log`."
        )
    return row


def covers(principal: Principal, row: Any) -> bool:
    """Say whether a decision's row lies within the person's scope."""
    if row.subject_kind == "scenario":
        return sees(principal, row.scenario_reps)
    if not row.owner_id:
        return principal.scope.covers(None)
    return principal.scope.covers_all(row.owner_id.split(REPS_JOINED_BY))


def all_decisions(workspace: str) -> sa.Select[Any]:
    """Select the decisions of a workspace, each with what is left of its payload."""
    return (
        sa.select(
            decisions,
            decision_payloads.c.payload,
            decision_payloads.c.erased_at,
            decision_payloads.c.erased_by,
            scenario_versions.c.reps.label("scenario_reps"),
        )
        .select_from(
            decisions.outerjoin(
                decision_payloads,
                sa.and_(
                    decision_payloads.c.workspace_id == decisions.c.workspace_id,
                    decision_payloads.c.decision_id == decisions.c.decision_id,
                ),
            ).outerjoin(
                scenario_versions,
                sa.and_(
                    decisions.c.subject_kind == "scenario",
                    scenario_versions.c.workspace_id == decisions.c.workspace_id,
                    scenario_versions.c.scenario_id == decisions.c.subject_id,
                    scenario_versions.c.version == decisions.c.subject_version,
                ),
            )
        )
        .where(decisions.c.workspace_id == workspace)
    )


def decision_of(row: Any) -> Decision:
    """Read a row of `all_decisions`; its request is null once erased."""
    return Decision(
        decision_id=row.decision_id,
        sequence=row.sequence,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        subject_version=row.subject_version,
        subject_hash=row.subject_hash,
        ledger_root=row.ledger_root,
        coverage_hash=row.coverage_hash,
        verdict=row.verdict,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        payload_digest=row.payload_digest,
        previous=row.previous,
        row_hash=row.row_hash,
        request=None if row.payload is None else DecisionRequest.model_validate_json(row.payload),
    )

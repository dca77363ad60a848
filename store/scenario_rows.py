"""Rows of scenarios: how they are selected, who sees them, and what they say."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from domain.assignment import ScenarioContent, ScenarioStatus, ScenarioVersion
from domain.errors import Broken, NotFound, ScenarioSuperseded
from domain.principal import Principal
from domain.record import text_hash
from store.schema import decisions, scenario_versions

_WITH_VERDICT = scenario_versions.outerjoin(
    decisions,
    sa.and_(
        decisions.c.workspace_id == scenario_versions.c.workspace_id,
        decisions.c.subject_kind == "scenario",
        decisions.c.subject_id == scenario_versions.c.scenario_id,
        decisions.c.subject_version == scenario_versions.c.version,
    ),
)


def versions_in(workspace: str) -> sa.Select[Any]:
    """Select every version of every scenario with its `verdict` (None: undecided)."""
    return (
        sa.select(scenario_versions, decisions.c.verdict)
        .select_from(_WITH_VERDICT)
        .where(scenario_versions.c.workspace_id == workspace)
        .order_by(scenario_versions.c.scenario_id, scenario_versions.c.version)
    )


def newest_version(connection: sa.Connection, workspace: str, scenario_id: str) -> Any:
    """Return the newest version's row, or None; nobody's scope is asked."""
    return connection.execute(
        versions_in(workspace)
        .where(scenario_versions.c.scenario_id == scenario_id)
        .order_by(None)
        .order_by(scenario_versions.c.version.desc())
        .limit(1)
    ).first()


def visible_newest(connection: sa.Connection, principal: Principal, scenario_id: str) -> Any:
    """Return the newest version's row; NotFound unless the person sees all its reps."""
    newest = newest_version(connection, principal.workspace, scenario_id)
    if newest is None or not sees(principal, newest.reps):
        raise no_such_scenario(scenario_id)
    return newest


def sees(principal: Principal, reps: str | None) -> bool:
    """Say whether the scope covers all of a version's reps (a JSON list; None: unknown)."""
    return principal.scope.covers_all([] if reps is None else json.loads(reps))


def named_in(principal: Principal, reps: str) -> tuple[str, ...]:
    """Return those of a version's reps that the scope covers."""
    return tuple(rep for rep in json.loads(reps) if principal.scope.covers(rep))


def no_such_scenario(scenario_id: str) -> NotFound:
    """Say that a scenario is missing: the same words whether it is absent or foreign."""
    return NotFound(
        f"There is no scenario {scenario_id!r}.", hint="List them with `cadastre scenario list`."
    )


def superseded(scenario_id: str, version: int | None, newest: int) -> ScenarioSuperseded:
    """Say that a newer version exists."""
    about = "It exists already" if version is None else f"Version {version} is not the newest"
    return ScenarioSuperseded(
        f"{about}: scenario {scenario_id} stands at version {newest}.",
        hint=f"Read version {newest} and repeat what you want on it.",
        scenario_id=scenario_id,
        newest_version=newest,
        link=f"/scenarios/{scenario_id}?v={newest}",
    )


def status_of(row: Any, *, newest: int) -> ScenarioStatus:
    """Return where a version stands; `newest` is the number of the scenario's newest."""
    if row.version != newest:
        return "superseded"
    if row.verdict is not None:
        verdict: ScenarioStatus = row.verdict
        return verdict
    return "in_review" if row.submitted else "draft"


def read_version(row: Any, *, newest: int) -> ScenarioVersion:
    """Read a row of `versions_in`; Broken when its content was altered."""
    if text_hash(row.content) != row.scenario_hash:
        raise Broken(
            f"Version {row.version} of scenario {row.scenario_id} was altered: its content no "
            "longer has the hash it was stored under.",
            hint="Restore the database from a backup; `cadastre audit verify` checks the rest.",
        )
    return ScenarioVersion(
        scenario_id=row.scenario_id,
        version=row.version,
        base_version=row.base_version,
        status=status_of(row, newest=newest),
        content=ScenarioContent.model_validate_json(row.content),
        created_at=row.created_at,
        created_by=row.created_by,
    )

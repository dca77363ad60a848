"""What decisions bind, as it stands now: content of plans and scenarios, and their approvals."""

from __future__ import annotations

import json
from typing import NamedTuple

import sqlalchemy as sa

from domain.record import content_hash, text_hash
from store.schema import (
    coverage_models,
    cycle_plans,
    cycle_versions,
    decisions,
    plan_versions,
    plans,
    scenario_versions,
    scenarios,
    texts,
)


class _Kind(NamedTuple):
    """Where a kind of subject lies, the name of its key column, and how its rows are told
    from those of other kinds in the same table."""

    subjects: sa.Table
    versions: sa.Table
    key: str
    only: sa.ColumnElement[bool] = sa.true()


DECIDED = {
    "plan": _Kind(plans, plan_versions, "plan_id"),
    "scenario": _Kind(scenarios, scenario_versions, "scenario_id"),
    "territory": _Kind(cycle_plans, cycle_versions, "plan_id", cycle_plans.c.kind == "territory"),
    "review": _Kind(cycle_plans, cycle_versions, "plan_id", cycle_plans.c.kind == "review"),
}
"""The kinds of subject whose content is kept in versions."""
BOUND = frozenset({*DECIDED, "coverage", "adjustment"})
"""The kinds of subject whose content a decision binds."""


def subject_hashes(connection: sa.Connection, workspace: str) -> dict[tuple[str, str, int], str]:
    """Hash the content of every decided version as it stands now, by kind, id and version.

    A coverage model is kept by the hash of its text, so that is its content.

    A scenario version whose row of designs is gone or altered has no hash: it no longer
    says what was approved.
    """
    found: dict[tuple[str, str, int], str] = {}
    for name, kind in DECIDED.items():
        versions = kind.versions.c
        rows = connection.execute(
            sa.select(versions[kind.key].label("subject"), versions.version, versions.content)
            .join(
                decisions,
                sa.and_(
                    decisions.c.workspace_id == versions.workspace_id,
                    decisions.c.subject_kind == name,
                    decisions.c.subject_id == versions[kind.key],
                    decisions.c.subject_version == versions.version,
                ),
            )
            .where(versions.workspace_id == workspace)
        )
        for row in rows:
            found[name, row.subject, row.version] = text_hash(row.content)
    for scenario, version in _without_designs(connection, workspace):
        found.pop(("scenario", scenario, version), None)
    rows = connection.execute(
        sa.select(decisions.c.subject_id, decisions.c.subject_version, coverage_models.c.text)
        .join_from(
            decisions,
            coverage_models,
            sa.and_(
                coverage_models.c.workspace_id == decisions.c.workspace_id,
                coverage_models.c.text_hash == decisions.c.subject_hash,
            ),
        )
        .where(decisions.c.workspace_id == workspace, decisions.c.subject_kind == "coverage")
    )
    for row in rows:
        found["coverage", row.subject_id, row.subject_version] = text_hash(row.text)
    found |= _adjustments(connection, workspace)
    return found


def _adjustments(connection: sa.Connection, workspace: str) -> dict[tuple[str, str, int], str]:
    """Hash every recommendation of the reviews in which one was decided."""
    decided = connection.execute(
        sa.select(decisions.c.subject_id, decisions.c.subject_version).where(
            decisions.c.workspace_id == workspace, decisions.c.subject_kind == "adjustment"
        )
    ).all()
    found: dict[tuple[str, str, int], str] = {}
    for review, version in sorted({(row[0].partition("/")[0], row[1]) for row in decided}):
        content = connection.scalar(
            sa.select(cycle_versions.c.content).where(
                cycle_versions.c.workspace_id == workspace,
                cycle_versions.c.plan_id == review,
                cycle_versions.c.version == version,
            )
        )
        for item in json.loads(content)["adjustments"] if content else ():
            found["adjustment", f"{review}/{item['number']}", version] = content_hash(item)
    return found


def orphan_approvals(connection: sa.Connection, workspace: str) -> list[str]:
    """Say of each plan or scenario that is marked approved that no decision says so."""
    said = []
    for name, kind in DECIDED.items():
        subject = kind.subjects.c
        rows = connection.execute(
            sa.select(subject[kind.key].label("subject"), subject.approved_version)
            .outerjoin(
                decisions,
                sa.and_(
                    decisions.c.workspace_id == subject.workspace_id,
                    decisions.c.subject_kind == name,
                    decisions.c.subject_id == subject[kind.key],
                    decisions.c.subject_version == subject.approved_version,
                    decisions.c.verdict == "approved",
                ),
            )
            .where(
                subject.workspace_id == workspace,
                kind.only,
                subject.approved_version.is_not(None),
                decisions.c.decision_id.is_(None),
            )
            .order_by(subject[kind.key])
        )
        said += [
            f"{name.capitalize()} {row.subject} is marked approved in version "
            f"{row.approved_version}, and no decision says so."
            for row in rows
        ]
    return said


def _without_designs(connection: sa.Connection, workspace: str) -> list[tuple[str, int]]:
    versions = scenario_versions.c
    rows = connection.execute(
        sa.select(versions.scenario_id, versions.version, versions.frontier, texts.c.text)
        .join(
            decisions,
            sa.and_(
                decisions.c.workspace_id == versions.workspace_id,
                decisions.c.subject_kind == "scenario",
                decisions.c.subject_id == versions.scenario_id,
                decisions.c.subject_version == versions.version,
            ),
        )
        .outerjoin(
            texts,
            sa.and_(
                texts.c.workspace_id == versions.workspace_id, texts.c.digest == versions.frontier
            ),
        )
        .where(versions.workspace_id == workspace)
    )
    return [
        (row.scenario_id, row.version)
        for row in rows
        if row.text is None or text_hash(row.text) != row.frontier
    ]

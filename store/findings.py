"""Findings of approved plan versions, and the sets of them that readings were made under."""

from __future__ import annotations

import threading
from datetime import date

import sqlalchemy as sa
from pydantic import TypeAdapter

from domain.errors import NotFound
from domain.findings import ApprovedFinding, findings_hash
from domain.principal import Principal
from domain.record import canonical_json
from store.database import Database
from store.plans import read_version
from store.schema import decisions, effects, plan_versions, plans
from store.texts import keep_text, read_texts

_SETS = TypeAdapter(tuple[ApprovedFinding, ...])
# In canonical JSON a quote inside a text is escaped, so only a version that holds findings
# of its own has these characters. Reading the others would take a millisecond each.
_HOLDS = '%"plan_findings":[{%'


class PlanFindings:
    """What approved plans found out, over every workspace.

    A reading is whole, as a book is, so `approved` is not cut to the principal's scope;
    what is shown of it is.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[tuple[int, int], tuple[ApprovedFinding, ...]]] = {}
        self._guard = threading.Lock()

    def approved(self, principal: Principal) -> tuple[ApprovedFinding, ...]:
        """Return the findings of every version that is in force, in order of approval.

        A version is in force while its plan's newest version is it and the one decision
        on it approved it. `approved_by_name` is the person's id here.
        """
        workspace = principal.workspace
        with self._guard:
            known = self._known.get(workspace)
        with self._database.reading() as connection:
            # What is in force changes with a new version or an effect, and neither goes.
            moment = (
                _count(connection, plan_versions, workspace),
                _count(connection, effects, workspace),
            )
            if known is not None and known[0] == moment:
                return known[1]
            found = tuple(_read(connection, workspace))
        with self._guard:
            self._known[workspace] = (moment, found)
        return found

    def keep(self, principal: Principal, findings: tuple[ApprovedFinding, ...]) -> str:
        """Keep a set of findings under its hash and return that; empty for no findings."""
        if not findings:
            return ""
        text = canonical_json([item.model_dump(mode="json") for item in findings])
        with self._database.writing() as connection:
            digest = keep_text(connection, principal.workspace, text)
        assert digest == findings_hash(findings)  # both hash the same canonical JSON
        return digest

    def kept(self, principal: Principal, digest: str) -> tuple[ApprovedFinding, ...]:
        """Return the set of that hash; no findings for an empty one, NotFound else."""
        if not digest:
            return ()
        with self._database.reading() as connection:
            found = read_texts(connection, principal.workspace, [digest])
        if digest not in found:
            raise NotFound(f"There are no findings {digest!r} in this workspace.")
        return _SETS.validate_json(found[digest])


def _count(connection: sa.Connection, table: sa.Table, workspace: str) -> int:
    counted = sa.select(sa.func.count()).where(table.c.workspace_id == workspace)
    return int(connection.scalar(counted.select_from(table)) or 0)


def _read(connection: sa.Connection, workspace: str) -> list[ApprovedFinding]:
    rows = connection.execute(
        sa.select(
            plan_versions,
            plans.c.account_id,
            decisions.c.decision_id,
            decisions.c.sequence,
            decisions.c.decided_by,
            decisions.c.decided_at,
            decisions.c.verdict,
        )
        .select_from(
            plans.join(
                plan_versions,
                sa.and_(
                    plan_versions.c.workspace_id == plans.c.workspace_id,
                    plan_versions.c.plan_id == plans.c.plan_id,
                    plan_versions.c.version == plans.c.approved_version,
                ),
            ).join(
                decisions,
                sa.and_(
                    decisions.c.workspace_id == plan_versions.c.workspace_id,
                    decisions.c.subject_kind == "plan",
                    decisions.c.subject_id == plan_versions.c.plan_id,
                    decisions.c.subject_version == plan_versions.c.version,
                    decisions.c.subject_hash == plan_versions.c.plan_hash,
                    decisions.c.verdict == "approved",
                ),
            )
        )
        .where(plans.c.workspace_id == workspace, plan_versions.c.content.like(_HOLDS))
        .order_by(decisions.c.sequence)
    ).all()
    return [
        ApprovedFinding(
            finding=finding,
            number=number,
            account_id=row.account_id,
            plan_id=row.plan_id,
            version=row.version,
            owner_id=row.owner_id,
            decision_id=row.decision_id,
            sequence=row.sequence,
            approved_by=row.decided_by,
            approved_by_name=row.decided_by,
            approved_on=date.fromisoformat(row.decided_at[:10]),
        )
        for row in rows
        for number, finding in enumerate(
            read_version(row, newest=row.version).content.plan_findings, start=1
        )
    ]

"""Effects of decisions: each happens once, keyed by the version and hash the decision binds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.decision import Decision
from domain.errors import Broken
from domain.principal import Principal
from store.chain import hash_row
from store.clock import stamp
from store.cycle import newest_version as newest_cycle
from store.database import Database
from store.decision_rows import all_decisions, covers, visible_decision
from store.decisions import Decisions
from store.plans import newest_version as newest_plan
from store.scenario_rows import newest_version as newest_scenario
from store.schema import cycle_plans, decisions, effects, plans, scenarios


class Effects:
    """The one place where a decision changes what is in force."""

    def __init__(self, database: Database, kept: Decisions) -> None:
        self._database = database
        self._decisions = kept

    def take_effect(
        self, principal: Principal, decision_id: str, *, now: datetime, outcome: str | None = None
    ) -> None:
        """Make a stored decision effective; a second call changes nothing.

        An approval puts the version in force; returning or rejecting takes it out. A
        decision whose subject was edited before its effect came has none: editing voids it.
        `outcome` says what an accepted recommendation opened; it is told by `outcomes`.

        Raises
        ------
        NotFound
            When there is no such decision within the scope.
        Broken
            When the stored row or the content it binds was altered.
        """
        with self._database.writing(durable=True) as connection:
            row = visible_decision(connection, principal, decision_id)
            if hash_row(row._asdict()) != row.row_hash:
                raise Broken(
                    f"Decision {decision_id} was altered and takes no effect.",
                    hint="Run `cadastre audit verify`.",
                )
            key = {
                "workspace_id": row.workspace_id,
                "subject_kind": row.subject_kind,
                "subject_id": row.subject_id,
                "subject_version": row.subject_version,
                "subject_hash": row.subject_hash,
            }
            same = [effects.c[name] == value for name, value in key.items()]
            if connection.execute(effects.select().where(*same)).first() is not None:
                return
            told = _outcome(connection, row)
            if outcome is not None and row.subject_kind == "adjustment":
                told = outcome
            connection.execute(
                effects.insert().values(
                    **key, decision_id=decision_id, outcome=told, taken_at=stamp(now)
                )
            )

    def outcomes(self, principal: Principal, decision_ids: Collection[str]) -> dict[str, str]:
        """Return what came of decisions within the scope, by id; without effect, none."""
        with self._database.reading() as connection:
            rows = connection.execute(
                all_decisions(principal.workspace)
                .add_columns(effects.c.outcome)
                .join(
                    effects,
                    sa.and_(
                        effects.c.workspace_id == decisions.c.workspace_id,
                        effects.c.decision_id == decisions.c.decision_id,
                    ),
                )
                .where(decisions.c.decision_id.in_(list(decision_ids)))
            ).all()
        return {row.decision_id: row.outcome for row in rows if covers(principal, row)}

    def pending(self, principal: Principal) -> list[Decision]:
        """Return the decisions within the scope that have not taken effect, oldest first."""
        with self._database.reading() as connection:
            waiting = connection.scalars(
                sa.select(decisions.c.decision_id)
                .outerjoin(
                    effects,
                    sa.and_(
                        effects.c.workspace_id == decisions.c.workspace_id,
                        effects.c.decision_id == decisions.c.decision_id,
                    ),
                )
                .where(
                    decisions.c.workspace_id == principal.workspace,
                    effects.c.decision_id.is_(None),
                )
            ).all()
        wanted = set(waiting)
        return [item for item in self._decisions.log(principal) if item.decision_id in wanted]


def _outcome(connection: sa.Connection, row: Any) -> str:
    """Put the decided version in force or take it out; "void" where it was edited since."""
    workspace, subject = row.workspace_id, row.subject_id
    if row.subject_kind == "plan":
        newest, content_of = newest_plan(connection, workspace, subject), "plan_hash"
        table, key = plans, plans.c.plan_id
    elif row.subject_kind == "scenario":
        newest, content_of = newest_scenario(connection, workspace, subject), "scenario_hash"
        table, key = scenarios, scenarios.c.scenario_id
    elif row.subject_kind in ("territory", "review"):
        newest, content_of = newest_cycle(connection, workspace, subject), "plan_hash"
        table, key = cycle_plans, cycle_plans.c.plan_id
    else:
        return str(row.verdict)
    if newest is None or newest.version != row.subject_version:
        return "void"
    if getattr(newest, content_of) != row.subject_hash:
        raise Broken(
            f"Version {newest.version} of {row.subject_kind} {subject} is not the content that "
            f"decision {row.decision_id} binds.",
            hint="Run `cadastre audit verify`.",
        )
    connection.execute(
        table.update()
        .where(table.c.workspace_id == workspace, key == subject)
        .values(approved_version=row.subject_version if row.verdict == "approved" else None)
    )
    return str(row.verdict)

"""Territory plans and reviews: versions that never change, in force by a decision alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import TypeAdapter

from domain.cycle import CycleKind
from domain.cycle_version import CycleContent, CycleVersion
from domain.errors import ApprovalRequired, Broken, NotFound, PlanSuperseded
from domain.plan import PlanStatus
from domain.principal import Principal
from domain.record import canonical_json, content_hash, text_hash
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.schema import cycle_plans, cycle_versions, decisions

_CONTENT: TypeAdapter[CycleContent] = TypeAdapter(CycleContent)
_PREFIX: dict[CycleKind, str] = {"territory": "TP-", "review": "RV-"}
NAMES: dict[str, str] = {"territory": "territory plan", "review": "review"}


def cycle_id_for(workspace: str, kind: CycleKind, quarter: str, about: object) -> str:
    """Return the id of a quarter's plan or review: the same on every run.

    `about` is the rep, the customer, or whose review it is, as plain JSON values.
    """
    return _PREFIX[kind] + content_hash([kind, workspace, quarter, about])[:10]


class ApprovedMark(NamedTuple):
    """Whose an approved version is, and the hash of what it says."""

    reps: tuple[str, ...]
    plan_hash: str


class CyclePlans:
    """The territory plans and reviews of every workspace.

    A version is seen by people whose scope covers every rep in it.
    """

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def save_version(
        self,
        principal: Principal,
        plan_id: str,
        content: CycleContent,
        *,
        base_version: int | None,
        run_id: str | None,
    ) -> int:
        """Store a version and return its number; an approval of an earlier one is void.

        Content equal to the newest version's gives that version's number and changes nothing.

        Raises
        ------
        PlanSuperseded
            When `base_version` is not the newest version.
        NotFound
            When a rep in it is outside the scope.
        """
        if not principal.scope.covers_all(content.reps):
            raise _no_such(plan_id)
        workspace, text = principal.workspace, canonical_json(content)
        with self._database.writing(durable=True) as connection:
            newest = newest_version(connection, workspace, plan_id)
            if newest is not None and not sees(principal, newest.reps):
                raise _no_such(plan_id)
            if newest is not None and newest.plan_hash == text_hash(text):
                return int(newest.version)
            expected = None if newest is None else int(newest.version)
            if base_version != expected:
                if expected is None:
                    raise _no_such(plan_id)
                raise superseded(plan_id, base_version, expected)
            if newest is None:
                connection.execute(
                    cycle_plans.insert().values(
                        workspace_id=workspace,
                        plan_id=plan_id,
                        kind=content.kind,
                        quarter=content.quarter,
                        approved_version=None,
                    )
                )
            version = 1 if expected is None else expected + 1
            connection.execute(
                cycle_versions.insert().values(
                    workspace_id=workspace,
                    plan_id=plan_id,
                    version=version,
                    base_version=base_version,
                    reps=canonical_json(sorted(content.reps)),
                    plan_hash=text_hash(text),
                    content=text,
                    created_at=stamp(self._clock()),
                    created_by=principal.person,
                    run_id=run_id,
                )
            )
            connection.execute(
                cycle_plans.update()
                .where(cycle_plans.c.workspace_id == workspace, cycle_plans.c.plan_id == plan_id)
                .values(approved_version=None)
            )
        return version

    def version(
        self, principal: Principal, plan_id: str, version: int | None = None
    ) -> CycleVersion:
        """Return one version, or the newest; NotFound unless the person sees all its reps."""
        with self._database.reading() as connection:
            newest = visible_newest(connection, principal, plan_id)
            if version is None or version == newest.version:
                return read_version(newest, newest=newest.version)
            row = connection.execute(
                _versions(principal.workspace, plan_id).where(cycle_versions.c.version == version)
            ).first()
        if row is None or not sees(principal, row.reps):
            raise NotFound(
                f"There is no version {version} of {plan_id!r}.",
                hint=f"Its newest version is {newest.version}.",
            )
        return read_version(row, newest=newest.version)

    def versions(self, principal: Principal, plan_id: str) -> list[CycleVersion]:
        """Return every version within the scope, oldest first; NotFound when there is none."""
        with self._database.reading() as connection:
            newest = visible_newest(connection, principal, plan_id)
            rows = connection.execute(
                _versions(principal.workspace, plan_id).order_by(cycle_versions.c.version)
            ).all()
        return [
            read_version(row, newest=newest.version) for row in rows if sees(principal, row.reps)
        ]

    def approved(self, principal: Principal, plan_id: str) -> CycleVersion:
        """Return the version that is in force.

        Raises
        ------
        ApprovalRequired
            When no approved version is current; NotFound outside the scope.
        """
        with self._database.reading() as connection:
            newest = visible_newest(connection, principal, plan_id)
        found = read_version(newest, newest=newest.version)
        if found.status != "approved":
            name = NAMES[found.content.kind].capitalize()
            raise ApprovalRequired(
                f"{name} {plan_id} has no approved version; version {found.version} is "
                f"{found.status.replace('_', ' ')}.",
                hint="Ask a manager who sees all its reps to decide on it.",
            )
        return found

    def last_approved(
        self, principal: Principal, kind: CycleKind, quarter: str
    ) -> list[CycleVersion]:
        """Return, of each plan of a quarter within the scope, the version approved last.

        A newer draft voids an approval for what is in force; what happened since is held
        against the version that was last approved all the same. In order of plan id.
        """
        with self._database.reading() as connection:
            rows = _approved(connection, principal, kind, quarter, _all(principal.workspace))
        return [read_version(row, newest=row.version) for row in rows]

    def approved_marks(
        self, principal: Principal, kind: CycleKind, quarter: str
    ) -> list[ApprovedMark]:
        """Name the versions that `last_approved` returns, without reading their contents."""
        marks = sa.select(
            cycle_versions.c.plan_id,
            cycle_versions.c.version,
            cycle_versions.c.reps,
            cycle_versions.c.plan_hash,
        ).select_from(_WITH_VERDICT)
        marks = marks.where(cycle_versions.c.workspace_id == principal.workspace)
        with self._database.reading() as connection:
            rows = _approved(connection, principal, kind, quarter, marks)
        return [ApprovedMark(tuple(json.loads(row.reps)), row.plan_hash) for row in rows]

    def list(
        self, principal: Principal, kind: CycleKind | None = None, quarter: str | None = None
    ) -> list[CycleVersion]:
        """Return the newest version of each within the scope, last changed first."""
        with self._database.reading() as connection:
            rows = [
                row
                for row in _newest(connection, principal.workspace, kind, quarter)
                if sees(principal, row.reps)
            ]
        found = [read_version(row, newest=row.version) for row in rows]
        found.sort(key=lambda item: item.plan_id)
        found.sort(key=lambda item: item.created_at, reverse=True)
        return found


def _approved(
    connection: sa.Connection,
    principal: Principal,
    kind: CycleKind,
    quarter: str,
    query: sa.Select[Any],
) -> Sequence[Any]:
    """Return the rows of `query` that are approved last, of what the person sees."""
    found = connection.execute(
        query.where(
            cycle_plans.c.kind == kind,
            cycle_plans.c.quarter == quarter,
            decisions.c.verdict == "approved",
        ).order_by(cycle_versions.c.plan_id, cycle_versions.c.version)
    ).all()
    rows = {row.plan_id: row for row in found}
    return [row for row in rows.values() if sees(principal, row.reps)]


def newest_version(connection: sa.Connection, workspace: str, plan_id: str) -> Any:
    """Return the newest version's row with its `verdict` (None: undecided), or None."""
    return connection.execute(
        _versions(workspace, plan_id).order_by(cycle_versions.c.version.desc()).limit(1)
    ).first()


def visible_newest(connection: sa.Connection, principal: Principal, plan_id: str) -> Any:
    """Return the newest version's row; NotFound unless the person sees all its reps."""
    newest = newest_version(connection, principal.workspace, plan_id)
    if newest is None or not sees(principal, newest.reps):
        raise _no_such(plan_id)
    return newest


def sees(principal: Principal, reps: str) -> bool:
    """Say whether the scope covers all of a version's reps (a JSON list)."""
    return principal.scope.covers_all(json.loads(reps))


def superseded(plan_id: str, version: int | None, newest: int) -> PlanSuperseded:
    """Say that a newer version exists."""
    about = "It exists already" if version is None else f"Version {version} is not the newest"
    return PlanSuperseded(
        f"{about}: {plan_id} stands at version {newest}.",
        hint=f"Read version {newest} and repeat what you want on it.",
        plan_id=plan_id,
        newest_version=newest,
    )


def read_version(row: Any, *, newest: int) -> CycleVersion:
    """Read a stored row; Broken when its text no longer has the hash it was stored under."""
    if text_hash(row.content) != row.plan_hash:
        raise Broken(
            f"Version {row.version} of {row.plan_id} was altered: its content no longer has the "
            "hash it was stored under.",
            hint="Restore the database from a backup; `cadastre audit verify` checks the rest.",
        )
    status: PlanStatus = "superseded" if row.version != newest else row.verdict or "in_review"
    return CycleVersion(
        plan_id=row.plan_id,
        version=row.version,
        base_version=row.base_version,
        status=status,
        content=_CONTENT.validate_json(row.content),
        created_at=row.created_at,
        created_by=row.created_by,
        run_id=row.run_id,
    )


def _no_such(plan_id: str) -> NotFound:
    return NotFound(
        f"There is no territory plan or review {plan_id!r}.",
        hint="List them with `cadastre territory list` and `cadastre review list`.",
    )


_WITH_VERDICT = cycle_versions.join(
    cycle_plans,
    sa.and_(
        cycle_plans.c.workspace_id == cycle_versions.c.workspace_id,
        cycle_plans.c.plan_id == cycle_versions.c.plan_id,
    ),
).outerjoin(
    decisions,
    sa.and_(
        decisions.c.workspace_id == cycle_versions.c.workspace_id,
        decisions.c.subject_kind == cycle_plans.c.kind,
        decisions.c.subject_id == cycle_versions.c.plan_id,
        decisions.c.subject_version == cycle_versions.c.version,
    ),
)


def _all(workspace: str) -> sa.Select[Any]:
    return (
        sa.select(cycle_versions, decisions.c.verdict, cycle_plans.c.kind)
        .select_from(_WITH_VERDICT)
        .where(cycle_versions.c.workspace_id == workspace)
    )


def _versions(workspace: str, plan_id: str) -> sa.Select[Any]:
    return _all(workspace).where(cycle_versions.c.plan_id == plan_id)


def _newest(
    connection: sa.Connection, workspace: str, kind: CycleKind | None, quarter: str | None
) -> Sequence[Any]:
    other = cycle_versions.alias("other")
    newest = (
        sa.select(sa.func.max(other.c.version))
        .where(
            other.c.workspace_id == cycle_versions.c.workspace_id,
            other.c.plan_id == cycle_versions.c.plan_id,
        )
        .scalar_subquery()
    )
    query = _all(workspace).where(cycle_versions.c.version == newest)
    if kind is not None:
        query = query.where(cycle_plans.c.kind == kind)
    if quarter is not None:
        query = query.where(cycle_plans.c.quarter == quarter)
    return connection.execute(query).all()

"""Plans and their versions. A version is never changed; a new one voids the approval."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from domain.errors import ApprovalRequired, Broken, InvalidInput, NotFound, PlanSuperseded
from domain.period import Period
from domain.plan import PlanContent, PlanStatus, PlanVersion
from domain.principal import Principal
from domain.record import Record, canonical_json, content_hash, text_hash
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.schema import decisions, plan_versions, plans

SCHEMA_VERSION = 1

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

UPGRADES: dict[int, Upgrade] = {}
"""How content of a schema version becomes content of the next; applied when it is read."""


class PlanSummary(Record):
    """One line of the list of plans: its newest version."""

    plan_id: str
    account_id: str
    account_name: str
    owner_id: str
    owner_name: str
    tier: str
    period_start: date
    period_end: date
    version: int
    approved_version: int | None
    status: PlanStatus
    plan_hash: str
    created_at: str
    created_by: str


def plan_id_for(workspace: str, account_id: str, period: Period) -> str:
    """Return the id of an account's plan for a period: the same on every run."""
    return "P-" + content_hash(["plan", workspace, account_id, str(period)])[:10]


class Plans:
    """The plans of every workspace. A plan falls under the scope of its newest owner."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def save_version(
        self,
        principal: Principal,
        plan_id: str,
        content: PlanContent,
        *,
        base_version: int | None,
        run_id: str | None,
        now: datetime | None = None,
    ) -> int:
        """Store a version and return its number; an approval of an earlier one is void.

        Content equal to the newest version's gives that version's number and changes
        nothing, so that a run may repeat the call. A person to whom the plan was never
        visible (the account changed hands) begins as though there were none.

        Raises
        ------
        PlanSuperseded
            When `base_version` is not the newest version.
        NotFound
            When the account's owner is outside the scope.
        """
        if not principal.scope.covers(content.owner_id):
            raise no_such_plan(plan_id)
        text = canonical_json(content)
        plan_hash = text_hash(text)
        workspace = principal.workspace
        with self._database.writing(durable=True) as connection:
            plan = connection.execute(_plan(workspace, plan_id)).first()
            newest = newest_version(connection, workspace, plan_id)
            visible = plan is not None and principal.scope.covers(plan.owner_id)
            if plan is not None and plan.account_id != content.account_id:
                raise InvalidInput(
                    f"Plan {plan_id} is about another account than {content.account_id!r}."
                )
            if visible and newest is not None and newest.plan_hash == plan_hash:
                return int(newest.version)
            expected = newest.version if visible and newest is not None else None
            if base_version != expected:
                if expected is None:
                    raise no_such_plan(plan_id)
                raise superseded(plan_id, base_version, expected)
            version = newest.version + 1 if newest is not None else 1
            if plan is None:
                connection.execute(
                    plans.insert().values(
                        workspace_id=workspace,
                        plan_id=plan_id,
                        account_id=content.account_id,
                        owner_id=content.owner_id,
                        approved_version=None,
                    )
                )
            connection.execute(
                plan_versions.insert().values(
                    workspace_id=workspace,
                    plan_id=plan_id,
                    version=version,
                    base_version=base_version,
                    owner_id=content.owner_id,
                    plan_hash=plan_hash,
                    schema_version=content.schema_version,
                    content=text,
                    created_at=stamp(now or self._clock()),
                    created_by=principal.person,
                    run_id=run_id,
                )
            )
            connection.execute(
                plans.update()
                .where(plans.c.workspace_id == workspace, plans.c.plan_id == plan_id)
                .values(owner_id=content.owner_id, approved_version=None)
            )
        return version

    def version(
        self, principal: Principal, plan_id: str, version: int | None = None
    ) -> PlanVersion:
        """Return one version, or the newest; NotFound outside the scope."""
        with self._database.reading() as connection:
            newest = visible_newest(connection, principal, plan_id)
            if version is None or version == newest.version:
                row = newest
            else:
                found = connection.execute(
                    _versions(principal.workspace, plan_id).where(
                        plan_versions.c.version == version
                    )
                ).first()
                if found is None or not principal.scope.covers(found.owner_id):
                    raise NotFound(
                        f"There is no version {version} of plan {plan_id!r}.",
                        hint=f"Its newest version is {newest.version}.",
                    )
                row = found
        return read_version(row, newest=newest.version)

    def versions(self, principal: Principal, plan_id: str) -> list[PlanVersion]:
        """Return every version within the scope, oldest first; NotFound when there is none."""
        with self._database.reading() as connection:
            newest = visible_newest(connection, principal, plan_id)
            rows = connection.execute(
                _versions(principal.workspace, plan_id).order_by(plan_versions.c.version)
            ).all()
        return [
            read_version(row, newest=newest.version)
            for row in rows
            if principal.scope.covers(row.owner_id)
        ]

    def approved(self, principal: Principal, plan_id: str) -> PlanVersion:
        """Return the version that is in force.

        Raises
        ------
        ApprovalRequired
            When no approved version is current, because none was approved or because the
            plan was edited since.
        NotFound
            Outside the scope.
        """
        with self._database.reading() as connection:
            newest = visible_newest(connection, principal, plan_id)
            plan = connection.execute(_plan(principal.workspace, plan_id)).one()
        if plan.approved_version is None or newest.verdict != "approved":
            raise ApprovalRequired(
                f"Plan {plan_id} has no approved version; version {newest.version} is "
                f"{_status(newest, newest=newest.version).replace('_', ' ')}.",
                hint="Ask a manager to decide on it, or ask for the draft.",
            )
        return self.version(principal, plan_id, plan.approved_version)

    def approved_of_rep(self, principal: Principal, rep_id: str) -> list[PlanVersion]:
        """Return the approved versions of one rep's plans, in order of plan id."""
        if not principal.scope.covers(rep_id):
            return []
        query = (
            _newest_versions(principal.workspace)
            .where(
                plans.c.owner_id == rep_id,
                plans.c.approved_version == plan_versions.c.version,
                decisions.c.verdict == "approved",
            )
            .order_by(plans.c.plan_id)
        )
        with self._database.reading() as connection:
            return [
                read_version(row, newest=row.version) for row in connection.execute(query).all()
            ]

    def last_approved(
        self, principal: Principal, reps: Collection[str], period: Period
    ) -> list[PlanVersion]:
        """Return, of each plan of these reps that touches `period`, the version approved last.

        A newer draft voids an approval for what is in force; what happened since is held
        against the version that was last approved all the same. In order of plan id.
        """
        found = self.ever_approved(principal, reps, period)
        return list({version.plan_id: version for version in found}.values())

    def ever_approved(
        self, principal: Principal, reps: Collection[str], period: Period
    ) -> list[PlanVersion]:
        """Return every version that was approved, of plans of these reps that touch `period`.

        In order of plan id and version: what an earlier one promised and a later one dropped
        is seen by both.
        """
        query = (
            _with_verdicts(principal.workspace)
            .where(decisions.c.verdict == "approved", plan_versions.c.owner_id.in_(list(reps)))
            .order_by(plan_versions.c.plan_id, plan_versions.c.version)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        found = [
            read_version(row, newest=row.version)
            for row in rows
            if principal.scope.covers(row.owner_id)
        ]
        return [
            version
            for version in found
            if version.content.period_start <= period.end
            and version.content.period_end >= period.start
        ]

    def list(self, principal: Principal, *, account_id: str | None = None) -> list[PlanSummary]:
        """Return the plans within the scope, last changed first; only those of one account
        when `account_id` is given."""
        query = _newest_versions(principal.workspace)
        if account_id is not None:
            query = query.where(plans.c.account_id == account_id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        found = [
            _summary(row, read_version(row, newest=row.version))
            for row in rows
            if principal.scope.covers(row.plan_owner)
        ]
        found.sort(key=lambda item: item.plan_id)
        found.sort(key=lambda item: item.created_at, reverse=True)
        return found


def newest_version(connection: sa.Connection, workspace: str, plan_id: str) -> Any:
    """Return the newest version's row with its `verdict` (None: undecided), or None."""
    return connection.execute(
        _versions(workspace, plan_id).order_by(plan_versions.c.version.desc()).limit(1)
    ).first()


def visible_newest(connection: sa.Connection, principal: Principal, plan_id: str) -> Any:
    """Return the newest version's row; NotFound when the plan is outside the scope."""
    plan = connection.execute(_plan(principal.workspace, plan_id)).first()
    newest = newest_version(connection, principal.workspace, plan_id)
    if plan is None or newest is None or not principal.scope.covers(plan.owner_id):
        raise no_such_plan(plan_id)
    return newest


def no_such_plan(plan_id: str) -> NotFound:
    """Say that a plan is missing: the same words whether it is absent or foreign."""
    return NotFound(
        f"There is no plan {plan_id!r}.", hint="Draft one with `cadastre plan draft ACCOUNT`."
    )


def superseded(plan_id: str, version: int | None, newest: int) -> PlanSuperseded:
    """Say that a newer version exists."""
    about = "A plan exists already" if version is None else f"Version {version} is not the newest"
    return PlanSuperseded(
        f"{about}: plan {plan_id} stands at version {newest}.",
        hint=f"Read version {newest} and repeat what you want on it.",
        plan_id=plan_id,
        newest_version=newest,
    )


def _plan(workspace: str, plan_id: str) -> sa.Select[Any]:
    return plans.select().where(plans.c.workspace_id == workspace, plans.c.plan_id == plan_id)


_WITH_VERDICT = plan_versions.outerjoin(
    decisions,
    sa.and_(
        decisions.c.workspace_id == plan_versions.c.workspace_id,
        decisions.c.subject_kind == "plan",
        decisions.c.subject_id == plan_versions.c.plan_id,
        decisions.c.subject_version == plan_versions.c.version,
    ),
)


def _with_verdicts(workspace: str) -> sa.Select[Any]:
    return (
        sa.select(plan_versions, decisions.c.verdict)
        .select_from(_WITH_VERDICT)
        .where(plan_versions.c.workspace_id == workspace)
    )


def _versions(workspace: str, plan_id: str) -> sa.Select[Any]:
    return _with_verdicts(workspace).where(plan_versions.c.plan_id == plan_id)


def _newest_versions(workspace: str) -> sa.Select[Any]:
    other = plan_versions.alias("other")
    newest = (
        sa.select(sa.func.max(other.c.version))
        .where(other.c.workspace_id == plans.c.workspace_id, other.c.plan_id == plans.c.plan_id)
        .scalar_subquery()
    )
    return (
        sa.select(
            plan_versions,
            decisions.c.verdict,
            plans.c.approved_version,
            plans.c.owner_id.label("plan_owner"),
        )
        .select_from(
            plans.join(
                _WITH_VERDICT,
                sa.and_(
                    plan_versions.c.workspace_id == plans.c.workspace_id,
                    plan_versions.c.plan_id == plans.c.plan_id,
                    plan_versions.c.version == newest,
                ),
            )
        )
        .where(plans.c.workspace_id == workspace)
    )


def _status(row: Any, *, newest: int) -> PlanStatus:
    if row.version != newest:
        return "superseded"
    status: PlanStatus = row.verdict or "in_review"
    return status


def read_version(row: Any, *, newest: int) -> PlanVersion:
    """Read a stored row; Broken when its text no longer has the hash it was stored under."""
    if text_hash(row.content) != row.plan_hash:
        raise Broken(
            f"Version {row.version} of plan {row.plan_id} was altered: its content no longer has "
            "the hash it was stored under.",
            hint="Restore the database from a backup; `cadastre audit verify` checks the rest.",
        )
    content = json.loads(row.content)
    for step in range(row.schema_version, SCHEMA_VERSION):
        content = UPGRADES[step](content)
    return PlanVersion(
        plan_id=row.plan_id,
        version=row.version,
        base_version=row.base_version,
        status=_status(row, newest=newest),
        content=PlanContent.model_validate_json(json.dumps(content)),
        created_at=row.created_at,
        created_by=row.created_by,
        run_id=row.run_id,
    )


def _summary(row: Any, newest: PlanVersion) -> PlanSummary:
    content = newest.content
    return PlanSummary(
        plan_id=newest.plan_id,
        account_id=content.account_id,
        account_name=content.account_name,
        owner_id=content.owner_id,
        owner_name=content.owner_name,
        tier=content.tier,
        period_start=content.period_start,
        period_end=content.period_end,
        version=newest.version,
        approved_version=row.approved_version,
        status=newest.status,
        plan_hash=row.plan_hash,
        created_at=newest.created_at,
        created_by=newest.created_by,
    )

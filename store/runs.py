"""Runs: where each draft or chat stands, and whose it is."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa

from domain.errors import InvalidInput, NotFound
from domain.evidence import REPS_JOINED_BY
from domain.principal import Principal
from domain.record import Record
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.schema import runs

RunStatus = Literal["queued", "running", "waiting", "done", "failed"]
UNFINISHED: tuple[RunStatus, ...] = ("queued", "running", "waiting")


class Run(Record):
    """One run. `owner_id` is the rep whose rows it reads (None: nobody's); times in UTC."""

    run_id: str
    thread_id: str
    kind: str
    account_id: str | None
    owner_id: str | None
    plan_id: str | None
    person: str
    status: RunStatus
    error: str | None
    created_at: str
    updated_at: str


class Runs:
    """The runs of every workspace.

    A run about an account is visible to those who may see its owner's rows, as a manager
    must decide on what a rep began; one about several reps (joined by `REPS_JOINED_BY` in
    `owner_id`) to those who see all of them; any other run, such as a chat, to its own person.
    """

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def start(
        self,
        principal: Principal,
        run_id: str,
        *,
        thread_id: str,
        kind: str,
        account_id: str | None = None,
        owner_id: str | None = None,
        plan_id: str | None = None,
    ) -> Run:
        """Record a new run as queued; NotFound when its account is outside the scope.

        Raises InvalidInput when the id is taken.
        """
        if account_id is not None and not principal.scope.covers(owner_id):
            raise NotFound(
                f"There is no account {account_id!r} in the book.",
                hint="List accounts with `cadastre accounts rank`.",
            )
        moment = stamp(self._clock())
        with self._database.writing() as connection:
            if self._row(connection, principal, run_id) is not None:
                raise InvalidInput(f"The run id {run_id!r} is taken.", hint="Use a fresh one.")
            insert_run(
                connection,
                principal,
                run_id,
                thread_id=thread_id,
                kind=kind,
                account_id=account_id,
                owner_id=owner_id,
                plan_id=plan_id,
                at=moment,
            )
        return self.get(principal, run_id)

    def get(self, principal: Principal, run_id: str) -> Run:
        """Return one run; NotFound outside the scope."""
        with self._database.reading() as connection:
            return _run(self._visible(connection, principal, run_id))

    def move(
        self,
        principal: Principal,
        run_id: str,
        status: RunStatus,
        *,
        plan_id: str | None = None,
        error: str | None = None,
    ) -> Run:
        """Record where a run stands; `plan_id` is kept once it is known.

        NotFound outside the scope. `error` replaces what stood there.
        """
        with self._database.writing() as connection:
            row = self._visible(connection, principal, run_id)
            connection.execute(
                runs.update()
                .where(runs.c.workspace_id == principal.workspace, runs.c.run_id == run_id)
                .values(
                    status=status,
                    plan_id=plan_id or row.plan_id,
                    error=error,
                    updated_at=stamp(self._clock()),
                )
            )
        return self.get(principal, run_id)

    def of_plan(self, principal: Principal, plan_id: str) -> Run | None:
        """Return the newest run about a plan within the scope, or None."""
        found = [run for run in self.list(principal) if run.plan_id == plan_id]
        return found[0] if found else None

    def unfinished(self, principal: Principal) -> list[Run]:
        """Return the runs within the scope that were queued, running or waiting, oldest first."""
        return [run for run in reversed(self.list(principal)) if run.status in UNFINISHED]

    def list(self, principal: Principal, *, status: RunStatus | None = None) -> list[Run]:
        """Return the runs within the scope, newest first."""
        query = (
            runs.select()
            .where(runs.c.workspace_id == principal.workspace)
            .order_by(runs.c.created_at.desc(), runs.c.run_id)
        )
        if status is not None:
            query = query.where(runs.c.status == status)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [_run(row) for row in rows if _covers(principal, row)]

    def _row(self, connection: sa.Connection, principal: Principal, run_id: str) -> Any:
        return connection.execute(
            runs.select().where(runs.c.workspace_id == principal.workspace, runs.c.run_id == run_id)
        ).first()

    def _visible(self, connection: sa.Connection, principal: Principal, run_id: str) -> Any:
        row = self._row(connection, principal, run_id)
        if row is None or not _covers(principal, row):
            raise NotFound(f"There is no run {run_id!r}.")
        return row


def insert_run(
    connection: sa.Connection,
    principal: Principal,
    run_id: str,
    *,
    thread_id: str,
    kind: str,
    at: str,
    account_id: str | None = None,
    owner_id: str | None = None,
    plan_id: str | None = None,
) -> None:
    """Add a queued run of this person in a transaction that writes; the id has to be free."""
    connection.execute(
        runs.insert().values(
            workspace_id=principal.workspace,
            run_id=run_id,
            thread_id=thread_id,
            kind=kind,
            account_id=account_id,
            owner_id=owner_id,
            plan_id=plan_id,
            person=principal.person,
            status="queued",
            error=None,
            created_at=at,
            updated_at=at,
        )
    )


def _covers(principal: Principal, row: Any) -> bool:
    if row.account_id is not None:
        return principal.scope.covers(row.owner_id)
    if row.owner_id is None:
        return bool(row.person == principal.person)
    return principal.scope.covers_all(row.owner_id.split(REPS_JOINED_BY))


def _run(row: Any) -> Run:
    return Run(
        run_id=row.run_id,
        thread_id=row.thread_id,
        kind=row.kind,
        account_id=row.account_id,
        owner_id=row.owner_id,
        plan_id=row.plan_id,
        person=row.person,
        status=row.status,
        error=row.error,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )

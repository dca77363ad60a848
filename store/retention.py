"""What is removed once it is old: events of runs, threads nobody uses, what crashes left."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from domain.errors import NotPermitted
from domain.principal import Principal
from domain.record import Record
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.schema import run_events, runs, threads, turn_texts, turns
from store.threads import KIND, delete_thread


class Removed(Record):
    """How much was removed, or would be: threads with their turns, events of runs that
    ended, rows of chat runs whose thread is gone, texts that a crash left."""

    threads: int
    turns: int
    events: int
    runs: int
    texts: int


class Retention:
    """Removes what has had its time. Plans, decisions, evidence and ledgers are never touched."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def remove(
        self,
        principal: Principal,
        *,
        events_before: datetime,
        threads_before: datetime | None,
        dry_run: bool = False,
    ) -> Removed:
        """Remove events of runs that ended before a moment, and threads not used since another.

        A thread with a question under way stays. `dry_run` changes nothing and counts the
        same. NotPermitted for anybody but the program itself.
        """
        if not principal.is_house:
            raise NotPermitted(
                "Old threads and events are removed by the program itself.",
                hint="RevOps starts it with `cadastre retention`.",
            )
        workspace = principal.workspace
        with self._database.engine.connect() as connection:
            connection = connection.execution_options(cadastre_begin="writing")
            transaction = connection.begin()
            removed = self._remove(connection, workspace, events_before, threads_before)
            if dry_run:
                transaction.rollback()
            else:
                transaction.commit()
        return removed

    def _remove(
        self,
        connection: sa.Connection,
        workspace: str,
        events_before: datetime,
        threads_before: datetime | None,
    ) -> Removed:
        events_total = _count(connection, run_events, workspace)
        turns_total = _count(connection, turns, workspace)
        gone = self._threads(connection, workspace, threads_before)
        _of_runs(
            connection,
            run_events,
            workspace,
            sa.and_(turns.c.status != "running", turns.c.finished_at < stamp(events_before)),
            there=True,
        )
        texts = _of_runs(
            connection, turn_texts, workspace, turns.c.status == "running", there=False
        )
        left = connection.execute(
            runs.delete().where(
                runs.c.workspace_id == workspace,
                runs.c.kind == KIND,
                runs.c.created_at < stamp(events_before),
                ~sa.exists().where(
                    turns.c.workspace_id == workspace, turns.c.run_id == runs.c.run_id
                ),
            )
        ).rowcount
        return Removed(
            threads=gone,
            turns=turns_total - _count(connection, turns, workspace),
            events=events_total - _count(connection, run_events, workspace),
            runs=left,
            texts=texts,
        )

    def _threads(self, connection: sa.Connection, workspace: str, before: datetime | None) -> int:
        if before is None:
            return 0
        old = connection.scalars(
            sa.select(threads.c.thread_id).where(
                threads.c.workspace_id == workspace,
                threads.c.updated_at < stamp(before),
                ~sa.exists().where(
                    turns.c.workspace_id == workspace,
                    turns.c.thread_id == threads.c.thread_id,
                    turns.c.status == "running",
                ),
            )
        ).all()
        for thread_id in old:
            delete_thread(connection, workspace, thread_id, stamp(self._clock()))
        return len(old)


def _count(connection: sa.Connection, table: sa.Table, workspace: str) -> int:
    return int(
        connection.scalar(
            sa.select(sa.func.count()).select_from(table).where(table.c.workspace_id == workspace)
        )
        or 0
    )


def _of_runs(
    connection: sa.Connection,
    table: sa.Table,
    workspace: str,
    wanted: sa.ColumnElement[bool],
    *,
    there: bool,
) -> int:
    """Delete rows whose run's turn is (or, for not `there`, is not) such as wanted."""
    such = sa.select(turns.c.run_id).where(turns.c.workspace_id == workspace, wanted)
    chosen = table.c.run_id.in_(such) if there else table.c.run_id.not_in(such)
    return connection.execute(
        table.delete().where(table.c.workspace_id == workspace, chosen)
    ).rowcount

"""Threads of chat and their turns. A thread is its person's, and nobody else's to see.

Managers and RevOps are no exception: another person's thread looks like one that does
not exist.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, Literal

import sqlalchemy as sa

from domain.chat import Answer, Thread, Turn, TurnError, TurnStatus
from domain.errors import Conflict, NotFound, PlannerError
from domain.principal import Principal
from domain.record import canonical_json
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.run_log import Told, drop_events, write_events
from store.runs import insert_run
from store.schema import runs, threads, turns
from store.turn_rows import (
    Earlier,
    earlier_of,
    gist_of,
    no_such_run,
    packed,
    thread_of,
    title_of,
    turn_of,
    turn_row,
)
from store.turn_texts import drop_texts

KIND = "chat"


class ThreadBusy(Conflict):
    """The thread's last question is still being answered."""


class TooManyRuns(PlannerError):
    """The person asked as much today as the settings allow."""

    status: ClassVar[int] = 429


class Threads:
    """The threads of every workspace."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def create(self, principal: Principal) -> Thread:
        """Begin an empty thread; it has no title before its first question."""
        moment = stamp(self._clock())
        thread_id = f"T-{secrets.token_hex(8)}"
        with self._database.writing() as connection:
            connection.execute(
                threads.insert().values(
                    workspace_id=principal.workspace,
                    thread_id=thread_id,
                    person=principal.person,
                    title="",
                    created_at=moment,
                    updated_at=moment,
                )
            )
        return self.get(principal, thread_id)

    def get(self, principal: Principal, thread_id: str) -> Thread:
        """Return one thread; NotFound when it is missing or another person's."""
        with self._database.reading() as connection:
            return thread_of(_owned(connection, principal, thread_id))

    def delete(self, principal: Principal, thread_id: str) -> tuple[str, ...]:
        """Remove a thread, its turns and their events; return the runs that were going on.

        What its answers rested on is evidence like any other and stays, and so do the
        plans that were drafted from it.
        """
        with self._database.writing() as connection:
            _owned(connection, principal, thread_id)
            return delete_thread(connection, principal.workspace, thread_id, stamp(self._clock()))

    def turns(self, principal: Principal, thread_id: str) -> list[Turn]:
        """Return every turn of a thread in order of time, all branches; NotFound as `get`."""
        with self._database.reading() as connection:
            _owned(connection, principal, thread_id)
            rows = connection.execute(
                turns.select()
                .where(turns.c.workspace_id == principal.workspace, turns.c.thread_id == thread_id)
                .order_by(turns.c.place)
            ).all()
        return [turn_of(row) for row in rows]

    def turn(self, principal: Principal, thread_id: str, turn_id: str) -> Turn:
        """Return one turn of a thread; NotFound when there is none."""
        with self._database.reading() as connection:
            _owned(connection, principal, thread_id)
            return turn_of(_turn_in(connection, principal, thread_id, turn_id))

    def siblings(self, principal: Principal, turn: Turn) -> tuple[str, ...]:
        """Return the ids of the turns that follow the same turn, this one included, by time."""
        with self._database.reading() as connection:
            _owned(connection, principal, turn.thread_id)
            return tuple(
                connection.scalars(
                    sa.select(turns.c.turn_id)
                    .where(
                        turns.c.workspace_id == principal.workspace,
                        turns.c.thread_id == turn.thread_id,
                        turns.c.parent.is_(turn.parent)
                        if turn.parent is None
                        else turns.c.parent == turn.parent,
                    )
                    .order_by(turns.c.place)
                ).all()
            )

    def history(self, principal: Principal, turn: Turn, most: int) -> tuple[Earlier, ...]:
        """Return what the turns that a turn follows said, the nearest `most`, oldest first.

        Turns without an answer are left out.
        """
        with self._database.reading() as connection:
            _owned(connection, principal, turn.thread_id)
            rows = connection.execute(
                sa.select(turns.c.turn_id, turns.c.parent, turns.c.asked, turns.c.gist).where(
                    turns.c.workspace_id == principal.workspace,
                    turns.c.thread_id == turn.thread_id,
                )
            ).all()
        by_id = {row.turn_id: row for row in rows}
        found: list[Earlier] = []
        at = by_id.get(turn.parent or "")
        while at is not None and len(found) < most:
            if at.gist is not None:
                found.append(earlier_of(at))
            at = by_id.get(at.parent or "")
        return tuple(reversed(found))

    def latest(self, principal: Principal, thread_id: str) -> Earlier | None:
        """Return what a thread's newest answer said, in short; None while it has none."""
        with self._database.reading() as connection:
            _owned(connection, principal, thread_id)
            row = connection.execute(
                sa.select(turns.c.asked, turns.c.gist)
                .where(
                    turns.c.workspace_id == principal.workspace,
                    turns.c.thread_id == thread_id,
                    turns.c.gist.is_not(None),
                )
                .order_by(turns.c.place.desc())
                .limit(1)
            ).first()
        return None if row is None else earlier_of(row)

    def of_run(self, principal: Principal, run_id: str) -> Turn:
        """Return the turn that a run answers; NotFound when the run is missing or another's."""
        with self._database.reading() as connection:
            row = turn_row(connection, principal, run_id)
        if row is None:
            raise no_such_run(run_id)
        return turn_of(row)

    def begin(
        self,
        principal: Principal,
        thread_id: str,
        asked: str,
        *,
        parent: str | Literal["last"] | None = "last",
        most_a_day: int | None = None,
    ) -> Turn:
        """Store a question and the run that is to answer it; its first event is told.

        `parent` is the turn it follows: None makes it a first question, `last` lets it
        follow the thread's newest turn.

        Raises
        ------
        NotFound
            No such thread of this person, or no such turn in it.
        ThreadBusy
            The thread's last question is still being answered.
        TooManyRuns
            The person began `most_a_day` runs within 24 hours.
        """
        moment = self._clock()
        run_id, turn_id = f"R-{secrets.token_hex(8)}", f"U-{secrets.token_hex(8)}"
        with self._database.writing() as connection:
            row = _owned(connection, principal, thread_id)
            _demand_free(connection, principal, thread_id)
            if most_a_day is not None:
                since = stamp(moment - timedelta(days=1))
                _demand_below(connection, principal, most_a_day, since)
            newest = connection.execute(
                sa.select(turns.c.turn_id, turns.c.place)
                .where(turns.c.workspace_id == principal.workspace, turns.c.thread_id == thread_id)
                .order_by(turns.c.place.desc())
                .limit(1)
            ).first()
            if parent == "last":
                parent = newest.turn_id if newest else None
            elif parent is not None:
                _turn_in(connection, principal, thread_id, parent)
            turn = Turn(
                turn_id=turn_id,
                thread_id=thread_id,
                parent=parent,
                run_id=run_id,
                asked=asked,
                status="running",
                created_at=stamp(moment),
            )
            connection.execute(
                turns.insert().values(
                    workspace_id=principal.workspace,
                    place=newest.place + 1 if newest else 1,
                    stop_asked=0,
                    gist=None,
                    **turn.model_dump(),
                )
            )
            insert_run(
                connection,
                principal,
                run_id,
                thread_id=thread_id,
                kind=KIND,
                at=turn.created_at,
            )
            connection.execute(
                threads.update()
                .where(
                    threads.c.workspace_id == principal.workspace, threads.c.thread_id == thread_id
                )
                .values(title=row.title or title_of(asked), updated_at=turn.created_at)
            )
            first = turn.first_event
            told: Told = (first.type, first.data)
            write_events(connection, principal.workspace, run_id, [told], turn.created_at)
        return turn

    def end(
        self,
        principal: Principal,
        run_id: str,
        status: TurnStatus,
        *,
        answer: Answer | None = None,
        error: TurnError | None = None,
        told: Sequence[Told] = (),
    ) -> bool:
        """Store how a turn ended, with its last events, and drop what it kept meanwhile.

        All of it happens or nothing. The first end counts: False, and nothing is changed,
        when the turn has ended before or is gone.
        """
        with self._database.writing() as connection:
            row = turn_row(connection, principal, run_id)
            if row is None or row.status != "running":
                return False
            workspace, at = principal.workspace, stamp(self._clock())
            connection.execute(
                turns.update()
                .where(turns.c.workspace_id == workspace, turns.c.run_id == run_id)
                .values(
                    status=status,
                    answer=None if answer is None else packed(answer),
                    gist=None if answer is None else gist_of(answer),
                    error=None if error is None else canonical_json(error),
                    finished_at=at,
                )
            )
            _move_run(
                connection,
                workspace,
                run_id,
                "failed" if status == "failed" else "done",
                at,
                error.message if error else None,
            )
            write_events(connection, workspace, run_id, told, at)
            drop_events(connection, workspace, run_id, only_passing=True)
            drop_texts(connection, workspace, run_id)
        return True

    def ask_to_stop(self, principal: Principal, run_id: str) -> Turn:
        """Note that the person wants a run stopped; one that has ended stays as it is."""
        with self._database.writing() as connection:
            if turn_row(connection, principal, run_id) is None:
                raise no_such_run(run_id)
            connection.execute(
                turns.update()
                .where(
                    turns.c.workspace_id == principal.workspace,
                    turns.c.run_id == run_id,
                    turns.c.status == "running",
                )
                .values(stop_asked=1)
            )
        return self.of_run(principal, run_id)

    def stop_asked(self, principal: Principal, run_id: str) -> bool:
        """Say whether a run should stop: the person said so, or its thread is gone."""
        with self._database.reading() as connection:
            row = turn_row(connection, principal, run_id)
        return row is None or bool(row.stop_asked)

    def left_running(self, principal: Principal) -> tuple[tuple[str, str], ...]:
        """Return person and run of every turn in the workspace that has not ended, oldest first.

        For the program itself, at its start; for anybody else there are none.
        """
        if not principal.is_house:
            return ()
        with self._database.reading() as connection:
            rows = connection.execute(
                sa.select(threads.c.person, turns.c.run_id)
                .join_from(
                    turns,
                    threads,
                    sa.and_(
                        threads.c.workspace_id == turns.c.workspace_id,
                        threads.c.thread_id == turns.c.thread_id,
                    ),
                )
                .where(turns.c.workspace_id == principal.workspace, turns.c.status == "running")
                .order_by(turns.c.created_at, turns.c.run_id)
            ).all()
        return tuple((row.person, row.run_id) for row in rows)

    def list(self, principal: Principal) -> list[Thread]:
        """Return the person's threads, the latest used first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                threads.select()
                .where(
                    threads.c.workspace_id == principal.workspace,
                    threads.c.person == principal.person,
                )
                .order_by(threads.c.updated_at.desc(), threads.c.thread_id)
            ).all()
        return [thread_of(row) for row in rows]


def delete_thread(
    connection: sa.Connection, workspace: str, thread_id: str, at: str
) -> tuple[str, ...]:
    """Remove a thread with all that hangs on it; return the runs that were going on.

    Rows of its runs stay until retention takes them: they hold no word of it, and count
    towards the runs of a day.
    """
    found = connection.execute(
        sa.select(turns.c.run_id, turns.c.status).where(
            turns.c.workspace_id == workspace, turns.c.thread_id == thread_id
        )
    ).all()
    for row in found:
        drop_events(connection, workspace, row.run_id, only_passing=False)
        drop_texts(connection, workspace, row.run_id)
        if row.status == "running":
            _move_run(connection, workspace, row.run_id, "failed", at, "Its thread was deleted.")
    for table in (turns, threads):
        connection.execute(
            table.delete().where(table.c.workspace_id == workspace, table.c.thread_id == thread_id)
        )
    return tuple(row.run_id for row in found if row.status == "running")


def _owned(connection: sa.Connection, principal: Principal, thread_id: str) -> Any:
    row = connection.execute(
        threads.select().where(
            threads.c.workspace_id == principal.workspace,
            threads.c.thread_id == thread_id,
            threads.c.person == principal.person,
        )
    ).first()
    if row is None:
        raise NotFound(
            f"There is no thread {thread_id!r}.", hint="Begin a new one, or open one of yours."
        )
    return row


def _turn_in(connection: sa.Connection, principal: Principal, thread_id: str, turn_id: str) -> Any:
    row = connection.execute(
        turns.select().where(
            turns.c.workspace_id == principal.workspace,
            turns.c.thread_id == thread_id,
            turns.c.turn_id == turn_id,
        )
    ).first()
    if row is None:
        raise NotFound(f"There is no turn {turn_id!r} in thread {thread_id!r}.")
    return row


def _demand_free(connection: sa.Connection, principal: Principal, thread_id: str) -> None:
    busy = connection.execute(
        sa.select(turns.c.run_id).where(
            turns.c.workspace_id == principal.workspace,
            turns.c.thread_id == thread_id,
            turns.c.status == "running",
        )
    ).first()
    if busy is not None:
        raise ThreadBusy(
            "The last question of this thread is still being answered.",
            hint="Wait for its answer or stop it, then ask again; or ask in a new thread.",
            run_id=busy.run_id,
        )


def _demand_below(
    connection: sa.Connection, principal: Principal, most_a_day: int, since: str
) -> None:
    made = connection.scalar(
        sa.select(sa.func.count()).where(
            runs.c.workspace_id == principal.workspace,
            runs.c.person == principal.person,
            runs.c.kind == KIND,
            runs.c.created_at > since,
        )
    )
    if int(made or 0) >= most_a_day:
        raise TooManyRuns(
            f"The limit of {most_a_day:,} questions within 24 hours is reached.",
            hint="Ask again later; an administrator sets the limit with CADASTRE_CHAT_RUNS_A_DAY.",
            most_a_day=most_a_day,
        )


def _move_run(
    connection: sa.Connection, workspace: str, run_id: str, status: str, at: str, error: str | None
) -> None:
    connection.execute(
        runs.update()
        .where(runs.c.workspace_id == workspace, runs.c.run_id == run_id)
        .values(status=status, error=error, updated_at=at)
    )

"""What happens in a chat run, event by event, for whoever follows it or comes back to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from pydantic import JsonValue

from domain.chat import ChatEvent, EventType
from domain.principal import Principal
from domain.record import canonical_json
from store.clock import Clock, stamp, system_clock
from store.database import Database
from store.schema import run_events
from store.turn_rows import no_such_run, turn_row

PASSING: tuple[EventType, ...] = ("block.delta", "block.reset")
"""Events that matter only while a run goes: its answer takes their place at the end."""

Told = tuple[EventType, Mapping[str, JsonValue]]


class LogPart(NamedTuple):
    """Events in order, and whether the run has ended, so that no more will come."""

    events: tuple[ChatEvent, ...]
    finished: bool


class RunLog:
    """The events of every chat run; a run is its person's and nobody else's.

    Numbers count from 1 within a run. They stay what they were when passing events are
    dropped at its end, so a reader goes on after any number it has seen.
    """

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    def append(self, principal: Principal, run_id: str, told: Sequence[Told]) -> int:
        """Add events to a run that goes on; return the number of the last one.

        0, and nothing is added, once the run has ended or its thread was deleted.
        NotFound for what was never this person's run is not told apart from that.
        """
        with self._database.writing() as connection:
            row = turn_row(connection, principal, run_id)
            if row is None or row.status != "running":
                return 0
            return write_events(connection, principal.workspace, run_id, told, stamp(self._clock()))

    def read(self, principal: Principal, run_id: str, after: int = 0) -> LogPart:
        """Return what happened after the event numbered `after`; NotFound for another's run."""
        with self._database.reading() as connection:
            row = turn_row(connection, principal, run_id)
            if row is None:
                raise no_such_run(run_id)
            found = connection.execute(
                sa.select(run_events.c.seq, run_events.c.type, run_events.c.data)
                .where(
                    run_events.c.workspace_id == principal.workspace,
                    run_events.c.run_id == run_id,
                    run_events.c.seq > after,
                )
                .order_by(run_events.c.seq)
            ).all()
        events = tuple(
            ChatEvent(seq=item.seq, type=item.type, data=json.loads(item.data)) for item in found
        )
        return LogPart(events, row.status != "running")


def write_events(
    connection: sa.Connection, workspace: str, run_id: str, told: Sequence[Told], at: str
) -> int:
    """Add events in a transaction that writes; return the number of the last one."""
    last = connection.scalar(
        sa.select(sa.func.max(run_events.c.seq)).where(
            run_events.c.workspace_id == workspace, run_events.c.run_id == run_id
        )
    )
    seq = int(last or 0)
    rows = [
        {
            "workspace_id": workspace,
            "run_id": run_id,
            "seq": seq + number,
            "type": type_,
            "data": canonical_json(dict(data)),
            "at": at,
        }
        for number, (type_, data) in enumerate(told, start=1)
    ]
    if rows:
        connection.execute(run_events.insert(), rows)
    return seq + len(rows)


def drop_events(
    connection: sa.Connection, workspace: str, run_id: str, *, only_passing: bool
) -> None:
    """Remove a run's passing events, or all of them."""
    gone = run_events.delete().where(
        run_events.c.workspace_id == workspace, run_events.c.run_id == run_id
    )
    if only_passing:
        gone = gone.where(run_events.c.type.in_(PASSING))
    connection.execute(gone)

"""Threads and turns as rows: read, packed, and said in short."""

from __future__ import annotations

import json
import zlib
from typing import Any

import sqlalchemy as sa

from domain.chat import Answer, Focus, Thread, Turn, TurnError
from domain.errors import NotFound
from domain.principal import Principal
from domain.record import Record, canonical_json
from store.schema import threads, turns

LONGEST_TITLE = 80
LONGEST_GIST = 1_000


class Earlier(Record):
    """What an earlier turn said, in short: its question, its sentences as text (at most
    `LONGEST_GIST` characters), what it was about, and the ledger it rested on ("" for none)."""

    asked: str
    said: str
    focus: Focus
    ledger_root: str


def turn_row(connection: sa.Connection, principal: Principal, run_id: str) -> Any:
    """Return the turn that a run answers, if its thread is the person's; else None."""
    return connection.execute(
        turns.select()
        .join(
            threads,
            sa.and_(
                threads.c.workspace_id == turns.c.workspace_id,
                threads.c.thread_id == turns.c.thread_id,
            ),
        )
        .where(
            turns.c.workspace_id == principal.workspace,
            turns.c.run_id == run_id,
            threads.c.person == principal.person,
        )
    ).first()


def no_such_run(run_id: str) -> NotFound:
    """Say that there is no such run, as the runs of plans do."""
    return NotFound(f"There is no run {run_id!r}.")


def thread_of(row: Any) -> Thread:
    """Read a thread."""
    return Thread(
        thread_id=row.thread_id,
        person=row.person,
        title=row.title,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def turn_of(row: Any) -> Turn:
    """Read a turn with its answer."""
    return Turn(
        turn_id=row.turn_id,
        thread_id=row.thread_id,
        parent=row.parent,
        run_id=row.run_id,
        asked=row.asked,
        status=row.status,
        answer=None if row.answer is None else _unpacked(row.answer),
        error=None if row.error is None else TurnError.model_validate_json(row.error),
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def earlier_of(row: Any) -> Earlier:
    """Read what a turn said, in short."""
    gist = json.loads(row.gist)
    return Earlier(
        asked=row.asked,
        said=gist["said"],
        focus=Focus.model_validate(gist["focus"]),
        ledger_root=gist["ledger_root"],
    )


def gist_of(answer: Answer) -> str:
    """Write what an answer says, in short."""
    said = " ".join(item.text for item in answer.said) or " ".join(answer.notes)
    return canonical_json(
        {
            "said": said[:LONGEST_GIST],
            "focus": answer.focus.model_dump(mode="json", exclude_defaults=True),
            "ledger_root": answer.ledger_root,
        }
    )


def packed(answer: Answer) -> bytes:
    """Write an answer, compressed."""
    return zlib.compress(canonical_json(answer).encode())


def _unpacked(packed: bytes) -> Answer:
    return Answer.model_validate_json(zlib.decompress(packed))


def title_of(asked: str) -> str:
    """Return the beginning of a question on one line, cut between words."""
    line = " ".join(asked.split())
    if len(line) <= LONGEST_TITLE:
        return line
    return line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"

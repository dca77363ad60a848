"""Where a plan run leaves its bookmark, and how tracing is kept switched off."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

_TRACING = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
)


def quiet_tracing() -> None:
    """Switch LangSmith's tracing off, whatever the shell says, and strict msgpack on.

    LangGraph brings a tracing client along that sends whole states to a host of its own
    once a variable asks for it. Nothing of ours leaves that way.
    """
    for name in _TRACING:
        os.environ[name] = "false"
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    settings = sys.modules.get("langsmith.utils")
    if settings is not None:
        # The client caches what it read; without this an earlier "true" would stay.
        settings.get_env_var.cache_clear()


@contextmanager
def open_checkpoints(path: Path) -> Iterator[SqliteSaver]:
    """Open the checkpoint file, made where it is missing.

    Write-ahead log with `synchronous=NORMAL`: a killed process loses nothing that was
    acknowledged; a power cut can lose the last steps, which then run again.
    """
    quiet_tracing()
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
    from langgraph.checkpoint.sqlite import SqliteSaver

    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        saver = SqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        saver.setup()
        yield saver
    finally:
        connection.close()


def bookmarks(path: Path) -> list[str]:
    """Return the threads that a checkpoint file holds, in order; none where it is missing."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        if not connection.execute(_TABLES).fetchone()[0]:
            return []
        return [row[0] for row in connection.execute(_THREADS)]


def drop_bookmarks(path: Path, threads: Iterable[str]) -> None:
    """Remove the checkpoints of these threads, all or none.

    In SQL of our own, as LangGraph takes most of a second to load; `delete_thread` of its
    saver does the same, and a test holds them together.
    """
    given = [(thread,) for thread in threads]
    with closing(sqlite3.connect(path, timeout=30)) as connection, connection:
        connection.executemany("DELETE FROM checkpoints WHERE thread_id = ?", given)
        connection.executemany("DELETE FROM writes WHERE thread_id = ?", given)


_TABLES = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'checkpoints'"
_THREADS = "SELECT DISTINCT thread_id FROM checkpoints ORDER BY thread_id"

"""Retention: old events, threads and bookmarks go; what was decided stays."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from domain.errors import NotPermitted
from domain.principal import Principal
from domain.record import Record
from store.clock import stamp

if TYPE_CHECKING:
    from api.workspace import Workspace
    from store.retention import Removed

log = logging.getLogger(__name__)
DAY_SECONDS = 24 * 60 * 60.0


class RetentionAnswer(Record):
    """What was removed, or with `dry_run` would be. `bookmarks` are places of runs that ended.

    The limits are in days; null keeps threads for good.
    """

    dry_run: bool
    events_days: int
    threads_days: int | None
    threads: int
    turns: int
    events: int
    runs: int
    texts: int
    bookmarks: int


def retention(workspace: Workspace, principal: Principal, *, dry_run: bool) -> RetentionAnswer:
    """Remove what is older than the settings keep; NotPermitted for all but RevOps."""
    if not (principal.may_load and principal.scope.everything):
        raise NotPermitted(
            "Old threads and events are removed by RevOps.",
            hint="Ask one of them, or wait: it is done at every start and once a day.",
        )
    return tidy(workspace, dry_run=dry_run)


def tidy(workspace: Workspace, *, dry_run: bool = False) -> RetentionAnswer:
    """Remove what is older than the settings keep, as the program itself."""
    from api.opening import of_the_house

    settings, store = workspace.settings, workspace.store
    now = store.clock()
    events_before = now - timedelta(days=settings.keep_events_days)
    days = settings.keep_threads_days
    removed: Removed = store.retention.remove(
        of_the_house(workspace),
        events_before=events_before,
        threads_before=None if days is None else now - timedelta(days=days),
        dry_run=dry_run,
    )
    bookmarks = _bookmarks(workspace, stamp(events_before), dry_run=dry_run)
    return RetentionAnswer(
        dry_run=dry_run,
        events_days=settings.keep_events_days,
        threads_days=days,
        bookmarks=bookmarks,
        **removed.model_dump(),
    )


def _bookmarks(workspace: Workspace, before: str, *, dry_run: bool) -> int:
    """Drop bookmarks of runs that ended before a moment, and of chat turns that have ended."""
    from agent.checkpoints import bookmarks, drop_bookmarks
    from api.opening import of_the_house

    path = workspace.home.checkpoints
    house = of_the_house(workspace)
    # First what is there, then what goes on: a turn that begins between is in neither.
    there = bookmarks(path)
    going = {f"chat:{run_id}" for _, run_id in workspace.store.threads.left_running(house)}
    ended = {
        f"run:{run.run_id}"
        for run in workspace.store.runs.list(house)
        if run.status in ("done", "failed") and run.updated_at < before
    }
    old = [
        name for name in there if name in ended or (name.startswith("chat:") and name not in going)
    ]
    if old and not dry_run:
        drop_bookmarks(path, old)
    return len(old)


class Housekeeping:
    """Tidies once a day for as long as a home is open; the first time is at its opening."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._live, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Tidy now, and once a day from now on."""
        self._tidy()
        self._thread.start()

    def close(self) -> None:
        """Stop; a tidying under way is waited for."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _live(self) -> None:
        while not self._closed.wait(DAY_SECONDS):
            self._tidy()

    def _tidy(self) -> None:
        try:
            tidy(self._workspace)
        except Exception:
            # What is old can wait a day; it must not keep the home shut.
            log.exception("old threads and events could not be removed")

"""One worker of a run: it asks its process, and takes a new one when that is spoiled."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from eval.child import Child, Reply
from eval.log import LoggedSample
from eval.outcomes import sample_of, with_surplus
from eval.task import Task


class Worker:
    """Puts tasks to processes that `start` gives, and hands samples with seconds to `keep`."""

    def __init__(
        self,
        start: Callable[[], Child],
        keep: Callable[[LoggedSample, float], None],
        *,
        seconds: float,
        stopped: Event,
    ) -> None:
        self._start = start
        self._keep = keep
        self._seconds = seconds
        self._stopped = stopped
        self._child: Child | None = None
        self._last: tuple[LoggedSample, float] | None = None

    def put(self, task: Task, trial: int, line: bytes) -> bool:
        """Put one task, keep what comes; False, and nothing is kept, when the run was stopped."""
        if self._child is not None and self._child.wrote_more():
            self._take_back()
            self._end()
        began = time.monotonic()
        reply = self._ask(line)
        if reply.end == "unread":
            # It ended after its last answer, as it may: no fault of this task.
            self._end()
            reply = self._ask(line)
        if reply.end == "stopped":
            return False
        self._last = (
            sample_of(task, trial, reply, seconds=self._seconds),
            time.monotonic() - began,
        )
        self._keep(*self._last)
        if self._last[0].outcome != "answered" or reply.end != "line":
            self._end()
        return True

    def close(self) -> None:
        """Let the process end by itself, or kill it where the run was stopped."""
        patiently = not self._stopped.is_set()
        if self._child is not None and self._child.end(patiently=patiently) and patiently:
            self._take_back()
        self._child = None

    def _ask(self, line: bytes) -> Reply:
        if self._child is None:
            self._child = self._start()
        return self._child.ask(line, seconds=self._seconds, stopped=self._stopped)

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = self._last = None

    def _take_back(self) -> None:
        """More than one line came, so the last answer is none."""
        if self._last is not None:
            self._keep(with_surplus(self._last[0]), self._last[1])

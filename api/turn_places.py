"""Threads that answer questions, and how many of them compute at a time."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.budget import Spending
    from agent.model.protocol import ChatModel, Message, Reply, TextSink
    from agent.retrying import Deadline

log = logging.getLogger(__name__)
MOST_AT_ONCE = 64
MOST_COMPUTING = int(__import__("os").environ.get("MC", "1"))
PATIENCE_SECONDS = 1.0


class Places:
    """Room for so many turns to compute; whoever waits for a model gives its place up.

    Python threads that compute all at once only hold each other up, and the loop that
    sends events with them. Waiting costs nothing, so that is not limited here. Questions
    just arriving go before: a person is to see within a moment that theirs was taken.
    """

    def __init__(self, most: int = MOST_COMPUTING) -> None:
        self._free = most
        self._arriving = 0
        self._changed = threading.Condition()

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Let nobody begin to compute for as long as the block lasts."""
        with self._changed:
            self._arriving += 1
        try:
            yield
        finally:
            with self._changed:
                self._arriving -= 1
                self._changed.notify_all()

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Take a place for as long as the block lasts."""
        self._take()
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Give the place up for as long as the block lasts; only inside `computing`."""
        self._give()
        try:
            yield
        finally:
            self._take()

    def _take(self) -> None:
        with self._changed:
            # Bounded: questions that never stop arriving must not keep the first from an answer.
            self._changed.wait_for(lambda: self._free and not self._arriving, PATIENCE_SECONDS)
            self._changed.wait_for(lambda: self._free)
            self._free -= 1

    def _give(self) -> None:
        with self._changed:
            self._free += 1
            self._changed.notify_all()


class OutsideModel:
    """A chat model that is waited for without a place."""

    def __init__(self, model: ChatModel, places: Places) -> None:
        self._model = model
        self._places = places

    @property
    def name(self) -> str:
        """The model's name, as the endpoint knows it."""
        return self._model.name

    def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Mapping[str, Any]],
        *,
        spending: Spending,
        deadline: Deadline,
        sink: TextSink,
        stopped: Callable[[], bool],
    ) -> Reply:
        """Send the messages and return the reply; text goes to `sink` as it arrives."""
        with self._places.outside():
            return self._model.reply(
                messages, tools, spending=spending, deadline=deadline, sink=sink, stopped=stopped
            )


class Workers:
    """Runs tasks on threads of their own, the oldest first, so many at once.

    The threads are daemons: a process that has to go does not wait for a model. What they
    leave undone is taken up at the next start.
    """

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._waiting: deque[Callable[[], None]] = deque()
        self._busy = 0
        self._closed = False
        self._changed = threading.Condition()

    def submit(self, task: Callable[[], None]) -> None:
        """Run a task as soon as there is room; it must not raise. Nothing happens once closed."""
        with self._changed:
            if self._closed:
                return
            if self._busy >= self._most:
                self._waiting.append(task)
                return
            self._busy += 1
        threading.Thread(target=self._work, args=(task,), name="chat turn", daemon=True).start()

    def close(self, patience: float) -> None:
        """Take no more tasks, drop those that wait, and give those under way some seconds."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.wait_for(lambda: self._busy == 0, timeout=patience)

    def _work(self, task: Callable[[], None]) -> None:
        following: Callable[[], None] | None = task
        while following is not None:
            try:
                following()
            except Exception:
                log.exception("a chat turn ended in a way that was not foreseen")
            with self._changed:
                following = self._waiting.popleft() if self._waiting else None
                if following is None:
                    self._busy -= 1
                    self._changed.notify_all()

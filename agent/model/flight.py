"""A request under way: its answer arrives bit by bit, and it can be broken off at any time.

The client's own timeout is per read, so an endpoint that drips bytes would hold a run
for ever, and a person who stops an answer would wait for its next word. Each request
therefore runs in a thread of its own; giving it up breaks its connection.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from agent.retrying import DeadlinePassed, EndpointError

Item = TypeVar("Item")
POLL_SECONDS = 0.1
_HERE = threading.local()


class Stopped(EndpointError):
    """The person stopped the answer."""


class Flight:
    """One request. `content_type` is known once the head of the answer has arrived."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._response: Any = None
        self._given_up = False

    @property
    def content_type(self) -> str:
        """What the answer says it is, in lower case; empty before it has begun."""
        response = self._response
        return "" if response is None else str(response.headers.get("content-type", "")).lower()

    def items(
        self,
        start: Callable[[], Iterable[Item]],
        *,
        remaining: Callable[[], float],
        stopped: Callable[[], bool],
    ) -> Iterator[Item]:
        """Yield what `start` yields in a thread of its own, as it arrives.

        Leaving the loop early gives the request up. Before the head of the answer has
        arrived there is no connection to break: the thread then ends at its own timeout.

        Raises
        ------
        DeadlinePassed
            When `remaining` seconds have come to 0.
        Stopped
            When `stopped` says so. Whatever the request raises is raised here.
        """
        arriving: SimpleQueue[tuple[str, Any]] = SimpleQueue()

        def run() -> None:
            _HERE.flight = self
            try:
                for item in start():
                    arriving.put(("item", item))
            except BaseException as error:
                arriving.put(("error", error))
            else:
                arriving.put(("end", None))

        threading.Thread(target=run, name="model call", daemon=True).start()
        over = False
        try:
            while True:
                if stopped():
                    raise Stopped
                left = remaining()
                if left <= 0:
                    raise DeadlinePassed
                try:
                    kind, value = arriving.get(timeout=min(left, POLL_SECONDS))
                except Empty:
                    continue
                over = kind != "item"
                if kind == "error":
                    raise value
                if kind == "end":
                    return
                yield value
        finally:
            if not over:
                self.give_up()

    def give_up(self) -> None:
        """Break the connection, or have it broken as soon as an answer begins."""
        with self._guard:
            self._given_up = True
            response = self._response
        if response is not None:
            _break(response)

    def _begun(self, response: Any) -> None:
        with self._guard:
            self._response = response
            given_up = self._given_up
        if given_up:
            raise Stopped


def heard(response: Any) -> None:
    """Take the head of an answer: the HTTP client calls this in the request's own thread."""
    flight: Flight | None = getattr(_HERE, "flight", None)
    if flight is not None:
        flight._begun(response)


def _break(response: Any) -> None:
    stream = response.extensions.get("network_stream")
    plain = stream.get_extra_info("socket") if stream is not None else None
    if isinstance(plain, socket.socket):
        # Closing does not wake a thread that reads; shutting down does. Past any TLS
        # layer, which must not be touched from here while it reads.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(plain, socket.SHUT_RDWR)

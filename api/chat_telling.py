"""From what a turn tells to its event log, and word of it to whoever follows the run."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import JsonValue

from domain.chat import Answer, EventType, TurnError
from domain.principal import Principal

if TYPE_CHECKING:
    from store.run_log import RunLog, Told

_GATHERED_SECONDS = 0.05
_AT_THE_END = frozenset({"block.done", "artifact", "interrupt"})


class Followers:
    """Who waits for news of which run. Safe to call from several threads."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]]
        self._waiting = defaultdict(set)
        self._guard = threading.Lock()

    @contextmanager
    def follow(self, run_id: str) -> Iterator[asyncio.Event]:
        """Return an event of the running loop that is set whenever there is news of a run."""
        news = (asyncio.get_running_loop(), asyncio.Event())
        with self._guard:
            self._waiting[run_id].add(news)
        try:
            yield news[1]
        finally:
            with self._guard:
                self._waiting[run_id].discard(news)
                if not self._waiting[run_id]:
                    del self._waiting[run_id]

    def tell(self, run_id: str) -> None:
        """Wake everybody who follows a run."""
        with self._guard:
            found = list(self._waiting.get(run_id, ()))
        for loop, news in found:
            try:
                loop.call_soon_threadsafe(news.set)
            except RuntimeError:  # the loop closed meanwhile, and nobody listens there any more
                continue


class Telling:
    """Fulfils `agent.chat.context.Tell` for one run.

    Text that arrives in small pieces is gathered for a twentieth of a second. What belongs
    to the answer (`block.done`, artifacts, interrupts) waits for it: these events are
    written together with the answer and the end of the run, once.
    """

    def __init__(
        self,
        log: RunLog,
        followers: Followers,
        principal: Principal,
        run_id: str,
        demand_open: Callable[[], None],
    ) -> None:
        self._log = log
        self._followers = followers
        self._principal = principal
        self._run_id = run_id
        self._demand_open = demand_open
        self._held = ""
        self._block = ""
        self._flushed = 0.0
        self._guard = threading.RLock()

    def __call__(self, type: EventType, data: Mapping[str, JsonValue]) -> None:
        """Note one event."""
        self._demand_open()
        if type in _AT_THE_END:
            return
        with self._guard:
            if type == "block.delta" and data["block"] in ("", self._block or data["block"]):
                self._block = str(data["block"])
                self._held += str(data["text"])
                if time.monotonic() - self._flushed >= _GATHERED_SECONDS:
                    self._write([])
                return
            self._write([(type, data)])

    def _write(self, told: list[Told]) -> None:
        if self._held:
            told = [("block.delta", {"block": self._block, "text": self._held}), *told]
            self._held = ""
        self._block = ""
        self._flushed = time.monotonic()
        if self._log.append(self._principal, self._run_id, told):
            self._followers.tell(self._run_id)


def last_events(answer: Answer, status: str) -> list[Told]:
    """Return what is told of a run that came to an answer."""
    told: list[Told] = [("block.done", {"block": "answer"})]
    for artifact in answer.artifacts:
        told.append(("artifact", artifact.model_dump(mode="json")))
        if artifact.type == "plan":
            told.append(("interrupt", {"review_id": artifact.id, "url": artifact.link}))
    used = answer.model
    usage: dict[str, JsonValue] | None = None
    if used is not None:
        usage = {
            "model": used.model,
            "calls": used.calls,
            "input_tokens": used.input_tokens,
            "output_tokens": used.output_tokens,
        }
    told.append(
        (
            "run.finished",
            {
                "status": status,
                "label": answer.label,
                "usage": usage,
                "cost": used.cost if used else None,
            },
        )
    )
    return told


def error_event(error: TurnError) -> Told:
    """Return what is told of a run that failed."""
    return ("run.error", error.model_dump(mode="json"))

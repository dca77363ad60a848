"""From what a turn tells to its event log, and word of it to whoever follows the run."""

from __future__ import annotations

import asyncio
import logging
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

log = logging.getLogger(__name__)
GATHERED_SECONDS = 0.05


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


class Gathering:
    """Sees to it that text held back for others to join it is written soon all the same."""

    def __init__(self) -> None:
        self._held: set[Telling] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def hold(self, telling: Telling) -> None:
        """Have a run's text written within a twentieth of a second or so."""
        with self._changed:
            self._held.add(telling)
            if self._thread is None:
                self._thread = threading.Thread(target=self._live, name="gathering", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Write nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _live(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._held or self._closed)
                if self._closed:
                    return
            time.sleep(GATHERED_SECONDS)
            with self._changed:
                ready, self._held = self._held, set()
            for telling in ready:
                try:
                    telling.flush()
                except Exception:
                    # The run itself writes next, and meets the same error where it counts.
                    log.warning("text of a run could not be written", exc_info=True)


class Telling:
    """Fulfils `agent.chat.context.Tell` for one run.

    Text that arrives in small pieces is gathered for a twentieth of a second. What belongs
    to the answer (`last_events`) is no part of this: it is written together with the answer
    and the end of the run, once.
    """

    def __init__(
        self,
        log: RunLog,
        followers: Followers,
        principal: Principal,
        run_id: str,
        *,
        gathering: Gathering,
        demand_open: Callable[[], None],
    ) -> None:
        self._log = log
        self._followers = followers
        self._principal = principal
        self._run_id = run_id
        self._gathering = gathering
        self._demand_open = demand_open
        self._held = ""
        self._block = ""
        self._flushed = 0.0
        self._guard = threading.RLock()

    def __call__(self, type: EventType, data: Mapping[str, JsonValue]) -> None:
        """Note one event."""
        self._demand_open()
        with self._guard:
            if type != "block.delta":
                self._write([(type, data)])
                return
            if self._block not in ("", data["block"]):
                self._write([])
            self._block = str(data["block"])
            self._held += str(data["text"])
            if time.monotonic() - self._flushed < GATHERED_SECONDS:
                self._gathering.hold(self)
                return
            self._write([])

    def flush(self) -> None:
        """Write text that is held back."""
        with self._guard:
            if self._held:
                self._write([])

    def _write(self, told: list[Told]) -> None:
        if self._held:
            told = [("block.delta", {"block": self._block, "text": self._held}), *told]
            self._flushed = time.monotonic()
        self._held = self._block = ""
        if told and self._log.append(self._principal, self._run_id, told):
            self._followers.tell(self._run_id)


def last_events(answer: Answer, status: str) -> list[Told]:
    """Return what is told of a run that came to an answer."""
    told: list[Told] = [("block.done", {"block": "answer"})]
    # Only a draft made in this turn waits for a person because of it.
    drafted = any(use.call.tool in ("draft_plan", "revise_plan") for use in answer.uses)
    for artifact in answer.artifacts:
        told.append(("artifact", artifact.model_dump(mode="json")))
        if artifact.type == "plan" and drafted:
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

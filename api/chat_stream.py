"""A run's events as they are sent: with the answer's HTML, as a stream or in one piece."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import anyio.to_thread

from api.chat_view import TurnView, run_answer
from domain.chat import ChatEvent, Turn
from domain.errors import PlannerError
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2_000
LONGEST_WAIT_SECONDS = 30.0


class EventsAnswer(Record):
    """Events in order; `finished` once the run has ended and no more will come."""

    events: tuple[ChatEvent, ...]
    finished: bool


def read_events(
    workspace: Workspace, principal: Principal, run_id: str, after: int = 0
) -> EventsAnswer:
    """Return what happened in a run after an event, ready to be sent.

    `block.done` carries the answer as HTML and its numbered sources. Both are made of the
    stored answer whenever they are read, as far as the person may read it today.
    """
    part = workspace.store.run_log.read(principal, run_id, after)
    events = part.events
    if any(event.type == "block.done" for event in events):
        turn = run_answer(workspace, principal, run_id).turn
        shown = {
            "html": answer_html(turn),
            "citations": [source.model_dump(mode="json") for source in turn.sources],
        }
        events = tuple(
            event.model_copy(update={"data": {**event.data, **shown}})
            if event.type == "block.done"
            else event
            for event in events
        )
    return EventsAnswer(events=events, finished=part.finished)


def answer_html(view: TurnView) -> str:
    """Write a turn's answer as HTML of ours, as its page shows it; empty while there is none."""
    from api.chat_answer import page_marks, shown_turn
    from api.chat_branches import Branch
    from api.page_look import environment

    if view.turn.answer is None:
        return ""
    item = shown_turn(view, Branch(1, 1, None, None), alone=True)
    return environment().get_template("answer.html").render(item=item, **page_marks([item]))


async def wait_for_events(
    workspace: Workspace, principal: Principal, run_id: str, after: int, seconds: float
) -> EventsAnswer:
    """Return what happened after an event, waiting for it so many seconds at most."""
    with workspace.chats.followers.follow(run_id) as news:
        deadline = asyncio.get_running_loop().time() + min(seconds, LONGEST_WAIT_SECONDS)
        while True:
            news.clear()
            found = await anyio.to_thread.run_sync(read_events, workspace, principal, run_id, after)
            left = deadline - asyncio.get_running_loop().time()
            if found.events or found.finished or left <= 0:
                return found
            await _heard(news, left)


async def stream(
    workspace: Workspace, principal: Principal, run_id: str, after: int, begun: Turn | None = None
) -> AsyncIterator[str]:
    """Send a run's events after one as server-sent events, until the run has ended.

    `begun` is the turn of a run that has just been begun: its first event is known.
    """
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    if begun is not None:
        after = 1
        yield _written(begun.first_event)
    with workspace.chats.followers.follow(run_id) as news:
        while True:
            news.clear()
            try:
                found = await anyio.to_thread.run_sync(
                    read_events, workspace, principal, run_id, after
                )
            except PlannerError as error:
                # Its thread was deleted: what began as a stream cannot become a 404 any more.
                told = {"code": error.code, "message": error.message, "hint": error.hint}
                yield f"event: run.error\ndata: {json.dumps({**told, 'retryable': False})}\n\n"
                return
            for event in found.events:
                after = event.seq
                yield _written(event)
            if found.finished:
                return
            if not await _heard(news, HEARTBEAT_SECONDS):
                yield ": still at it\n\n"


def _written(event: ChatEvent) -> str:
    # In ASCII: some readers take U+2028 and its like for ends of lines.
    data = json.dumps(event.data, separators=(",", ":"))
    return f"id: {event.seq}\nevent: {event.type}\ndata: {data}\n\n"


async def _heard(news: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return False
    return True

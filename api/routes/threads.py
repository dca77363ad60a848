"""Threads of chat, the runs that answer in them, and the events of a run."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from agent.chat.completion import Completion
from api import chat_stream
from api.chat_stream import LONGEST_WAIT_SECONDS
from api.chat_view import RunAnswer, ThreadAnswer
from api.deps import CurrentUser, CurrentWorkspace
from domain.chat import Thread, Turn
from domain.errors import InvalidInput
from domain.principal import Principal
from domain.record import Record

router = APIRouter(tags=["chat"])
EVENT_STREAM = "text/event-stream"


class ThreadRequest(Record):
    """A new thread takes nothing: it is the person's who asks for it."""


class RunRequest(Record):
    """A question. `parent` null makes it a first one; left out, it follows the newest turn.

    `retry_of` asks a turn's question again beside it, `edit_of` asks another in its place.
    """

    text: str | None = None
    parent: str | None = None
    retry_of: str | None = None
    edit_of: str | None = None


class RunBegun(Record):
    """Where a question's answer will be found."""

    run_id: str
    turn_id: str
    thread_id: str


class RunStopping(Record):
    """What became of asking a run to stop: `running` until it has, else how it ended."""

    run_id: str
    status: str


@router.post("/threads", status_code=201)
def create(
    user: CurrentUser, workspace: CurrentWorkspace, body: ThreadRequest | None = None
) -> Thread:
    """Begin an empty thread."""
    return workspace.create_thread(user)


@router.get("/threads")
def threads(user: CurrentUser, workspace: CurrentWorkspace) -> list[Thread]:
    """Return the person's threads, the latest used first."""
    return workspace.threads(user)


@router.get("/threads/{thread_id}")
def thread(thread_id: str, user: CurrentUser, workspace: CurrentWorkspace) -> ThreadAnswer:
    """Return a thread and all its turns."""
    return workspace.thread(user, thread_id)


@router.delete("/threads/{thread_id}", status_code=204)
def delete(thread_id: str, user: CurrentUser, workspace: CurrentWorkspace) -> Response:
    """Remove a thread for good; a run under way in it ends."""
    workspace.delete_thread(user, thread_id)
    return Response(status_code=204)


@router.post("/threads/{thread_id}/runs", status_code=202)
def ask(
    thread_id: str, body: RunRequest, request: Request, user: CurrentUser,
    workspace: CurrentWorkspace,
) -> Response:  # fmt: skip
    """Take a question; its answer is made in the background, or streamed where asked for."""
    turn = workspace.ask(
        user,
        thread_id,
        body.text,
        parent=body.parent if "parent" in body.model_fields_set else "last",
        retry_of=body.retry_of,
        edit_of=body.edit_of,
    )
    if _wants_stream(request):
        return _streamed(workspace, user, turn.run_id, 0, turn)
    begun = RunBegun(run_id=turn.run_id, turn_id=turn.turn_id, thread_id=turn.thread_id)
    return JSONResponse(begun.model_dump(mode="json"), status_code=202)


@router.get("/runs/{run_id}")
def run(run_id: str, user: CurrentUser, workspace: CurrentWorkspace) -> RunAnswer:
    """Return a chat run and the turn it answers."""
    return workspace.chat_run(user, run_id)


@router.get("/runs/{run_id}/events")
async def events(
    run_id: str,
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    after: int = Query(0, ge=0),
    wait: float = Query(0, ge=0, le=LONGEST_WAIT_SECONDS),
) -> Response:
    """Return a run's events: as a stream where asked for, else what there is after `after`."""
    if _wants_stream(request):
        seen = max(after, _last_event_id(request))
        # Asked before the stream begins, so that another person's run is a plain 404.
        await anyio.to_thread.run_sync(workspace.store.threads.of_run, user, run_id)
        return _streamed(workspace, user, run_id, seen)
    found = await chat_stream.wait_for_events(workspace, user, run_id, after, wait)
    return JSONResponse(found.model_dump(mode="json"))


@router.post("/runs/{run_id}/cancel", status_code=202)
def cancel(run_id: str, user: CurrentUser, workspace: CurrentWorkspace) -> RunStopping:
    """Have a run stop; what it found by then is kept. A run that has ended stays as it is."""
    turn = workspace.stop(user, run_id)
    return RunStopping(run_id=run_id, status=turn.status)


@router.get("/complete")
def complete(
    user: CurrentUser, workspace: CurrentWorkspace, text: str = Query("", max_length=2_000),
    thread: str | None = None,
) -> list[Completion]:  # fmt: skip
    """Return what the text being typed could be completed to, best first."""
    return workspace.complete(user, text, thread or None)


def _wants_stream(request: Request) -> bool:
    return EVENT_STREAM in request.headers.get("accept", "")


def _last_event_id(request: Request) -> int:
    given = request.headers.get("last-event-id", "").strip()
    if not given:
        return 0
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise InvalidInput(
            "Last-Event-ID is not the number of an event.",
            hint="Send the id of the last event received, or leave the header out.",
        )
    return int(given)


def _streamed(
    workspace: Any, user: Principal, run_id: str, after: int, begun: Turn | None = None
) -> Response:
    return StreamingResponse(
        chat_stream.stream(workspace, user, run_id, after, begun),
        media_type=EVENT_STREAM,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )

"""The chat pages: threads, one thread with its answers, and the forms that ask.

Everything works by forms: a question is sent, waited for a few seconds, and the thread is
shown with the answer, or with a link to look again. The script of the page streams the
same answers over the routes under `/api`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.chat_answer import ShownTurn, page_marks, shown_turn
from api.chat_branches import Branch, path_to
from api.chat_chips import TOOL_WORDS
from api.chat_panel import answers_with_model, commands, panel_of, suggestions_of
from api.chat_view import TurnView, view_turn
from api.deps import CurrentUser, CurrentWorkspace
from api.inbox_page import age
from api.page_forms import Fields
from api.page_look import day, draw
from api.pages import frame
from api.workspace import Workspace
from domain.chat import Thread, Turn
from domain.errors import NotFound, PlannerError
from domain.principal import Principal

WAIT_SECONDS: Final = 4.0
MOST_TURNS: Final = 20
_LOOK_AGAIN_SECONDS = 0.05
NEW: Final = "New thread"
# What the script clones for a question that was just sent; its words are filled in there.
_BLANK = Turn(
    turn_id="new",
    thread_id="new",
    parent=None,
    run_id="",
    asked="",
    status="running",
    created_at="",
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/chat")
def threads(request: Request, user: CurrentUser, workspace: CurrentWorkspace) -> HTMLResponse:
    """Show an empty thread with what could be asked first, and the person's threads."""
    return _page(request, user, workspace, None, None)


@router.post("/chat")
def begin(
    request: Request, user: CurrentUser, workspace: CurrentWorkspace, fields: Fields
) -> Response:
    """Begin a thread with a question."""
    text = _typed(fields)
    made: Thread | None = None
    try:
        made = workspace.create_thread(user)
        return _answered(workspace, user, workspace.ask(user, made.thread_id, text))
    except PlannerError as problem:
        if made is not None:
            workspace.delete_thread(user, made.thread_id)
        return _page(request, user, workspace, None, None, problem=problem, entered=text)


@router.get("/chat/{thread_id}")
def thread(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    thread_id: str,
    at: str | None = None,
    earlier: bool = False,
) -> HTMLResponse:
    """Show one branch of a thread: the one with the turn `at`, else the latest.

    Of a long branch the last turns are shown; `earlier` shows all of it.
    """
    held = workspace.store.threads.get(user, thread_id)
    return _page(request, user, workspace, held, at, most=None if earlier else MOST_TURNS)


@router.post("/chat/{thread_id}/messages")
def ask(
    request: Request,
    user: CurrentUser,
    workspace: CurrentWorkspace,
    thread_id: str,
    fields: Fields,
) -> Response:
    """Ask in a thread: next, again (`retry_of`), or in the place of a question (`edit_of`)."""
    text, parent = _typed(fields), fields.get("parent")
    try:
        turn = workspace.ask(
            user,
            thread_id,
            None if fields.get("retry_of") else text,
            parent=parent or "last",
            retry_of=fields.get("retry_of") or None,
            edit_of=fields.get("edit_of") or None,
        )
    except NotFound:
        raise
    except PlannerError as problem:
        held = workspace.store.threads.get(user, thread_id)
        return _page(request, user, workspace, held, parent, problem=problem, entered=text)
    return _answered(workspace, user, turn)


@router.post("/chat/{thread_id}/delete")
def delete(user: CurrentUser, workspace: CurrentWorkspace, thread_id: str) -> Response:
    """Remove a thread for good."""
    workspace.delete_thread(user, thread_id)
    return RedirectResponse("/chat", status_code=303)


def _typed(fields: Mapping[str, str]) -> str:
    return fields.get("text", "").replace("\r\n", "\n")


def _answered(workspace: Workspace, user: Principal, turn: Turn) -> Response:
    """Wait a little for the answer, then show the thread either way."""
    until = time.monotonic() + WAIT_SECONDS
    while turn.status == "running" and time.monotonic() < until:
        time.sleep(_LOOK_AGAIN_SECONDS)
        try:
            turn = workspace.store.threads.of_run(user, turn.run_id)
        except NotFound:
            break  # deleted meanwhile: the thread's own page says so
    place = f"/chat/{turn.thread_id}?at={turn.turn_id}#turn-{turn.turn_id}"
    return RedirectResponse(place, status_code=303)


def _page(
    request: Request,
    user: Principal,
    workspace: Workspace,
    held: Thread | None,
    at: str | None,
    *,
    most: int | None = MOST_TURNS,
    problem: PlannerError | None = None,
    entered: str = "",
) -> HTMLResponse:
    path = path_to(workspace.store.threads.turns(user, held.thread_id), at) if held else []
    left = max(len(path) - most, 0) if most else 0
    turns = [
        shown_turn(view_turn(workspace, user, turn, ()), branch, number)
        for number, (turn, branch) in enumerate(path[left:], start=left + 1)
    ]
    crumbs: list[tuple[str, str | None]] = [("Chat", "/chat" if held else None)]
    if held:
        crumbs.append((f"Thread of {day(held.created_at)}", None))
    shown = {
        **frame(request, user, workspace, nav="chat", crumbs=crumbs),
        **chat_shown(held, turns, workspace.threads(user), left),
        "suggestions": () if turns else suggestions_of(workspace.inbox(user)),
        "panel": panel_of(workspace, user, turns),
        "without_model": not answers_with_model(workspace, user),
        "problem": problem,
        "entered": entered,
    }
    return draw(request, "chat.html", shown, status=problem.status if problem else 200)


def chat_shown(
    thread: Thread | None, turns: Sequence[ShownTurn], threads: Sequence[Thread], left: int = 0
) -> dict[str, Any]:
    """Return what `chat.html` needs of a thread (None: a new one) and the person's threads.

    `left` earlier turns of the branch are not among `turns`.
    """
    now = datetime.now(tz=UTC)
    return {
        **page_marks(turns),
        "title": (thread.title or NEW) if thread else "Chat",
        "thread": thread,
        "threads": threads,
        "ages": {one.thread_id: age(one.updated_at, now) for one in threads},
        "turns": turns,
        "left": left,
        "blank": shown_turn(TurnView(turn=_BLANK), Branch(1, 1, None, None)),
        "tip": turns[-1].turn.turn_id if turns else None,
        "commands": () if turns else commands(),
        "tool_words": dict(TOOL_WORDS),
        "post_to": f"/chat/{thread.thread_id}/messages" if thread else "/chat",
        "placeholder": "Ask a follow-up"
        if turns
        else "Ask about an account, your week or a territory",
    }

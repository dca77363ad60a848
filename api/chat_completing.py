"""What a text being typed in chat could be completed to, for the person who types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.chat import Focus
from domain.errors import NotFound
from domain.principal import Principal

if TYPE_CHECKING:
    from agent.chat.completion import Completion
    from api.workspace import Workspace


def complete(
    workspace: Workspace, principal: Principal, text: str, thread_id: str | None
) -> list[Completion]:
    """Return what a text could become, best first; names within the scope alone.

    What the thread's newest turn was about comes into it. Nothing before the first import.
    NotFound for another person's thread.
    """
    from agent.chat.completion import complete as ways_on
    from api.chat_context import chat_context, silent

    focus = Focus() if thread_id is None else _focus(workspace, principal, thread_id)
    try:
        reading = workspace.reading(principal)
    except NotFound:
        return []
    context = chat_context(
        workspace,
        principal,
        reading,
        thread_id=thread_id or "",
        run_id="",
        tell=silent,
        stopped=lambda: False,
        places=workspace.chats.places,
    )
    return ways_on(text, focus, context)


def _focus(workspace: Workspace, principal: Principal, thread_id: str) -> Focus:
    latest = workspace.store.threads.latest(principal, thread_id)
    return Focus() if latest is None else latest.focus

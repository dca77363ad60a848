"""What a text being typed in chat could be completed to, for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.chat_answers import readable
from api.chat_context import chat_context, silent
from domain.chat import Focus
from domain.errors import NotFound
from domain.principal import Principal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.chat.completion import Completion
    from api.workspace import Workspace


def complete(
    workspace: Workspace, principal: Principal, text: str, thread_id: str | None = None
) -> Sequence[Completion]:
    """Return the ways to go on, best first; none before the first import.

    What the thread is about comes first among accounts. A thread that is missing or
    another person's changes nothing.
    """
    from agent.chat.completion import complete as ways_on

    try:
        reading = workspace.reading(principal)
    except NotFound:
        return ()
    context = chat_context(
        workspace,
        principal,
        reading,
        run_id="",
        thread_id="",
        tell=silent,
        stopped=lambda: False,
        places=workspace.chats.places,
    )
    return ways_on(text, _focus(workspace, principal, thread_id), context)


def _focus(workspace: Workspace, principal: Principal, thread_id: str | None) -> Focus:
    if not thread_id:
        return Focus()
    try:
        turns = workspace.store.threads.turns(principal, thread_id)
    except NotFound:
        return Focus()
    for turn in reversed(turns):
        answer, _ = readable(workspace, principal, turn)
        if answer is not None:
            return answer.focus
    return Focus()

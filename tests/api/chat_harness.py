"""The chat page without a server: drawn from turns written by hand."""

from __future__ import annotations

from api.chat_answer import shown_turn
from api.chat_branches import path_to
from api.chat_page import chat_shown
from api.page_look import draw
from tests.api.chat_view_fixture import OTHER, THREAD
from tests.api.page_harness import REP, frame, request


def chat_html(views=(), *, at=None, person=REP, theme=None, thread=THREAD, threads=None, **more):
    """Return the chat page of a thread with these turns."""
    by_id = {view.turn.turn_id: view for view in views}
    path = path_to([view.turn for view in views], at)
    turns = [
        shown_turn(by_id[turn.turn_id], branch, number)
        for number, (turn, branch) in enumerate(path, start=1)
    ]
    shown = {
        **frame(person),
        "nav": "chat",
        "crumbs": [("Chat", "/chat"), ("A thread", None)],
        **chat_shown(thread, turns, [THREAD, OTHER] if threads is None else threads),
        "suggestions": (),
        "panel": None,
        "without_model": True,
        "problem": None,
        "entered": "",
        **more,
    }
    return draw(request(theme), "chat.html", shown).body.decode()

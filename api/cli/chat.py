"""The commands that ask: `ask`, `chat` and `threads`."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from api.cli.answers import print_turn
from api.cli.conversation import Conversation
from api.cli.door import Door, opened
from api.cli.prompt import Lines, lines_to_ask
from api.cli.refusal import Refused
from api.cli.tables import show
from api.cli.terminal import Terminal

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
QUIT = "/quit"

threads = typer.Typer(help="Your chat threads; nobody else sees them.")

ThreadId = Annotated[
    str | None, typer.Option("--thread", metavar="ID", help="Go on in this thread.")
]
Continue = Annotated[bool, typer.Option("-c", "--continue", help="Go on in your last thread.")]


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("ask")(ask)
    app.command("chat")(chat)
    app.add_typer(threads, name="threads")


def ask(
    context: typer.Context,
    question: Annotated[
        list[str], typer.Argument(metavar="QUESTION", help="In your words; - reads stdin.")
    ],
    thread: ThreadId = None,
    go_on: Continue = False,
) -> int:
    """Ask one question and print the answer with its numbered sources."""
    terminal: Terminal = context.obj
    text = sys.stdin.read() if question == ["-"] else " ".join(question)
    with opened(terminal) as door:
        talk = _talk(terminal, door, thread, go_on)
        view = talk.ask(text)
        _demand_answer(view)
        if terminal.json:
            terminal.value(view)
        else:
            print_turn(terminal, view, door.address)
            if thread is None and not go_on:
                terminal.say(f"Go on with: cadastre ask --thread {talk.thread_id} QUESTION")
    if talk.stopped:
        return INTERRUPTED
    return FAILED if view["turn"]["answer"]["kind"] == "error" else DONE


def chat(context: typer.Context, thread: ThreadId = None, go_on: Continue = False) -> int:
    """Ask line after line until /quit or the end of the input; Ctrl-C stops an answer."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        talk = _talk(terminal, door, thread, go_on)
        with lines_to_ask(door, talk) as lines:
            if lines.interactive:
                terminal.say(f"Ask in your words, or /help. {QUIT} or Ctrl-D ends.")
            return _converse(terminal, door, talk, lines)


def _converse(terminal: Terminal, door: Door, talk: Conversation, lines: Lines) -> int:
    leaving = False
    while True:
        try:
            line = lines.next()
        except KeyboardInterrupt:
            if leaving or not lines.interactive:
                raise
            leaving = True
            terminal.say("\nCtrl-C again, /quit or Ctrl-D leaves.")
            continue
        leaving = False
        if line is None or line.strip() == QUIT:
            return DONE
        if not line.strip():
            continue
        try:
            view = talk.ask(line.strip())
            _demand_answer(view)
        except Refused as refused:
            _tell_refused(terminal, refused)
            continue
        if terminal.json:
            _json_line(view)
        else:
            print_turn(terminal, view, door.address)
            terminal.text("")


@threads.callback(invoke_without_command=True)
def bare(context: typer.Context) -> None:
    """List your threads when no verb is given."""
    if context.invoked_subcommand is None:
        list_threads(context)


@threads.command("list")
def list_threads(context: typer.Context) -> None:
    """List your threads, the latest first."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        found = door.get("/api/threads")
    if terminal.json:
        terminal.value(found)
        return
    show(
        terminal,
        ("Thread", "About*", "Changed"),
        (
            (
                item["thread_id"],
                item["title"] or "(nothing asked yet)",
                item["updated_at"][:16].replace("T", " "),
            )
            for item in found
        ),
    )


@threads.command("show")
def show_thread(
    context: typer.Context,
    thread_id: Annotated[str, typer.Argument(metavar="ID", help="The thread's id.")],
) -> None:
    """Print a thread's questions and answers, the earliest first."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        found = door.get(f"/api/threads/{thread_id}")
        if terminal.json:
            terminal.value(found)
            return
        for view in found["turns"]:
            terminal.text(f"> {view['turn']['asked']}\n")
            print_turn(terminal, view, door.address)
            if view["turn"]["error"]:
                terminal.text(view["turn"]["error"]["message"])
            terminal.text("")


@threads.command("delete")
def delete(
    context: typer.Context,
    thread_id: Annotated[str, typer.Argument(metavar="ID", help="The thread's id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Delete it without asking.")] = False,
) -> None:
    """Delete a thread with all its questions and answers; drafts made in it stay."""
    terminal: Terminal = context.obj
    with opened(terminal) as door:
        thread = door.get(f"/api/threads/{thread_id}")["thread"]
        if not yes:
            if not sys.stdin.isatty():
                raise Refused(
                    "wrong_usage",
                    f"Deleting thread {thread_id} cannot be taken back, so it has to be confirmed.",
                    hint=f"cadastre threads delete {thread_id} --yes",
                    exit_code=USAGE,
                )
            typer.confirm(f"Delete “{thread['title']}” for good?", abort=True, err=True)
        door.delete(f"/api/threads/{thread_id}")
    if terminal.json:
        terminal.value({"deleted": thread_id})
    else:
        terminal.text(f"Thread {thread_id} is deleted.")


def _talk(terminal: Terminal, door: Door, thread: str | None, go_on: bool) -> Conversation:
    """Open the thread named, the last one, or a new one that begins with its first question."""
    if thread is not None and go_on:
        raise Refused(
            "wrong_usage",
            "Give either --thread or --continue, not both.",
            hint="cadastre ask --thread ID QUESTION",
            exit_code=USAGE,
        )
    if go_on:
        last = next(iter(door.get("/api/threads")), None)
        if last is None:
            terminal.say("There is no thread yet; this begins one.")
        else:
            terminal.say(f"Going on with “{last['title']}”.")
            thread = last["thread_id"]
    return Conversation(door, terminal, thread)


def _demand_answer(view: dict[str, Any]) -> None:
    error = view["turn"]["error"]
    if error is not None:
        raise Refused(error["code"], error["message"], hint=error["hint"])


def _tell_refused(terminal: Terminal, refused: Refused) -> None:
    """Tell an error without ending the loop."""
    if terminal.json:
        _json_line(
            {"error": {"code": refused.code, "message": refused.message, "hint": refused.hint}}
        )
    else:
        refused.show(False)


def _json_line(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()

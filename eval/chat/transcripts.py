"""Plays the scripted conversations through the real HTTP door and writes their transcripts.

`python -m eval.chat.transcripts` writes `docs/transcripts/`: each conversation once without a
model, and once with a scripted model behind the in-repo endpoint. The rep's comes first;
the manager's goes on in the same home. Neither needs a network or a key.
"""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.markdown import escape
from api.cli.answers import cells_of, marked, marks_of, source_line, unlisted
from api.cli.conversation import Conversation as Talk
from api.cli.door import over_loopback
from api.cli.terminal import Terminal
from api.settings import read_settings
from api.workspace import Workspace
from eval.chat.conversations import FOLDER, Conversation, Row, read_conversation

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "adventureworks"
TRANSCRIPTS = ROOT / "docs" / "transcripts"
TOKEN = "a-token-for-transcripts"  # noqa: S105 - of a server on loopback that ends with the run
PERSONAS = ("rep", "manager")
MODEL = "scripted-model"


@dataclass(frozen=True)
class Played:
    """A conversation as it was answered: one TurnView, as JSON values, a turn.

    `ranked` is the person's ranked list, `model` the name of the scripted model or empty.
    """

    conversation: Conversation
    views: tuple[Mapping[str, Any], ...]
    ranked: tuple[Row, ...]
    model: str


def play_all(home: Path, *, base_url: str = "") -> list[Played]:
    """Play every conversation in one home that holds the example book, in order.

    `base_url` is the endpoint of the scripted model; without it no model is asked.
    """
    given = {"base_url": base_url, "model": MODEL, "api_key": "none"} if base_url else {}
    with served(Workspace.open(read_settings(home=home, **given))) as address:
        model = MODEL if base_url else ""
        return [play(conversation, address, model) for conversation in conversations()]


def conversations() -> list[Conversation]:
    """Return the conversations in the order in which they are played."""
    return [read_conversation(FOLDER / f"{persona}.toml") for persona in PERSONAS]


def play(conversation: Conversation, address: str, model: str = "") -> Played:
    """Ask every question of a conversation in one thread of its person."""
    with over_loopback(address, TOKEN, person=conversation.person) as door:
        talk = Talk(door, Terminal(quiet=True))
        views = tuple(talk.ask(turn.ask) for turn in conversation.turns)
        return Played(conversation, views, tuple(door.get("/api/accounts")), model)


@contextmanager
def served(workspace: Workspace) -> Iterator[str]:
    """Serve a workspace over loopback, as `cadastre serve` does, and close it in the end."""
    import uvicorn

    from api.app import create_app

    with workspace, socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(create_app(workspace, TOKEN), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def transcript(played: Played) -> str:
    """Write a conversation as Markdown; the same conversation is the same bytes."""
    conversation = played.conversation
    book = next(view["turn"]["answer"]["as_of"] for view in played.views)
    how = (
        "A scripted model behind the in-repo OpenAI-compatible endpoint chose the tools and "
        "wrote the sentences: **no language model wrote any of this**. Its part stands in "
        "`eval/chat/conversations/`, and every sentence was checked like any model's. It writes no "
        "plans; those are drafted without a model, as when a model fails."
        if played.model
        else "No language model was used: questions are read by rule, and answers are what the "
        "tools found, in their own words."
    )
    lines = [
        f"# {escape(conversation.title)}{', with a scripted model' if played.model else ''}",
        "",
        f"{escape(conversation.about)} Book of {book}.",
        "",
        how,
        "",
        "Written by `python -m eval.chat.transcripts`; a test plays it again and holds every byte.",
    ]
    for number, view in enumerate(played.views, start=1):
        lines += ["", f"## {number}. {escape(view['turn']['asked'])}", ""]
        lines += _answer(view)
    return "\n".join(lines) + "\n"


def file_name(played: Played) -> str:
    """Return the name of a conversation's transcript."""
    return f"{played.conversation.persona}{'-with-model' if played.model else ''}.md"


def _answer(view: Mapping[str, Any]) -> Iterator[str]:
    answer = view["turn"]["answer"]
    if answer is None:
        yield f"*{escape(view['turn']['error']['message'])}*"
        return
    for use in answer["uses"]:
        yield f"- {_step(use)}"
    if answer["uses"]:
        yield ""
    if answer["label"]:
        yield from (f"**{escape(answer['label'])}.**", "")
    marks = marks_of(view)
    for sentence in view["said"]:
        yield from (_with_marks(marked(sentence, marks)), "")
    for table in view["tables"]:
        yield from (f"*{escape(table['title'])}*", "", *_table(table, marks), "")
    for note in answer["notes"]:
        yield from (f"*{escape(note)}*", "")
    for omission in answer["omissions"]:
        yield from (f"Left out: {escape(omission)}", "")
    for made in answer["artifacts"]:
        name = f"{made['type'].capitalize()} {made['id']}, version {made['version']}"
        yield from (f"{name}: `{made['link']}`", "")
    listed = {source["evidence_id"]: source for source in view["sources"]}
    if marks:
        yield from ("Sources:", "")
    for evidence_id, mark in marks.items():
        yield f"- [{mark}] {escape(source_line(listed[evidence_id]))}"
    rest = unlisted(view["sources"], marks)
    if rest:
        yield f"- {rest}"
    if marks or rest:
        yield ""
    if answer["offers"]:
        offered = ", ".join(f"`{offer['text']}`" for offer in answer["offers"])
        yield f"Ask next: {offered}"


def _step(use: Mapping[str, Any]) -> str:
    given = ", ".join(
        f"{name} {value}" for name, value in use["call"]["arguments"].items() if value is not None
    )
    failed = "failed, " if use["state"] == "failed" else ""
    counted = "1 row" if use["rows"] == 1 else f"{use['rows']} rows"
    said = f"{failed}{use['note'] or counted}"
    tool = f"`{use['call']['tool']}`"
    return f"{tool} {f'({escape(given)})' if given else ''}: {escape(said)}".replace(" :", ":")


def _with_marks(text: str) -> str:
    """Escape words inside a line, but leave the brackets of marks readable."""
    # Nothing here begins a line, so a sign in front is a sign and no bullet.
    return escape(f"x{text}")[1:].replace("\\[", "[").replace("\\]", "]")


def _table(table: Mapping[str, Any], marks: Mapping[str, str]) -> Iterator[str]:
    yield f"| {' | '.join(escape(column) for column in table['columns'])} |"
    numeric = [
        any(row[place]["numeric"] for row in table["rows"])
        for place in range(len(table["columns"]))
    ]
    yield f"| {' | '.join('---:' if is_number else '---' for is_number in numeric)} |"
    for row in table["rows"]:
        yield f"| {' | '.join(_with_marks(cell) for cell in cells_of(row, marks))} |"


def main() -> None:
    """Write every transcript; the example book is imported into a home for each way."""
    from eval.adversaries.model_server import model_server
    from eval.chat.conversing import conversing

    TRANSCRIPTS.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(model_server(conversing(conversations())))
        for name, base_url in (("plain", ""), ("model", server.base_url)):
            home = folder / name
            with Workspace.open(read_settings(home=home)) as workspace:
                workspace.load_example(workspace.principal())
            for played in play_all(home, base_url=base_url):
                (TRANSCRIPTS / file_name(played)).write_text(transcript(played), encoding="utf-8")


if __name__ == "__main__":
    main()

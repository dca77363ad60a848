"""Kill processes that answer a question with SIGKILL, and open their home in another.

`python -m tests.api.killed_chats HOME FOLDER [--random N] [--seed S]` prints one JSON line
for each kill: where, whether the process really died of it, and what the next process made
of the turn. HOME is an imported home that nobody has open. Each process is forked with the
analyses at hand and opens a copy of that home as every door does.
"""

from __future__ import annotations

import argparse
import functools
import gc
import importlib
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent import nodes as plan_nodes
from agent.chat import nodes, toolbox
from agent.chat.context import ChatContext
from agent.chat.graph import STEPS
from agent.chat.tool import Told, Tool
from agent.model.protocol import Reply, ToolCall
from api.settings import read_settings
from api.workspace import Workspace
from bench.kill import remember_analyses
from store.corpus import Corpus
from store.threads import Threads
from tests.api.chat_doors import SPEND, SpendArguments
from tests.api.doors import ACCOUNT, REP

BEFORE, AFTER = "before", "after"
SENTENCE = "Spend over the last 12 months is {{e2}}. [e2]"
PLACES = (
    ("after", "begin"),
    *((when, step) for step in STEPS for when in (BEFORE, AFTER)),
    ("during", "tool"),
    ("during", "draft"),
    (BEFORE, "end"),
    (AFTER, "end"),
)


def spend_and_draft(context: ChatContext, given: SpendArguments) -> Told:
    """What an account spent, with its plan drafted besides: both have to happen once."""
    drafted = context.desk.draft(given.account_id, "", lambda step: None)
    found = SPEND.run(context, given)
    return found.model_copy(update={"notes": (f"Plan version {drafted.version}.",)})


class Steady:
    """Asks for the tool, and writes one sentence once it has been used: no language model."""

    name = "scripted"

    def reply(self, messages: Any, tools: Any, *, spending: Any, sink: Any, **_: Any) -> Reply:
        spending.input_tokens += 100
        spending.output_tokens += 20
        if messages[-1]["role"] == "tool":
            sink.delta(SENTENCE)
            return Reply(SENTENCE, (), "stop")
        call = ToolCall("call_1", "spend", json.dumps({"account_id": ACCOUNT}))
        return Reply("", (call,), "tools")


class Talking(Workspace):
    """A home whose chat asks the scripted model from its opening on."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.chat_model = Steady()


def ask_and_wait(home: Path) -> dict[str, Any]:
    """Open the home, ask unless it was asked before, wait for the answer; say what there is."""
    toolbox.TOOLS = (Tool("spend", "spend", "Spend.", SpendArguments, spend_and_draft),)
    with Talking.open(read_settings(home=home)) as workspace:
        principal = workspace.principal(REP)
        threads = workspace.threads(principal) or [workspace.create_thread(principal)]
        if not workspace.thread(principal, threads[0].thread_id).turns:
            workspace.ask(principal, threads[0].thread_id, "What do they spend?")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            views = [
                view
                for thread in workspace.threads(principal)
                for view in workspace.thread(principal, thread.thread_id).turns
            ]
            if all(view.turn.status != "running" for view in views):
                break
            # Looking takes as long as a step does: often, it slows what it waits for.
            time.sleep(0.1)
        # The bookmark goes right after the end is stored.
        workspace.chats.close()
        (view,) = views
        answer = view.turn.answer.model_dump(mode="json") if view.turn.answer else {}
        for use in answer.get("uses", ()):
            use["ms"] = 0
        log = workspace.store.run_log.read(principal, view.turn.run_id)
        return {
            "status": view.turn.status,
            "said": [said.text for said in view.said],
            "answer": answer,
            "events": [event.type for event in log.events],
            "numbers": [event.seq for event in log.events],
            **_rows(home),
        }


def kill_at(when: str, place: str, home: Path) -> None:
    """Go on until `place`, and die there. Never returns if it is reached."""
    if place == "begin":
        _dying(Threads, "begin", when)
    elif place == "end":
        _dying(Threads, "end", when)
    elif place == "draft":
        _dying(plan_nodes, "draft", AFTER)
    elif place == "tool":
        _dying(SPEND, "run", AFTER)
    else:
        _dying(nodes, place, when)
    ask_and_wait(home)


def _dying(owner: Any, name: str, when: str) -> None:
    body = getattr(owner, name)

    @functools.wraps(body)
    def dying(*given: Any, **named: Any) -> Any:
        if when == BEFORE:
            os.kill(os.getpid(), signal.SIGKILL)
        update = body(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        return update

    object.__setattr__(owner, name, dying) if owner is SPEND else setattr(owner, name, dying)


def in_a_process(work: Callable[[], Any], *, kill_after: float | None = None) -> tuple[int, Any]:
    """Fork, do `work`, and return the wait status with what it returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(120)
        try:
            answer = {"ok": work()}
        except BaseException:
            answer = {"error": traceback.format_exc(limit=-6)}
        with os.fdopen(writing, "w") as pipe:
            pipe.write(json.dumps(answer))
        os._exit(0)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return status, json.loads(said) if said else None


def _rows(home: Path) -> dict[str, int]:
    with sqlite3.connect(home / "cadastre.db") as database:
        count = {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("threads", "turns", "turn_texts", "plan_versions")
        }
    with sqlite3.connect(home / "checkpoints.db") as database:
        (count["bookmarks"],) = database.execute(
            "SELECT count(DISTINCT thread_id) FROM checkpoints WHERE thread_id LIKE 'chat:%'"
        ).fetchone()
    return count


def _killed(status: int) -> bool:
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def main() -> None:
    """Kill at every place, then at random moments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    reading = remember_analyses()
    for library in (
        "agent.embedded_writer", "agent.runs", "agent.graph", "agent.chat.turns",
        "agent.chat.graph", "api.chat_context", "chromadb.api.rust",
        "langgraph.checkpoint.sqlite", "pyarrow.dataset", "store.store", "store.records",
    ):  # fmt: skip
        importlib.import_module(library)
    # Pure of book and words as well, and computed when first asked for: the stems of the notes,
    # and the market as the owner sees it.
    assert Corpus(reading.book).terms
    reading.analyses.market(reading.book.owners[ACCOUNT])
    # A collection in a forked process would copy every page that it looks at.
    gc.freeze()

    def fresh(name: str) -> Path:
        return Path(shutil.copytree(given.home, given.folder / name))

    def tell(where: str, status: int, home: Path) -> None:
        _, said = in_a_process(lambda: ask_and_wait(home))
        line = {"where": where, "killed": _killed(status), "said": said, "clean": clean}
        print(json.dumps(line), flush=True)
        shutil.rmtree(home)

    began = time.monotonic()
    _, clean = in_a_process(lambda: ask_and_wait(fresh("clean")))
    lasts = time.monotonic() - began
    for number, (when, place) in enumerate(PLACES):
        home = fresh(f"place-{number}")
        status, _ = in_a_process(functools.partial(kill_at, when, place, home))
        tell(f"{when} {place}", status, home)
    rng = random.Random(given.seed)
    for number in range(given.random):
        home = fresh(f"random-{number}")
        moment = rng.uniform(0.0, lasts)
        status, _ = in_a_process(lambda home=home: ask_and_wait(home), kill_after=moment)
        tell(f"{moment * 1000:.0f} ms", status, home)


if __name__ == "__main__":
    sys.exit(main())

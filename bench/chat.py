"""Chat: what a long thread weighs, what a turn costs besides the model, fifty at once.

The model is scripted: in this process for the first two, the in-repo endpoint over HTTP
for the third. Its own time is left out where the product's is told.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from api.workspace import Workspace
from bench.chat_models import Calling, policy
from bench.example import REVOPS, deserving, example, folder
from bench.report import Report, arguments, publish, seconds
from bench.server import Served, serving
from bench.timing import Times, timed
from domain.chat import Turn
from domain.principal import Principal
from eval.adversaries.model_server import model_server

TURNS, CALLS_A_TURN = 100, 8
DISK_GOAL, HISTORY_GOAL = 2_000_000, 0.020
OVERHEAD_GOAL = 0.150
FIRST_EVENT_GOAL = 0.500
THINK_SECONDS = 0.3


def asked(workspace: Workspace, principal: Principal, thread_id: str, text: str) -> Turn:
    """Ask, and wait until the turn has ended."""
    turn = workspace.ask(principal, thread_id, text)
    while True:
        found = workspace.store.threads.of_run(principal, turn.run_id)
        if found.status != "running":
            return found
        time.sleep(0.001)


def on_disk(home: Path) -> int:
    """Bytes of the database and the checkpoint file, their logs folded in."""
    size = 0
    for name in ("cadastre.db", "checkpoints.db"):
        with contextlib.closing(sqlite3.connect(home / name, timeout=30)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        size += (home / name).stat().st_size
    return size


def long_thread(report: Report, workspace: Workspace, accounts: list[str], turns: int) -> None:
    """Hold a long conversation; tell its weight, and how long it takes to read."""
    principal = workspace.principal(REVOPS)
    workspace.chat_model = Calling(accounts, CALLS_A_TURN)
    warm = workspace.create_thread(principal).thread_id
    asked(workspace, principal, warm, "And these?")
    thread_id = workspace.create_thread(principal).thread_id
    before = on_disk(workspace.home.path)
    ended = [asked(workspace, principal, thread_id, f"And these, {n}?") for n in range(turns)]
    grown = on_disk(workspace.home.path) - before
    failed = [turn for turn in ended if turn.status != "done"]
    results = sum(len(turn.answer.uses) for turn in ended if turn.answer)
    table = report.table(
        f"A thread of {turns} turns, {CALLS_A_TURN} tool results each", ("what", "found", "goal")
    )
    table.rows += [
        ("turns that failed", str(len(failed)), "0"),
        ("tool results", f"{results:,}", f"{turns * CALLS_A_TURN:,}"),
        ("bytes on disk", f"{grown:,}", f"{DISK_GOAL * turns // TURNS:,}"),
    ]
    times = report.times("Reading it")
    store = workspace.store.threads
    times.add(
        "its history, every turn",
        Times(tuple(timed(lambda: store.history(principal, ended[-1], turns)) for _ in range(20))),
        goal=seconds(HISTORY_GOAL),
    )
    times.add(
        "every answer as claims",
        Times(tuple(timed(lambda: store.turns(principal, thread_id)) for _ in range(5))),
    )
    times.add(
        "the whole thread, written out with its sources",
        Times(tuple(timed(lambda: workspace.thread(principal, thread_id)) for _ in range(5))),
    )


def overhead(report: Report, workspace: Workspace, accounts: list[str], runs: int) -> None:
    """Time turns of one tool call, without the model's own time, and commands without one."""
    principal = workspace.principal(REVOPS)
    model = Calling(accounts, 1)
    workspace.chat_model = model
    thread_id = workspace.create_thread(principal).thread_id
    asked(workspace, principal, thread_id, "And this one?")
    taken = []
    for _ in range(runs):
        spent = model.spent
        whole = timed(lambda: asked(workspace, principal, thread_id, "And this one?"))
        taken.append(whole - (model.spent - spent))
    workspace.chat_model = None
    commands = [
        timed(lambda account=account: asked(workspace, principal, thread_id, f"/why {account}"))
        for account in (accounts[number % len(accounts)] for number in range(runs))
    ]
    times = report.times("A turn besides the model")
    found = Times(tuple(taken))
    times.add("two model calls and one tool", found, goal=seconds(OVERHEAD_GOAL))
    times.add("a command without a model", Times(tuple(commands)), against="with", other=found)
    report.note(f"P95 of the first: {seconds(found.percentile(0.95))}.")


@dataclass
class Chatted:
    """One chat over HTTP: seconds to its first event and in all, and what went wrong."""

    first: float = 0.0
    whole: float = 0.0
    events: list[str] = field(default_factory=list)
    error: str = ""


def chat(served: Served, text: str, together: threading.Barrier, chatted: Chatted) -> None:
    """Begin a thread, ask at the same moment as everybody else, and read to the end."""
    headers = {**served.headers(REVOPS), "Accept": "text/event-stream"}
    try:
        with served.client() as client:
            made = client.post("/api/threads", headers=served.headers(REVOPS), json={})
            path = f"/api/threads/{made.raise_for_status().json()['thread_id']}/runs"
            together.wait(60)
            began = time.perf_counter()
            with client.stream("POST", path, headers=headers, json={"text": text}) as answer:
                answer.raise_for_status()
                for line in answer.iter_lines():
                    if line.startswith("event: "):
                        chatted.first = chatted.first or time.perf_counter() - began
                        chatted.events.append(line.removeprefix("event: "))
            chatted.whole = time.perf_counter() - began
        if chatted.events[-1:] != ["run.finished"]:
            chatted.error = f"ended with {chatted.events[-1:] or 'nothing'}"
    except Exception as error:
        chatted.error = f"{type(error).__name__}: {error}"


def at_once(served: Served, texts: list[str]) -> list[Chatted]:
    """Have every question asked at one moment, each in a thread of its own."""
    together = threading.Barrier(len(texts))
    found = [Chatted() for _ in texts]
    threads = [
        threading.Thread(target=chat, args=(served, text, together, one))
        for text, one in zip(texts, found, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def many(report: Report, home: Path, accounts: list[str], chats: int, runs: int) -> None:
    """Serve the home, and ask many questions at once, with the scripted endpoint and without."""
    table = report.table(
        f"{chats} chats at once, {runs} times",
        ("model", "errors", "first event P95", "goal", "whole turn P50", "whole turn P95"),
    )
    with model_server(policy(accounts), think_seconds=THINK_SECONDS) as endpoint:
        models: list[tuple[str, dict[str, str]]] = [
            (
                f"scripted, {seconds(THINK_SECONDS)} a call",
                {"OPENAI_BASE_URL": endpoint.base_url, "CADASTRE_MODEL": "test-model"},
            ),
            ("none", {}),
        ]
        for name, variables in models:
            found: list[Chatted] = []
            with serving(home, **variables) as served:
                texts = [
                    f"/why {accounts[number % len(accounts)]}"
                    if not variables
                    else "How does it stand?" + "?" * number
                    for number in range(chats)
                ]
                at_once(served, texts[:2])  # what is read and built once
                for _ in range(runs):
                    found += at_once(served, texts)
            errors = [one.error for one in found if one.error]
            first = Times(tuple(one.first for one in found if one.first) or (0.0,))
            whole = Times(tuple(one.whole for one in found if one.whole) or (0.0,))
            table.rows.append(
                (
                    name,
                    str(len(errors)),
                    seconds(first.percentile(0.95)),
                    seconds(FIRST_EVENT_GOAL),
                    seconds(whole.median),
                    seconds(whole.percentile(0.95)),
                )
            )
            table.values.append(
                {"model": name, "errors": errors, "first": first.seconds, "whole": whole.seconds}
            )
            for error in sorted(set(errors))[:3]:
                report.note(f"Error with model {name}: {error}")


def main() -> int:
    """Measure and print."""
    given = arguments(
        __doc__,
        runs=20,
        turns=(TURNS, "turns of the long thread"),
        chats=(50, "chats at once"),
        rounds=(4, "times they are asked at once"),
    )
    report = Report("chat")
    with folder() as made:
        with example(made / "home") as workspace:
            reading = workspace.reading(workspace.principal(REVOPS))
            accounts = deserving(reading, 40)
            long_thread(report, workspace, accounts, given.turns)
            overhead(report, workspace, accounts, given.runs)
        served_home = Path(shutil.copytree(made / "home", made / "served"))
        many(report, served_home, accounts, given.chats, given.rounds)
    report.note(
        "Bytes are those by which the database and the checkpoint file grew, their logs folded "
        "in: questions, answers as claims, the evidence they cite, and all events. The clients "
        "of the chats at once run on the same machine as the server and the scripted endpoint."
    )
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())

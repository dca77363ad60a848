"""Kill plan runs with SIGKILL and finish them in another process.

`python -m tests.agent.killed_runs FOLDER [--random N] [--seed S]` prints one JSON line for
each kill: where, whether the process really died of it, and what the next process made of
the run. It imports everything once and forks: each run, and each resumption, is a process
of its own, with its own store and checkpoint file open, and dies or ends with it.
"""

from __future__ import annotations

import argparse
import functools
import gc
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent import nodes
from agent.checkpoints import open_checkpoints
from agent.context import Writer
from agent.embedded_writer import EmbeddedWriter
from agent.graph import STEPS, build_graph
from agent.runs import PlanRuns
from domain.decision import DecisionRequest
from domain.errors import NotFound
from eval.adversaries.scripted_writers import Liar
from store.home import Home
from store.records import StoreRecords
from store.store import Store
from tests.agent.tiny_book import MO, planning_context

PLAN, RUN, ACCOUNT = "P-1", "r-1", "A-1"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BEFORE, AFTER = "before", "after"


def clock() -> datetime:
    """The audit clock, stopped."""
    return NOW


def plan_and_approve(home: Path, writer: Writer) -> dict[str, Any]:
    """Draft, decide and bring about, whatever of it is left to do; say what came of it."""
    with Store.open(Home(home), clock) as store, open_checkpoints(store.home.checkpoints) as saver:
        runs = PlanRuns(build_graph(saver))
        context = planning_context(StoreRecords(store, MO), MO, writer)
        try:
            stood_at = runs.summary(context, RUN).step
            runs.resume(context, RUN)
        except NotFound:
            stood_at = "nowhere"
            runs.start(context, RUN, PLAN, ACCOUNT)
        content = store.plans.version(MO, PLAN).content
        request = DecisionRequest(version=1, verdict="approved", reason="Good plan.")
        decision = store.decisions.decide(
            MO,
            "plan",
            PLAN,
            request,
            subject_hash=content.plan_hash,
            ledger_root=content.ledger_root,
            coverage_hash=content.coverage_hash,
            now=NOW,
        )
        done = runs.decide(context, RUN, decision.decision_id)
        again = runs.decide(context, RUN, decision.decision_id)
        return {
            "stood_at": stood_at,
            "status": done.status,
            "same": done == again,
            "plan_hash": done.plan_hash,
            "stored_hash": store.plans.approved(MO, PLAN).content.plan_hash,
            **_rows(store.home.database),
        }


def kill_at(step: str, when: str, home: Path, writer: Writer) -> None:
    """Run until `step`, and die there. Never returns if the step is reached."""
    body = getattr(nodes, step)

    @functools.wraps(body)
    def dying(*given: Any, **named: Any) -> Any:
        if when == BEFORE:
            os.kill(os.getpid(), signal.SIGKILL)
        update = body(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        return update

    setattr(nodes, step, dying)
    plan_and_approve(home, writer)


def in_a_process(work: Callable[[], Any], *, kill_after: float | None = None) -> tuple[int, Any]:
    """Fork, do `work`, and return the wait status with what it returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer = {"ok": work()}
        except BaseException:
            answer = {"error": traceback.format_exc(limit=6)}
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return status, json.loads(said) if said else None


def _rows(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("plan_versions", "decisions", "effects")
        }


def _fresh(template: Path, folder: Path, name: str) -> Path:
    home = folder / name
    shutil.copytree(template, home)
    return home


def _open_and_close(home: Path) -> None:
    Store.open(Home(home), clock).close()


def _tell(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    """Kill at every step, before and after its work, then at random moments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    # A collection in a forked process would copy every page that it looks at.
    gc.freeze()
    template = given.folder / "template"
    in_a_process(lambda: _open_and_close(template))

    def writer_for(step: str) -> Writer:
        # Only a model's draft is ever rewritten, and only the liar's needs it.
        return Liar(EmbeddedWriter(), seed=3) if step == "rewrite" else EmbeddedWriter()

    clean: dict[str, Any] = {}
    began = time.perf_counter()
    for step in ("draft", "rewrite"):
        home = _fresh(template, given.folder, f"clean-{step}")
        _, said = in_a_process(lambda h=home, s=step: plan_and_approve(h, writer_for(s)))
        clean[step] = said
        _tell(where=f"clean {step}", killed=False, said=said)
    lasts = (time.perf_counter() - began) / 2
    for step in STEPS:
        for when in (BEFORE, AFTER):
            home = _fresh(template, given.folder, f"{step}-{when}")
            writer = writer_for(step)
            status, _ = in_a_process(lambda s=step, w=when, h=home, by=writer: kill_at(s, w, h, by))
            _, said = in_a_process(lambda h=home, by=writer: plan_and_approve(h, by))
            _tell(
                where=f"{when} {step}",
                killed=os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
                said=said,
                clean=clean["rewrite" if step == "rewrite" else "draft"],
            )
    chance = random.Random(given.seed)
    for number in range(given.random):
        home = _fresh(template, given.folder, f"random-{number}")
        moment = chance.uniform(0.0, lasts)
        status, _ = in_a_process(
            lambda h=home: plan_and_approve(h, EmbeddedWriter()), kill_after=moment
        )
        _, said = in_a_process(lambda h=home: plan_and_approve(h, EmbeddedWriter()))
        _tell(
            where=f"after {moment * 1000:.0f} ms",
            killed=os.WIFSIGNALED(status),
            said=said,
            clean=clean["draft"],
        )


if __name__ == "__main__":
    sys.exit(main())

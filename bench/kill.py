"""kill -9 at random moments: plan, approval and effect survive, each once.

Every run is a process of its own that opens a home, drafts a plan and approves it, and is
killed somewhere on the way. Another process then opens the same home, which finishes what
was begun, and does the same again. Both go through the workspace, as every door does.
"""

from __future__ import annotations

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
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import agent.vocabulary
import tools.analyses
from agent.checkpoints import open_checkpoints
from agent.graph import build_graph
from api.books import COVERAGE_FILE, example_folder
from api.reading import Reading
from api.workspace import Workspace
from bench.commands import cadastre, run
from bench.example import MANAGER, REVOPS, deserving, folder, settings
from bench.report import Report, arguments, publish, seconds
from bench.timing import Times
from crm.importer import import_book
from domain.coverage import parse_coverage
from domain.decision import DecisionRequest, SectionVerdict
from domain.plan import SECTION_TITLES

LONGEST_SECONDS = 120
SEED = 20261122


@dataclass(frozen=True)
class Lived:
    """One process: its seconds in all and once the home was open, its end, all it told."""

    seconds: float
    working: float
    killed: bool
    told: dict[str, Any]


def draft_and_approve(home: Path, account_id: str, tell: Callable[[str, Any], None]) -> None:
    """Open the home, draft and approve, whatever of it is left to do; tell every step taken."""
    with Workspace.open(settings(home)) as workspace:
        tell("opened", True)
        version = workspace.draft_plan(workspace.principal(REVOPS), account_id)
        tell("plan_hash", version.content.plan_hash)
        manager = workspace.principal(MANAGER)
        request = DecisionRequest(
            version=version.version,
            verdict="approved",
            sections=tuple(
                SectionVerdict(section=key, verdict="approved") for key in SECTION_TITLES
            ),
            plan_hash=version.content.plan_hash,
        )
        tell("decision", workspace.decide(manager, version.plan_id, request).decision_id)
        tell("approved", workspace.store.plans.approved(manager, version.plan_id).content.plan_hash)


def in_a_process(home: Path, account_id: str, kill_after: float | None = None) -> Lived:
    """Fork, draft and approve there; kill it so many seconds after it opened the home."""
    reading, writing = os.pipe()
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(LONGEST_SECONDS)

        def tell(what: str, which: Any) -> None:
            os.write(writing, (json.dumps({what: which}) + "\n").encode())

        try:
            draft_and_approve(home, account_id, tell)
        except BaseException:
            tell("error", traceback.format_exc(limit=-4))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = [pipe.readline()]
        opened = time.perf_counter()
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        lines += pipe.readlines()
    _, status = os.waitpid(child, 0)
    ended = time.perf_counter()
    told: dict[str, Any] = {}
    for line in filter(None, lines):
        told |= json.loads(line)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return Lived(ended - began, ended - opened, killed, told)


def remember_analyses() -> Reading:
    """Read the example here, and have forked processes inherit its analyses and libraries.

    The analyses are pure functions of book and rules and take longer than the run itself;
    each process still loads the book and the index from the home.
    """
    for library in ("bm25s", "chromadb", "pyarrow.parquet"):
        # Imported on first use otherwise, where half of all kills would then strike.
        importlib.import_module(library)
    for module, name in ((tools.analyses, "analyse"), (agent.vocabulary, "build_vocabulary")):
        setattr(module, name, _remembered(getattr(module, name)))
    rules = (example_folder() / COVERAGE_FILE).read_text(encoding="utf-8")
    reading = Reading(import_book(example_folder()), parse_coverage(rules))
    assert reading.ranked
    assert reading.vocabulary
    return reading


def _remembered(work: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[tuple[str, str, int], Any] = {}

    def remembered(book: Any, coverage: Any, *more: Any) -> Any:
        # Findings, and where accounts stood in an earlier book: a fresh home has neither.
        assert not any(more)
        key = (book.book_id, coverage.hash, len(more))
        if key not in known:
            known[key] = work(book, coverage, *more)
        return known[key]

    return remembered


def rows_of(home: Path, account_id: str) -> dict[str, int]:
    """Count what is on record about the account's plan."""
    of_plan = "IN (SELECT plan_id FROM plans WHERE account_id = ?)"
    columns = {"plan_versions": "plan_id", "decisions": "subject_id", "effects": "subject_id"}
    with sqlite3.connect(home / "cadastre.db") as database:
        return {
            table: database.execute(
                f"SELECT count(*) FROM {table} WHERE {column} {of_plan}", (account_id,)
            ).fetchone()[0]
            for table, column in columns.items()
        }


def stood_at(home: Path, rows: dict[str, int]) -> str:
    """Say how far the killed process had come, by what it left in the home."""
    if rows["effects"]:
        return "after the effect"
    if rows["decisions"]:
        return "decided, no effect yet"
    with sqlite3.connect(home / "cadastre.db") as database:
        run_row = database.execute("SELECT thread_id FROM runs").fetchone()
    if run_row is None:
        return "before the run"
    with open_checkpoints(home / "checkpoints.db") as saver:
        snapshot = build_graph(saver).get_state({"configurable": {"thread_id": run_row[0]}})
    if not snapshot.values:
        return "run recorded, no step yet"
    return f"step {snapshot.next[0]}" if snapshot.next else "after the last step"


def clean_runs(
    template: Path, made: Path, reading: Reading, wanted: int
) -> tuple[dict[str, str], list[Lived]]:
    """Run without kill; return plan hashes by account, of plans that can be approved."""
    hashes: dict[str, str] = {}
    lasted: list[Lived] = []
    for account_id in deserving(reading, 40):
        home = shutil.copytree(template, made / f"clean-{account_id}")
        lived = in_a_process(home, account_id)
        shutil.rmtree(home)
        if "approved" in lived.told:
            hashes[account_id] = lived.told["approved"]
            lasted.append(lived)
        if len(hashes) == wanted:
            return hashes, lasted
    raise RuntimeError("Too few plans of the example can be approved as they stand.")


def measure(report: Report, made: Path, kills: int, accounts: int) -> None:
    """Kill so many runs and count what was lost, doubled or different."""
    template = made / "template"
    run(cadastre("--home", str(template), "import", str(example_folder())))
    reading = remember_analyses()
    hashes, lasted = clean_runs(template, made, reading, accounts)
    works = min(lived.working for lived in lasted)
    rng = random.Random(SEED)
    places: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    resumed: list[float] = []
    tries = died = 0
    while died < kills and tries < 2 * kills:
        account_id, plan_hash = list(hashes.items())[tries % len(hashes)]
        home = shutil.copytree(template, made / f"kill-{tries}")
        tries += 1
        lived = in_a_process(home, account_id, rng.uniform(0.0, works))
        left = rows_of(home, account_id)
        if lived.killed:
            died += 1
            places[stood_at(home, left)] += 1
        again = in_a_process(home, account_id)
        after = rows_of(home, account_id)
        shutil.rmtree(home)
        resumed.append(again.seconds)
        for fault, found in {
            "an acknowledged plan or decision lost": _lost(lived, left, again),
            "a version, decision or effect doubled or missing": set(after.values()) != {1},
            "another plan hash": again.told.get("approved") != plan_hash,
            "not resumable": "error" in again.told or again.killed,
        }.items():
            faults[fault] += found
            if found:
                report.note(f"Fault of process {tries}: {fault}; {again.told}")
    table = report.table(f"{died} kills: where they struck", ("where", "kills"))
    table.rows += [(where, str(count)) for where, count in sorted(places.items())]
    table = report.table("What came of it", ("fault", "kills", "goal"))
    table.rows += [(fault, str(count), "0") for fault, count in faults.items()]
    times = report.times("Time")
    clean = Times(tuple(lived.seconds for lived in lasted))
    times.add("the process after the kill", Times(tuple(resumed)), against="clean", other=clean)
    report.note(
        f"Moments are drawn evenly from the {seconds(works)} that the fastest clean run works once "
        f"its home is open (seed {SEED}), "
        f"in turn on {len(hashes)} accounts; {died} of {tries} processes died of it, the "
        "others had ended by then."
    )


def _lost(lived: Lived, left: dict[str, int], again: Lived) -> bool:
    drafted, decided = "plan_hash" in lived.told, "decision" in lived.told
    return (
        (drafted and not left["plan_versions"])
        or (decided and not left["decisions"])
        or (decided and again.told.get("decision") != lived.told["decision"])
    )


def main() -> int:
    """Measure and print."""
    given = arguments(__doc__, runs=20, accounts=(5, "accounts in turn"))
    report = Report("kill")
    with folder() as made:
        measure(report, made, given.runs, given.accounts)
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())

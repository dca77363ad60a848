"""Decisions that arrive at once, over HTTP, at a real server: one wins, and has one effect.

First 50 identical approvals; then approvals, returns, rejections, edits and approvals of a
superseded version, all let go at the same instant.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.commands import cadastre, run
from bench.example import MANAGER, REVOPS, example, folder
from bench.report import Report, arguments, publish, seconds
from bench.server import Served, serving
from bench.timing import Times
from domain.plan import SECTION_TITLES

TOGETHER = 50
MIX = {"approval": 16, "return": 10, "rejection": 10, "edit": 6, "approval of an old version": 8}
"""How many requests of each kind make up a race; 50 in all."""


@dataclass(frozen=True)
class Request:
    """One request of a race, not sent yet."""

    kind: str
    path: str
    person: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back: status, seconds, and the decision or version it names."""

    kind: str
    status: int
    seconds: float
    said: Any


def together(served: Served, requests: Sequence[Request]) -> list[Answer]:
    """Send all requests at the same instant, each on a connection that is open already."""
    gate = threading.Barrier(len(requests))

    def send(request: Request) -> Answer:
        with served.client() as client:
            client.get("/healthz")
            gate.wait()
            began = time.perf_counter()
            answer = client.post(
                request.path, headers=served.headers(request.person), json=request.body
            )
            taken = time.perf_counter() - began
        return Answer(request.kind, answer.status_code, taken, answer.json())

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def approval(plan_id: str, version: int, plan_hash: str | None, kind: str = "approval") -> Request:
    """Approve every section of a version."""
    body: dict[str, Any] = {
        "version": version,
        "verdict": "approved",
        "sections": [{"section": key, "verdict": "approved"} for key in SECTION_TITLES],
    }
    if plan_hash is not None:
        body["plan_hash"] = plan_hash
    return Request(kind, f"/api/plans/{plan_id}/decisions", MANAGER, body)


def race(plan_id: str, version: int, plan_hash: str, rng: random.Random) -> list[Request]:
    """Return the mixed requests about one version, in an order of their own."""
    decisions = f"/api/plans/{plan_id}/decisions"
    requests: list[Request] = []
    for number in range(MIX["approval"]):
        requests.append(approval(plan_id, version, plan_hash if number % 2 else None))
    for kind, verdict in (("return", "returned"), ("rejection", "rejected")):
        for number in range(MIX[kind]):
            body = {"version": version, "verdict": verdict, "reason": f"Reason {number}."}
            requests.append(Request(kind, decisions, MANAGER, body))
    for number in range(MIX["edit"]):
        body = {
            "section": "risks",
            "text": f"Ask about the January order again, in way {number}.",
            "base_version": version,
        }
        requests.append(Request("edit", f"/api/plans/{plan_id}/versions", REVOPS, body))
    for _ in range(MIX["approval of an old version"]):
        requests.append(approval(plan_id, version - 1, None, "approval of an old version"))
    rng.shuffle(requests)
    return requests


def approvable(served: Served, wanted: int) -> list[dict[str, Any]]:
    """Draft plans of the manager's team until so many can be approved as they stand."""
    found = []
    for line in served.get("/api/accounts", MANAGER):
        if line["owner_id"] and line["plan_depth"] != "none":
            stored = served.post("/api/plans", REVOPS, {"account_id": line["account_id"]})
            if not stored["blockers"]:
                found.append(stored)
        if len(found) == wanted:
            return found
    raise RuntimeError(f"Only {len(found)} plans can be approved as they stand, not {wanted}.")


def revised(served: Served, plan: dict[str, Any]) -> dict[str, Any]:
    """Make version 2 of a plan, so that version 1 is an old one."""
    body = {"section": "risks", "text": "Ask about the spring order.", "base_version": 1}
    found: dict[str, Any] = served.post(f"/api/plans/{plan['plan_id']}/versions", REVOPS, body)
    return found


def measure(report: Report, home: Path, rounds: int) -> None:
    """Run so many rounds of each kind, then count what is on record."""
    rng = random.Random(20261122)
    identical: list[list[Answer]] = []
    mixed: list[list[Answer]] = []
    alone: list[float] = []
    with serving(home) as served:
        plans = approvable(served, 2 * rounds + 1)
        lonely, same, contested = plans[0], plans[1 : rounds + 1], plans[rounds + 1 :]
        for _ in range(TOGETHER):
            alone += [
                answer.seconds
                for answer in together(
                    served, [approval(lonely["plan_id"], 1, lonely["plan_hash"])]
                )
            ]
        for plan in same:
            one = approval(plan["plan_id"], 1, plan["plan_hash"])
            identical.append(together(served, [one] * TOGETHER))
        ids = []
        for plan in contested:
            newer = revised(served, plan)
            ids.append(newer["plan_id"])
            mixed.append(together(served, race(ids[-1], 2, newer["plan_hash"], rng)))
    _tell_answers(report, "identical approvals at once", identical)
    _tell_answers(report, "requests at once, of five kinds", mixed)
    _tell_record(report, home, [plan["plan_id"] for plan in same], identical, "identical")
    _tell_record(report, home, ids, mixed, "mixed")
    verified = run(cadastre("--home", str(home), "audit", "verify")).output.strip()
    report.note(f"`cadastre audit verify` afterwards: {verified.splitlines()[0]}")
    times = report.times("Answer times of approvals")
    once = Times(tuple(answer.seconds for answers in identical for answer in answers))
    times.add(f"{TOGETHER} at once", once, against="one at a time", other=Times(tuple(alone)))
    report.note(
        f"P95 of {TOGETHER} identical approvals at once: {seconds(once.percentile(0.95))}. All but "
        "the first of a round, and of those one at a time, repeat a decision that stands."
    )


def _tell_answers(report: Report, title: str, rounds: Sequence[Sequence[Answer]]) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for answers in rounds:
        for answer in answers:
            error = answer.said.get("error", {}) if isinstance(answer.said, dict) else {}
            word = f"{answer.status} {error.get('code', '')}".strip()
            counts[answer.kind][word] += 1
    table = report.table(f"{len(rounds)} rounds of {TOGETHER} {title}", ("request", "answers"))
    for kind, found in sorted(counts.items()):
        told = ", ".join(f"{count} x {word}" for word, count in sorted(found.items()))
        table.rows.append((kind, told))


def _tell_record(
    report: Report,
    home: Path,
    plan_ids: Sequence[str],
    rounds: Sequence[Sequence[Answer]],
    what: str,
) -> None:
    faults: list[str] = []
    outcomes: Counter[str] = Counter()
    with sqlite3.connect(f"file:{home / 'cadastre.db'}?mode=ro", uri=True) as database:
        for plan_id, answers in zip(plan_ids, rounds, strict=True):
            outcomes[_look(database, plan_id, answers, faults)] += 1
    table = report.table(f"On record after the {what} rounds", ("what", "rounds"))
    table.rows += [(word, str(count)) for word, count in sorted(outcomes.items())]
    table.rows.append(("rounds with a second decision or effect, or one lost", str(len(faults))))
    for fault in faults:
        report.note(f"Fault: {fault}")


def _look(
    database: sqlite3.Connection, plan_id: str, answers: Sequence[Answer], faults: list[str]
) -> str:
    """Compare one plan's rows with what was answered; return what the round came to."""
    decided = database.execute(
        "SELECT decision_id, verdict, subject_version FROM decisions WHERE subject_id = ?",
        (plan_id,),
    ).fetchall()
    effects = database.execute(
        "SELECT decision_id, outcome FROM effects WHERE subject_id = ?", (plan_id,)
    ).fetchall()
    newest, approved = database.execute(
        "SELECT max(v.version), p.approved_version FROM plans p JOIN plan_versions v "
        "ON v.plan_id = p.plan_id AND v.workspace_id = p.workspace_id WHERE p.plan_id = ?",
        (plan_id,),
    ).fetchone()
    told = {
        answer.said["decision_id"]
        for answer in answers
        if answer.status == 201 and "decision_id" in answer.said
    }
    versions = [row[2] for row in decided]
    wrong = (
        len(versions) != len(set(versions))
        or {row[0] for row in decided} != {row[0] for row in effects}
        or len(effects) != len(decided)
        or not told <= {row[0] for row in decided}
        or any(answer.status not in (201, 409) for answer in answers)
        or (approved is not None and approved != newest)
    )
    verdicts = " and ".join(f"{row[1]} version {row[2]}" for row in decided) or "no decision"
    edited = ", then an edit" if newest > max([*versions, 2 if newest > 1 else 1]) else ""
    outcome = f"{verdicts}{edited}; {len(effects)} effect" + ("s" if len(effects) != 1 else "")
    if wrong:
        faults.append(
            f"plan {plan_id}: {outcome}; newest {newest}, approved {approved}; "
            f"{len(told)} decisions were acknowledged."
        )
    return outcome


def main() -> int:
    """Measure and print."""
    given = arguments(__doc__, runs=6)
    report = Report("decisions")
    with folder() as made:
        home = made / "home"
        with example(home):
            pass
        try:
            measure(report, home, given.runs)
        except httpx.HTTPError as error:
            raise SystemExit(f"The server did not answer as expected: {error}") from error
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Forged ids, at the routes and at the tools of chat: does anybody learn of another's rows?

Several people ask for threads, turns, runs, accounts, plans, reps and evidence of others.
Each request has a twin that names what nobody has; the two answers have to be the same bytes
once the ids are taken out.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bench.example import example, folder
from bench.report import Report, arguments, publish
from domain.principal import Principal
from eval.adversaries.forgeries import Owned, Send, foreign_territories, forged, leaks, tool_leaks
from eval.chat.ground import BookDesk, Ground, Heard, TurnMemory, whole_documents

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from agent.chat.context import ChatContext
    from api.workspace import Workspace

OWNERS = ("lucien.marchetti", "rosalind.kerr")
OUTSIDERS = ("tobias.renner", "marisol.vega", "yuki.tanabe", "harriet.okonjo")
SECRETS = ("What did the owner of the shop say about us?", "/why", "/week", "/help")
TOKEN = "a-token-for-benches"


def client_of(workspace: Workspace, person: str) -> TestClient:
    """Return the routes, in this process, for one person."""
    from starlette.testclient import TestClient

    from api.app import create_app

    return TestClient(
        create_app(workspace, TOKEN),
        base_url="http://127.0.0.1:8000",
        headers={"Authorization": f"Bearer {TOKEN}", "X-Cadastre-As": person},
        raise_server_exceptions=False,
    )


def sending(client: TestClient) -> Send:
    """Return what sends a request through a client."""

    def send(method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, str]:
        answer = client.request(method, path, json=body, headers=dict(headers))
        return answer.status_code, answer.text

    return send


def thread_with(client: TestClient, text: str) -> dict[str, Any]:
    """Ask once in a new thread and wait for the answer; return the ids of all three."""
    thread = client.post("/api/threads", json={}).json()["thread_id"]
    begun: dict[str, Any] = client.post(f"/api/threads/{thread}/runs", json={"text": text}).json()
    after = 0
    for _ in range(60):
        told = client.get(f"/api/runs/{begun['run_id']}/events?after={after}&wait=5").json()
        if told["finished"]:
            break
        after = max((event["seq"] for event in told["events"]), default=after)
    return begun


def owned_by(workspace: Workspace, outsider: Principal) -> Owned:
    """Return what others own: their threads, a plan, its evidence, accounts and reps."""
    reading = workspace.reading(outsider)
    book, scope = reading.book, outsider.scope
    ids: dict[str, list[str]] = {
        "account": [name for name, owner in book.owners.items() if not scope.covers(owner)],
        "rep": [str(rep) for rep in book["reps"]["rep_id"] if not scope.covers(str(rep))],
        "territory": foreign_territories(book, scope),
        "thread": [], "turn": [], "run": [], "plan": [], "evidence": [],
    }  # fmt: skip
    words = set()
    for owner in OWNERS:
        client = client_of(workspace, owner)
        for text in SECRETS:
            begun = thread_with(client, text)
            for kind in ("thread", "turn", "run"):
                ids[kind].append(begun[f"{kind}_id"])
        words.add(SECRETS[0])
        mine = workspace.principal(owner).scope
        first = next(item.account_id for item in reading.ranked if mine.covers(item.owner_id))
        made = client.post("/api/plans", json={"account_id": first})
        if made.status_code == 201:
            ids["plan"].append(made.json()["plan_id"])
            view = client.get(f"/api/plans/{made.json()['plan_id']}").json()["view"]
            ids["evidence"] += [item["evidence_id"] for item in view["computed"]][:20]
        words.add(str(book.account(first)["name"]))
    return Owned(ids, frozenset(words))


def context_of(ground: Ground, principal: Principal) -> ChatContext:
    """Return the context of a turn of one person."""
    from agent.chat.context import ChatContext

    return ChatContext(
        principal=principal, book=ground.book, coverage=ground.coverage,
        analyses=ground.analyses, vocabulary=ground.vocabulary,
        retrieve=whole_documents(ground.book, principal),
        desk=BookDesk(ground.book, principal), records=TurnMemory(), tell=Heard(),
    )  # fmt: skip


def main() -> int:
    """Measure and print."""
    given = arguments(__doc__, calls=(20_000, "forged calls, twins aside"))
    report = Report("forged")
    tried: Counter[str] = Counter()
    leaked: Counter[str] = Counter()
    told: list[str] = []
    with folder() as made, example(made / "home") as workspace:
        each = given.calls // (2 * len(OUTSIDERS))
        for number, name in enumerate(OUTSIDERS):
            outsider = workspace.principal(name)
            client, owned = client_of(workspace, name), owned_by(workspace, outsider)
            own = client.post("/api/threads", json={}).json()["thread_id"]
            for item, foreign, absent in forged(owned, each, seed=number):
                found = leaks(sending(client), own, item, foreign, absent, owned.words)
                tried[f"{item.kind}, at the routes"] += 1
                leaked[f"{item.kind}, at the routes"] += bool(found)
                told += found
            reading = workspace.reading(outsider)
            ground = Ground(reading.book, reading.coverage, reading.analyses, reading.vocabulary)
            found = tool_leaks(context_of(ground, outsider), owned, each, seed=number)
            tried["arguments of tools"] += each
            leaked["arguments of tools"] += len(found)
            told += found
    table = report.table(
        f"{tried.total():,} forged calls of {len(OUTSIDERS)} people",
        ("what is forged", "calls", "leaks", "goal"),
    )
    rows: Mapping[str, int] = {**tried, "all": tried.total()}
    for kind, count in rows.items():
        hits = leaked.total() if kind == "all" else leaked[kind]
        table.rows.append((kind, str(count), str(hits), "0"))
    for line in dict.fromkeys(told[:8]):
        report.note(f"Leak: {line}")
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())

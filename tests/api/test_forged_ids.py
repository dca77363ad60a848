"""Five hundred forged ids: what is another person's looks exactly like what does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from eval.adversaries.forgeries import (
    FORGERIES,
    Owned,
    Send,
    foreign_territories,
    forged,
    leaks,
    tool_leaks,
)
from eval.chat.ground import BookDesk, Heard, TurnMemory, whole_documents
from tests.api.doors import FOREIGN_REP, REP

SECRET = "What did the owner of the shop say about us?"
CALLS, TOOL_CALLS = 260, 240


def sending(client: Any) -> Send:
    def send(method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, str]:
        answer = client.request(method, path, json=body, headers=dict(headers))
        return answer.status_code, answer.text

    return send


def asked(client: Any, text: str) -> dict[str, str]:
    """Ids of a new thread in which one question was answered."""
    thread = client.post("/api/threads", json={}).json()["thread_id"]
    begun: dict[str, str] = client.post(f"/api/threads/{thread}/runs", json={"text": text}).json()
    for _ in range(40):
        if client.get(f"/api/runs/{begun['run_id']}/events?after=0&wait=5").json()["finished"]:
            return begun
    raise AssertionError("the run did not end")


@pytest.fixture
def owned(acting, workspace) -> Owned:
    """What another rep owns: two threads, a plan with its evidence, accounts, and himself."""
    owner = acting(FOREIGN_REP)
    begun = [asked(owner, SECRET), asked(owner, "/help")]
    mine = owner.get("/api/accounts").json()[0]
    plan = owner.post("/api/plans", json={"account_id": mine["account_id"]}).json()["plan_id"]
    view = owner.get(f"/api/plans/{plan}").json()["view"]
    scope, book = workspace.principal(REP).scope, workspace.reading(workspace.principal()).book
    return Owned(
        {
            **{kind: [item[f"{kind}_id"] for item in begun] for kind in ("thread", "turn", "run")},
            "plan": [plan],
            "evidence": [item["evidence_id"] for item in view["computed"]][:10],
            "account": [name for name, rep in book.owners.items() if not scope.covers(rep)][:40],
            "territory": foreign_territories(book, scope),
            "rep": [str(rep) for rep in book["reps"]["rep_id"] if not scope.covers(str(rep))],
        },
        frozenset({SECRET, mine["name"]}),
    )


def test_what_is_anothers_looks_like_what_does_not_exist(acting, owned) -> None:
    client = acting(REP)
    own = client.post("/api/threads", json={}).json()["thread_id"]

    found = [
        line
        for item, foreign, absent in forged(owned, CALLS, seed=5)
        for line in leaks(sending(client), own, item, foreign, absent, owned.words)
    ]
    assert found == []
    # Nothing of the owner's has changed, and nothing was begun in his threads.
    owner = acting(FOREIGN_REP)
    for thread in owned.ids["thread"]:
        assert len(owner.get(f"/api/threads/{thread}").json()["turns"]) == 1


def test_tools_are_given_anothers_ids_and_tell_nothing(acting, workspace, owned) -> None:
    from agent.chat.context import ChatContext

    principal = workspace.principal(REP)
    reading = workspace.reading(principal)
    context = ChatContext(
        principal=principal, book=reading.book, coverage=reading.coverage,
        analyses=reading.analyses, vocabulary=reading.vocabulary,
        retrieve=whole_documents(reading.book, principal),
        desk=BookDesk(reading.book, principal), records=TurnMemory(), tell=Heard(),
    )  # fmt: skip
    assert tool_leaks(context, owned, TOOL_CALLS, seed=5) == []


def test_the_owner_gets_what_the_forger_does_not(acting, owned) -> None:
    # Otherwise everything would look alike because nothing is ever found.
    client = acting(FOREIGN_REP)
    mine = client.get("/api/accounts").json()[0]["account_id"]
    opened = 0
    for item in FORGERIES:
        ids = [mine] if item.kind == "account" else owned.ids.get(item.kind, ())
        # A plan of one version has no difference to show, and one not approved no export.
        unready = "diff" in item.path or "export" in item.path
        if item.method != "GET" or not ids or unready or "?" in item.path:
            continue
        status, _ = sending(client)(item.method, item.path.replace("{id}", ids[0]), None, {})
        assert status == 200, item
        opened += 1
    assert opened >= 7

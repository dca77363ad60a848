"""Models that misbehave, met through the routes, the client and real loopback HTTP.

The endpoint is scripted. After each bad model the same thread is asked again with a good
one: its answer must be what it is in a fresh thread.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.reading import Reading
from api.settings import read_settings
from api.workspace import Workspace
from eval.adversaries.model_server import KEY, model_server
from eval.chat.models import FAILING, MISBEHAVED
from eval.chat.policies import policy
from tests.api.chat_doors import ended, log_of
from tests.api.doors import REP, TOKEN

WHY = "Why does A-205 rank where it does?"
OURS = frozenset(
    {
        "runs", "threads", "turns", "run_events",
        "turn_texts", "model_usage", "evidence", "sightings",
        "ledgers", "ledger_entries", "ledger_texts", "texts", "text_keepers", "note_indexes",
    }
)  # fmt: skip
"""Tables in which a question of chat leaves its turn, its ledger and its cost."""


def counts(workspace: Workspace) -> dict[str, int]:
    """Rows of every other table."""
    with sqlite3.connect(workspace.store.home.database) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in names
            if name not in OURS
        }


@pytest.mark.parametrize("group", [MISBEHAVED[:5], MISBEHAVED[5:], FAILING])
def test_a_bad_model_ends_in_a_clear_answer_and_harms_no_thread(
    home: Path, read_once: Reading, group: tuple[str, ...]
) -> None:
    with model_server(policy("competent"), stall_seconds=0.3) as server:
        settings = read_settings(home=home, base_url=server.base_url, model="m", api_key=KEY)
        with Workspace.open(settings) as workspace:
            name = workspace.principal().workspace
            workspace.store.books._remember((name, read_once.book.book_id), read_once.book)
            workspace.readings._kept[name, *read_once.ground] = read_once
            headers = {"Authorization": f"Bearer {TOKEN}", "X-Cadastre-As": REP}
            client = TestClient(
                create_app(workspace, TOKEN), base_url="http://127.0.0.1:8000", headers=headers
            )
            good = said(asked(client, new_thread(client))[0])
            before = counts(workspace)
            for bad in group:
                thread = new_thread(client)
                if bad in FAILING:
                    server.policy, server.script = policy("competent"), [bad, "ok"]
                else:
                    server.policy, server.script = policy(bad), ["ok"]
                turn, run = asked(client, thread)

                assert turn["turn"]["status"] in ("done", "failed"), bad
                answer = turn["turn"]["answer"]
                assert turn["said"] or answer["notes"] or turn["turn"]["error"], bad
                types = [event["type"] for event in log_of(client, run)]
                assert types[-1] in ("run.finished", "run.error"), bad
                assert KEY not in str(turn), bad

                server.policy, server.script = policy("competent"), ["ok"]
                assert said(asked(client, thread)[0]) == good, bad
            assert counts(workspace) == before


def new_thread(client: Any) -> str:
    return str(client.post("/api/threads", json={}).json()["thread_id"])


def asked(client: Any, thread: str) -> tuple[dict[str, Any], str]:
    run = client.post(f"/api/threads/{thread}/runs", json={"text": WHY}).json()["run_id"]
    return ended(client, run, seconds=60), run


def said(turn: dict[str, Any]) -> list[str]:
    return [item["text"] for item in turn["said"]]

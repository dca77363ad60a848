"""Nobody reaches another person's thread, run, event or answer, whatever they send."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.workspace import Workspace
from tests.api.chat_doors import (
    CALL,
    SENTENCE,
    ask,
    begin,
    ended,
    only_spend,
    talking,
    with_model,
)
from tests.api.conftest import As
from tests.api.doors import FOREIGN_MANAGER, FOREIGN_REP, MANAGER, REP, REVOPS
from tests.api.test_scope import json_routes

OTHERS = (MANAGER, REVOPS, FOREIGN_REP, FOREIGN_MANAGER)
MISSING = {"thread_id": "T-0000000000000000", "run_id": "R-0000000000000000"}
CHAT = ("/api/threads", "/api/runs")
SECRET = "What do the brakes people spend?"


@pytest.fixture(autouse=True)
def _tools() -> Iterator[None]:
    with only_spend():
        yield


@pytest.fixture
def mine(workspace: Workspace, acting: As) -> dict[str, str]:
    """A thread of the rep's with an answered question."""
    with_model(workspace, talking(CALL, SENTENCE))
    client = acting(REP)
    ids = begin(client, SECRET)
    ended(client, ids["run_id"])
    return ids


def about_one(workspace: Workspace) -> list[tuple[str, str]]:
    return [pair for pair in json_routes(workspace) if pair[1].startswith(CHAT) and "{" in pair[1]]


def sent(client: Any, method: str, path: str, ids: dict[str, str]) -> tuple[int, str]:
    """Status and text of an answer, the ids asked for blanked out."""
    body = {"text": "Why?"} if path.endswith("/runs") else None
    answer = client.request(method, path.format(**ids), json=body)
    text = answer.text
    for value in ids.values():
        text = text.replace(value, "ID")
    return answer.status_code, text


def test_the_walk_knows_every_route_of_chat(workspace: Workspace) -> None:
    assert about_one(workspace) == [
        ("DELETE", "/api/threads/{thread_id}"),
        ("GET", "/api/runs/{run_id}"),
        ("GET", "/api/runs/{run_id}/events"),
        ("GET", "/api/threads/{thread_id}"),
        ("POST", "/api/runs/{run_id}/cancel"),
        ("POST", "/api/threads/{thread_id}/runs"),
    ]


@pytest.mark.parametrize("other", OTHERS)
def test_a_foreign_thread_looks_like_a_missing_one_on_every_route(
    workspace: Workspace, acting: As, mine: dict[str, str], other: str
) -> None:
    client = acting(other)

    for method, path in about_one(workspace):
        foreign, missing = sent(client, method, path, mine), sent(client, method, path, MISSING)
        assert foreign == missing, f"{method} {path}"
        assert foreign[0] == 404, f"{method} {path}"
    assert client.get("/api/threads").json() == []
    stream = client.get(
        f"/api/runs/{mine['run_id']}/events", headers={"Accept": "text/event-stream"}
    )
    assert stream.status_code == 404
    # Nothing of it happened.
    whole = acting(REP).get(f"/api/threads/{mine['thread_id']}").json()
    assert [view["turn"]["status"] for view in whole["turns"]] == ["done"]


def test_a_turn_of_another_thread_is_no_place_to_ask_at(acting: As, mine: dict[str, str]) -> None:
    for client in (acting(REP), acting(MANAGER)):
        thread_id = client.post("/api/threads", json={}).json()["thread_id"]
        for place in ("parent", "retry_of", "edit_of"):
            answer = client.post(
                f"/api/threads/{thread_id}/runs", json={"text": "Why?", place: mine["turn_id"]}
            )
            assert answer.status_code == 404, place
            assert SECRET not in answer.text


def test_500_forged_ids_open_nothing(acting: As, mine: dict[str, str]) -> None:
    rng = random.Random(5)
    clients = [acting(other) for other in OTHERS]
    words = re.compile(r"brakes|Brakes|Spend over|spend", re.ASCII)

    def forged() -> str:
        known = rng.choice(list(mine.values()))
        kind = rng.randrange(8)
        if kind == 0:
            return known
        if kind == 1:
            return known.upper()
        if kind == 2:
            return known[:-1] + rng.choice("0123456789abcdef")
        if kind == 3:
            return rng.choice(["%25", "%27%20OR%201%3D1--", "..%2F" + known, known + "%00", "*"])
        if kind == 4:
            return rng.choice("TRU") + known[1:]
        if kind == 5:
            return known + "%2F..%2F" + known
        if kind == 6:
            return "%20" + known + "%20"
        return f"{rng.choice('TRU')}-{rng.getrandbits(64):016x}"

    for number in range(500):
        client, one = clients[number % len(clients)], forged()
        method, path = rng.choice([
            ("GET", f"/api/threads/{one}"),
            ("GET", f"/api/runs/{one}"),
            ("GET", f"/api/runs/{one}/events"),
            ("GET", f"/api/runs/{one}/events?after=0&wait=0"),
            ("POST", f"/api/runs/{one}/cancel"),
            ("DELETE", f"/api/threads/{one}"),
            ("POST", f"/api/threads/{one}/runs"),
        ])  # fmt: skip
        body = {"text": "Why?"} if path.endswith("/runs") else None
        answer = client.request(method, path, json=body)
        assert answer.status_code in (404, 405), f"{method} {path}"
        assert not words.search(answer.text), f"{method} {path}"

    view = acting(REP).get(f"/api/threads/{mine['thread_id']}").json()["turns"]
    assert [item["turn"]["turn_id"] for item in view] == [mine["turn_id"]]


def test_an_answer_is_withheld_once_its_account_has_changed_hands(
    workspace: Workspace, acting: As, mine: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = acting(REP)
    figure = next(
        part["text"]
        for part in ended(client, mine["run_id"])["said"][0]["parts"]
        if part["evidence_id"]
    )
    before = client.get(f"/api/threads/{mine['thread_id']}").text
    assert figure in before
    # The rep no longer covers the owner of the account that the answer is about.
    person = workspace.person(REP)
    moved = person.model_copy(update={"reps": ("R-281",)})
    people = workspace.people
    changed = people.model_copy(
        update={"people": tuple(moved if item.id == REP else item for item in people.people)}
    )
    monkeypatch.setattr(Workspace, "people", property(lambda self: changed))
    model = with_model(workspace, talking("Nothing."))

    after = client.get(f"/api/threads/{mine['thread_id']}")
    events = client.get(f"/api/runs/{mine['run_id']}/events").text
    following = ask(client, mine["thread_id"], "And now?")
    ended(client, following["run_id"])

    assert after.status_code == 200
    for said in (after.text, events, str(model.seen)):
        assert figure not in said
    assert "rested on accounts that you do not see any more" in after.text
    assert SECRET in after.text, "what the person asked is theirs"


def test_a_completion_names_nothing_of_anybody_else(acting: As, mine: dict[str, str]) -> None:
    def names(person: str, text: str, **more: str) -> str:
        answer = acting(person).get("/api/complete", params={"text": text, **more})
        assert answer.status_code == 200, answer.text
        return answer.text

    assert "Brakes and Gears" in names(REP, "/why Brakes")
    for other in (FOREIGN_REP, FOREIGN_MANAGER):
        for text in ("/why Brakes", "@Brakes", "/why A-697", "#Brakes"):
            assert "Brakes and Gears" not in names(other, text)
    refused = acting(MANAGER).get(
        "/api/complete", params={"text": "/", "thread": mine["thread_id"]}
    )
    assert refused.status_code == 404


def test_without_a_session_there_is_no_chat(browser, mine: dict[str, str]) -> None:
    client = browser()

    for path in ("threads", "threads/{thread_id}", "runs/{run_id}", "runs/{run_id}/events"):
        assert client.get("/api/" + path.format(**mine)).status_code == 401
    assert client.get("/api/complete", params={"text": "/why"}).status_code == 401

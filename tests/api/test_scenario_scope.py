"""What is in a scenario stays with who sees all its reps; a rep reads their own part."""

from __future__ import annotations

import re
from typing import Any

import pytest

import tools.territory.designs
from tests.api.doors import FOREIGN_MANAGER, FOREIGN_REP, MANAGER, REP, REVOPS
from tests.api.scenario_designs import quick_designs
from tests.api.test_scope import json_routes

# The scenario is about Europe: Ilse manages it, Lucien is in it; the others are not.
LEAD, LUCIEN, OWN = FOREIGN_MANAGER, FOREIGN_REP, "R-292"
OTHERS = ("R-288", "R-295")
OUTSIDERS = (REP, MANAGER)
REPS_OWN = {
    ("GET", "/api/scenarios/{scenario_id}/slice"),
    ("GET", "/api/scenarios/{scenario_id}/feedback"),
    ("POST", "/api/scenarios/{scenario_id}/feedback"),
}
"""What a rep reaches of a scenario they are in."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools.territory.designs, "design_frontier", quick_designs)


@pytest.fixture
def ids(acting) -> dict[str, str]:
    """A submitted scenario, and an account of it that leaves Lucien."""
    client = acting(REVOPS)
    scenario = client.post("/api/scenarios", json={"team": "Europe", "name": "Autumn"}).json()
    account = next(
        move["account_id"] for move in scenario["point"]["moves"] if move["from_rep"] == OWN
    )
    return {"scenario_id": scenario["version"]["scenario_id"], "account_id": account}


def bodies(ids: dict[str, str]) -> dict[str, dict]:
    """What each changing route of one scenario is sent."""
    account = {"account_id": ids["account_id"]}
    at = {"version": 1}
    of = "/api/scenarios/{scenario_id}"
    return {
        f"{of}/choose": {**at, "point": 2},
        f"{of}/moves/decisions": {**at, "choices": [{**account, "choice": "accept"}]},
        f"{of}/moves/{{account_id}}/decisions": {**at, "choice": "accept"},
        f"{of}/feedback": {**account, "answer": "keep", "reason": "Known for years."},
        f"{of}/feedback/settle": {
            **at, **account, "rep_id": OWN, "status": "declined", "reason": "No.",
        },
        f"{of}/ask": at,
        f"{of}/events": {
            **at, "event": {"kind": "account_changed", **account, "why": "Merger", "hours": 9},
        },
        f"{of}/submit": {**at, "accept_rest": True},
        f"{of}/decisions": {**at, "verdict": "approved"},
        f"{of}/import": {"workbook": "", "confirm": False},
    }  # fmt: skip


def asked(client: Any, method: str, path: str, ids: dict[str, str]) -> Any:
    address = path.format(**ids)
    if method == "GET":
        compare = {"ids": f"{ids['scenario_id']}:1,{ids['scenario_id']}:2"}
        return client.get(address, params=compare if path.endswith("/compare") else {})
    return client.post(address, json=bodies(ids)[path])


def routes(workspace: Any) -> list[tuple[str, str]]:
    """Every route about scenarios that are there already."""
    return [
        pair
        for pair in json_routes(workspace)
        if pair[1].startswith("/api/scenarios/") and pair != ("POST", "/api/scenarios")
    ]


def told(answer: Any, ids: dict[str, str]) -> tuple[int, str]:
    text = answer.text
    for value in ids.values():
        text = text.replace(value, "ID")
    return answer.status_code, text


MISSING = {"scenario_id": "S-0000000000", "account_id": "A-none"}


def test_the_walk_knows_every_route_of_a_scenario(workspace) -> None:
    changing = {path for method, path in routes(workspace) if method == "POST"}

    assert changing <= set(bodies(MISSING))
    assert len(routes(workspace)) >= 16


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_foreign_and_missing_scenarios_look_alike_on_every_route(
    acting, workspace, ids, outsider: str
) -> None:
    client = acting(outsider)
    for method, path in routes(workspace):
        foreign = told(asked(client, method, path, ids), ids)
        missing = told(asked(client, method, path, MISSING), MISSING)
        assert foreign == missing, f"{method} {path}"
        assert foreign[0] == 404, f"{method} {path}"
    assert client.get("/api/scenarios").json() == []
    assert client.get("/api/inbox").json()["scenarios"] == []
    assert ids["scenario_id"] not in client.get("/api/audit").text


def test_a_rep_in_it_reaches_their_own_part_and_no_other_route(acting, workspace, ids) -> None:
    client = acting(LUCIEN)
    for method, path in routes(workspace):
        answer = asked(client, method, path, ids)
        if (method, path) in REPS_OWN:
            assert answer.status_code in {200, 201}, f"{method} {path}: {answer.text}"
        else:
            assert answer.status_code == 404, f"{method} {path}: {answer.text}"
    assert client.get("/api/scenarios").json() == []


def test_a_reps_part_holds_nothing_of_the_others(acting, workspace, ids) -> None:
    row = acting(REVOPS).get(f"/api/scenarios/{ids['scenario_id']}/frontier").json()
    scenario = acting(REVOPS).get(f"/api/scenarios/{ids['scenario_id']}").json()
    owners = workspace.reading(workspace.principal(REVOPS)).book.owners
    comes = {move["account_id"] for move in scenario["point"]["moves"] if move["to_rep"] == OWN}
    mine = {account for account, owner in owners.items() if owner == OWN}

    answer = acting(LUCIEN).get(f"/api/scenarios/{ids['scenario_id']}/slice")
    part = answer.json()

    shown = {line["account_id"] for line in part["accounts"]}
    assert shown == {item for item in mine if item in row["accounts"]} | comes | {
        item["account_id"] for item in row["unplaced"] if item["owner_id"] == OWN
    }
    assert all(line["account_name"] for line in part["accounts"])
    assert [rep["rep_id"] for rep in part["reps"]] == [OWN]
    names = [rep["name"] for rep in row["reps"] if rep["rep_id"] in OTHERS]
    for foreign in (*OTHERS, *names):
        assert not re.search(rf"\b{re.escape(foreign)}\b", answer.text), foreign


def test_a_rep_reads_no_answer_of_another(acting, ids) -> None:
    body = {"account_id": ids["account_id"], "answer": "agree", "reason": "Mine."}
    said = acting(LUCIEN).post(f"/api/scenarios/{ids['scenario_id']}/feedback", json=body)
    assert said.status_code == 201, said.text

    other = acting("callum.ashdown").get(f"/api/scenarios/{ids['scenario_id']}/feedback").json()
    own = acting(LUCIEN).get(f"/api/scenarios/{ids['scenario_id']}/feedback").json()

    assert "Mine." not in str(other)
    assert [line["feedback"]["reason"] for line in own["answers"]] == ["Mine."]


def test_the_manager_of_all_its_reps_sees_what_revops_sees(acting, ids) -> None:
    address = f"/api/scenarios/{ids['scenario_id']}"
    lead, revops = acting(LEAD).get(address).json(), acting(REVOPS).get(address).json()

    assert lead["may_decide"]["allowed"] is True
    assert {**lead, "may_decide": None} == {**revops, "may_decide": None}

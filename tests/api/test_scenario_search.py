"""Scenarios with the real search: a few designs for the team of three in Europe."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.doors import FOREIGN_MANAGER, REVOPS
from tests.api.test_scenarios import done, owned, post, refused, run, submitted


def row_of(client: Any, scenario: dict) -> dict:
    answer = client.get(f"/api/scenarios/{scenario['version']['scenario_id']}/frontier")
    assert answer.status_code == 200
    return answer.json()


def test_the_same_request_gives_the_same_bytes_and_every_design_its_bound(acting) -> None:
    client = acting(REVOPS)
    first, second = run(client, points=4), run(client, points=4, name="Again")

    hashes = {item["version"]["content"]["frontier"] for item in (first, second)}
    assert len(hashes) == 1
    assert first["version"]["scenario_id"] != second["version"]["scenario_id"]
    row = row_of(client, first)
    for point in row["points"][1:]:
        assert not point["broken"]
        assert point["bound"] <= point["objective"] + 1e-9
        assert point["gap"] == pytest.approx(max(0.0, point["objective"] - point["bound"]))
    spread = [point["figures"]["spread_potential"] for point in row["points"]]
    assert min(spread[1:]) < spread[0]


def test_a_kept_account_stays_and_the_new_design_is_no_better_than_its_price_allows(acting) -> None:
    client = acting(REVOPS)
    scenario = done(post(client, run(client, points=4), "choose", point=4))
    move = max(
        (m for m in scenario["point"]["moves"] if m["points"] is not None),
        key=lambda m: m["points"],
    )

    kept = done(
        post(
            client, scenario, f"moves/{move['account_id']}/decisions", choice="keep", reason="Deal"
        )
    )

    assert move["account_id"] not in owned(kept)
    # Nothing is better than the bound, whatever is kept.
    assert kept["point"]["objective"] >= kept["point"]["bound"] - 1e-9
    assert kept["cost"]["told"].startswith("Keeping 1 account ")


def test_an_event_mends_the_design_and_voids_its_submission(acting) -> None:
    client = acting(REVOPS)
    scenario = submitted(client, run(client, points=4, trigger="Autumn"))
    row = row_of(client, scenario)
    held = dict(zip(row["accounts"], scenario["point"]["assignment"], strict=True))
    heaviest = max(scenario["point"]["moves"], key=lambda move: move["hours"])["account_id"]
    event = {"kind": "account_changed", "account_id": heaviest, "why": "Merger", "hours": 60.0}

    mended = done(post(client, scenario, "events", event=event))

    assert mended["version"]["status"] == "draft"
    assert mended["version"]["content"]["trigger"] == f"Autumn; {heaviest} changed: Merger"
    assert mended["version"]["content"]["ledger_root"] == ""
    assert mended["cost"]["before"] == scenario["point"]["figures"]
    assert not mended["point"]["broken"]
    after = row_of(client, mended)
    assert [item["kind"] for item in after["events"]] == ["account_changed"]
    assert set(after["accounts"]) == set(held)
    # Explaining works on the case after the event.
    address = f"/api/scenarios/{mended['version']['scenario_id']}"
    assert client.get(f"{address}/explain/{heaviest}").status_code == 200


def test_a_lock_of_what_cannot_be_is_explained(acting) -> None:
    client = acting(REVOPS)
    scenario = run(client, points=4)
    account = owned(scenario)[0] if owned(scenario) else row_of(client, scenario)["accounts"][0]
    locks = [
        {"kind": "lock", "account_id": account, "rep_id": rep, "by": "", "reason": "Mine"}
        for rep in ("R-288", "R-292")
    ]

    answer = client.post("/api/scenarios", json={"team": "Europe", "constraints": locks})

    assert account in refused(answer, 422, "invalid_input")["message"]
    assert acting(FOREIGN_MANAGER).get("/api/scenarios").json()[0]["version"] == 1

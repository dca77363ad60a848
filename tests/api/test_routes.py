"""What the routes answer, from the first draft to the approved file."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.api.doors import (
    ACCOUNT,
    FOREIGN_MANAGER,
    FOREIGN_REP,
    MANAGER,
    REP,
    REVOPS,
    SECTIONS,
    approval,
)


def drafted(client, account: str = ACCOUNT) -> dict:
    answer = client.post("/api/plans", json={"account_id": account})
    assert answer.status_code == 201, answer.text
    return answer.json()


def seen(client, plan_id: str, version: int | None = None) -> dict:
    answer = client.get(f"/api/plans/{plan_id}", params={"v": version} if version else {})
    assert answer.status_code == 200, answer.text
    return answer.json()["view"]


def waivers(view: dict) -> list[dict]:
    """Waive whatever a waiver can lift, naming the hours where they are missing."""
    return [
        {
            "code": blocker["code"],
            "claim": blocker["claim"],
            "reason": f"Accepted; {blocker['hours_missing'] or 0} hours are missing.",
        }
        for blocker in view["blockers"]
        if blocker["remedy"] != "edit"
    ]


def decided(client, view: dict, **request: object):
    body = approval(view, waivers=waivers(view)) | request
    return client.post(f"/api/plans/{view['plan_id']}/decisions", json=body)


def test_every_score_is_its_base_and_its_points(acting) -> None:
    rows = acting(REVOPS).get("/api/accounts", params={"explain": True}).json()

    assert len(rows) == 705
    for row in rows:
        assert row["score"] == row["base"] + sum(part["points"] for part in row["parts"])


def test_ranking_counts_from_one_within_what_a_person_sees(acting) -> None:
    rows = acting(FOREIGN_REP).get("/api/accounts").json()

    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["owner_id"] for row in rows} == {"R-292"}
    assert rows[0]["parts"] is None


def test_a_territory_narrows_the_ranking_by_id_or_name(acting) -> None:
    client = acting(REVOPS)
    first = client.get("/api/accounts", params={"top": 1}).json()[0]

    rows = client.get("/api/accounts", params={"territory": first["territory_id"]}).json()

    assert {row["territory_id"] for row in rows} == {first["territory_id"]}
    wrong = client.get("/api/accounts", params={"territory": "Atlantis"})
    assert wrong.status_code == 404
    assert "Atlantis" in wrong.json()["error"]["message"]


def test_an_account_shows_its_score_whitespace_and_plan(acting) -> None:
    client = acting(REP)
    before = client.get(f"/api/accounts/{ACCOUNT}").json()
    plan = drafted(client)

    after = client.get(f"/api/accounts/{ACCOUNT}").json()

    assert before["plan_id"] is None
    assert after["plan_id"] == plan["plan_id"]
    score = client.get(f"/api/accounts/{ACCOUNT}/score").json()
    assert score == after["score_answer"]
    worth = [gap["worth"] for gap in after["gaps"]]
    assert worth == sorted(worth, reverse=True)


def test_an_account_shows_its_potential_and_names_peers_within_the_scope_alone(acting) -> None:
    mine = {row["account_id"] for row in acting(REP).get("/api/accounts").json()}

    told = acting(REP).get(f"/api/accounts/{ACCOUNT}").json()["potential"]
    everyone = acting(REVOPS).get(f"/api/accounts/{ACCOUNT}").json()["potential"]

    assert told["method"] in {"peer quantiles", "regression"}
    assert told["p50"] <= told["p75"] <= told["p90"]
    assert told["basis"]
    named = [peer["account_id"] for peer in told["peers"]]
    assert len(named) == 5
    assert set(named) <= mine - {ACCOUNT}
    assert not {peer["account_id"] for peer in everyone["peers"]} <= mine
    distances = [peer["distance"] for peer in told["peers"]]
    assert distances == sorted(distances)
    assert {**told, "peers": []} == {**everyone, "peers": []}


def test_drafting_again_gives_the_same_version_and_nothing_new(acting) -> None:
    first = drafted(acting(REP))

    again = drafted(acting(MANAGER))

    assert again == first
    assert len(acting(REVOPS).get("/api/plans").json()) == 1
    assert first["version"] == 1
    assert first["status"] == "in_review"


def test_a_plan_is_returned_revised_approved_and_exported(acting) -> None:
    rep, manager = acting(REP), acting(MANAGER)
    plan_id = drafted(rep)["plan_id"]
    view = seen(manager, plan_id)

    refused = manager.get(f"/api/plans/{plan_id}/export")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "approval_required"
    assert refused.json()["error"]["review"] == f"/plans/{plan_id}?v=1"

    comment = {"section": "why_now", "verdict": "change_requested", "comment": "Say by when."}
    returned = decided(manager, view, verdict="returned", sections=[comment], waivers=[])
    assert returned.status_code == 201, returned.text
    assert seen(rep, plan_id)["status"] == "returned"

    revised = rep.post(f"/api/plans/{plan_id}/versions", json={"message": "Dates added."})
    assert revised.status_code == 201, revised.text
    view = seen(manager, plan_id)
    assert (view["version"], view["base_version"], view["status"]) == (2, 1, "in_review")
    assert [remark["text"] for remark in view["remarks"]] == ["Say by when.", "Dates added."]

    approved = decided(manager, view)
    assert approved.status_code == 201, approved.text
    assert approved.json()["decided_by"] == MANAGER

    exported = rep.get(f"/api/plans/{plan_id}/export")
    assert exported.status_code == 200
    assert "DRAFT" not in exported.text
    assert approved.json()["decision_id"] in exported.text
    assert "## Sources" in exported.text
    assert f"{plan_id}-v2-brakes-and-gears.md" in exported.headers["content-disposition"]
    told = rep.get(f"/api/plans/{plan_id}/export", params={"format": "json"}).json()
    assert told["approved"] is True
    assert told["decision"]["subject_hash"] == told["plan"]["plan_hash"] == view["plan_hash"]


def test_an_edit_voids_the_approval_and_goes_through_the_same_checks(acting) -> None:
    rep, manager = acting(REP), acting(MANAGER)
    plan_id = drafted(rep)["plan_id"]
    assert decided(manager, seen(manager, plan_id)).status_code == 201

    edited = rep.post(
        f"/api/plans/{plan_id}/versions",
        json={"section": "risks", "text": "We lost 900 orders to Kelmark Cycles last week."},
    )

    assert edited.status_code == 201, edited.text
    assert edited.json()["version"] == 2
    view = seen(rep, plan_id)
    assert "competitor_unsourced" in {blocker["code"] for blocker in view["blockers"]}
    assert rep.get(f"/api/plans/{plan_id}/export").status_code == 409
    lines = {line["plan_id"]: line for line in rep.get("/api/plans").json()}
    assert lines[plan_id]["approved_version"] is None
    refused = decided(manager, view)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "decision_refused"


def test_an_unsourced_competitor_claim_leaves_in_no_export(acting) -> None:
    rep = acting(REP)
    plan_id = drafted(rep)["plan_id"]
    typed = "Kelmark Cycles secretly undercuts us."
    rep.post(f"/api/plans/{plan_id}/versions", json={"section": "competition", "text": typed})

    for format in ("md", "json"):
        told = rep.get(f"/api/plans/{plan_id}/export", params={"format": format, "draft": True})
        assert told.status_code == 200
        assert "secretly undercuts" not in told.text
        assert "not exported" in told.text
        assert "DRAFT" in told.text
    # The review page shows it, to be decided on; paper is an export like the files.
    assert "secretly undercuts" in rep.get(f"/plans/{plan_id}").text
    printed = rep.get(f"/plans/{plan_id}/print")
    assert printed.status_code == 200
    assert "secretly undercuts" not in printed.text
    assert "not exported" in printed.text


def test_only_what_a_decision_approved_is_exported_without_the_stamp(acting) -> None:
    rep = acting(REP)
    plan_id = drafted(rep)["plan_id"]

    told = rep.get(f"/api/plans/{plan_id}/export", params={"format": "json", "draft": True})

    assert told.json()["approved"] is False
    assert told.json()["stamp"] == "DRAFT, not approved"
    assert told.json()["decision"] is None


def test_of_two_simultaneous_approvals_one_wins(acting, workspace) -> None:
    plan_id = drafted(acting(REP))["plan_id"]
    view = seen(acting(MANAGER), plan_id)
    requests = [{"reason": f"Approved, says window {number}."} for number in range(4)]
    clients = [acting(MANAGER) for _ in requests]

    with ThreadPoolExecutor(len(requests)) as pool:
        answers = list(
            pool.map(
                lambda pair: decided(pair[0], view, **pair[1]), zip(clients, requests, strict=True)
            )
        )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert lost.json()["error"]["code"] == "already_decided"
    log = workspace.store.decisions.log(workspace.principal(REVOPS))
    assert len(log) == 1
    assert workspace.store.effects.pending(workspace.principal(REVOPS)) == []


def test_the_same_approval_twice_is_one_decision(acting) -> None:
    manager = acting(MANAGER)
    view = seen(manager, drafted(manager)["plan_id"])

    first, second = decided(manager, view), decided(manager, view)

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()


def test_a_decision_on_a_superseded_version_leads_to_the_newer_one(acting) -> None:
    rep, manager = acting(REP), acting(MANAGER)
    plan_id = drafted(rep)["plan_id"]
    view = seen(manager, plan_id)
    rep.post(f"/api/plans/{plan_id}/versions", json={"message": "Shorter, please."})

    answer = decided(manager, view)

    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["code"] == "plan_superseded"
    assert error["link"] == f"/plans/{plan_id}?v=2"


def test_a_revision_on_a_superseded_version_is_refused(acting) -> None:
    rep = acting(REP)
    plan_id = drafted(rep)["plan_id"]
    body = {"message": "Once more.", "base_version": 1}
    assert rep.post(f"/api/plans/{plan_id}/versions", json=body).status_code == 201

    again = rep.post(f"/api/plans/{plan_id}/versions", json=body)

    assert again.status_code == 409
    assert again.json()["error"]["code"] == "plan_superseded"


@pytest.mark.parametrize(("person", "who"), [(REP, "Tobias Renner"), (REVOPS, "Ines Moreau")])
def test_who_may_not_decide_is_told_who_can(acting, person: str, who: str) -> None:
    client = acting(person)
    view = seen(client, drafted(client)["plan_id"])

    answer = decided(client, view)

    assert answer.status_code == 403
    error = answer.json()["error"]
    assert who in error["message"]
    assert error["who_can"] == ["Harriet Okonjo"]
    assert "Harriet Okonjo" in error["hint"]


def test_nobody_decides_on_words_they_typed_themselves(acting) -> None:
    manager = acting(MANAGER)
    plan_id = drafted(manager)["plan_id"]
    edit = {"section": "why_now", "text": "The January order is the largest of the year."}
    manager.post(f"/api/plans/{plan_id}/versions", json=edit)

    answer = decided(manager, seen(manager, plan_id))

    assert answer.status_code == 403
    assert "wrote part of this version" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"sections": []}, "Sections are undecided"),
        (
            {"sections": [{"section": key, "verdict": "approved"} for key in SECTIONS[1:]]},
            "Sections are undecided: Where we stand",
        ),
        (
            {
                "sections": [{"section": key, "verdict": "approved"} for key in SECTIONS[1:]]
                + [{"section": SECTIONS[0], "verdict": "change_requested", "comment": "No."}]
            },
            "cannot be approved while changes are requested",
        ),
        ({"verdict": "returned", "sections": [], "waivers": []}, "without saying what to change"),
        ({"verdict": "rejected", "sections": [], "waivers": []}, "without a reason"),
        ({"waivers": [{"code": "moonshine", "reason": "Because."}]}, "'moonshine' blocks"),
    ],
)
def test_a_verdict_that_does_not_fit_is_refused(acting, request_: dict, words: str) -> None:
    manager = acting(MANAGER)
    view = seen(manager, drafted(manager)["plan_id"])

    answer = decided(manager, view, **request_)

    assert answer.status_code == 409, answer.text
    assert words in answer.json()["error"]["message"]
    assert seen(manager, view["plan_id"])["status"] == "in_review"


def test_a_decision_on_other_content_than_was_read_is_refused(acting) -> None:
    manager = acting(MANAGER)
    view = seen(manager, drafted(manager)["plan_id"])

    answer = decided(manager, {**view, "plan_hash": "0" * 64})

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "plan_superseded"


def test_a_version_that_never_was_is_not_found(acting) -> None:
    manager = acting(MANAGER)
    view = seen(manager, drafted(manager)["plan_id"])

    assert decided(manager, {**view, "version": 7}).status_code == 404
    assert decided(manager, {**view, "version": 0}).status_code == 404
    assert manager.get(f"/api/plans/{view['plan_id']}", params={"v": 7}).status_code == 404


def test_two_versions_are_compared_sentence_by_sentence(acting) -> None:
    rep = acting(REP)
    plan_id = drafted(rep)["plan_id"]
    edit = {"section": "competition", "text": "Nothing is known, and nobody has asked yet."}
    rep.post(f"/api/plans/{plan_id}/versions", json=edit)

    diff = rep.get(f"/api/plans/{plan_id}/diff").json()

    assert (diff["a"], diff["b"], diff["same"]) == (1, 2, False)
    competition = next(item for item in diff["sections"] if item["section"] == "competition")
    added = [line["text"] for line in competition["lines"] if line["change"] == "added"]
    assert added == ["Nothing is known, and nobody has asked yet."]
    itself = rep.get(f"/api/plans/{plan_id}/diff", params={"a": 2, "b": 2}).json()
    assert itself["same"] is True


def test_a_plan_with_one_version_has_nothing_to_compare(acting) -> None:
    rep = acting(REP)
    plan_id = drafted(rep)["plan_id"]

    answer = rep.get(f"/api/plans/{plan_id}/diff")

    assert answer.status_code == 404
    assert "none before it" in answer.json()["error"]["message"]


def test_unowned_accounts_get_no_plan(acting) -> None:
    client = acting(REVOPS)
    rows = client.get("/api/accounts").json()
    prospect = next(row for row in rows if row["owner_id"] is None)

    answer = client.post("/api/plans", json={"account_id": prospect["account_id"]})

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "no_plan_for_account"


def test_evidence_shows_its_source_and_the_words_around_a_quotation(acting) -> None:
    rep = acting(REP)
    view = seen(rep, drafted(rep)["plan_id"])
    quoted = next(source for source in view["sources"] if source["kind"] == "document")

    card = rep.get(f"/api/evidence/{quoted['evidence_id']}").json()

    assert card["evidence"]["value"] == quoted["quote"]
    assert card["before"] or card["after"]
    assert card["seen"][0]["as_of"] == "2026-11-13"


def test_the_inbox_says_for_whom_a_plan_waits(acting) -> None:
    plan_id = drafted(acting(REP))["plan_id"]

    waiting = {person: acting(person).get("/api/inbox").json() for person in (REP, MANAGER)}

    assert [item["waiting"] for item in waiting[MANAGER]["waiting"]] == ["decide"]
    assert [item["waiting"] for item in waiting[REP]["waiting"]] == ["await"]
    assert "Harriet Okonjo" in waiting[REP]["waiting"][0]["why"]
    assert waiting[REP]["waiting"][0]["link"] == f"/plans/{plan_id}?v=1"
    assert ACCOUNT not in {row["account_id"] for row in waiting[REP]["suggestions"]}
    assert acting(FOREIGN_MANAGER).get("/api/inbox").json()["waiting"] == []


def test_the_record_lists_acts_and_a_tampered_row_is_named(acting, workspace) -> None:
    manager, revops = acting(MANAGER), acting(REVOPS)
    view = seen(manager, drafted(acting(REP))["plan_id"])
    assert decided(manager, view, reason="Good.").status_code == 201

    log = revops.get("/api/audit").json()
    assert [entry["verb"] for entry in log][-2:] == ["drafted", "approved"]
    assert log[-1]["actor"] == "Harriet Okonjo"
    assert log[-1]["reason"] == "Good."
    assert log[-1]["at"] >= log[-2]["at"]
    assert revops.get("/api/audit", params={"since": "2999-01-01"}).json() == []
    assert revops.get("/api/audit/verify").json()["intact"] is True
    assert manager.get("/api/audit/verify").status_code == 403

    with closing(sqlite3.connect(workspace.home.database)) as database, database:
        # Triggers refuse any change; whoever holds the file can drop them first.
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE decisions SET decided_by = 'somebody.else'")
    verdict = revops.get("/api/audit/verify").json()
    assert verdict["intact"] is False
    assert "number 1" in verdict["faults"][0]


def test_the_doctor_never_shows_the_key(home, acting) -> None:
    lines = acting(REVOPS).get("/api/doctor").json()

    states = {line["what"]: line["state"] for line in lines}
    assert states["book"] in {"ok", "note"}
    assert states["record"] == "ok"
    assert "bad" not in states.values()
    assert "nothing leaves this machine" in json.dumps(lines)


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/api/plans", {}, "account_id"),
        ("/api/plans", {"account_id": 7}, "account_id"),
        ("/api/plans", {"account_id": "A-697", "owner": "me"}, "owner"),
        ("/api/imports", {}, "names no folder"),
        ("/api/plans/P-1/decisions", {"version": 1, "verdict": "maybe"}, "verdict"),
    ],
)
def test_a_malformed_request_names_its_fields(acting, path: str, body: dict, words: str) -> None:
    answer = acting(REVOPS).post(path, json=body)

    assert answer.status_code == 422
    assert words in answer.json()["error"]["message"]
    assert set(answer.json()) == {"error"}


def test_a_missing_address_and_a_wrong_method_have_the_same_shape(acting) -> None:
    client = acting(REVOPS)

    assert client.get("/api/nowhere").json()["error"]["code"] == "not_found"
    assert client.delete("/api/plans").status_code == 405
    assert client.delete("/api/plans").json()["error"]["code"] == "method_not_allowed"


def test_a_fault_of_ours_tells_an_incident_and_no_details(acting, workspace, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(workspace.store.plans, "list", broken)

    answer = acting(REVOPS).get("/api/plans")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert answer.json()["error"]["incident"]

"""The life of a scenario over HTTP: run, chosen, argued about, submitted and decided."""

from __future__ import annotations

from typing import Any

import pytest

import tools.territory.designs
from domain.decision import DecisionRequest
from domain.errors import ApprovalRequired
from tests.api.doors import FOREIGN_MANAGER, FOREIGN_REP, MANAGER, REP, REVOPS
from tests.api.scenario_designs import MOVES, quick_designs

# The team of three in Europe: Ilse Brandtner manages it, Lucien Marchetti is R-292.
EUROPE, LEAD, LUCIEN = "Europe", FOREIGN_MANAGER, FOREIGN_REP


@pytest.fixture(autouse=True)
def solves(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every solve of a test, by the number of constraints it was given."""
    made: list[int] = []

    def counted(case: Any, **given: Any) -> Any:
        made.append(len(case.constraints))
        return quick_designs(case, **given)

    monkeypatch.setattr(tools.territory.designs, "design_frontier", counted)
    return made


def run(client: Any, **request: Any) -> dict:
    answer = client.post("/api/scenarios", json={"team": EUROPE, **request})
    assert answer.status_code == 201, answer.text
    return answer.json()


def post(client: Any, scenario: dict, path: str, *, version: int | None = None, **body: Any) -> Any:
    known = scenario["version"]
    return client.post(
        f"/api/scenarios/{known['scenario_id']}/{path}",
        json={"version": known["version"] if version is None else version, **body},
    )


def done(answer: Any) -> dict:
    assert answer.status_code == 201, answer.text
    return answer.json()


def refused(answer: Any, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    return error


def owned(scenario: dict, rep: str | None = None) -> list[str]:
    """Accounts that leave an owner, what matters most first."""
    return [
        move["account_id"]
        for move in scenario["point"]["moves"]
        if move["from_rep"] is not None and rep in {None, move["from_rep"]}
    ]


def submitted(client: Any, scenario: dict) -> dict:
    return done(post(client, scenario, "submit", accept_rest=True))


def decision(scenario: dict, verdict: str = "approved", **more: Any) -> dict:
    return {"version": scenario["version"]["version"], "verdict": verdict, **more}


def decide(client: Any, scenario: dict, verdict: str = "approved", **more: Any) -> Any:
    address = f"/api/scenarios/{scenario['version']['scenario_id']}/decisions"
    return client.post(address, json=decision(scenario, verdict, **more))


# ---------------------------------------------------------------- run and read


def test_a_run_is_a_draft_that_proposes_the_suggested_design(acting) -> None:
    client = acting(REVOPS)
    scenario = run(client, name="Autumn", trigger="Two reps over their hours")

    version = scenario["version"]
    assert (version["version"], version["status"]) == (1, "draft")
    assert version["content"]["name"] == "Autumn"
    assert version["content"]["reps"] == ["R-288", "R-292", "R-295"]
    assert version["content"]["chosen"] == scenario["suggested"] == scenario["point"]["index"]
    assert scenario["designs"] == 1 + len(MOVES)
    assert scenario["present"]["index"] == 0
    assert scenario["undecided"] == len(scenario["point"]["moves"]) > 0
    row = client.get(f"/api/scenarios/{version['scenario_id']}/frontier").json()
    assert row["points"][scenario["suggested"]] == scenario["point"]
    (line,) = client.get("/api/scenarios").json()
    assert line["scenario_id"] == version["scenario_id"]
    assert line["moves"] == scenario["undecided"]
    assert line["stale"] is False
    read = client.get(f"/api/scenarios/{version['scenario_id']}", params={"v": 1}).json()
    assert read == scenario


def test_the_same_request_is_the_same_scenario_until_somebody_works_on_it(
    acting, solves: list[int]
) -> None:
    client = acting(REVOPS)
    first = run(client)
    again = run(client)

    assert again == first
    assert len(solves) == 1

    done(post(client, first, "choose", point=2))
    other = run(client)
    assert other["version"]["scenario_id"] != first["version"]["scenario_id"]
    assert other["version"]["content"]["frontier"] == first["version"]["content"]["frontier"]


def test_reading_solves_nothing(acting, solves: list[int]) -> None:
    client = acting(REVOPS)
    scenario = run(client)
    before = len(solves)
    address = f"/api/scenarios/{scenario['version']['scenario_id']}"
    account = owned(scenario)[0]

    for path in ("", "/frontier", "/before-after", f"/explain/{account}", "/feedback"):
        assert client.get(address + path).status_code == 200, path

    assert len(solves) == before


def test_a_move_is_explained_and_two_designs_are_compared(acting) -> None:
    client = acting(REVOPS)
    scenario = run(client)
    scenario_id, moved = scenario["version"]["scenario_id"], owned(scenario)[0]
    (move,) = [item for item in scenario["point"]["moves"] if item["account_id"] == moved]

    told = client.get(
        f"/api/scenarios/{scenario_id}/explain/{moved}", params={"rep": move["from_rep"]}
    ).json()
    assert told["move"] == move
    assert sum(part["points"] for part in move["parts"]) == pytest.approx(move["points"])
    assert told["why_not"]["points"] == pytest.approx(move["points"])

    both = client.get(
        "/api/scenarios/compare", params={"ids": f"{scenario_id}:1,{scenario_id}:3"}
    ).json()
    assert [design["point"] for design in both["designs"]] == [1, 3]
    # The third design makes the moves of the first and five more.
    assert len(both["only"][0]) == 0
    assert len(both["only"][1]) == MOVES[0.5] - MOVES[2.0]
    wrong = client.get("/api/scenarios/compare", params={"ids": f"{scenario_id}:x,S-1"})
    assert "names no design" in refused(wrong, 422, "invalid_input")["message"]


@pytest.mark.parametrize(
    ("given", "limits"),
    [
        ({"max_moves": "50%"}, [{"accounts_share": 0.5}]),
        ({"max_moves": "60"}, [{"accounts": 60}]),
        ({"max_value": "25%"}, [{"value_share": 0.25}]),
        ({"max_moves": "60", "max_value": "25%"}, [{"accounts": 60}, {"value_share": 0.25}]),
    ],
)
def test_moves_are_limited_by_number_or_share(acting, given: dict, limits: list[dict]) -> None:
    client = acting(REVOPS)
    scenario = run(client, **given)
    row = client.get(f"/api/scenarios/{scenario['version']['scenario_id']}/frontier").json()

    found = [item for item in row["constraints"] if item["kind"] == "most_moves"]
    named = ("accounts", "accounts_share", "value_share")
    assert [
        {name: item[name] for name in named if item[name] is not None} for item in found
    ] == limits


@pytest.mark.parametrize(
    "given",
    [{"max_moves": "many"}, {"max_moves": "120%"}, {"max_moves": "1.5"}, {"max_value": "30"}],
)
def test_a_limit_that_is_none_is_refused(acting, given: dict) -> None:
    answer = acting(REVOPS).post("/api/scenarios", json={"team": EUROPE, **given})

    assert "is no limit" in refused(answer, 422, "invalid_input")["message"]


def test_a_number_that_is_none_is_refused_and_breaks_nothing(acting, solves: list[int]) -> None:
    event = '{"kind": "account_changed", "account_id": "A-614", "why": "x", "potential": Infinity}'
    answer = acting(REVOPS).post(
        "/api/scenarios",
        content=f'{{"team": "{EUROPE}", "events": [{event}]}}',
        headers={"content-type": "application/json"},
    )

    assert "finite number" in refused(answer, 422, "invalid_input")["message"]
    assert solves == []


def test_a_measure_left_out_weighs_nothing(acting, workspace) -> None:
    scenario = run(acting(REVOPS), balance=["potential"])

    assert scenario["version"]["content"]["balance"] == ["potential"]
    assert scenario["point"]["work_points"] == 0
    assert scenario["point"]["potential_points"] > 0
    nothing = acting(REVOPS).post("/api/scenarios", json={"team": EUROPE, "balance": []})
    assert "Nothing is to be balanced" in refused(nothing, 422, "invalid_input")["message"]


def test_a_lock_is_answered_for_by_who_makes_it_and_ends_with_the_period(acting) -> None:
    client = acting(REVOPS)
    account = owned(run(client))[0]
    lock = {"kind": "lock", "account_id": account, "rep_id": "R-295", "by": "", "reason": "Deal"}

    scenario = run(client, name="Locked", constraints=[lock])

    (kept,) = scenario["kept"]
    assert (kept["by"], kept["rep_id"]) == (REVOPS, "R-295")
    row = client.get(f"/api/scenarios/{scenario['version']['scenario_id']}/frontier").json()
    assert kept["until"] == row["period_end"]
    for changed, words in (
        ({"by": "harriet.okonjo"}, "answered for by the person who makes it"),
        ({"reason": " "}, "has no reason"),
    ):
        answer = client.post(
            "/api/scenarios", json={"team": EUROPE, "constraints": [{**lock, **changed}]}
        )
        assert words in refused(answer, 422, "invalid_input")["message"]


def test_one_rep_is_no_team_to_balance(acting, solves: list[int]) -> None:
    answer = acting(REVOPS).post("/api/scenarios", json={"team": "Pacific"})

    error = refused(answer, 409, "wrong_tool")
    assert "Only 1 rep" in error["message"]
    assert "plan draft" in error["hint"]
    assert solves == []


def test_who_may_run_is_settled_before_anything_is_read(acting) -> None:
    rep = acting(LUCIEN).post("/api/scenarios", json={"team": EUROPE})
    assert "Ines Moreau" in refused(rep, 403, "not_permitted")["who_can"]

    whole = acting(LEAD).post("/api/scenarios", json={})
    assert "Name a team: Europe" in refused(whole, 403, "not_permitted")["hint"]

    foreign = acting(LEAD).post("/api/scenarios", json={"team": "North America"})
    missing = acting(LEAD).post("/api/scenarios", json={"team": "Atlantis"})
    assert refused(foreign, 404, "not_found") == {
        **refused(missing, 404, "not_found"),
        "message": missing.json()["error"]["message"].replace("Atlantis", "North America"),
    }


# ---------------------------------------------------------------- choosing and moves


def test_choosing_another_design_keeps_the_choices_they_share(acting) -> None:
    client = acting(REVOPS)
    scenario = done(post(client, run(client), "choose", point=3))
    shared = run_moves(scenario, client, 1)[0]
    alone = next(
        move["account_id"]
        for move in scenario["point"]["moves"]
        if move["account_id"] not in run_moves(scenario, client, 1)
    )
    choices = [{"account_id": item, "choice": "accept"} for item in (shared, alone)]
    scenario = done(post(client, scenario, "moves/decisions", choices=choices))

    scenario = done(post(client, scenario, "choose", point=1))

    assert [item["account_id"] for item in scenario["version"]["content"]["choices"]] == [shared]
    assert scenario["version"]["version"] == 4
    error = refused(post(client, scenario, "choose", point=9), 404, "not_found")
    assert "There is no design 9" in error["message"]


def run_moves(scenario: dict, client: Any, point: int) -> list[str]:
    row = client.get(f"/api/scenarios/{scenario['version']['scenario_id']}/frontier").json()
    return [move["account_id"] for move in row["points"][point]["moves"]]


def test_keeping_an_account_locks_it_and_says_what_that_cost(acting, solves: list[int]) -> None:
    client = acting(REVOPS)
    scenario = run(client)
    kept, accepted, *_ = owned(scenario)
    owner = next(m["from_rep"] for m in scenario["point"]["moves"] if m["account_id"] == kept)

    scenario = done(
        post(client, scenario, f"moves/{accepted}/decisions", choice="accept", reason="Fine.")
    )
    assert len(solves) == 1
    assert scenario["cost"] is None
    before = scenario["point"]
    scenario = done(
        post(client, scenario, f"moves/{kept}/decisions", choice="keep", reason="Renewal")
    )

    assert len(solves) == 2
    (lock,) = scenario["kept"]
    assert (lock["account_id"], lock["rep_id"], lock["by"]) == (kept, owner, REVOPS)
    assert lock["reason"] == "Renewal"
    assert kept not in owned(scenario)
    assert [item["account_id"] for item in scenario["version"]["content"]["choices"]] == [accepted]
    cost = scenario["cost"]
    assert cost["before"] == before["figures"]
    assert cost["after"] == scenario["point"]["figures"]
    # Both designs are of the same weight, so the cost is the difference of objectives.
    assert scenario["point"]["disruption_weight"] == before["disruption_weight"]
    assert cost["points"] == pytest.approx(scenario["point"]["objective"] - before["objective"])
    assert cost["told"].startswith("Keeping 1 account ")
    # Neither design is proven best, so the cost is as exact as the two gaps allow.
    gaps = f"{before['gap']:.2f} points better was possible before, {scenario['point']['gap']:.2f}"
    assert gaps in cost["told"]


def test_several_accounts_are_kept_with_one_solve(acting, solves: list[int]) -> None:
    client = acting(REVOPS)
    scenario = run(client)
    choices = [
        {"account_id": account, "choice": "keep", "reason": "Known"} for account in owned(scenario)
    ]

    scenario = done(post(client, scenario, "moves/decisions", choices=choices))

    assert solves == [0, len(choices)]
    assert len(scenario["kept"]) == len(choices) > 1
    assert scenario["version"]["version"] == 2


def test_accepting_what_a_keep_prevents_lifts_the_lock(acting) -> None:
    client = acting(REVOPS)
    first = run(client)
    account = owned(first)[0]
    scenario = done(
        post(client, first, f"moves/{account}/decisions", choice="keep", reason="Renewal")
    )

    scenario = done(post(client, scenario, f"moves/{account}/decisions", choice="accept"))

    assert scenario["kept"] == []
    assert scenario["point"]["moves"] == first["point"]["moves"]
    assert scenario["cost"]["told"].startswith("Lifting 1 lock ")


def test_choices_that_make_no_sense_are_refused_in_words(acting, solves: list[int]) -> None:
    client = acting(REVOPS)
    scenario = run(client)
    account = owned(scenario)[0]
    unowned = next(m["account_id"] for m in scenario["point"]["moves"] if m["from_rep"] is None)
    moving = {move["account_id"] for move in scenario["point"]["moves"]}
    row = client.get(f"/api/scenarios/{scenario['version']['scenario_id']}/frontier").json()
    still = next(item for item in row["accounts"] if item not in moving)
    keep, accept = {"choice": "keep", "reason": "Known"}, {"choice": "accept"}

    for choices, status, words in (
        ([{"account_id": account, "choice": "keep"}], 422, "is kept without a reason"),
        ([{"account_id": unowned, **keep}], 409, "has no owner to stay with"),
        ([{"account_id": still, **keep}], 422, "it stays anyway"),
        ([{"account_id": still, **accept}], 422, "does not move under the proposed design"),
        ([{"account_id": "A-none", **accept}], 404, "There is no account 'A-none'"),
        ([{"account_id": account, **keep}, {"account_id": account, **accept}], 422, "two choices"),
        ([], 422, "nothing to decide"),
    ):
        answer = post(client, scenario, "moves/decisions", choices=choices)
        assert answer.status_code == status, answer.text
        assert words in answer.json()["error"]["message"]

    assert len(solves) == 1
    assert client.get("/api/scenarios").json()[0]["version"] == 1


def test_who_read_an_older_version_is_told_of_the_newer_one(acting) -> None:
    client = acting(REVOPS)
    scenario = run(client)
    done(post(acting(LEAD), scenario, "choose", point=2))

    error = refused(post(client, scenario, "choose", point=1), 409, "scenario_superseded")

    assert error["newest_version"] == 2
    assert error["link"] == f"/scenarios/{scenario['version']['scenario_id']}?v=2"


# ---------------------------------------------------------------- feedback


def said(client: Any, scenario: dict, account: str, answer: str = "keep", **more: Any) -> Any:
    return client.post(
        f"/api/scenarios/{scenario['version']['scenario_id']}/feedback",
        json={"account_id": account, "answer": answer, "reason": "Ten years.", **more},
    )


def test_a_rep_objects_and_the_accepted_objection_becomes_a_rule(acting) -> None:
    client, rep = acting(REVOPS), acting(LUCIEN)
    scenario = run(client)
    account = owned(scenario, "R-292")[0]
    scenario = done(post(client, scenario, "ask", reps=["R-292"]))
    (call,) = rep.get("/api/inbox").json()["scenarios"]
    assert (call["waiting"], call["scenario_id"]) == ("answer", scenario["version"]["scenario_id"])

    own = done(said(rep, scenario, account))
    assert [item["feedback"]["account_id"] for item in own["answers"]] == [account]
    assert own["answers"][0]["points"] is None
    assert rep.get("/api/inbox").json()["scenarios"] == []

    address = f"/api/scenarios/{scenario['version']['scenario_id']}"
    read = client.get(address + "/feedback").json()
    assert read["objections"] == 1
    assert read["waiting"] == []
    (move,) = [item for item in scenario["point"]["moves"] if item["account_id"] == account]
    assert read["answers"][0]["points"] == pytest.approx(move["points"])
    assert client.get(address).json()["objections"] == 1

    # The answer came after version 2 was read; it is no obstacle to settling it.
    about = {"account_id": account, "rep_id": "R-292"}
    settled = done(
        post(client, scenario, "feedback/settle", **about, status="accepted", reason="Agreed.")
    )

    assert settled["objections"] == 0
    assert account not in owned(settled)
    (lock,) = settled["kept"]
    assert (lock["account_id"], lock["rep_id"], lock["by"]) == (account, "R-292", REVOPS)
    assert settled["cost"]["told"].startswith("Accepting the objection ")
    (answer,) = rep.get(address + "/feedback").json()["answers"]
    assert answer["feedback"]["status"] == "accepted"
    again = post(client, settled, "feedback/settle", **about, status="declined", reason="No.")
    assert "was accepted already" in refused(again, 409, "conflict")["message"]


def test_declining_needs_a_reason_which_the_rep_reads(acting, solves: list[int]) -> None:
    client, rep = acting(REVOPS), acting(LUCIEN)
    scenario = run(client)
    account = owned(scenario, "R-292")[0]
    done(said(rep, scenario, account))
    about = {"account_id": account, "rep_id": "R-292", "status": "declined"}

    silent = post(client, scenario, "feedback/settle", **about)
    assert "declined without a reason" in refused(silent, 422, "invalid_input")["message"]
    settled = done(post(client, scenario, "feedback/settle", **about, reason="Hours do not allow."))

    assert settled["objections"] == 0
    assert len(solves) == 1
    (own,) = rep.get(f"/api/scenarios/{scenario['version']['scenario_id']}/feedback").json()[
        "answers"
    ]
    assert own["feedback"]["settled_reason"] == "Hours do not allow."


def test_answers_that_cannot_be_meant_are_refused(acting) -> None:
    client, rep = acting(REVOPS), acting(LUCIEN)
    scenario = run(client)
    account = owned(scenario, "R-292")[0]
    foreign = next(
        move["account_id"]
        for move in scenario["point"]["moves"]
        if "R-292" not in {move["from_rep"], move["to_rep"]}
    )

    for answer, status in (
        (said(rep, scenario, foreign), 404),
        (said(rep, scenario, "A-none"), 404),
        (said(rep, scenario, account, rep_id="R-288"), 404),
        (said(rep, scenario, account, reason=" "), 422),
        (said(rep, scenario, account, "wrong_tier"), 422),
        (said(rep, scenario, account, "relationship_since", since="2031-01-01"), 422),
    ):
        assert answer.status_code == status, answer.text
    assert client.get("/api/scenarios").json()[0]["version"] == 1


# ---------------------------------------------------------------- events


def test_a_wish_is_no_event_and_the_rule_is_cited(acting) -> None:
    client = acting(REVOPS)
    scenario = run(client)
    wish = {"kind": "wants_account", "account_id": owned(scenario)[0], "rep_id": "R-295"}

    error = refused(post(client, scenario, "events", event=wish), 409, "not_a_trigger")

    assert "no reason to redraw territories" in error["message"]
    assert client.get("/api/scenarios").json()[0]["version"] == 1


# ---------------------------------------------------------------- submit and decide


def test_a_submission_needs_every_move_decided_or_the_rest_accepted(acting) -> None:
    client = acting(REVOPS)
    scenario = run(client)
    moves = [move["account_id"] for move in scenario["point"]["moves"]]

    error = refused(post(client, scenario, "submit"), 409, "decision_refused")
    assert error["undecided"] == moves

    sent = done(post(client, scenario, "submit", accept_rest=True, reason="Balanced at last."))
    content = sent["version"]["content"]
    assert (sent["version"]["status"], sent["undecided"]) == ("in_review", 0)
    assert (content["submitted_by"], content["submitted_reason"]) == (REVOPS, "Balanced at last.")
    assert {item["account_id"] for item in content["choices"]} == set(moves)
    again = post(client, sent, "submit")
    assert "in review already" in refused(again, 409, "conflict")["message"]


def test_there_is_nothing_to_approve_in_the_present_assignment(acting) -> None:
    client = acting(REVOPS)
    scenario = done(post(client, run(client), "choose", point=0))

    error = refused(post(client, scenario, "submit"), 409, "decision_refused")

    assert "moves no account" in error["message"]


def test_answers_given_meanwhile_hold_up_a_submission_but_open_ones_do_not(acting) -> None:
    client, rep = acting(REVOPS), acting(LUCIEN)
    scenario = run(client)
    done(said(rep, scenario, owned(scenario, "R-292")[0]))

    unread = post(client, scenario, "submit", accept_rest=True)
    assert "Reps answered since version 1" in refused(unread, 409, "scenario_superseded")["message"]

    sent = done(post(client, scenario, "submit", version=2, accept_rest=True))
    assert sent["objections"] == 1
    (waiting,) = acting(LEAD).get("/api/inbox").json()["scenarios"]
    assert (waiting["waiting"], waiting["why"]) == ("decide", "1 open objection.")


def test_the_figures_of_a_submitted_design_are_evidence_for_who_sees_it_whole(
    acting, workspace
) -> None:
    sent = submitted(acting(REVOPS), run(acting(REVOPS)))
    root = sent["version"]["content"]["ledger_root"]
    ledger = workspace.store.ledgers.ledger(workspace.principal(LEAD), root)
    cell = next(iter(ledger.entries))

    card = acting(LEAD).get(f"/api/evidence/{cell}")
    assert card.status_code == 200
    assert card.json()["evidence"]["entity"].startswith(
        f"scenario:{sent['version']['scenario_id']}/design:"
    )
    for stranger in (LUCIEN, MANAGER):
        assert acting(stranger).get(f"/api/evidence/{cell}").status_code == 404


def test_another_person_approves_and_only_then_it_is_in_force(acting, workspace) -> None:
    client, lead = acting(REVOPS), acting(LEAD)
    scenario = run(client)
    early = decide(lead, scenario)
    assert "nobody sent for a decision" in refused(early, 409, "decision_refused")["message"]
    sent = submitted(client, scenario)
    assert sent["may_decide"]["who_can"] == ["Ilse Brandtner"]
    mine = refused(decide(client, sent), 403, "not_permitted")
    assert mine["who_can"] == ["Ilse Brandtner"]
    with pytest.raises(ApprovalRequired):
        workspace.store.scenarios.approved(
            workspace.principal(LEAD), sent["version"]["scenario_id"]
        )

    first = done(decide(lead, sent, reason="Go."))
    again = done(decide(lead, sent, reason="Go."))

    assert again == first
    assert first["subject_kind"] == "scenario"
    read = lead.get(f"/api/scenarios/{sent['version']['scenario_id']}").json()
    assert read["version"]["status"] == "approved"
    assert [item["decision_id"] for item in read["decisions"]] == [first["decision_id"]]
    late = refused(decide(lead, sent, "returned", reason="Wait."), 409, "already_decided")
    assert late["decided_by"] == LEAD
    assert workspace.store.effects.pending(workspace.principal(REVOPS)) == []
    assert client.get("/api/audit/verify").json()["intact"] is True
    acts = [
        (item["verb"], item["object"])
        for item in client.get("/api/audit").json()
        if sent["version"]["scenario_id"] in item["object"]
    ]
    assert [verb for verb, _ in acts] == ["ran", "submitted", "approved"]
    # An approved scenario that is changed is a draft again.
    changed = done(post(client, sent, "choose", point=2))
    assert changed["version"]["status"] == "draft"


def test_who_had_a_hand_in_it_does_not_decide(acting) -> None:
    lead = acting(LEAD)
    ran = submitted(lead, run(lead))
    error = refused(decide(lead, ran), 403, "not_permitted")
    assert error["message"] == (
        "Ilse Brandtner ran it and submitted it, so somebody else decides on it."
    )
    assert error["who_can"] == []

    # One choice among the work of somebody else counts as well, in an older version too.
    scenario = run(acting(REVOPS), name="Other")
    done(post(lead, scenario, "choose", point=2))
    sent = done(post(acting(REVOPS), scenario, "submit", version=2, accept_rest=True))
    assert "chose its design" in refused(decide(lead, sent), 403, "not_permitted")["message"]


def test_a_return_needs_a_reason_and_a_change_before_it_comes_back(acting) -> None:
    client, lead = acting(REVOPS), acting(LEAD)
    sent = submitted(client, run(client))
    silent = decide(lead, sent, "returned")
    assert "returned without a reason" in refused(silent, 409, "decision_refused")["message"]
    sections = [{"section": "why_now", "verdict": "approved"}]
    wrong = decide(lead, sent, sections=sections)
    assert "has no sections" in refused(wrong, 409, "decision_refused")["message"]
    done(decide(lead, sent, "returned", reason="Too many moves."))
    (item,) = client.get("/api/inbox").json()["scenarios"]
    assert item["waiting"] == "revise"

    same = post(client, sent, "submit")
    assert "Nothing changed since version 2" in refused(same, 409, "decision_refused")["message"]
    stands = done(post(client, sent, "submit", reason="They are all of one family."))
    assert stands["version"]["status"] == "in_review"
    assert stands["version"]["version"] == 3


def test_a_scenario_of_an_earlier_book_is_read_but_neither_solved_nor_approved(
    acting, workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, lead = acting(REVOPS), acting(LEAD)
    draft = run(client)
    account = owned(draft)[0]
    sent = submitted(client, run(client, name="Sent"))
    monkeypatch.setattr(workspace.store.books, "current_id", lambda principal: "bk_newer")

    assert all(line["stale"] for line in client.get("/api/scenarios").json())
    for answer in (
        post(client, draft, "submit", accept_rest=True),
        post(client, draft, f"moves/{account}/decisions", choice="keep", reason="Known"),
        decide(lead, sent),
    ):
        error = refused(answer, 409, "scenario_stale")
        assert "Run it again on the current book" in error["hint"]
    done(decide(lead, sent, "returned", reason="Run it again."))


def test_a_decision_that_a_crash_left_without_effect_is_brought_about(acting, workspace) -> None:
    from api.opening import finish_what_was_begun

    sent = submitted(acting(REVOPS), run(acting(REVOPS)))
    content, lead = sent["version"]["content"], workspace.principal(LEAD)
    scenario_id = sent["version"]["scenario_id"]
    version = workspace.store.scenarios.version(lead, scenario_id)
    workspace.store.decisions.decide(
        lead,
        "scenario",
        scenario_id,
        DecisionRequest(version=version.version, verdict="approved"),
        subject_hash=version.content.scenario_hash,
        ledger_root=content["ledger_root"],
        coverage_hash=content["coverage_hash"],
        now=workspace.store.clock(),
    )

    finish_what_was_begun(workspace)

    assert workspace.store.scenarios.approved(lead, scenario_id).version == version.version


# ---------------------------------------------------------------- exceptions


def test_the_register_names_every_lock_with_its_owner_and_last_day(acting) -> None:
    client = acting(REVOPS)
    scenario = run(client)
    account = owned(scenario)[0]
    assert client.get("/api/exceptions").json()["exceptions"] == []
    scenario = done(
        post(client, scenario, f"moves/{account}/decisions", choice="keep", reason="Renewal")
    )

    answer = client.get("/api/exceptions").json()

    (line,) = answer["exceptions"]
    assert (line["account_id"], line["by_name"], line["reason"]) == (
        account,
        "Ines Moreau",
        "Renewal",
    )
    assert line["until"] == scenario["kept"][0]["until"]
    assert answer["under_exception"] == 1
    assert answer["share"] == pytest.approx(1 / answer["accounts"])
    assert answer["alarm"] == ""
    assert acting(REP).get("/api/exceptions").json()["exceptions"] == []


def test_a_team_under_exception_raises_the_alarm_however_large_the_book(acting) -> None:
    client = acting(REVOPS)
    run(client, team="", name="Whole book")
    scenario = run(client)
    row = client.get(f"/api/scenarios/{scenario['version']['scenario_id']}/frontier").json()
    now = row["points"][0]["assignment"]
    held = [
        (account, row["reps"][rep]["rep_id"])
        for account, rep in zip(row["accounts"], now, strict=True)
        if rep >= 0
    ]
    tenth = len(row["accounts"]) // 10
    lock = {"kind": "lock", "by": "", "reason": "Agreed"}

    def locked(many: int) -> dict:
        locks = [{**lock, "account_id": account, "rep_id": rep} for account, rep in held[:many]]
        run(client, name=f"{many} locks", constraints=locks)
        return client.get("/api/exceptions").json()

    assert locked(tenth)["alarm"] == ""
    answer = locked(tenth + 1)
    assert answer["share"] < 0.1
    assert answer["alarm"].startswith(f"{EUROPE}: {tenth + 1} of {len(row['accounts'])} accounts")

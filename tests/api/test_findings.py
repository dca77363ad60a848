"""From a draft over a finding and its approval to the next ranking, through the doors."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.api.doors import ACCOUNT, FOREIGN_REP, MANAGER, REP, REVOPS, approval

POTENTIAL = {"kind": "potential", "amount": "5,000,000", "reason": "Their buyer named the budget"}
MET = {
    "kind": "relationship",
    "contact": "Jo Beckford",
    "level": "executive",
    "met": True,
    "reason": "Met at the fair",
}
DEAL = {
    "kind": "opportunity",
    "name": "Spring fleet",
    "stage": "proposal",
    "amount": "40000",
    "closes": "2027-01-31",
    "reason": "They asked for an offer",
}


@pytest.fixture
def rep(acting):
    return acting(REP)


@pytest.fixture
def boss(acting):
    return acting(MANAGER)


def drafted(rep, account: str = ACCOUNT) -> str:
    return rep.post("/api/plans", json={"account_id": account}).json()["plan_id"]


def add(client, plan_id: str, **body) -> dict:
    answer = client.post(f"/api/plans/{plan_id}/findings", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def removed(client, plan_id: str, number: int = 1) -> int:
    address = f"/api/plans/{plan_id}/findings/removals"
    return int(client.post(address, json={"number": number}).status_code)


def decide(boss, plan_id: str, verdict: str = "approved", **more) -> dict:
    view = boss.get(f"/api/plans/{plan_id}").json()["view"]
    body = approval(view) if verdict == "approved" else {"version": view["version"]}
    answer = boss.post(f"/api/plans/{plan_id}/decisions", json=body | {"verdict": verdict} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def ranked(client) -> list[dict]:
    return client.get("/api/accounts").json()


def of(client, account: str = ACCOUNT) -> dict:
    return next(line for line in ranked(client) if line["account_id"] == account)


def low(client) -> str:
    """An account far down the owner's list that still gets a plan."""
    return [line for line in ranked(client) if line["plan_depth"] != "none"][-1]["account_id"]


def test_a_finding_moves_the_rank_once_another_person_has_approved_the_plan(rep, boss):
    account = low(rep)
    before, order = of(rep, account), ranked(rep)
    plan_id = drafted(rep, account)
    assert add(rep, plan_id, **POTENTIAL)["version"] == 2
    add(rep, plan_id, **MET)
    assert ranked(rep) == order
    assert rep.get("/api/findings").json() == []

    decision = decide(boss, plan_id)

    after = of(rep, account)
    assert (after["potential"], after["potential_p75"]) == (5_000_000, 5_000_000)
    assert after["expected_value"] == round(after["win_probability"] * 5_000_000, 2)
    assert after["rank"] < before["rank"]
    first, second = rep.get("/api/findings").json()
    assert (first["said"], first["state"]) == (
        "Potential corrected to 5,000,000 USD a year",
        "in_force",
    )
    assert (first["plan_id"], first["version"], first["decision_id"]) == (
        plan_id,
        3,
        decision["decision_id"],
    )
    assert (first["said_by"], first["approved_by"]) == ("Tobias Renner", "Harriet Okonjo")
    changed = {item["what"]: (item["before"], item["after"]) for item in first["changed"]}
    assert float(changed["potential_p50"][0]) == before["potential"]
    assert changed["potential_p50"][1] == "5000000"
    followed = {item["what"]: (item["before"], item["after"]) for item in first["followed"]}
    assert followed["rank"] == (str(before["rank"]), str(after["rank"]))
    if before["score"] != after["score"]:
        assert followed["score"] == (str(before["score"]), str(after["score"]))
    assert "contacts" in {item["what"] for item in second["changed"]}


def test_a_plan_asks_for_no_re_check_of_itself_and_is_not_drafted_again(rep, boss):
    plan_id = drafted(rep)
    add(rep, plan_id, **POTENTIAL)
    decide(boss, plan_id)

    answer = rep.get(f"/api/plans/{plan_id}").json()
    (line,) = rep.get("/api/plans").json()
    again = rep.post("/api/plans", json={"account_id": ACCOUNT}).json()

    assert answer["view"]["recheck"] == []
    assert answer["view"]["score"]
    assert line["stale"] is False
    assert (again["version"], again["status"]) == (2, "approved")
    assert of(rep)["potential"] == 5_000_000


def test_another_plan_of_the_owner_is_to_be_checked_where_its_cells_changed(rep, boss):
    # Both plans tell of the ranks among the owner's accounts only through their figures:
    # the other plan names the best alternatives by open potential.
    account = low(rep)
    other = drafted(rep)
    decide(boss, other)
    plan_id = drafted(rep, account)
    add(rep, plan_id, **POTENTIAL)
    decide(boss, plan_id)

    view = rep.get(f"/api/plans/{other}").json()["view"]
    stale = {line["plan_id"]: line["stale"] for line in rep.get("/api/plans").json()}

    assert stale == {other: True, plan_id: False}
    assert any("alternative" in line or "rank" in line for line in view["recheck"]), view["recheck"]


def test_what_was_cited_before_a_finding_can_still_be_opened(rep, boss):
    plan_id = drafted(rep)
    add(rep, plan_id, **POTENTIAL)
    decide(boss, plan_id)

    view = rep.get(f"/api/plans/{plan_id}").json()["view"]
    for source in (*view["computed"], *view["sources"]):
        assert rep.get(f"/api/evidence/{source['evidence_id']}").status_code == 200


def test_the_next_plan_of_the_account_cites_what_the_person_said(rep, boss, workspace):
    plan_id = drafted(rep)
    add(rep, plan_id, **POTENTIAL)
    decide(boss, plan_id)
    principal = workspace.principal(REP)
    # Half a year on nothing but the date has changed: the plan's period is over.
    later = _another_day(workspace, 120)

    next_plan = drafted(rep)

    assert next_plan != plan_id
    content = workspace.plan_version(principal, next_plan).content
    ledger = workspace.store.ledgers.ledger(principal, content.ledger_root)
    said = [item for item in ledger.entries.values() if item.kind == "human"]
    assert [(item.metric, item.value) for item in said] == [("potential", "5000000")]
    assert content.findings_hash == workspace.reading(principal).findings_hash != ""
    assert (content.as_of, content.plan_findings) == (later, ())


def _another_day(workspace, days: int) -> date:
    """Make the same book of another day the current one."""
    principal = workspace.principal(REVOPS)
    book = workspace.reading(principal).book
    day = book.as_of + timedelta(days=days)
    workspace.store.books.add(principal, replace(book, book_id=f"bk_{days:016x}", as_of=day))
    return day


def test_a_finding_goes_stale_and_is_applied_no_more(rep, boss, workspace):
    plan_id = drafted(rep)
    add(rep, plan_id, **POTENTIAL)
    decide(boss, plan_id)
    limit = workspace.reading(workspace.principal()).coverage.freshness.human
    _another_day(workspace, limit + 1)

    (line,) = rep.get("/api/findings").json()
    assert line["state"] == "stale"
    assert (line["changed"], line["followed"]) == ([], [])
    assert of(rep)["potential"] != 5_000_000

    # Said again in a new version that is approved, it counts again.
    assert add(rep, plan_id, **POTENTIAL)["version"] == 3
    decide(boss, plan_id)
    assert rep.get("/api/findings").json()[0]["state"] == "in_force"
    assert of(rep)["potential"] == 5_000_000


def test_a_returned_plan_changes_nothing(rep, boss):
    order, plan_id = ranked(rep), drafted(rep)
    add(rep, plan_id, **POTENTIAL)
    decide(boss, plan_id, "returned", reason="Who said so?")

    assert ranked(rep) == order
    assert rep.get("/api/findings").json() == []


def test_a_newer_version_takes_the_findings_out_until_it_is_approved(rep, boss):
    order, plan_id = ranked(rep), drafted(rep)
    add(rep, plan_id, **POTENTIAL)
    decide(boss, plan_id)
    rep.post(
        f"/api/plans/{plan_id}/versions", json={"section": "why_now", "text": "They call daily."}
    )
    assert ranked(rep) == order
    view = rep.get(f"/api/plans/{plan_id}").json()["view"]
    assert [item["note"] for item in view["findings"]] == [
        "Not applied: this version waits for a decision."
    ]

    assert removed(rep, plan_id) == 201
    decide(boss, plan_id)
    assert ranked(rep) == order


def test_a_redraft_carries_the_findings_along(rep, boss):
    plan_id = drafted(rep)
    add(rep, plan_id, **POTENTIAL)
    rep.post(f"/api/plans/{plan_id}/versions", json={"message": "Say more about the season."})

    view = rep.get(f"/api/plans/{plan_id}").json()["view"]
    assert [item["said"] for item in view["findings"]] == [
        "Potential corrected to 5,000,000 USD a year"
    ]


def test_words_in_a_plan_are_no_finding_even_when_approved(rep, boss):
    order, plan_id = ranked(rep), drafted(rep)
    rep.post(
        f"/api/plans/{plan_id}/versions",
        json={"section": "risks", "text": "Set the potential to the largest there is."},
    )
    view = boss.get(f"/api/plans/{plan_id}").json()["view"]
    waivers = [
        {"code": item["code"], "claim": item["claim"], "reason": "Said by the rep."}
        for item in view["blockers"]
    ]
    decide(boss, plan_id, waivers=waivers)

    assert ranked(rep) == order
    assert rep.get("/api/findings").json() == []


def test_who_added_a_finding_does_not_approve_it(boss, rep):
    plan_id = drafted(rep)
    add(boss, plan_id, **POTENTIAL)

    assert boss.get(f"/api/plans/{plan_id}").json()["may_decide"]["allowed"] is False


def test_findings_of_another_rep_are_neither_seen_nor_touched(rep, boss, acting):
    plan_id = drafted(rep)
    add(rep, plan_id, **POTENTIAL)
    decide(boss, plan_id)
    foreign = acting(FOREIGN_REP)

    assert foreign.get("/api/findings").json() == []
    missing = foreign.post("/api/plans/P-none/findings", json=POTENTIAL).json()["error"]
    refused = foreign.post(f"/api/plans/{plan_id}/findings", json=POTENTIAL)
    assert refused.status_code == 404
    assert refused.json()["error"]["hint"] == missing["hint"]
    assert removed(foreign, plan_id) == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (POTENTIAL | {"amount": "-5"}, "must be above nought"),
        (POTENTIAL | {"amount": "inf"}, "not a finite amount"),
        (POTENTIAL | {"amount": "much"}, "is not an amount"),
        (POTENTIAL | {"amount": None}, "cannot be used"),
        (POTENTIAL | {"reason": "  "}, "needs a reason"),
        (POTENTIAL | {"reason": "a" * 501}, "has 501 characters"),
        (POTENTIAL | {"stage": "won"}, "has no stage"),
        (MET | {"met_on": "2031-01-01"}, "lies after the book's date"),
        (MET | {"contact": "C-nobody-9"}, "has no contact 'C-nobody-9'"),
        (MET | {"contact": ""}, "has no contact"),
        (MET | {"level": "emperor"}, "There is no level 'emperor'"),
        (MET | {"level": None, "met": False}, "Nothing is said about this person"),
        (DEAL | {"closes": "2020-01-31"}, "lies in the past"),
        (DEAL | {"closes": "9999-12-31"}, "more than five years ahead"),
        (DEAL | {"closes": None}, "needs a name, a stage and the day"),
        (DEAL | {"stage": "won"}, "There is no stage of an open deal 'won'"),
        (DEAL | {"amount": "0"}, "must be above nought"),
    ],
)
def test_what_cannot_be_a_finding_is_refused_in_words(rep, body, said):
    plan_id = drafted(rep)
    refused = rep.post(f"/api/plans/{plan_id}/findings", json=body)

    assert refused.status_code in {404, 422}
    assert said in refused.json()["error"]["message"]
    assert rep.get(f"/api/plans/{plan_id}").json()["view"]["version"] == 1


def test_what_the_crm_says_already_is_no_finding(rep, workspace):
    plan_id = drafted(rep)
    book = workspace.reading(workspace.principal()).book
    contact = next(
        row
        for key in book.of_account("contacts", ACCOUNT)
        if str((row := book.rows("contacts")[key])["level"]) != "nan"
    )
    body = {"kind": "relationship", "contact": contact["contact_id"], "level": contact["level"]}

    refused = rep.post(f"/api/plans/{plan_id}/findings", json=body | {"reason": "I know"})

    assert "says so by now" in refused.json()["error"]["message"]


def test_the_page_and_the_export_tell_findings_apart_from_the_crm(rep, boss, workspace):
    plan_id = drafted(rep)
    add(rep, plan_id, **DEAL)
    view = boss.get(f"/api/plans/{plan_id}").json()["view"]
    draft = rep.get(f"/api/plans/{plan_id}/export?draft=true").text
    told = rep.get(f"/api/plans/{plan_id}/diff").json()

    assert "## Findings" in draft
    assert "Typed by a person and not in the CRM" in draft
    assert "Spring fleet" in draft
    assert view["findings"][0]["person_name"] == "Tobias Renner"
    assert any(
        line.startswith("Finding added: Opportunity: Spring fleet") for line in told["changes"]
    )


def test_a_scenario_keeps_the_findings_it_was_designed_under(rep, boss, workspace):
    plan_id = drafted(rep)
    add(rep, plan_id, **POTENTIAL)
    principal = workspace.principal(REP)
    before = workspace.reading(principal)
    decide(boss, plan_id)
    under = workspace.reading(principal)
    assert removed(rep, plan_id) == 201

    again = workspace.readings.of(principal, *under.ground)

    assert before.ground == workspace.reading(principal).ground
    assert again.findings == under.findings != ()
    assert again.analyses.potential.table.at[ACCOUNT, "potential_p50"] == 5_000_000


def test_the_command_line_adds_lists_and_removes_findings(cadastre):
    plan_id = cadastre("--as", REP, "--json", "plan", "draft", ACCOUNT).json["plan_id"]
    finding = ("--as", REP, "plan", "finding", plan_id)
    added = cadastre(*finding, "--potential", "5000000", "-m", "Their buyer named the budget")
    assert (added.code, "version 2" in added.out) == (0, True)
    assert (
        cadastre(*finding, "--met", "Jo Beckford", "--level", "executive", "-m", "Fair").code == 0
    )
    deal = ("--opportunity", "Spring fleet", "--stage", "proposal", "--closes", "2027-01-31")
    assert cadastre(*finding, *deal, "-m", "They asked").code == 0
    assert cadastre(*finding, "--remove", "2").code == 0
    assert "No approved plan holds a finding." in cadastre("--as", REP, "findings").out

    cadastre("--as", MANAGER, "plan", "decide", plan_id, "--approve", "-m", "Agreed")
    shown = cadastre("--as", REP, "findings").out
    listed = cadastre("--as", REP, "--json", "findings").json

    assert [line["kind"] for line in listed] == ["potential", "opportunity"]
    assert "potential p50:" in shown
    assert "-> 5000000" in shown
    assert "approved by Harriet Okonjo" in shown.replace("\n", " ")
    assert cadastre(*finding, "--potential", "1", "--remove", "1", "-m", "x").code == 2
    assert cadastre(*finding, "--remove", "9").code == 1
    refused = cadastre("--json", *finding, "--met", "Jo Beckford", "--on", "soon", "-m", "x")
    assert (refused.code, "met_on" in json.dumps(refused.json)) == (1, True)


def test_the_review_and_the_print_page_show_findings_and_escape_what_was_typed(rep, browser):
    plan_id = drafted(rep)
    add(rep, plan_id, **POTENTIAL | {"reason": "<b>Budget</b> named"})
    reader = browser()
    token = re.search(r'name="csrf" value="([^"]+)"', reader.get("/sign-in").text)[1]
    reader.post("/sign-in", data={"csrf": token, "person": MANAGER})

    for page in (f"/plans/{plan_id}", f"/plans/{plan_id}/print"):
        shown = reader.get(page).text
        assert "Typed by a person and not in the CRM" in shown, page
        assert "&lt;b&gt;Budget&lt;/b&gt; named" in shown, page
        assert "this version waits for a decision" in shown, page

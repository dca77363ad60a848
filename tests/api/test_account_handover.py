"""The handover pack through its doors."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tests.api.doors import ACCOUNT, FOREIGN_REP, MANAGER, REP, REVOPS, approval

SECTIONS = [
    "relationships", "plays", "promises", "promised_to_us", "business", "questions", "stale",
]  # fmt: skip
PROMISED = "A-193"  # Perfect Toys: "I promised her a list and sent it on the Friday."


def said(pack: dict, key: str) -> list[str]:
    return [
        "".join(part["text"] for part in sentence["parts"])
        for section in pack["sections"]
        if section["key"] == key
        for sentence in section["sentences"]
    ]


def approve(acting) -> str:
    plan_id = acting(REP).post("/api/plans", json={"account_id": ACCOUNT}).json()["plan_id"]
    view = acting(MANAGER).get(f"/api/plans/{plan_id}").json()["view"]
    waivers = [
        {"code": item["code"], "reason": f"{item['hours_missing']} hours, accepted."}
        for item in view["blockers"]
    ]
    decided = acting(MANAGER).post(
        f"/api/plans/{plan_id}/decisions", json=approval(view, waivers=waivers)
    )
    assert decided.status_code == 201
    return plan_id


def test_a_pack_has_every_part_and_every_sentence_its_source(acting) -> None:
    pack = acting(REP).get(f"/api/accounts/{ACCOUNT}/handover").json()

    assert [section["key"] for section in pack["sections"]] == SECTIONS
    listed = {source["evidence_id"] for source in pack["sources"] + pack["computed"]}
    for section in pack["sections"]:
        assert section["sentences"] or section["note"]
        for sentence in section["sentences"]:
            pills = {pill["evidence_id"] for pill in sentence["pills"]}
            assert pills, sentence
            assert pills <= listed
    people = said(pack, "relationships")
    assert people[0].startswith("Ray Castellane, Purchasing Manager (purchasing")
    # 16 touches of the book are the rep's; the last was on 13 October 2026.
    assert people[-1].endswith("touches with the account 16, the last on 13 Oct 2026.")
    assert any("next order is due about 13 Jan 2027" in line for line in said(pack, "business"))
    assert pack["left_out"] == 0
    assert acting(REP).get(f"/api/accounts/{ACCOUNT}/handover").json() == pack


def test_promises_are_quoted_word_for_word_with_author_and_day(acting) -> None:
    pack = acting(REVOPS).get(f"/api/accounts/{PROMISED}/handover").json()

    assert said(pack, "promises") == [
        "Lucien Marchetti, 10 Sep 2026: “I promised her a list and sent it on the Friday.”"
    ]


def test_the_plays_of_an_approved_plan_are_told_and_a_draft_is_not(acting) -> None:
    acting(REP).post("/api/plans", json={"account_id": ACCOUNT})
    before = acting(REP).get(f"/api/accounts/{ACCOUNT}/handover").json()
    assert before["plan"] is None
    assert said(before, "plays") == []

    plan_id = approve(acting)
    after = acting(REP).get(f"/api/accounts/{ACCOUNT}/handover").json()

    assert after["plan"] == f"{plan_id} version 1"
    view = acting(REP).get(f"/api/plans/{plan_id}").json()["view"]
    plays = next(
        table
        for section in view["sections"]
        for table in section["tables"]
        if table["kind"] == "plays"
    )
    # A play takes a numbered row; its value and objection stand in rows without a number.
    numbered = [row for row in plays["rows"] if row[0]["text"].isdigit()]
    assert len(said(after, "plays")) == len(numbered) > 0
    assert all(line.startswith("Due on ") for line in said(after, "plays"))
    note = next(item["note"] for item in after["sections"] if item["key"] == "plays")
    assert "approved by Harriet Okonjo" in note
    assert "in force" in note


def test_the_new_owner_gets_the_plays_and_nothing_else_of_the_former_owners_plan(
    acting, workspace
) -> None:
    plan_id = approve(acting)
    asker = workspace.principal(FOREIGN_REP)
    rep = next(iter(asker.scope.reps))
    reading = workspace.reading(asker)
    accounts = reading.book["accounts"].copy()
    accounts.loc[accounts["account_id"] == ACCOUNT, "owner_id"] = rep
    moved = replace(reading.book, tables={**reading.book.tables, "accounts": accounts})

    handed = workspace.store.handovers.last_approved(asker, moved, ACCOUNT)

    assert handed is not None
    assert handed.plan_id == plan_id
    assert handed.owner_name == "Tobias Renner"
    assert handed.plays
    # Facts of this account only, readable by who owns it now.
    assert {item.scope for item in handed.evidence} <= {rep}
    assert all(item.is_about(f"account:{ACCOUNT}") for item in handed.evidence)
    assert not any("/near:" in item.entity for item in handed.evidence)
    # The plan itself stays with its former owner.
    assert acting(FOREIGN_REP).get(f"/api/plans/{plan_id}").status_code == 404


def test_an_account_out_of_scope_looks_like_one_that_is_not_there(acting, browser) -> None:
    client = acting(FOREIGN_REP)
    for address in ("/api/accounts/{}/handover", "/accounts/{}/handover"):
        foreign = client.get(address.format(ACCOUNT))
        missing = client.get(address.format("A-none"))
        assert foreign.status_code == missing.status_code == 404
        assert foreign.text.replace(ACCOUNT, "ID") == missing.text.replace("A-none", "ID")
    page = browser().get(f"/accounts/{ACCOUNT}/handover", headers={"Accept": "text/html"})
    assert page.status_code == 303


@pytest.mark.parametrize("format", ["md", "text"])
def test_a_pack_is_written_out(acting, format: str) -> None:
    file = acting(REP).get(f"/api/accounts/{ACCOUNT}/handover", params={"format": format})

    assert file.status_code == 200
    assert "Ray Castellane, Purchasing Manager" in file.text
    assert "Every sentence was checked against its source; none was left out." in file.text
    if format == "text":
        assert max(map(len, file.text.splitlines())) <= 80


def test_the_page_shows_every_section_and_its_evidence(acting) -> None:
    page = acting(REP).get(f"/accounts/{ACCOUNT}/handover")

    assert page.status_code == 200
    for title in ("Relationships", "What we promised", "Evidence"):
        assert f">{title}</h2>" in page.text
    for reference in set(pd.Series(page.text).str.findall(r'href="#(source-ev_\w+)"')[0]):
        assert f'id="{reference}"' in page.text


def test_the_command_line_prints_a_pack(cadastre, served) -> None:
    ended = cadastre("--as", REP, "accounts", "handover", ACCOUNT)
    assert ended.code == 0
    assert ended.out.startswith("Brakes and Gears: handover\n")
    assert cadastre("accounts", "handover", ACCOUNT, "--format", "md").out.startswith("# Brakes")
    as_json = cadastre("accounts", "handover", ACCOUNT, "--json").json
    assert as_json["account_id"] == ACCOUNT
    assert cadastre("accounts", "handover", ACCOUNT, "--format", "json").json == as_json
    assert cadastre("accounts", "handover", ACCOUNT, "--format", "pdf").code != 0

"""What is planted in the example book is where `planted.toml` says."""

from __future__ import annotations

import re
from typing import Any

import pytest

COMPETITORS = ("Kelmark Cycles", "Norvane Bikes", "Trailforge", "Peloria Components")


def account_ids(trap: dict[str, Any]) -> list[str]:
    account = trap.get("account_id", [])
    return [account] if isinstance(account, str) else account


def test_each_insight_is_verbatim_in_its_document(book) -> None:
    texts = book["Document__c"].set_index("Id")
    insights = book.planted["insight"]
    quoted = [insight for insight in insights if "document_id" in insight]
    for insight in quoted:
        document = texts.loc[insight["document_id"]]
        phrase = insight["must_contain"]
        assert document["Text__c"].count(phrase) == 1, insight
        assert document["Account__c"] == insight["account_id"], insight
        assert len(phrase.split()) >= 6, insight
        # One sentence, so that one quote can hold it.
        assert re.search(r"[.!?]\s", phrase) is None, insight
    assert len(quoted) >= 20
    assert len({insight["account_id"] for insight in quoted}) >= 15
    assert len({insight["key"] for insight in insights}) == len(insights)


def test_insights_belong_to_sections_and_owned_accounts(book) -> None:
    owners = book["Account"].set_index("Id")["OwnerId"]
    sections = {
        "where_we_stand",
        "why_now",
        "buying_group",
        "whitespace",
        "competition",
        "plays",
        "risks",
    }
    for insight in book.planted["insight"]:
        assert insight["section"] in sections
        assert owners[insight["account_id"]] != ""
        assert ("metric" in insight) != ("document_id" in insight)


def test_measured_insights_hold_in_the_order_lines(book) -> None:
    # A-697 ordered on 12 Jan, 14 Apr, 15 Jul and 13 Oct 2026: gaps of 92, 92 and 90 days.
    lines = book["OrderItem"]
    days = sorted(set(lines.loc[lines["AccountId"] == "A-697", "EffectiveDate"]))[-4:]
    assert days == ["2026-01-12", "2026-04-14", "2026-07-15", "2026-10-13"]
    assert book.spend_12m()["A-697"] == pytest.approx(397_000, abs=500)


def test_the_planted_faults_are_in_the_tables(book) -> None:
    accounts = book["Account"].set_index("Id")
    duplicates = book.traps("duplicate")
    assert len(duplicates) == 4
    for trap in duplicates:
        copy, twin = (accounts.loc[row] for row in trap["rows"])
        assert copy["BillingPostalCode"] == twin["BillingPostalCode"]
        assert copy["OwnerId"] != twin["OwnerId"]
        assert trap["rows"][0] not in set(book["OrderItem"]["AccountId"])

    (blank,) = book.traps("missing_industry")
    assert sorted(accounts.index[accounts["Industry"] == ""]) == sorted(account_ids(blank))
    assert len(account_ids(blank)) == 12

    stale = [account for trap in book.traps("stale_owner") for account in account_ids(trap)]
    assert len(stale) == 5
    last = book["OrderItem"].groupby("AccountId")["EffectiveDate"].max()
    assert (last[stale] < "2025-05-13").all()


def test_the_planted_texts_are_in_the_documents(book) -> None:
    texts = book["Document__c"].set_index("Id")
    for trap in book.planted["trap"]:
        together = " ".join(texts.loc[row, "Text__c"] for row in trap.get("document_ids", []))
        for phrase in trap.get("phrases", []):
            assert phrase in together, trap
    kinds = [trap["kind"] for trap in book.planted["trap"]]
    assert kinds.count("contradiction") >= 2
    for kind in ("stale_fact", "intel_without_source", "instruction_in_note", "confidential"):
        assert kind in kinds
    assert kinds.count("distractor") >= 2


def test_stale_facts_are_older_than_two_years(book) -> None:
    published = book["Document__c"].set_index("Id")["Published__c"]
    for trap in book.traps("stale_fact"):
        for document in trap["document_ids"]:
            assert published[document] < "2024-11-13"


def test_a_competitor_is_named_with_a_source_or_in_a_planted_document(book) -> None:
    documents = book["Document__c"]
    unsourced = {row for trap in book.traps("intel_without_source") for row in trap["document_ids"]}
    naming = documents[documents["Text__c"].str.contains("|".join(COMPETITORS))]
    sourced = naming[
        naming["Publisher__c"].ne("") & naming["Uri__c"].ne("") & naming["Published__c"].ne("")
    ]
    assert set(naming["Id"]) - set(sourced["Id"]) == unsourced
    assert set(sourced["Kind__c"]) == {"competitive"}
    assert len(sourced) >= 4
    assert sourced["Uri__c"].str.match(r"https://example\.(com|org)/").all()


def test_the_planted_relatives_belong_to_customers_with_an_owner(book) -> None:
    companies = book["MarketCompany__c"].set_index("Id")
    owners = book["Account"].set_index("Id")["OwnerId"]
    relatives = book.planted["relative"]
    assert len(relatives) == 10
    for relative in relatives:
        row = companies.loc[relative["company_id"]]
        assert (row["Name"], row["Parent_Account__c"]) == (
            relative["name"], relative["account_id"]
        )  # fmt: skip
        assert owners[relative["account_id"]] != ""
        assert book.spend_12m()[relative["account_id"]] > 0
    assert companies["Parent_Account__c"].ne("").sum() == 10
    assert companies["Uri__c"].str.match(r"^$|https://example\.(com|org)/").all()

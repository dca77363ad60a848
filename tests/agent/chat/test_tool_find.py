"""Finding accounts as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.chat.scope import accounts_in_scope
from agent.chat.tool import Told
from agent.chat.tools.find import TOOL
from domain.principal import Principal
from tests.agent.chat.context_by_hand import chat_context, example, person, sentences, use


def found(query: str, who: Principal | str = "ines.moreau", limit: int | None = None) -> list[str]:
    return list(listed(use(TOOL, chat_context(who), query=query, limit=limit)))


def listed(told: Told) -> list[str]:
    """Ids of the accounts told, in order."""
    entities = [item.entity for item in told.evidence if item.metric == "name"]
    accounts = [entity for entity in entities if "/" not in entity]
    return list(dict.fromkeys(entity.removeprefix("account:") for entity in accounts))


@pytest.mark.parametrize(
    "query",
    [
        "Brakes and Gears", "brakes gears", "BRAKES & GEARS", "Brkaes and Geers", "brake gear",
        "A-697", "what about A-697?", "  brakes,\tgears!! ", "find the account Brakes and Gears",
    ],
)  # fmt: skip
def test_a_name_is_found_by_its_parts_with_slips_and_by_its_id(query: str) -> None:
    assert found(query)[0] == "A-697"


def test_accents_may_be_left_out_or_typed() -> None:
    assert found("München") == found("Munchen") == found("muenchen")
    assert len(found("München")) == 3


def test_a_city_a_country_a_kind_of_business_and_a_tier_narrow_together() -> None:
    rows = example().book.rows("accounts")
    for account in found("warehouses in France", limit=20):
        assert (rows[account]["country"], rows[account]["segment"]) == ("FR", "Warehouse")
    tiers = example().analyses.tiers.table["label"]
    strategic = found("strategic", limit=20)
    assert len(strategic) == 12
    assert {tiers[account] for account in strategic} == {"Strategic"}


def test_the_whole_name_comes_before_names_that_only_begin_so() -> None:
    names = example().book.rows("accounts")
    first, second = (names[account]["name"] for account in found("Roadway Bicycle Supply")[:2])
    assert (first, second) == ("Roadway Bicycle Supply", "Roadway Bicycle Supply SARL")


def test_nothing_outside_the_scope_is_found_by_name_by_place_or_by_id() -> None:
    mine = set(accounts_in_scope(chat_context("tobias.renner")))
    owners, rows = example().book.owners, example().book.rows("accounts")
    foreign = [account for account in owners if account not in mine][::25]
    for account in foreign:
        for query in (account, str(rows[account]["name"]), str(rows[account]["city"])):
            assert set(found(query, "tobias.renner", 20)) <= mine
    assert not found(foreign[0], "tobias.renner")


def test_a_foreign_name_reads_like_one_that_does_not_exist() -> None:
    context = chat_context("tobias.renner")
    told = [use(TOOL, context, query=query) for query in ("A-085", "A-9999", "Zyxwvut Qrstuv")]
    assert told[0] == told[1] == told[2]
    assert told[0].notes == ("No account among those you see is called so or lies there.",)


def test_words_that_no_account_meets_are_not_passed_over_in_silence() -> None:
    context = chat_context("ines.moreau")
    told = use(TOOL, context, query="Brakes Gears Timbuktu")
    assert listed(told)[0] == "A-697"
    assert told.notes[0] == "None meets every word; these are the nearest."
    # One word of five names nothing.
    assert not found("brakes zzzz yyyy xxxx wwww")


@pytest.mark.parametrize("query", ["", "   ", "the accounts", "...", "?"])
def test_a_query_without_a_word_that_names_anything_asks_which_account(query: str) -> None:
    told = use(TOOL, chat_context("ines.moreau"), query=query)
    assert told.question.startswith("Which account?")
    assert not told.evidence


def test_as_many_are_listed_as_were_asked_for_and_never_more_than_twenty() -> None:
    context = chat_context("ines.moreau")
    for limit, listed_ in ((None, 6), (1, 1), (3, 3), (500, 20), (-4, 1), (0, 6)):
        told = use(TOOL, context, query="warehouse", limit=limit)
        assert len(listed(told)) == listed_
        assert told.rows > 20
        assert "There are more; a further word would narrow them down." in told.notes


def test_one_account_is_told_with_what_can_be_asked_of_it() -> None:
    context = chat_context("tobias.renner")
    told = use(TOOL, context, query="A-697")
    assert sentences(context, told) == [
        "Brakes and Gears, Value Added Reseller in Tooele, is Strategic and ranks 2 of 69 among "
        "its owner's accounts."
    ]
    assert [offer.text for offer in told.offers] == [
        "/brief A-697", "/why A-697", "/people A-697", "/plan A-697",
    ]  # fmt: skip
    assert told.focus.accounts == ("A-697",)
    assert not told.tables


@given(query=st.text(max_size=400), limit=st.none() | st.integers(-5, 50))
def test_whatever_is_typed_gives_an_answer_about_accounts_in_scope(
    query: str, limit: int | None
) -> None:
    context = chat_context(person("rosalind.kerr"))
    told = use(TOOL, context, query=query, limit=limit)
    assert set(listed(told)) <= set(accounts_in_scope(context))
    assert told.question or told.notes or told.claims


def test_a_query_of_a_hundred_thousand_letters_is_answered() -> None:
    told = use(TOOL, chat_context("tobias.renner"), query="brakes gears " * 8_000)
    assert listed(told)[0] == "A-697"

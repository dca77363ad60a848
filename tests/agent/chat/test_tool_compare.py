"""Two accounts side by side."""

from __future__ import annotations

from itertools import pairwise

from agent.chat.scope import accounts_in_scope
from agent.chat.tools.compare import TOOL
from tests.agent.chat.context_by_hand import chat_context, example, sentences, use


def test_the_first_in_the_order_is_ahead_whichever_is_named_first() -> None:
    context = chat_context("tobias.renner")
    one = use(TOOL, context, account_id="A-697", other_id="A-205")
    other = use(TOOL, context, account_id="A-205", other_id="A-697")

    assert one.claims == other.claims
    assert one.tables == other.tables
    # A-205 ranks 1, A-697 ranks 2: both Strategic, 169K against 134K of expected value.
    assert sentences(context, one)[:2] == [
        "Rally Master Company Inc is ahead by expected value within its tier, $169K a year: a "
        "chance of 92 % at a potential of $183K.",
        "Brakes and Gears is behind by expected value within its tier, $134K a year: a chance of "
        "89 % at a potential of $151K.",
    ]
    assert one.focus.accounts == ("A-697", "A-205")


def test_between_tiers_the_tier_decides_and_each_ones_rule_is_told() -> None:
    context = chat_context("tobias.renner")
    accounts = accounts_in_scope(context)
    last = accounts[-1]

    said = sentences(context, use(TOOL, context, account_id=last, other_id="A-697"))

    assert said[0] == "Brakes and Gears is ahead by its tier (Strategic: every rule is met)."
    assert any("is behind by its tier (Tier 3" in text for text in said)


def test_the_order_that_is_told_is_the_order_of_the_book() -> None:
    context = chat_context("ines.moreau")
    place = {account: at for at, account in enumerate(context.analyses.ranks.order)}
    accounts = accounts_in_scope(context)[::37]
    for one, other in pairwise(accounts):
        told = use(TOOL, context, account_id=other, other_id=one)
        ahead = next(offer.text for offer in told.offers if "ahead" in offer.label)
        assert ahead == f"/why {min(one, other, key=lambda key: place[key])}"


def test_one_sentence_is_about_one_account() -> None:
    context = chat_context("tobias.renner")
    told = use(TOOL, context, account_id="A-697", other_id="A-205")
    facts = {item.id: item for item in told.evidence}
    for claim in told.claims:
        about = {facts[slot.evidence_id].entity.split("/")[0] for slot in claim.slots}
        assert about == {claim.subject}


def test_only_facts_that_differ_are_told_for_the_account_that_gains_by_them() -> None:
    context = chat_context("tobias.renner")
    points = example().analyses.score.points
    told = use(TOOL, context, account_id="A-697", other_id="A-205")
    facts = {item.id: item for item in told.evidence}
    for claim in told.claims:
        if not claim.key.startswith("better."):
            continue
        account = claim.key.removeprefix("better.")
        (other,) = {"A-697", "A-205"} - {account}
        for slot in claim.slots[:-1] if claim.slots[-1].format == "name" else claim.slots:
            metric = facts[slot.evidence_id].metric
            if metric.startswith("points:"):
                fact = metric.removeprefix("points:")
                assert points.at[account, fact] > points.at[other, fact]


def test_an_account_with_itself_is_a_question_and_no_comparison() -> None:
    context = chat_context("tobias.renner")
    told = use(TOOL, context, account_id="A-697", other_id="A-697")
    assert told.question == "That is one account. Which other one should it be compared with?"
    assert not told.claims


def test_ranks_of_two_owners_are_said_to_count_apart() -> None:
    context = chat_context("harriet.okonjo")
    owners = context.book.owners
    mine = accounts_in_scope(context)
    other = next(account for account in mine if owners[account] != owners["A-697"])
    told = use(TOOL, context, account_id="A-697", other_id=other)
    assert told.notes == ("Each rank counts within its own owner's accounts.",)

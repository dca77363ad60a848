"""Why an account stands where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.chat.scope import accounts_in_scope
from agent.chat.tools.score_words import PHRASES, phrase
from agent.chat.tools.why import TOOL
from tests.agent.chat.context_by_hand import Ground, chat_context, example, sentences, use
from tools.analyses import analyse, stand


def test_the_parts_of_the_score_in_the_table_add_up_to_it_base_included() -> None:
    context = chat_context("ines.moreau")
    for account in accounts_in_scope(context)[::23]:
        told = use(TOOL, context, account_id=account)
        values = {item.id: int(item.value) for item in told.evidence if item.unit == "points"}
        (table,) = told.tables
        *parts, total = [values[row[2].evidence_id or ""] for row in table.rows]
        assert sum(parts) == total, account
        labels = [row[0].text for row in table.rows]
        assert (labels[0], labels[-1]) == ("Base", "Score")
        sizes = [abs(points) for points in parts[1:]]
        assert sizes == sorted(sizes, reverse=True)


def test_an_account_of_the_example_is_explained_in_sentences_a_rep_would_say() -> None:
    # A-697 has 14 points for an order 31 days ago, 14 for strong interest, 12 for an open deal
    # in an active stage, 10 for the potential of its peers; the base is -30 and the score 59.
    context = chat_context("tobias.renner")

    said = sentences(context, use(TOOL, context, account_id="A-697"))

    assert said[:6] == [
        "Brakes and Gears is Strategic and ranks 2 of 69 among the accounts of Tobias Renner.",
        "It meets every rule of Strategic.",
        "Within a tier accounts go by expected value, here $134K a year: a chance of 89 % by the "
        "score at a potential of $151K.",
        "Within capacity: 64.3 of 318 h are taken with it.",
        "Its score is +59 from a base of −30: the points of its facts add up to it.",
        "What counts for it: how recently it ordered (+14 points), outside signals of intent "
        "(+14 points), where its buying cycle stands (+12 points) and the potential of "
        "comparable accounts (+10 points).",
    ]
    assert "Its last order is 31 days back." in said


def test_the_rule_it_misses_and_what_would_lift_it_are_told() -> None:
    context = chat_context("ines.moreau")
    notes = context.analyses.tiers.table["tier_note"]
    account = next(key for key in notes.index if "but for director access" in notes[key])

    said = " ".join(sentences(context, use(TOOL, context, account_id=account)))

    assert f"The rules of the tiers place it so: {notes[account]}." in said
    assert "meeting with a director on record lifts it to Tier 1" in said.lower().replace(
        "tier 1", "Tier 1"
    )


def test_an_account_that_no_rep_owns_has_no_rank_and_says_so() -> None:
    context = chat_context("ines.moreau")
    unowned = next(key for key, owner in context.book.owners.items() if owner is None)

    told = use(TOOL, context, account_id=unowned)

    assert "No rep owns it" in " ".join(told.notes)
    assert "ranks" not in " ".join(sentences(context, told))
    assert not any(offer.text.startswith("/compare") for offer in told.offers)


def test_without_an_earlier_book_it_says_that_there_is_none_to_compare_with() -> None:
    told = use(TOOL, chat_context("tobias.renner"), account_id="A-697")
    assert "There is no earlier book to compare with." in told.notes


def test_what_moved_since_the_last_book_is_told() -> None:
    ground = example()
    earlier_day = ground.book.as_of - timedelta(days=60)
    orders = ground.book["orders"]
    earlier = replace(
        ground.book,
        book_id="earlier",
        as_of=earlier_day,
        tables={**ground.book.tables, "orders": orders[orders["ordered"] <= str(earlier_day)]},
    )
    analyses = analyse(ground.book, ground.coverage, (), stand(earlier, ground.coverage))
    moved = Ground(ground.book, ground.coverage, analyses, ground.vocabulary)
    context = chat_context("ines.moreau", on=moved)
    assert analyses.movement is not None
    account = next(
        move.account_id
        for move in analyses.movement.moved()
        if move.kind == "known" and move.score != move.score_before
    )

    said = sentences(context, use(TOOL, context, account_id=account))

    assert f"What moved: {analyses.movement.note(account)}." in said


def test_it_offers_the_account_just_ahead_for_comparison() -> None:
    context = chat_context("tobias.renner")
    first, second, third = accounts_in_scope(context)[:3]

    def offered(account: str) -> str:
        return use(TOOL, context, account_id=account).offers[0].text

    assert offered(third) == f"/compare {third} {second}"
    assert offered(first) == f"/compare {first} {second}"


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("days_since_order", "how recently it ordered"),
        ("annual_revenue", "its annual revenue"),
        ("orders_12m", "its orders"),
        ("segment & access", "its segment with access"),
        ("P75 (new)", "another fact of the card"),
    ],
)
def test_a_fact_of_a_companys_own_card_is_named_by_its_key_without_figures(
    fact: str, words: str
) -> None:
    assert phrase(fact) == words


def test_every_fact_of_the_examples_card_has_words() -> None:
    rules = example().analyses.score.rules
    assert {rule.key for rule in rules} <= set(PHRASES)

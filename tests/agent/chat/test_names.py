from __future__ import annotations

from random import Random

import pytest

from agent.chat.mentions import mentions
from agent.chat.names import Named, NameIndex
from agent.chat.picker import known
from agent.chat.words import words_of
from eval.chat.typos import SLIPS, many_names, score_typos
from tests.agent.chat.context_by_hand import chat_context

BOOK = NameIndex(
    [
        Named("A-001", "Alder Foods", "Leeds ENG GB"),
        Named("A-002", "Alder Foods", "Tacoma WA US"),
        Named("A-003", "Tandem Bicycle Store GmbH", "Köln NW DE"),
        Named("A-004", "Tandem Sales and Service", "Ulm BW DE"),
        Named("A-005", "Müller & Söhne", "Bonn NW DE"),
        Named("A-006", "Margie's Travel", "Perth WA AU"),
        Named("A-007", "Rural Manufacturing Company", "York ENG GB"),
        Named("A-0070", "Tiny Bike Boutique", "Bath ENG GB"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("A-003", "A-003"),
        ("a3", "A-003"),
        ("a 0003", "A-003"),
        ("tandem bicycle", "A-003"),
        ("TANDEM BICYCLE STORE", "A-003"),
        ("Tandem Bicycle Store's", "A-003"),
        ("tandembicycle store", "A-003"),
        ("tndem bicycel stor", "A-003"),
        ("muller and sohne", "A-005"),
        ("Muller & Söhne", "A-005"),
        ("margies travel", "A-006"),
        ("margie’s", "A-006"),
        ("rural mfg co", "A-007"),
        ("rural", "A-007"),
        ("RMC", "A-007"),
        # A city tells apart what a name does not.
        ("Alder Foods Leeds", "A-001"),
        ("Alder Foods, Tacoma", "A-002"),
        ("alder tacoma", "A-002"),
    ],
)
def test_an_account_is_found_as_people_type_it(typed: str, key: str) -> None:
    assert BOOK.pick(typed).key == key


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Alder Foods", ["A-001", "A-002"]),
        ("alder fods", ["A-001", "A-002"]),
        ("tandem", ["A-003", "A-004"]),
    ],
)
def test_of_two_that_are_as_near_none_is_taken(typed: str, near: list[str]) -> None:
    picked = BOOK.pick(typed)
    assert picked.key == ""
    assert [item.key for item in picked.near][:2] == near


@pytest.mark.parametrize("typed", ["Zorblax", "Zorblax Foods", "Alder Rockets", "", "!!", "é"])
def test_a_name_that_is_nobodys_is_not_taken_for_one_that_shares_a_word(typed: str) -> None:
    assert BOOK.pick(typed).key == ""


def test_ids_that_differ_by_a_zero_at_the_end_are_two() -> None:
    assert BOOK.pick("A-007").key == "A-007"
    assert BOOK.pick("A-70").key == "A-0070"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("why is Tandem Bicycle ranked low?", [("A-003", True)]),
        ("compare margie's travel, rural manufacturing", [("A-006", True), ("A-007", True)]),
        ("draft Alder Foods in Leeds please", [("A-001", True)]),
        ("draft Alder Foods please", [("A-001", False)]),
        # Part of a name that is not in this book: near, and not taken.
        ("why is Huge Bike Boutique so low", [("A-0070", False)]),
        ("which service should we sell", []),
        ("what changed this week", []),
    ],
)
def test_names_are_found_inside_sentences(text: str, found: list[tuple[str, bool]]) -> None:
    heard = mentions(text, words_of(text), BOOK)
    assert [(item.picked.near[0].key, bool(item.picked.key)) for item in heard] == found


@pytest.mark.parametrize("slip", SLIPS)
def test_misspelt_names_of_the_example_are_found_and_never_mistaken(slip: str) -> None:
    score = score_typos(known(chat_context("harriet.okonjo")).accounts, slip, seed=2)
    assert score.first >= 0.95
    assert score.third >= 0.97
    assert score.wrong <= 0.005


def test_among_twenty_thousand_a_misspelt_name_is_still_the_nearest() -> None:
    index = many_names(20_000, seed=5)
    names = list(index.named.values())[::1_000]
    typed = [(item.key, SLIPS["swapped"](item.name.lower(), Random(1)))
             for item in names]  # fmt: skip
    found = [key in [near.key for near in index.pick(text).near[:3]] for key, text in typed]
    assert sum(found) >= 19

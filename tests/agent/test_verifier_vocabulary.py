"""The names and words of a book, and finding them in a sentence."""

from __future__ import annotations

from agent.vocabulary import build_vocabulary
from domain.vocabulary import Vocabulary
from tests.agent.tiny_book import book
from tests.agent.tiny_brief import coverage


def test_names_become_aliases_and_categories_become_words() -> None:
    found = build_vocabulary(book(), coverage())
    assert found.aliases["Alder Cycles"] == ("account:A-1",)
    assert found.aliases["Dana Alderson"] == ("account:A-1/contact:C-1",)
    assert found.aliases["Alderson"] == ("account:A-1/contact:C-1",)
    assert found.aliases["Ortega"] == ("rep:R-1",)
    assert "Lund" in found.aliases
    assert found.aliases["Wheels Pro"] == ("product:P-1",)
    assert {"Wheels", "Bike Shop", "Portland", "Oregon", "United States", "Tier 1"} <= found.words
    assert not found.words & set(found.aliases)


def test_the_longest_name_wins_and_parts_of_words_do_not_count() -> None:
    names = Vocabulary(aliases={"Alder Foods": ("a",), "Alder Foods East": ("b",), "Vale": ("c",)})
    assert names.names_in("Alder Foods East, then Alder Foods; Valerie in the vale.") == [
        "Alder Foods East",
        "Alder Foods",
    ]


def test_competitors_are_found_in_any_case() -> None:
    names = Vocabulary(competitors=frozenset({"Kelmark Cycles"}))
    assert names.competitors_in("KELMARK cycles called; Kelmark did not.") == ["KELMARK cycles"]


def test_names_that_begin_or_end_with_a_mark_are_found() -> None:
    names = Vocabulary(aliases={"(re)Cycle!": ("a",), "Smith & Sons Inc.": ("b",)})
    assert names.names_in("At (re)Cycle! and Smith & Sons Inc. today") == [
        "(re)Cycle!",
        "Smith & Sons Inc.",
    ]

"""What counts against a sentence: private life, its neighbours, and that nothing changed."""

from __future__ import annotations

from datetime import date

import pytest

from agent.placing import LEAST_WEIGHT, place_sentences, topics_of, weight
from agent.relevance import TIED, beside_the_point, in_company
from domain.vocabulary import Vocabulary
from tests.agent.notes_by_hand import AS_OF, said

BAKERY = Vocabulary(words=frozenset({"Cake mixes"}), lines=frozenset({"Cake mixes"}))


@pytest.mark.parametrize(
    "text",
    [
        "Her daughter's wedding is on 5 December 2026 and everybody is invited.",
        "They bet 50 euros on the football match of 12 December.",
        "The choir needs 3,000 dollars for a concert before 20 December 2026.",
        "The dog must have a new basket in the kitchen by January.",
    ],
)
def test_private_life_is_not_quoted_however_dated_and_dear(text: str) -> None:
    item = said(text, published=date(2026, 11, 10))
    assert weight(item, AS_OF) < LEAST_WEIGHT
    assert place_sentences([item], {}, AS_OF).by_place == {}


def test_one_word_of_weather_does_not_hide_a_demand() -> None:
    item = said(
        "Deliveries before 1 February stand in the yard, where it rains.",
        author_class="customer",
        published=date(2026, 11, 10),
    )
    assert beside_the_point(item.value) == 3
    assert place_sentences([item], {}, AS_OF).of("why_now") == [item]


def test_the_books_own_trade_is_no_private_life() -> None:
    text = "They want 40 more cake mixes for the season."
    assert beside_the_point(text) == TIED  # cake comes before the one word of trade
    assert beside_the_point(text, BAKERY) == 0
    assert topics_of(text, BAKERY)[0] == "range"


def test_a_sentence_pays_for_the_story_that_it_stands_in() -> None:
    first = said("The dog barks in the kitchen.", document="D-1")
    second = said("Requests must reach us in time.", document="D-1")
    assert in_company([first, second])[second.id] == 6
    assert in_company([second])[second.id] == 0


@pytest.mark.parametrize("text", ["All as before, nothing new.", "Nothing to follow up here."])
def test_that_all_is_as_it_was_costs_weight(text: str) -> None:
    assert beside_the_point(text) == 5

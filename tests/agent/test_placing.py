"""Which sentences a plan quotes, and where they go."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.placing import (
    LEAST_WEIGHT,
    PLACES,
    ROOM,
    looks_ahead,
    place_sentences,
    quotable,
    topics_of,
    weight,
)
from domain.evidence import Evidence
from tests.agent.notes_by_hand import AS_OF, DANA, TOM, said

PEOPLE = {DANA: "Dana Whitfield", TOM: "Tom Hale"}


@pytest.mark.parametrize(
    ("text", "written", "ahead"),
    [
        # The book is of 13 November 2026.
        ("The store opens in January.", date(2026, 10, 1), True),
        ("The store opened in January.", date(2025, 12, 1), False),
        ("It ends in November.", date(2026, 10, 1), True),
        ("It ended in October.", date(2026, 10, 1), False),
        # Written in December 2025, "March" is March 2026: behind the book.
        ("They decide in March.", date(2025, 12, 1), False),
        ("They decide in March 2027.", date(2025, 12, 1), True),
        ("They decided in March 2026.", date(2026, 10, 1), False),
        ("They decide next week.", date(2026, 11, 1), False),
    ],
)
def test_a_month_counts_when_it_is_still_to_come(text: str, written: date, ahead: bool) -> None:
    assert looks_ahead(text, written, AS_OF) is ahead


def test_a_dated_demand_of_a_customer_weighs_more_than_small_talk() -> None:
    demand = said(
        "I want 40 frames in stock by 11 December.",
        author_class="customer",
        published=date(2026, 11, 1),
    )
    # A coming month 7, a figure 3, two demands (want, by) 4, a customer 3, within 30 days
    # 3; its topics are range (frames) and timing (by): 4. Together 24.
    assert weight(demand, AS_OF) == 7 + 3 + 4 + 3 + 3 + 4
    talk = said("The coffee in the workshop was good as always.", published=date(2026, 10, 1))
    # One of ours wrote it (2), 43 days ago (2); private life comes before the one word of
    # trade (9), and that all is as it was costs 5.
    assert weight(talk, AS_OF) == 4 - 9 - 5


def test_an_older_note_weighs_less_by_what_its_age_costs() -> None:
    # 12 October is 32 days back, 1 August 104, 14 October 30.
    assert [
        weight(said("They renew the fleet.", published=day), AS_OF)
        for day in (date(2026, 10, 14), date(2026, 10, 12), date(2026, 8, 1))
    ] == [11, 10, 8]


def test_a_note_without_a_date_is_an_old_note() -> None:
    assert weight(said("They renew the fleet.", published=None), AS_OF) == 8


def test_a_sentence_has_the_topics_of_its_words_most_words_first() -> None:
    text = "She decides on the budget before the board sees the delivery."
    # decides, budget, board: three of decision; before, delivery: two of timing.
    assert topics_of(text) == ["decision", "timing"]
    assert topics_of("Nothing of note was said.") == []


def test_only_sentences_that_can_be_found_again_and_read_are_quoted() -> None:
    assert not quotable("He said so.")
    assert quotable("They want delivery dates before the season.")
    assert not quotable("delivery " * 61)


def test_what_says_too_little_stays_in_the_notes() -> None:
    light = said("They like the bikes in the window.", published=date(2026, 6, 1))
    assert weight(light, AS_OF) < LEAST_WEIGHT
    assert place_sentences([light], PEOPLE, AS_OF).by_place == {}


def test_a_coming_date_is_a_reason_to_act_now_whatever_it_is_about() -> None:
    item = said("The committee decides on the range in January 2027.")
    assert place_sentences([item], PEOPLE, AS_OF).of("why_now") == [item]


def test_a_full_place_sends_a_sentence_to_its_next_one() -> None:
    # Four coming deadlines: three fill "why now". The oldest weighs least and goes
    # where a decision goes first.
    items = [
        said(f"{what} must be decided by 11 December.", document=f"D-{what[4:6]}", published=day)
        for what, day in (
            ("All 40 of them", date(2026, 11, 10)),
            ("All 30 of them", date(2026, 11, 9)),
            ("All 20 of them", date(2026, 11, 8)),
            ("The 10 of Dana", date(2026, 6, 20)),
        )
    ]
    placed = place_sentences(items, PEOPLE, AS_OF)
    assert {item.id for item in placed.of("why_now")} == {item.id for item in items[:3]}
    assert placed.of("buying_group") == [items[3]]


def test_a_sentence_is_a_persons_when_it_names_them_or_they_wrote_it() -> None:
    # The customer's own words weigh most and take the one place under buying group.
    group = said(
        "The director signs the budget of 12 shops.", document="D-1", author_class="customer"
    )
    named = said("Dana herself signs the budget of 9 shops.", document="D-2")
    wrote = said("The board signs the budget of 7 shops.", document="D-3", author="Tom Hale")
    placed = place_sentences([wrote, named, group], PEOPLE, AS_OF)
    assert placed.of("buying_group") == [group]
    assert placed.by_person == {DANA: named, TOM: wrote}


def test_no_sentence_stands_in_two_places() -> None:
    item = said("Late delivery: they split the order by January unless the price is cut.")
    placed = place_sentences([item], PEOPLE, AS_OF)
    assert [place for place, items in placed.by_place.items() if item in items] == ["why_now"]


WORDS = (
    "January", "late", "delivery", "decides", "budget", "helmets", "opens", "store", "must",
    "before", "Dana", "fell", "prefers", "twenty", "orders", "12", "shop", "quietly",
)  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), max_size=14))
def test_no_place_is_overfull_and_the_order_of_the_notes_does_not_matter(
    texts: list[list[str]],
) -> None:
    items = [
        said(" ".join(words) + ".", document=f"D-{number}") for number, words in enumerate(texts)
    ]
    placed = place_sentences(items, PEOPLE, AS_OF)
    for place, held in placed.by_place.items():
        assert place in ROOM
        assert len(held) <= ROOM[place]
        weights = [weight(item, AS_OF) for item in held]
        assert weights == sorted(weights, reverse=True)
        assert min(weights) >= LEAST_WEIGHT
    shown: list[Evidence] = [item for held in placed.by_place.values() for item in held]
    shown += placed.by_person.values()
    assert len({item.id for item in shown}) == len(shown)
    assert place_sentences(items[::-1], PEOPLE, AS_OF) == placed


def test_every_topic_leads_to_places_that_have_room() -> None:
    assert {place for places in PLACES.values() for place in places} <= {*ROOM, "person"}

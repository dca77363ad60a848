"""The grammar of a wording, and how facts are written into it."""

from __future__ import annotations

import base64
import random
import re

import pytest

from eval.accountplanbench.texts.asides import read_asides, with_asides
from eval.accountplanbench.texts.slots import slots
from eval.accountplanbench.texts.template import expansions, fill, slot_names, span_of
from eval.accountplanbench.texts.writing import Facts

FACTS = Facts(
    account="Braemoor & Sons",
    contact="Aoife van der Linde",
    title="Operations Director",
    rep="Pelle Okonjo",
    line="LED Lamps",
    other_line="Child Seats",
    city="Graz",
    rival="Ostrava Lighting",
    amount="48,000 dollars",
    other_amount="7,250 euros",
    quantity=1,
    day="2 April 2027",
    other_day="12 May 2027",
    earlier_day="23 March 2021",
    other_account="Dunmere Cycles",
    target="email",
)


def test_a_line_break_joins_and_an_empty_line_breaks() -> None:
    text, span = fill("Dear A,\n\n⟦one\ntwo.⟧ Three", {}, random.Random(0))

    assert (text, span) == ("Dear A,\none two. Three", "one two.")


def test_each_way_through_the_choices_comes_up() -> None:
    template = "[it [rains|snows]|dry]"
    ways = {"it rains", "it snows", "dry"}

    assert set(expansions(template)) == ways
    assert {fill(template, {}, random.Random(seed))[0] for seed in range(40)} == ways


def test_what_a_slot_brings_in_is_never_expanded_again() -> None:
    text, _ = fill("{a} and {b}", {"a": "{b}", "b": "[x|y]"}, random.Random(0))

    assert text == "{b} and [x|y]"


def test_a_possessive_follows_the_name() -> None:
    text, _ = fill("{a}'s and {b}'s", {"a": "Ines", "b": "Bo"}, random.Random(0))

    assert text == "Ines' and Bo's"


def test_base64_is_made_after_the_slots_are_filled() -> None:
    text, span = fill("a ⟦b ⟪{a}⟫⟧", {"a": "Graz"}, random.Random(0))

    assert span == "b " + base64.b64encode(b"Graz").decode()
    assert text == "a " + span


def test_an_unknown_slot_is_an_error() -> None:
    with pytest.raises(KeyError, match="contcat"):
        fill("{contcat}", {"contact": "Bo"}, random.Random(0))


def test_a_text_without_a_mark_is_its_own_span() -> None:
    assert span_of("When did {account} order?") == "When did {account} order?"
    assert slot_names("{account}'s [day|{day}]") == {"account", "day"}


def test_facts_are_said_as_people_say_them() -> None:
    words = slots(FACTS)

    assert (words["first"], words["last"]) == ("Aoife", "Linde")
    assert words["line_low"] == "LED lamps"
    assert (words["amount_short"], words["amount_sign"]) == ("48k", "$48,000")
    assert (words["other_amount_short"], words["other_amount_sign"]) == ("7,250", "€7,250")
    assert (words["day_short"], words["day_us"]) == ("2 Apr", "April 2")
    assert words["day_the"] == "the 2nd of April"
    assert words["other_day_the"] == "the 12th of May"
    assert words["earlier_day_the"] == "the 23rd of March"
    assert words["earlier_year"] == "2021"
    assert (words["a_target"], words["targets"]) == ("an email", "emails")
    assert words["s"] == ""


def test_a_day_or_an_amount_of_another_form_stays_as_it_is() -> None:
    words = slots(Facts(**{**vars(FACTS), "day": "early spring", "amount": "a fortune"}))

    assert {words["day"], words["day_short"], words["day_the"]} == {"early spring"}
    assert {words["amount_short"], words["amount_sign"]} == {"a fortune"}


def test_asides_take_the_room_they_are_given_and_never_repeat() -> None:
    template = "Saw {first}. {aside_note} ⟦Point.⟧ {aside_note} End."

    texts = [with_asides(template, random.Random(seed)) for seed in range(60)]

    assert "Saw {first}.  ⟦Point.⟧  End." in texts  # none in either place
    for text in texts:
        before, after = (part.split(". ") for part in text.split("⟦Point.⟧"))
        said = [sentence for sentence in before[1:] + after[:-1] if sentence.strip()]
        assert len(said) == len(set(said)) <= 4
        assert "aside" not in text
    assert len(set(texts)) > 30


def test_asides_hold_no_figure_and_only_slots_that_facts_fill() -> None:
    for sentences in read_asides().values():
        assert len(set(sentences)) == len(sentences) >= 20
        for sentence in sentences:
            assert not re.search(r"[\d\[\]⟦⟧]", sentence)
            assert slot_names(sentence) <= slots(FACTS).keys()


def test_room_left_empty_leaves_no_gap() -> None:
    text, span = fill("One.  ⟦Two.⟧\n\n\n\nThree.", {}, random.Random(0))

    assert (text, span) == ("One. Two.\nThree.", "Two.")

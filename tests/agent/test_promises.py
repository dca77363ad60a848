"""Which sentences commit their speaker."""

from __future__ import annotations

import pytest

from agent.handover.promises import commits, promises
from tests.agent.notes_by_hand import said


@pytest.mark.parametrize(
    "sentence",
    [
        "We will hold two hundred frames for them until March.",
        "I'll call Kim back about the rims.",
        "I promised her a list of every size.",
        "We have promised delivery before the season.",
        "I am to send the samples next week.",
        "We owe them an answer on the freight.",
        "I told Kim I would ask the depot.",
        "I send the price list by Friday.",
        "She will not start before May. I said I would ask.",
        "We agreed to take returns within thirty days.",
    ],
)
def test_a_first_person_that_commits_itself_is_a_promise(sentence: str) -> None:
    assert commits(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        # Theirs, not ours.
        "They will send the sizes by Friday.",
        "She promised to sign in May.",
        "Kim said: “we will decide in May.”",
        "Kim said we will get the order.",
        "“We will never go back to them.”",
        # Wanted or feared, not promised.
        "They need delivery by Friday.",
        "They hope we will take returns.",
        "She asked whether we will hold the price.",
        # Refused, doubted, asked.
        "We will not take returns.",
        "We never promised a discount.",
        "I promised nothing.",
        "We will probably lose the spring order.",
        "Will we deliver before May, or will we tell them?",
        "We will see.",
        # Conditions are no commitment.
        "He pulls the order forward if we can deliver by 28 March.",
        "If we will hold the price, they sign.",
        # A day alone, and a past deed.
        "The store opens by May.",
        "We sent the list on Friday.",
        "I will be away next week.",
    ],
)
def test_what_others_say_what_is_doubted_and_what_happened_is_no_promise(sentence: str) -> None:
    assert not commits(sentence)


def test_promises_are_of_the_side_that_speaks_newest_first() -> None:
    ours = said("We will hold two hundred frames.", document="D-1")
    theirs = said("We will sign in May.", document="D-2")
    theirs = theirs.model_copy(
        update={"source": theirs.source.model_copy(update={"author_class": "customer"})}
    )

    assert promises([theirs, ours], "internal") == [ours]
    assert promises([theirs, ours], "customer") == [theirs]

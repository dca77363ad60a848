"""Matters that cannot be two ways at once, in words that have nothing in common."""

from __future__ import annotations

import pytest

from agent.contradictions import Said, disagreeing
from domain.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    aliases={
        "Ada Frame": ("account:A-1/contact:C-1",),
        "Ben Oak": ("account:A-1/contact:C-2",),
        "Frame": ("account:A-1/contact:C-1",),
    },
    words=frozenset({"Leeds", "York", "Pumps", "Valves"}),
    competitors=frozenset({"Rival Works"}),
    lines=frozenset({"Pumps", "Valves"}),
)


def pairs(one: str, other: str, *, author: str | None = None) -> list[tuple[int, int]]:
    said = [Said("D-1", one, "account:A-1", author), Said("D-2", other, "account:A-1")]
    return list(disagreeing(said, VOCABULARY))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Ada leaves us in spring.", "Mrs Frame is not going anywhere.", True),
        ("Ada leaves us in spring.", "Ben Oak stays where he is.", False),
        ("Ada resigned.", "They accepted that Ada Frame has quit.", False),
        ("They renewed with Rival Works.", "The deal with Rival Works has expired.", True),
        ("They renewed with Rival Works.", "Rival Works was extended.", False),
        ("The hall opens on 3 May.", "We'll be up and running 9 June.", True),
        ("The hall opens on 3 May.", "The opening is on May 3.", False),
        ("Leeds opens on 3 May.", "York opens on 9 June.", False),
        ("Open points are due 3 May.", "Open items are due 9 June.", False),
        ("They use 400 pumps a year.", "Annual need of pumps: 700.", True),
        ("They use 400 pumps a year.", "Annual need of pumps: 410.", False),
        ("They use 400 pumps a year.", "Annual need of valves: 700.", False),
    ],
)
def test_what_cannot_both_hold_is_a_pair(one: str, other: str, apart: bool) -> None:
    assert pairs(one, other) == ([(0, 1)] if apart else [])


def test_who_writes_in_the_first_person_speaks_of_themselves() -> None:
    assert pairs("This is my last day.", "Ada stays.", author="Ada Frame") == [(0, 1)]
    assert pairs("This is my last day.", "Ada stays.", author="Ben Oak") == []

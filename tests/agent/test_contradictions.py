"""Notes that cannot both hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.contradictions import MOST_PAIRS, Said, contradictions, disagreeing
from domain.evidence import Evidence
from domain.vocabulary import Vocabulary
from tests.agent.notes_by_hand import VOCABULARY, said


def disagree(first: str, second: str, *, same_document: bool = False, about: str = "A-1") -> bool:
    pair = [
        said(first, document="D-1"),
        said(second, document="D-1" if same_document else "D-2", about=f"account:{about}"),
    ]
    return bool(contradictions(pair, VOCABULARY))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # The same depot, two months.
        (
            "The new depot in Leduc opens in February 2027 with eight docks.",
            "The new depot in Leduc opens in June 2027, the steel is late.",
        ),
        # The same decision, two persons.
        (
            "Dana decides on the touring range alone for the year.",
            "Hale decides on the touring range alone for the year, and purchasing executes.",
        ),
        # The same budget, two figures.
        (
            "The touring budget for the spring season is 90,000.",
            "The touring budget for the spring season is 60,000 after the cut.",
        ),
        # The same store; one sentence denies it.
        (
            "The second store in Lyon opens in March.",
            "The second store in Lyon is not going to open this year.",
        ),
    ],
)
def test_two_notes_that_say_different_things_of_one_subject_are_paired(
    first: str, second: str
) -> None:
    assert disagree(first, second)
    assert disagree(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # The same month.
        (
            "The new depot in Leduc opens in June 2027 with eight docks.",
            "The new depot in Leduc opens in June 2027, the steel is late.",
        ),
        # Nothing that a planner acts on.
        (
            "The coffee machine in the corner shop costs 900.",
            "The coffee machine in the corner shop costs 700.",
        ),
        # Two depots.
        ("The new depot in Leduc opens in June.", "The old yard in Nisku closes in March."),
        # Three words in common and a "not" about something else.
        (
            "Dana wants our opening offer for Kelowna by January and will not run a tender if "
            "it comes on time, because the owner hates tenders.",
            "She wants a second demo bike for the Kelowna opening and would return it in May.",
        ),
    ],
)
def test_notes_that_merely_share_words_are_left_alone(first: str, second: str) -> None:
    assert not disagree(first, second)


def test_a_note_does_not_contradict_itself_nor_a_note_of_another_account() -> None:
    first = "The second store in Lyon opens in March."
    second = "The second store in Lyon is not going to open this year."
    assert not disagree(first, second, same_document=True)
    assert not disagree(first, second, about="A-2")


def test_no_more_pairs_are_told_than_a_reader_takes_in() -> None:
    notes = [
        said(f"The touring budget for the spring season is {amount}0,000.", document=f"D-{amount}")
        for amount in range(1, 6)
    ]
    assert len(contradictions(notes, VOCABULARY)) == MOST_PAIRS


WORDS = ("budget", "store", "opens", "Lyon", "second", "March", "June", "not", "90", "60", "Dana")


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=3, max_size=9), max_size=5))
def test_a_pair_is_of_two_documents_and_is_never_a_sentence_with_itself(
    texts: list[list[str]],
) -> None:
    notes: list[Evidence] = [
        said(" ".join(words) + ".", document=f"D-{number % 3}")
        for number, words in enumerate(texts)
    ]
    for first, second in contradictions(notes, Vocabulary()):
        assert first.entity != second.entity
        assert first.value != second.value


def test_an_agreement_renewed_and_not_renewed_are_a_pair_whoever_it_is_with() -> None:
    first = "Malik told me they have renewed with Pellow Mills for frames."
    second = "The Pellow Mills agreement on frames was not renewed, he said."
    said = [Said("D-1", first), Said("D-2", second)]
    assert list(disagreeing(said, Vocabulary())) == [(0, 1)]


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        # Granted and refused, of the same money.
        ("The board said yes to 28,000 for a press.", "The press was turned down, 28,000.", True),
        # One event, two days; a delivery may come on many.
        ("The depot contract ends on 30 June.", "The depot contract expires on 1 May.", True),
        ("Pallets for the depot arrive on 30 June.", "Depot pallets arrive on 1 May.", False),
        # So much a year is not so much a time.
        ("They use 12,000 gloves a year.", "Gloves are ordered in lots of 1,000.", False),
        # A "not" turns what follows it round, and nothing else.
        ("They use returnable crates.", "Returnable crates are not in use, they say.", True),
        ("Groupage tender is out.", "Groupage was not discussed.", False),
        (
            "She does not like surprises: prices of ninety days hold.",
            "Your price letter says ninety days.",
            False,
        ),
        # What is liked or decided is the value, not the thing it is of.
        (
            "Hartmut prefers December, and he decides.",
            "He will decide on the spring list on 5 February.",
            False,
        ),
        (
            "She would like a line to engineering within nine days.",
            "It has a clause that your lawyers will not like: ten days.",
            False,
        ),
        (
            "No interest in more bikes per order.",
            "He would add clothing to the order form if it ships with the bikes at once.",
            False,
        ),
        # So many of one thing are not so many of another.
        (
            "Two insurance companies have chosen them, 900 employees order.",
            "He told the two insurance companies that you will be there.",
            False,
        ),
        ("They need 12 pumps at the mill.", "The mill needs 40 pumps.", True),
        ("They need 12 pumps at the mill.", "The mill needs 40 valves for pumps.", False),
        # Two places, two things.
        ("Hiring in Alder: doubled.", "Wheels budget was cut.", False),
    ],
)
def test_two_values_of_one_kind_of_one_thing_are_a_pair(
    first: str, second: str, apart: bool
) -> None:
    assert disagree(first, second) is apart
    assert disagree(second, first) is apart

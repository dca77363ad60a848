from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput
from tests.tools.territory.small_team import row_of, small_case
from tools.territory.comparing import Choice, compare

REPS = [{"rep_id": "ana"}, {"rep_id": "bo"}, {"rep_id": "cy"}]
SHOPS = [
    {"account_id": f"A-{number}", "owner_id": "ana", "potential": 10.0 * number, "hours": 2.0}
    for number in range(1, 6)
]


@pytest.fixture(scope="module")
def case():
    return small_case(SHOPS, REPS)


@pytest.fixture(scope="module")
def row(case):
    return row_of(
        case,
        {"A-1": "bo", "A-2": "bo"},
        {"A-1": "bo", "A-3": "cy"},
        {"A-1": "bo", "A-2": "bo", "A-4": "cy"},
        {"A-1": "cy"},
    )


def keys(moves):
    return [(move.account_id, move.to_rep) for move in moves]


def test_moves_are_shared_by_all_by_some_or_in_one_design_only(row):
    told = compare([("S-1", row, 1), ("S-1", row, 2), ("S-1", row, 3)])
    assert keys(told.shared) == [("A-1", "bo")]
    assert keys(told.some) == [("A-2", "bo")]
    assert told.some[0].designs == (0, 2)
    assert [keys(only) for only in told.only] == [[], [("A-3", "cy")], [("A-4", "cy")]]


def test_the_same_account_to_another_rep_is_another_move(row):
    told = compare([("S-1", row, 1), ("S-1", row, 4)])
    assert told.shared == ()
    assert [keys(only) for only in told.only] == [[("A-1", "bo"), ("A-2", "bo")], [("A-1", "cy")]]


def test_who_gains_and_who_loses(row):
    told = compare([("S-1", row, 1), ("S-1", row, 2)])
    ana, bo, cy = told.reps
    # Ana has all five: 150 of potential, 10 h. Design 1 gives 10 + 20 to Bo.
    assert (ana.present.potential, ana.present.hours, ana.present.accounts) == (150.0, 10.0, 5)
    assert (ana.designs[0].gain.potential, ana.designs[0].gain.accounts) == (-30.0, -2)
    assert (bo.designs[0].gain.potential, bo.designs[0].gain.hours) == (30.0, 4.0)
    assert bo.designs[0].holding == bo.designs[0].gain
    # Design 2 gives 10 to Bo and 30 to Cy.
    assert [rep.designs[1].gain.potential for rep in (ana, bo, cy)] == [-40.0, 10.0, 30.0]


def test_six_figures_stand_side_by_side(row):
    told = compare([("S-1", row, 1), ("S-1", row, 3)])
    assert [column.figures for column in told.designs] == [
        row.points[1].figures,
        row.points[3].figures,
    ]
    assert [column.figures.accounts_moved for column in told.designs] == [2, 3]


def test_a_rep_who_is_in_one_design_only_is_missing_in_the_other(row):
    two = row_of(small_case(SHOPS, REPS[:2]), {"A-1": "bo"})
    told = compare([("S-1", row, 1), ("S-2", two, 1)])
    cy = told.reps[2]
    assert cy.designs[0] is not None
    assert cy.designs[1] is None


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=2, max_size=4, unique=True))
def test_every_move_is_told_once_and_none_is_lost(points):
    row = row_of(
        small_case(SHOPS, REPS), {"A-1": "bo"}, {"A-2": "cy"}, {"A-1": "bo", "A-5": "cy"}, {}
    )
    told = compare([("S-1", row, point) for point in points])
    everywhere = [*told.shared, *told.some, *(move for only in told.only for move in only)]
    assert len(set(keys(everywhere))) == len(everywhere)
    for column, point in enumerate(points):
        here = {key for move in everywhere if column in move.designs for key in keys([move])}
        assert here == set(keys(row.points[point].moves))


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ([1], "1 design was given to compare; it takes two to 4"),
        ([1, 2, 3, 4, 0], "5 designs were given to compare"),
        ([1, 1], "S-1 and S-1 are the same design, number 1"),
        ([1, 9], "S-1 has no design 9; its designs are 0 to 4"),
    ],
)
def test_what_cannot_be_compared_is_explained(row, choices, words):
    with pytest.raises(InvalidInput, match=words):
        compare([Choice("S-1", row, point) for point in choices])


def test_designs_of_other_books_are_refused_and_other_rules_are_told(row):
    other = row.model_copy(update={"book_id": "book-2"})
    with pytest.raises(InvalidInput, match=r"different books \(book-1, book-2\)"):
        compare([("S-1", row, 1), ("S-2", other, 2)])
    other = row.model_copy(update={"coverage_hash": "rules-2", "team": "Europe"})
    notes = compare([("S-1", row, 1), ("S-2", other, 1)]).notes
    assert len(notes) == 2
    assert "different coverage models" in notes[0]
    assert "different teams" in notes[1]

from __future__ import annotations

from datetime import date

import pytest

from api.scenario_words import (
    best_possible,
    constraint_words,
    keeping,
    listed_moves,
    next_step,
    verdict,
)
from domain.assignment import (
    Forbid,
    Lock,
    MostMoves,
    Prefer,
    Relationship,
    TierCorrection,
    Window,
)
from tests.api.scenario_fixture import Scene, scene


@pytest.fixture(scope="module")
def made() -> Scene:
    return scene()


def test_the_verdict_counts_and_bounds(made: Scene) -> None:
    frontier, point = made.frontier, made.frontier.points[4]
    assert "At most 1.2 points (10" in verdict(frontier, point)
    assert best_possible(point.model_copy(update={"gap": 0.001})) == (
        "No design under these rules is better."
    )
    assert best_possible(point.model_copy(update={"bound": 0.0})) == (
        "At most 1.2 points better is possible under these rules."
    )
    one = point.model_copy(
        update={"figures": point.figures.model_copy(update={"accounts_moved": 1})}
    )
    assert verdict(frontier, one).startswith("1 move brings the spread")


def test_accounts_that_nobody_owns_are_counted_apart_from_moves(made: Scene) -> None:
    frontier, point = made.frontier, made.frontier.points[4]
    first, *others = point.moves
    moved = len(others)
    figures = point.figures.model_copy(update={"accounts_moved": moved})
    mixed = point.model_copy(
        update={
            "moves": (first.model_copy(update={"from_rep": None}), *others),
            "figures": figures,
        }
    )
    assert verdict(frontier, mixed).startswith(
        f"{moved} moves and 1 account placed that nobody here owns bring the spread"
    )
    assert listed_moves(mixed) == f"{moved + 1} moves, 1 of them of accounts nobody here owns"
    assert listed_moves(point) == f"{moved + 1} moves"
    alone = mixed.model_copy(
        update={
            "moves": mixed.moves[:1],
            "figures": figures.model_copy(update={"accounts_moved": 0}),
        }
    )
    assert verdict(frontier, alone).startswith("1 account placed that nobody here owns brings")


def test_the_next_step_names_its_moves_and_its_gain(made: Scene) -> None:
    frontier = made.frontier
    four, five = frontier.points[4].figures, frontier.points[5].figures
    more = five.accounts_moved - four.accounts_moved
    gain = (four.spread_potential - five.spread_potential) * 100
    told = next_step(frontier, frontier.points[4])
    assert told.startswith(
        f"The next {more} moves would take {gain:.1f} points off the spread of potential."
    )
    last = next_step(frontier, frontier.points[-1])
    assert last.startswith("This is the last design of the row")
    assert f"Suggested is Design {frontier.suggested} with" in last


@pytest.mark.parametrize(
    ("constraint", "told"),
    [
        (MostMoves(accounts=1), "At most 1 account changes hands."),
        (MostMoves(value_share=0.05), "At most 5\u00a0% of relationship value changes hands."),
        (
            Window(measure="workload", low=-0.2, high=0.1, reps=("R-1",)),
            "Workload of Ann stays within −20 % and +10 % of target.",
        ),
        (
            Forbid(account_id="A", rep_id="R-1", by="Bo", reason="too far"),
            "Acme does not go to Ann (Bo: too far).",
        ),
        (
            Prefer(account_id="A", rep_id="R-1", points=-0.5, by="Bo", reason=""),
            "Acme with Ann counts −0.50 points (Bo).",
        ),
        (
            TierCorrection(account_id="A", tier="tier_1", by="Bo", reason="grew"),
            "Acme is worked as tier 1 (Bo: grew).",
        ),
        (
            Relationship(account_id="A", since=date(2020, 3, 1), by="Bo", reason="old friends"),
            "Acme has known its owner since 1 Mar 2020 (Bo: old friends).",
        ),
        (
            Lock(account_id="A", rep_id="R-9", by="Bo", reason="deal"),
            "Acme is locked to R-9, with no end set (Bo: deal).",
        ),
    ],
)
def test_constraints_are_told_in_words(constraint: object, told: str) -> None:
    assert constraint_words(constraint, {"A": "Acme"}, {"R-1": "Ann"}) == told  # type: ignore[arg-type]


def test_keeping_an_account_costs_points_or_is_not_possible(made: Scene) -> None:
    move = made.frontier.points[4].moves[0]
    assert keeping(move.model_copy(update={"points": 0.18})) == "+0.18"
    assert keeping(move.model_copy(update={"points": None, "why_not_stay": ""})) == "cannot stay"

"""What is said where no design can keep the rules, and silence where one can."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Infeasible, InvalidInput
from tools.balance.feasibility import Names, demand_feasible, demand_valid
from tools.balance.problem import Budget, Problem, judge

NAMES = Names(
    units=("A-12", "A-40", "A-50", "A-60", "A-70"),
    reps=("Ann", "Bo", "Cy"),
    locks={0: "by Ines Moreau", 1: "by Ines Moreau"},
)


def problem(
    hours: list[float], eligible: list[list[int]], capacity: list[float], **changed: Any
) -> Problem:
    """No travel, every potential 100, places and windows free."""
    units, reps = len(hours), len(capacity)
    rep = np.array([each for row in eligible for each in row], dtype=np.int64)
    free = np.tile([-np.inf, np.inf], (reps, 1))
    made = Problem(
        hours=np.array(hours, dtype=float),
        potential=np.full(units, 100.0),
        accounts=np.ones(units, dtype=np.int64),
        first=np.cumsum([0, *(len(row) for row in eligible)]),
        rep=rep,
        travel=np.zeros(len(rep)),
        disruption=np.zeros(len(rep)),
        preference=np.zeros(len(rep)),
        present=np.full(units, -1),
        capacity=np.array(capacity, dtype=float),
        limit=np.full(reps, units),
        work_target=np.full(reps, sum(hours) / reps),
        potential_target=np.full(reps, 100.0 * units / reps),
        work_window=free,
        potential_window=free.copy(),
    )
    return replace(made, **changed)


def refused(problem: Problem, names: Names = NAMES) -> tuple[str, list[str]]:
    demand_valid(problem)
    with pytest.raises(Infeasible) as error:
        demand_feasible(problem, names)
    assert error.value.facts["conflict"] == [error.value.message]
    ways = list(error.value.facts["relaxations"])
    assert all(way in error.value.hint for way in ways)
    return error.value.message, ways


def test_two_locked_accounts_and_too_few_hours_are_named_with_the_ways_out() -> None:
    # 40 h + 21 h with Ann, who has 40 h; A-50 may go to anybody and is no part of it.
    # Hours: 21 of the team's 140 are 15 %. An account is a third of all: 33 %.
    said, ways = refused(problem([40, 21, 5], [[0], [0], [0, 1, 2]], [40, 50, 50]))

    assert said == (
        "A-12 and A-40 are locked to Ann (by Ines Moreau); together they need 61 h, and Ann has "
        "40 h."
    )
    assert ways == [
        "give Ann 21 h more",
        "free A-12 (40 h; locked by Ines Moreau)",
        "free A-40 (21 h; locked by Ines Moreau)",
    ]


def test_only_the_accounts_that_it_takes_are_named() -> None:
    # 30 + 25 > 50 already; the 2 h of A-50 are no part of the smallest set, yet 7 h are
    # missing in all, which freeing A-50 would not give.
    said, ways = refused(problem([30, 25, 2], [[0], [0], [0]], [50, 50, 50]))

    assert said.startswith("A-12 and A-40 are locked to Ann")
    assert ways[0] == "give Ann 7 h more"
    assert not any("A-50" in way for way in ways)


def test_an_account_nobody_may_take_is_named() -> None:
    said, ways = refused(problem([1, 1], [[0, 1], []], [10, 10]))

    assert said == "A-40 may go to nobody: no rep is eligible."
    assert ways == ["allow some rep to take A-40", "leave it out"]


def test_an_account_too_large_for_each_of_its_reps_is_told_with_what_they_have() -> None:
    said, ways = refused(problem([60, 1], [[0, 1], [0, 1, 2]], [40, 50, 90]))

    assert said == (
        "A-12 fits with none of the reps who may have it: Ann has 40 h, and it would take "
        "60; Bo has 50 h, and it would take 60."
    )
    assert ways[0] == "give Bo 10 h more"
    assert "give Ann 20 h more" in ways
    assert "open A-12 (60 h) to further reps" in ways


def test_a_group_whose_reps_together_lack_hours_is_told_as_a_group() -> None:
    # Four accounts of 30 h for Ann and Bo, who have 50 h each; Cy has room but may not.
    said, ways = refused(problem([30, 30, 30, 30], [[0, 1]] * 4, [50, 50, 500]))

    assert "can only go to Ann and Bo; together they need 120 h, and these reps have 100 h" in said
    assert any(way.startswith("give Ann or Bo") for way in ways)


def test_places_run_out_like_hours() -> None:
    said, ways = refused(problem([1, 1, 1], [[0], [0], [0, 1]], [9, 9], limit=np.array([1, 3])))

    assert said == (
        "A-12 and A-40 are locked to Ann (by Ines Moreau); together they need 2 places, and Ann "
        "may have at most 1 account."
    )
    assert ways[0] == "let Ann have 1 more account"


def test_the_whole_team_may_lack_hours() -> None:
    said, _ = refused(problem([40, 40, 40, 40, 40], [[0, 1, 2]] * 5, [60, 60, 60]))

    assert said == "All 5 accounts need 200 h, and all 3 reps together have 180 h."


def test_whole_accounts_may_not_fit_where_shares_of_them_would() -> None:
    # Three accounts of 40 h, two reps of 60 h: 120 h of 120 h, but one rep gets two.
    said, ways = refused(problem([40, 40, 40], [[0, 1]] * 3, [60, 60]))

    assert said == (
        "No way of dividing whole accounts keeps these rules together for A-12, A-40 and A-50: "
        "Ann has 60 h; Bo has 60 h."
    )
    # One of them has to take two: 80 h.
    assert ways[0] == "give Ann or Bo 20 h more"


def test_a_budget_below_the_moves_that_rules_force_is_told() -> None:
    # Ann has all three, 60 h, and 40 h of time: one of them has to move, none may.
    rows = [[0, 1]] * 3
    moved = Budget("accounts moved", np.array([0.0, 1.0] * 3), 0.0)
    said, ways = refused(problem([20, 20, 20], rows, [40, 90], budgets=(moved,)))

    assert said == (
        "No design keeps these rules together for A-12, A-40 and A-50: Ann has 40 h; accounts "
        "moved may be at most 0."
    )
    assert "raise accounts moved from 0 by 1" in ways


def test_a_budget_below_what_every_design_uses_is_told() -> None:
    moved = Budget("accounts moved", np.array([1.0, 1.0, 0.0, 1.0]), 0.0)
    said, ways = refused(problem([1, 1], [[0, 1]] * 2, [9, 9], budgets=(moved,)))

    assert said == ("Accounts moved comes to at least 1 in every design, and may be at most 0.")
    assert ways[0] == "raise accounts moved from 0 by 1"


def test_a_window_that_nobody_s_accounts_can_reach_is_told() -> None:
    # Target 100 each of 300; Cy may have A-50 only and has to get 90 of potential.
    window = np.array([[-np.inf, np.inf], [-np.inf, np.inf], [0.5, np.inf]])
    said, ways = refused(
        problem([1, 1, 1], [[0, 1], [0, 1], [0, 2]], [9, 9, 9], potential_window=window)
    )

    assert said == (
        "All accounts that Cy may take have 100 of potential, and Cy has to get at least 150 of "
        "potential (50 % above target)."
    )
    assert ways == ["let Cy get as little as the potential target"]


def test_a_window_that_locks_exceed_is_told() -> None:
    window = np.array([[-np.inf, 0.1], [-np.inf, np.inf], [-np.inf, np.inf]])
    said, ways = refused(
        problem([10, 10, 10], [[0], [0], [1, 2]], [99, 99, 99], work_window=window)
    )

    assert "together they have 20 h of work, and Ann has to get at most 11 h of work" in said
    assert ways[0] == "let Ann get as much as 100 % above workload target"


def test_accounts_and_reps_are_called_by_their_index_where_nothing_else_is_known() -> None:
    said, _ = refused(problem([40, 21], [[0], [0]], [40, 50]), Names())

    assert said == (
        "Account 0 and account 1 can only go to rep 0; together they need 61 h, and rep 0 has 40 h."
    )


def test_the_quick_look_finds_locks_and_leaves_weighing_up_alone() -> None:
    with pytest.raises(Infeasible):
        demand_feasible(problem([40, 21], [[0], [0]], [40, 50]), thorough=False)
    demand_feasible(problem([40, 40, 40], [[0, 1]] * 3, [60, 60]), thorough=False)


def test_many_accounts_are_told_as_a_group() -> None:
    said, _ = refused(problem([10] * 30, [[0, 1]] * 30, [100, 100, 500]), Names())

    assert "30 accounts (account 0, account 1, account 2 and 27 more) can only go to rep 0" in said


@st.composite
def tiny(draw: st.DrawFn) -> Problem:
    units, reps = draw(st.integers(2, 5)), draw(st.integers(2, 3))
    some = st.lists(st.integers(0, reps - 1), min_size=1, max_size=reps, unique=True).map(sorted)
    eligible = draw(st.lists(some, min_size=units, max_size=units))
    hours = draw(st.lists(st.integers(1, 9), min_size=units, max_size=units))
    capacity = draw(st.lists(st.integers(3, 20), min_size=reps, max_size=reps))
    limit = draw(st.lists(st.integers(1, units), min_size=reps, max_size=reps))
    made = problem([float(h) for h in hours], eligible, [float(c) for c in capacity])
    low = draw(st.lists(st.sampled_from([-np.inf, -0.9, -0.5]), min_size=reps, max_size=reps))
    high = draw(st.lists(st.sampled_from([np.inf, 1.0, 0.5]), min_size=reps, max_size=reps))
    use = draw(st.lists(st.integers(0, 2), min_size=made.pairs, max_size=made.pairs))
    budget = Budget("accounts moved", np.array(use, dtype=float), draw(st.integers(0, 2 * units)))
    return replace(
        made,
        limit=np.array(limit),
        work_window=np.column_stack([low, high]).astype(float),
        budgets=(budget,),
    )


@settings(max_examples=150, deadline=None)
@given(tiny())
def test_it_speaks_exactly_where_no_design_keeps_the_rules(problem: Problem) -> None:
    spans = [range(problem.first[i], problem.first[i + 1]) for i in range(problem.units)]
    exists = any(judge(problem, np.array(chosen)).feasible for chosen in product(*spans))

    if exists:
        demand_feasible(problem)
    else:
        with pytest.raises(Infeasible):
            demand_feasible(problem)


def test_arrays_that_do_not_fit_are_told_all_at_once() -> None:
    good = problem([1, 1], [[0, 1], [0, 1]], [5, 5])
    with pytest.raises(InvalidInput, match=r"travel has the shape \(3,\).*limit has the shape"):
        demand_valid(replace(good, travel=np.zeros(3), limit=np.ones(1, dtype=np.int64)))
    bad = replace(good, hours=np.array([-1.0, 1.0])).reweighted(work=float("nan"))
    with pytest.raises(InvalidInput, match=r"Hours of account 0 is -1.*weight of work is nan"):
        demand_valid(bad)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"first": np.array([0, 3, 2])}, "first must rise"),
        ({"rep": np.array([1, 0, 0, 1])}, "Rep of pair 1 is 0; it must be above the one before"),
        ({"rep": np.array([0, 2, 0, 1])}, "Rep of pair 1 is 2; it must be an index"),
        ({"present": np.array([2, -1])}, "Present of account 0 is 2; it must be a pair of that"),
        ({"work_window": np.array([[0.1, 0.0]] * 2)}, "Work_window of rep 0 is 0.1"),
        ({"work_window": np.full((2, 2), np.nan)}, "Work_window of rep 0 is nan"),
        ({"budgets": (Budget("moves", np.array([0.0, -1, 0, 0]), 3),)}, "Use of 'moves' by pair 1"),
        ({"budgets": (Budget("moves", np.zeros(3), 3),)}, "'moves' has 3 uses where 4 are needed"),
        ({"budgets": (Budget("moves", np.zeros(4), float("nan")),)}, "cap of 'moves' is nan"),
        ({"preference": np.array([0.0, np.nan, 0, 0])}, "Preference of pair 1 is nan"),
        ({"accounts": np.array([0, 1])}, "Accounts of account 0 is 0; it must be 1 or more"),
    ],
)  # fmt: skip
def test_every_impossible_value_is_told_with_its_place(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        demand_valid(replace(problem([1, 1], [[0, 1], [0, 1]], [5, 5]), **changed))


def test_what_is_valid_passes() -> None:
    demand_valid(problem([1, 1], [[0, 1], [0, 1]], [5, 5]))

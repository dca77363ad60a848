"""Designs keep every rule, come with a true bound, and depend on nothing but the book."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from domain.errors import Infeasible, InvalidInput
from tests.tools.balance.small_books import optimum, ruled_book, shuffled, small_book
from tools.balance import exact
from tools.balance.certificate import bound
from tools.balance.problem import Budget, Problem, judge
from tools.balance.solver import solve
from tools.balance.warm import made_up


@pytest.mark.parametrize("start", range(0, 240, 40))
def test_tiny_books_with_rules_of_all_kinds_by_trying_every_design(start: int) -> None:
    found = 0
    for seed in range(start, start + 40):
        problem = ruled_book(seed)
        best, _ = optimum(problem)
        if best == np.inf:
            with pytest.raises(Infeasible):
                solve(problem, seed=seed)
            continue
        found += 1
        solution = solve(problem, seed=seed)
        near = 1e-9 * max(1.0, abs(best))
        assert solution.figures.feasible
        assert solution.figures.objective == pytest.approx(best, abs=near)
        assert max(solution.bound, solution.placed_bound) <= best + near
        assert solution.gap <= 1e-5 * max(1.0, abs(best))
    assert found > 10


def test_walks_alone_find_nearly_all_of_the_best_designs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "PAIRS", 0)
    monkeypatch.setattr(exact, "DESPERATE", 0)
    missed = 0
    for seed in range(16):
        problem = small_book(seed, units=9, reps=3, tight=0.9)
        best, _ = optimum(problem)
        solution = solve(problem, seed=seed, steps=30)
        assert solution.figures.feasible
        assert solution.best_bound <= best + 1e-9 <= solution.figures.objective + 2e-9
        missed += solution.figures.objective > best + 1e-9
    assert missed <= 1


def test_tight_hours_in_coarse_pieces_are_packed() -> None:
    """Reps with 1 % to spare and units of a tenth of their hours: greedy ways never fit."""
    draw = np.random.default_rng(5)
    book = small_book(5, units=60, reps=5, choices=3)
    hours = np.where(draw.random(60) < 0.6, draw.uniform(8.0, 14.0, 60), 0.05)
    capacity = np.full(5, 1.01 * hours.sum() / 5)
    problem = replace(book, hours=hours, travel=0.0 * book.travel, capacity=capacity)
    problem = replace(problem, work_target=np.full(5, hours.sum() / 5))

    solution = solve(problem, steps=40)

    assert solution.figures.feasible
    assert (solution.figures.needed <= capacity * (1 + 1e-9)).all()


BOOK = small_book(11, units=150, reps=6)


def test_the_same_steps_and_seed_give_the_same_bytes_with_and_without_numba() -> None:
    one = solve(BOOK, steps=3, seed=4)
    again = solve(BOOK, steps=3, seed=4)
    plain = solve(BOOK, steps=3, seed=4, plain=True)

    for other in (again, plain):
        assert one.chosen.tobytes() == other.chosen.tobytes()
        assert one.prices.table().tobytes() == other.prices.table().tobytes()
        assert (one.bound, one.placed_bound) == (other.bound, other.placed_bound)


def test_the_clock_only_decides_how_many_steps_there_are() -> None:
    timed = solve(BOOK, seconds=0.6, seed=4)
    replayed = solve(BOOK, steps=timed.steps, seed=4)

    assert timed.chosen.tobytes() == replayed.chosen.tobytes()


def test_more_steps_are_never_worse() -> None:
    objectives = [solve(BOOK, steps=steps, seed=1).figures.objective for steps in (1, 2, 5, 12, 25)]

    assert objectives == sorted(objectives, reverse=True)
    assert objectives[-1] < objectives[0]


@pytest.mark.parametrize("problem", [BOOK, made_up(80, 6)], ids=["plain", "ruled"])
def test_the_order_of_accounts_and_reps_makes_no_difference(problem: Problem) -> None:
    told, unit, pair = shuffled(problem, 3)
    here, there = solve(problem, steps=4, seed=2), solve(told, steps=4, seed=2)

    assert (pair[there.chosen] == here.chosen[unit]).all()
    assert there.bound == pytest.approx(here.bound, rel=1e-12)


def test_every_account_has_one_owner_who_may_have_it() -> None:
    solution = solve(BOOK, steps=4)

    assert solution.chosen.shape == (BOOK.units,)
    assert (BOOK.unit[solution.chosen] == np.arange(BOOK.units)).all()
    assert solution.bound == bound(BOOK, solution.prices)
    assert solution.figures.objective == judge(BOOK, solution.chosen).objective


def alike(hours: np.ndarray, potential: np.ndarray, targets: np.ndarray) -> Problem:
    """Units that every rep may take, at no cost."""
    units, reps = len(hours), len(targets)
    free = np.tile([-np.inf, np.inf], (reps, 1))
    return Problem(
        hours=hours,
        potential=potential,
        accounts=np.ones(units, dtype=np.int64),
        first=np.arange(units + 1) * reps,
        rep=np.tile(np.arange(reps), units),
        travel=np.zeros(units * reps),
        disruption=np.zeros(units * reps),
        preference=np.zeros(units * reps),
        present=np.full(units, -1),
        capacity=np.full(reps, hours.sum()),
        limit=np.full(reps, units),
        work_target=np.full(reps, hours.sum() / reps),
        potential_target=targets,
        work_window=free,
        potential_window=free.copy(),
    )


def test_equal_accounts_make_equal_territories() -> None:
    problem = alike(np.full(40, 3.0), np.full(40, 100.0), np.full(4, 1000.0))

    solution = solve(problem, steps=10)

    assert solution.figures.accounts.tolist() == [10, 10, 10, 10]
    assert solution.figures.objective == pytest.approx(0.0, abs=1e-9)


def test_quotas_in_proportion_make_attainable_quotas_equal() -> None:
    targets = np.array([500.0, 1000.0, 1500.0])
    problem = alike(np.full(60, 2.0), np.full(60, 50.0), targets).reweighted(work=0.0)

    solution = solve(problem, steps=10)

    assert solution.figures.potential_load == pytest.approx(targets)


def test_a_start_is_kept_where_nothing_better_is_found() -> None:
    best = solve(BOOK, steps=40, seed=1)

    again = solve(BOOK, steps=1, seed=9, start=best.chosen, prices=best.prices)

    assert again.figures.objective <= best.figures.objective


def test_rules_that_clash_are_named_and_nothing_is_returned() -> None:
    problem = small_book(2, units=30, reps=3)
    stay = np.where(problem.disruption > 0, 1.0, 0.0)
    nobody = replace(
        problem, capacity=np.full(3, 0.3 * problem.hours.sum()), budgets=(Budget("moves", stay, 5),)
    )

    with pytest.raises(Infeasible, match=r"30 accounts need 177\.7 h") as refused:
        solve(nobody)
    assert "ways out" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"hours": np.where(np.arange(150) == 3, -1.0, BOOK.hours)}, "hours of account 3 is -1"),
        ({"potential": np.full(150, np.nan)}, "Potential of account 0 is nan"),
        ({"capacity": np.zeros(6)}, "Capacity of rep 0 is 0"),
    ],
)
def test_impossible_values_are_told_with_their_place(
    changed: dict[str, np.ndarray], told: str
) -> None:
    with pytest.raises(InvalidInput, match=f"(?i){told}"):
        solve(replace(BOOK, **changed))


def test_one_rep_and_no_accounts_are_told_apart() -> None:
    empty = np.zeros(0)
    nobody = replace(
        BOOK, hours=empty, potential=empty, accounts=empty.astype(np.int64), first=np.zeros(1, int),
        rep=empty.astype(np.int64), travel=empty, disruption=empty, preference=empty,
        present=empty.astype(np.int64),
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="There are no accounts"):
        solve(nobody)
    alone = replace(BOOK, capacity=np.ones(1))
    with pytest.raises(InvalidInput, match="only one rep"):
        solve(alone)


def test_whole_accounts_that_cannot_fit_are_told_as_proven() -> None:
    """Three units of 6 h and two reps of 10 h: as shares they fit, as wholes they do not."""
    problem = alike(np.full(3, 6.0), np.full(3, 1.0), np.full(2, 1.5))

    with pytest.raises(Infeasible, match="No way of dividing whole accounts"):
        solve(replace(problem, capacity=np.full(2, 10.0)))

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Infeasible, InvalidInput
from tests.tools.balance.small_books import optimum, small_book
from tools.balance.certificate import bound
from tools.balance.problem import Budget, Ints, Problem, judge
from tools.balance.repair import Repaired, repair
from tools.balance.solver import solve


def without(problem: Problem, rep: int) -> Problem:
    """The book after `rep` left: the pairs are gone, and what the rep had is free to move."""
    kept = problem.rep != rep
    number = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
    present = number[problem.present]
    charged = present[problem.unit[kept]] >= 0
    return replace(
        problem,
        first=np.concatenate([[0], np.cumsum(np.bincount(problem.unit[kept]))]).astype(np.int64),
        rep=problem.rep[kept],
        travel=problem.travel[kept],
        disruption=np.where(charged, problem.disruption[kept], 0.0),
        preference=problem.preference[kept],
        present=present.astype(np.int64),
    )


def closed_and_changed(before: Ints, after: Ints, repaired: Repaired) -> int:
    """Units that left or reached a rep who was not open."""
    closed = ~np.isin(np.arange(100), repaired.open_reps)
    moved = np.flatnonzero(before != after)
    left = before[moved] >= 0
    return int((closed[before[moved]] & left).sum() + closed[after[moved]].sum())


@pytest.mark.parametrize("seed", range(3))
def test_a_leavers_accounts_go_to_few_and_all_others_stay_byte_for_byte(seed: int) -> None:
    book = small_book(seed, units=90, reps=9)
    first = solve(book, steps=2, seed=1)
    before = book.rep[first.chosen]
    gone = int(np.bincount(before, minlength=9).argmin())
    after = without(book, gone)
    orphans = np.flatnonzero(before == gone)

    mended = repair(
        after, np.where(before == gone, -1, before), first.prices, orphans, neighbours=1
    )

    assert mended.figures.feasible
    now = after.rep[mended.chosen]
    held = np.where(before == gone, -1, before)
    assert closed_and_changed(held, now, mended) == 0
    assert gone not in mended.open_reps
    assert len(mended.open_reps) < 9
    assert mended.figures.objective == judge(after, mended.chosen).objective
    assert mended.bound == pytest.approx(bound(after, mended.prices), abs=1e-9)


def test_a_changed_account_opens_its_rep_and_as_many_neighbours_as_asked() -> None:
    book = small_book(4, units=80, reps=8)
    first = solve(book, steps=2, seed=1)
    before = book.rep[first.chosen]
    hours = book.hours.copy()
    hours[7] *= 1.01
    mended = repair(replace(book, hours=hours), before, first.prices, np.array([7]), neighbours=2)
    assert before[7] in mended.open_reps
    assert len(mended.open_reps) == 3
    assert closed_and_changed(before, book.rep[mended.chosen], mended) == 0


def test_a_new_rep_is_open_and_gets_accounts() -> None:
    book = small_book(6, units=60, reps=6, choices=6)
    five = solve(without(book, 5), steps=2, seed=1)
    before = without(book, 5).rep[five.chosen]
    mended = repair(book, before, five.prices, np.zeros(0, dtype=np.int64), neighbours=3)
    assert 5 in mended.open_reps
    assert (book.rep[mended.chosen] == 5).any()
    assert mended.figures.objective < judge(book, book.pairs_of(before)).objective


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), touched=st.integers(0, 6))
def test_the_bound_is_one_of_the_whole_book(seed: int, touched: int) -> None:
    book = small_book(seed, units=7, reps=3, tight=0.5)
    before = book.rep[book.present]
    prices = solve(book, steps=1).prices
    mended = repair(book, before, prices, np.array([touched]), neighbours=1)
    best, _ = optimum(book)
    assert mended.bound <= best + 1e-9
    assert mended.figures.objective >= best - 1e-9
    assert mended.bound >= bound(book, prices)


def test_budgets_count_what_closed_territories_have_used() -> None:
    book = small_book(8, units=40, reps=5, tight=0.5)
    moved = (book.disruption > 0).astype(float)
    free = solve(book, steps=1, seed=1)
    used = float(moved[free.chosen].sum())
    assert used >= 2
    capped = replace(book, budgets=(Budget("accounts moved", moved, used),))
    before = book.rep[free.chosen]
    prices = replace(free.prices, budgets=np.zeros(1))
    mended = repair(capped, before, prices, np.array([3]), neighbours=1)
    assert mended.figures.feasible
    assert moved[mended.chosen].sum() <= used


def test_more_is_opened_where_the_neighbours_have_no_room() -> None:
    # Everybody but the last two reps is full to the minute, so the first rep's surplus can
    # only go where the prices did not point.
    book = small_book(9, units=60, reps=6, choices=6)
    first = solve(book, steps=1, seed=1)
    before = book.rep[first.chosen]
    hours = judge(book, first.chosen).work_load
    tight = replace(
        book,
        capacity=hours * np.array([0.8, 1.0, 1.0, 1.0, 1.6, 1.6]),
        travel=np.zeros(book.pairs),
    )
    mended = repair(tight, before, first.prices, np.flatnonzero(before == 0)[:1], neighbours=0)
    assert mended.figures.feasible
    assert len(mended.open_reps) > 1


def test_what_no_design_can_do_a_repair_cannot_do() -> None:
    book = small_book(2, units=20, reps=3)
    first = solve(book, steps=1)
    starved = replace(book, capacity=book.capacity * 0.1)
    with pytest.raises(Infeasible):
        repair(starved, book.rep[first.chosen], first.prices, np.array([0]))


def test_designs_and_units_that_do_not_fit_are_refused() -> None:
    book = small_book(2, units=20, reps=3)
    prices = solve(book, steps=1).prices
    with pytest.raises(InvalidInput, match="has 19 units, the problem 20"):
        repair(book, np.zeros(19, dtype=np.int64), prices, np.array([0]))
    with pytest.raises(InvalidInput, match="run from 3 to 20"):
        repair(book, np.zeros(20, dtype=np.int64), prices, np.array([3, 20]))

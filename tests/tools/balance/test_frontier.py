from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from domain.errors import InvalidInput
from tests.tools.balance.small_books import optimum, small_book
from tools.balance.certificate import bound
from tools.balance.frontier import frontier
from tools.balance.hull import Found, lower_hull, picture, thinned, tie, undominated
from tools.balance.problem import judge

NOBODY = np.zeros(0, dtype=np.int64)


def found(value: float, rest: float, balance: float | None = None) -> Found:
    return Found(NOBODY, value, rest, rest if balance is None else balance)


def test_the_hull_keeps_what_some_weight_prefers() -> None:
    # b lies above the line from a to d, c below it, e is matched by d, f costs more than c.
    pool = {
        b"a": found(0.0, 10.0), b"b": found(0.1, 9.5), b"c": found(0.2, 4.0),
        b"d": found(0.5, 2.0), b"e": found(0.6, 2.0), b"f": found(0.2, 5.0),
    }  # fmt: skip
    assert lower_hull(pool) == [b"a", b"c", b"d"]
    # a and c tie where 100 w x 0.2 = 6.
    assert tie(pool[b"a"], pool[b"c"]) == pytest.approx(0.3)
    assert pool[b"a"].at(0.3) == pytest.approx(pool[b"c"].at(0.3))


def test_a_design_less_even_than_one_that_moves_less_is_left_out() -> None:
    pool = {b"a": found(0.0, 9.0, 5.0), b"b": found(0.1, 7.0, 6.0), b"c": found(0.2, 6.0, 4.0)}
    assert undominated([b"a", b"b", b"c"], pool) == [b"a", b"c"]


def test_thinning_keeps_both_ends_and_drops_the_closest() -> None:
    pool = {key: found(*at) for key, at in {
        b"a": (0.0, 8.0), b"b": (0.1, 4.0), b"c": (0.12, 3.9), b"d": (0.6, 1.0),
    }.items()}  # fmt: skip
    row = list(pool)
    assert picture(list(pool.values()))[[0, -1]].tolist() == [[0.0, 1.0], [1.0, 0.0]]
    assert thinned(row, pool, 2) == [b"a", b"d"]
    assert thinned(row, pool, 3)[1] in {b"b", b"c"}
    assert row == list(pool)


@pytest.mark.parametrize("seed", range(4))
def test_every_design_is_feasible_bounded_and_best_of_the_row_at_its_weight(seed: int) -> None:
    book = small_book(seed, units=7, reps=3)

    row = frontier(book, points=6, seed=1, steps=14)

    assert 1 <= len(row) <= 6
    for design in row:
        at_weight = book.reweighted(disruption=design.weight)
        solution = design.solution
        figures = judge(at_weight, solution.chosen)
        assert figures.feasible
        assert figures.objective == solution.figures.objective
        assert bound(at_weight, solution.prices) == pytest.approx(solution.bound, abs=1e-9)
        best, _ = optimum(at_weight)
        assert solution.bound <= best + 1e-9
        for other in row:
            assert judge(at_weight, other.solution.chosen).objective >= figures.objective - 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_no_design_is_dominated_and_weights_fall_from_move_little_to_nought(seed: int) -> None:
    row = frontier(small_book(seed, units=40, reps=4), points=8, steps=20)

    assert len(row) >= 5
    for before, after in pairwise(row):
        assert before.weight >= after.weight
        assert before.moved_value < after.moved_value
        assert before.rest > after.rest
        balance = [x.solution.figures.work + x.solution.figures.potential for x in (before, after)]
        assert balance[0] > balance[1]


def test_the_present_assignment_comes_first_when_it_is_feasible() -> None:
    book = small_book(3, units=30, reps=3)
    roomy = replace(book, capacity=np.full(3, 1e4))
    first, *others = frontier(roomy, points=6, steps=12)
    assert np.array_equal(first.solution.chosen, book.present)
    assert first.moved_value == 0.0
    assert all(design.solution.figures.moved for design in others)


def test_an_infeasible_present_is_no_design() -> None:
    book = small_book(3, units=30, reps=3)
    load = judge(book, book.present).needed
    over = replace(book, capacity=np.where(load == load.max(), 0.98 * load.max(), 1e4))
    first = frontier(over, points=4, steps=8)[0]
    assert first.solution.figures.feasible
    assert first.moved_value > 0


def test_the_same_pieces_and_seed_give_the_same_bytes_however_they_were_counted() -> None:
    book = small_book(5, units=40, reps=4)
    timed = frontier(book, points=6, seed=2, seconds=1.0)
    counted = frontier(book, points=6, seed=2, steps=timed[0].pieces)
    assert [design.weight for design in timed] == [design.weight for design in counted]
    for one, two in zip(timed, counted, strict=True):
        assert one.solution.chosen.tobytes() == two.solution.chosen.tobytes()
        assert one.solution.prices.table().tobytes() == two.solution.prices.table().tobytes()
        assert one.solution.bound == two.solution.bound


def test_one_point_is_no_frontier() -> None:
    with pytest.raises(InvalidInput, match="has two ends"):
        frontier(small_book(1, units=5, reps=3), points=1)

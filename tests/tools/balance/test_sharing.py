"""Turns of sharing: compiled or plain to the byte, sums that hold, no step backwards."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tools.balance.small_books import ruled_book, small_book
from tools.balance import sharing_fast, sharing_plain
from tools.balance.board import POINT, Board, Position, keeps_rules, lay, stand
from tools.balance.certificate import bound
from tools.balance.dual import price
from tools.balance.problem import Ints, Problem, judge
from tools.balance.sharing import desk_for
from tools.balance.solver import solve
from tools.balance.walk import Walk
from tools.balance.warm import made_up

BOOKS = {
    "plain": small_book(1, units=80, reps=6),
    "tight": small_book(2, units=60, reps=5, tight=0.97),
    "windows and a budget": made_up(90, 7),
    "tiny": ruled_book(17),
}


def laid(problem: Problem) -> Board:
    return lay(problem, price(problem), np.arange(problem.pairs), 1e3)


def heats(board: Board, many: int, hot: float) -> Ints:
    return np.rint(np.geomspace(hot, hot / 30, many) * board.terms[POINT]).astype(np.int64)


@pytest.mark.parametrize("name", BOOKS)
def test_numpy_alone_gives_the_same_bytes_and_loads_add_up(name: str) -> None:
    problem = BOOKS[name]
    board = laid(problem)
    ends: list[Position] = []
    for form in (sharing_fast, sharing_plain):
        position = stand(board, problem.first[:-1])
        reps, units = np.arange(problem.reps), np.arange(problem.units)
        form.turns(board, position, reps, units, heats(board, 24, 0.3), 5, 3, desk_for(board))
        ends.append(position)

    for one, other in zip(*ends, strict=True):
        assert one.tobytes() == other.tobytes()
    afresh = stand(board, ends[0].chosen)
    assert (afresh.loads == ends[0].loads).all()
    assert (afresh.spent == ends[0].spent).all()


def test_a_turn_without_heat_is_never_a_step_backwards() -> None:
    problem = small_book(8, units=120, reps=6)
    board, reps, units = laid(problem), np.arange(6), np.arange(120)
    position = stand(board, problem.first[:-1])
    desk = desk_for(board)
    nothing = np.zeros(1, dtype=np.int64)
    sharing_fast.turns(board, position, reps, units, np.zeros(60, np.int64), 1, 3, desk)
    assert keeps_rules(board, position)
    last = judge(problem, position.chosen).objective
    for turn in range(200, 260):
        sharing_fast.turns(board, position, reps, units, nothing, turn, 3, desk)
        now = judge(problem, position.chosen).objective
        assert now <= last + 1e-6
        last = now


def test_only_the_given_reps_take_part() -> None:
    problem = small_book(8, units=120, reps=8)
    board = laid(problem)
    position = stand(board, problem.first[:-1])
    before = board.rep[position.chosen]
    reps = np.array([1, 4, 6])
    mine = np.isin(before, reps)
    units = np.flatnonzero(mine)
    sharing_fast.turns(board, position, reps, units, heats(board, 20, 0.3), 3, 3, desk_for(board))
    after = board.rep[position.chosen]

    assert (after[~mine] == before[~mine]).all()
    assert np.isin(after[mine], reps).all()
    assert (after != before).any()


def test_regrets_and_slacks_of_the_board_are_those_of_the_certificate() -> None:
    problem = small_book(2, units=60, reps=5)
    prices = price(problem)
    board = lay(problem, prices, np.arange(problem.pairs), 1e3)
    chosen = solve(problem, steps=3).chosen
    loads = stand(board, chosen).loads
    points = board.guide[chosen].sum() / board.terms[POINT]
    for rep in range(problem.reps):
        slack = sharing_plain.slack(
            *loads[rep], board.rates[rep], board.rules[rep], board.terms, 1.0
        )
        points += slack / board.terms[POINT]

    gap = judge(problem, chosen).objective - bound(problem, prices)
    assert points == pytest.approx(gap, abs=1e-6)


def test_two_halves_walk_apart_and_the_number_of_threads_changes_nothing() -> None:
    from concurrent.futures import ThreadPoolExecutor

    problem = small_book(12, units=200, reps=14, choices=4)
    prices = price(problem)
    ends = []
    with ThreadPoolExecutor(2) as executor:
        for threads in (executor, None):
            walk = Walk(problem, prices, problem.first[:-1], plain=False, reach=np.inf)
            walk.take(np.geomspace(0.1, 0.01, 40), 7, threads)
            ends.append(walk.quenched(10, 99, threads))

    assert (ends[0] == ends[1]).all()

"""Prices: compiled or plain to the byte, never worse than what they start from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tools.balance.small_books import ruled_book, small_book
from tools.balance import dual
from tools.balance.certificate import bound
from tools.balance.problem import Problem, Weights
from tools.balance.solution import Prices
from tools.balance.warm import made_up


def same(one: Prices, other: Prices) -> bool:
    return (
        one.table().tobytes() == other.table().tobytes()
        and one.budgets.tobytes() == other.budgets.tobytes()
    )


BOOKS = {
    "plain": small_book(1, units=80, reps=5),
    "tight": small_book(2, units=60, reps=4, tight=0.98),
    "rules of all kinds": made_up(90, 6),
    "tiny": ruled_book(17),
    "costs alone": small_book(5, units=50, reps=5).reweighted(work=0.0, potential=0.0),
    "nothing counts": replace(small_book(6, units=20, reps=3), weights=Weights(0, 0, 0, 0)),
}


@pytest.mark.parametrize("name", BOOKS)
def test_numpy_alone_gives_the_same_bytes(name: str) -> None:
    assert same(dual.price(BOOKS[name]), dual.price(BOOKS[name], plain=True))


@pytest.mark.parametrize("name", BOOKS)
def test_a_start_is_never_made_worse(name: str) -> None:
    problem = BOOKS[name]
    best = dual.price(problem)
    nearby = replace(best, work=best.work * 1.01)

    again = dual.price(problem, start=best)

    assert bound(problem, again) >= bound(problem, best)
    assert bound(problem, dual.price(problem, start=nearby)) >= bound(problem, nearby)
    assert bound(problem, best) >= bound(problem, Prices.zero(problem.reps, len(problem.budgets)))


def test_a_sample_first_comes_to_the_same_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    problem: Problem = small_book(9, units=600, reps=6, choices=5)
    whole = bound(problem, dual.price(problem))
    monkeypatch.setattr(dual, "MANY", 500)

    sampled = bound(problem, dual.price(problem))

    assert sampled == pytest.approx(whole, rel=1e-3)


def test_units_that_all_have_one_rep_only() -> None:
    book = small_book(4, units=12, reps=3)
    lone = replace(
        book,
        first=np.arange(13),
        rep=book.rep[book.present],
        travel=book.travel[book.present],
        disruption=book.disruption[book.present],
        preference=book.preference[book.present],
        present=np.arange(12),
    )

    assert np.isfinite(bound(lone, dual.price(lone)))

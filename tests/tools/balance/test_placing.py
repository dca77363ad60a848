"""Placements of big units: their bound holds for every design and tells more than prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tools.balance.small_books import optimum, small_book
from tools.balance.certificate import bound
from tools.balance.dual import price
from tools.balance.placing import Placing, big_units, narrowed
from tools.balance.problem import judge


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_holds_and_closes_on_the_best_placement(seed: int) -> None:
    problem = small_book(seed, units=8, reps=3)
    best, chosen = optimum(problem)
    placing = Placing(problem, price(problem), plain=False)
    by_prices = placing.bound
    for _ in range(400):
        if placing.closed:
            break
        placing.step(None)
        assert by_prices <= placing.bound <= best + 1e-9

    assert placing.closed
    assert placing.bound > by_prices
    # All designs with the best placement are priced to a thousandth.
    big = big_units(problem)
    first = placing.found[0]
    assert first.bound <= best + 1e-9
    assert len(first.pairs) == len(big)
    if len(big) == problem.units:
        reached = judge(problem, np.array(first.pairs)[np.argsort(big)]).objective
        assert reached <= best * 1.01
        assert tuple(chosen[big]) in {placement.pairs for placement in placing.found}


def test_a_book_without_big_units_has_nothing_to_place() -> None:
    book = small_book(1, units=200, reps=4)
    problem = replace(book, potential=np.minimum(book.potential, 300.0))

    assert not len(big_units(problem))
    assert Placing(problem, price(problem), plain=False).closed


def test_a_narrowed_problem_judges_what_it_still_holds_alike() -> None:
    problem = small_book(2, units=10, reps=3)
    keep = np.union1d(problem.present, np.arange(0, problem.pairs, 2))
    part = narrowed(problem, keep)
    chosen = np.searchsorted(keep, problem.present)

    assert judge(part, chosen).objective == judge(problem, problem.present).objective
    assert (part.present == chosen).all()
    assert bound(part, price(part)) >= bound(problem, price(problem)) - 1e-6

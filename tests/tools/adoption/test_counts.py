"""What is counted, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from domain.errors import InvalidInput
from tools.adoption.attributes import levels
from tools.adoption.exposure import exposure, grams, wide
from tools.adoption.history import NEVER, history
from tools.adoption.parts import ease, known, log_odds
from tools.adoption.stack import logistic, ndcg

# Account, product, day, amount: 0 bought 0 twice and sent 1 back; 1 bought 0 and 1.
ROWS = np.array([(0, 0, 5, 10), (0, 0, 3, 5), (0, 1, 4, 7), (0, 1, 6, -7), (1, 1, 9, 2),
                 (1, 0, 2, 4), (1, 0, 30, 4)])  # fmt: skip


def told(until: int = 20, order: list[int] | None = None):
    account, product, day, amount = ROWS[order if order else slice(None)].T
    return history(account, product, day, amount.astype(float), accounts=3, products=2, until=until)


def test_purchases_are_added_up_by_account_and_product() -> None:
    found = told()
    assert found.first.tolist() == [0, 1, 3, 3]
    assert found.item.tolist() == [0, 0, 1]
    assert found.day.tolist() == [3, 2, 9]
    assert found.spend.tolist() == [15.0, 4.0, 2.0]
    assert found.last_purchase(21).tolist() == [5, 9, NEVER]
    assert found.last_purchase(9).tolist() == [5, 2, NEVER]
    assert found.last_sale(21).tolist() == [5, 9]


@pytest.mark.parametrize("long", [1, 256])
def test_the_compiled_sums_are_the_same(monkeypatch: pytest.MonkeyPatch, long: int) -> None:
    plain = told()
    monkeypatch.setattr("tools.adoption.history.BIG", 0)
    monkeypatch.setattr("tools.adoption.kernels.LONG", long)
    compiled = told(order=[6, 3, 1, 5, 0, 4, 2])
    for name in ("first", "item", "day", "spend"):
        assert np.array_equal(getattr(plain, name), getattr(compiled, name)), name
    assert plain.last_purchase(9).tolist() == compiled.last_purchase(9).tolist()


def test_a_part_holds_the_same_of_some_accounts() -> None:
    part = told().part(np.array([1, 2]))
    assert part.first.tolist() == [0, 2, 2]
    assert part.day.tolist() == [2, 9]
    assert part.last_purchase(21).tolist() == [9, NEVER]


def test_arrays_that_do_not_fit_are_refused() -> None:
    one = np.array([0])
    with pytest.raises(InvalidInput, match="differ in length"):
        history(one, one, one, np.array([]), accounts=1, products=1, until=1)
    with pytest.raises(InvalidInput, match="Codes of product lie between 0 and 0; there are 0"):
        history(one, one, one, np.array([1.0]), accounts=1, products=0, until=1)
    with pytest.raises(InvalidInput, match="not finite"):
        history(one, one, one, np.array([np.nan]), accounts=1, products=1, until=1)


def test_accounts_are_grouped_by_what_they_could_have_seen() -> None:
    # Ten accounts; product 0 came on day 0, product 1 on day 50. Half ordered since.
    last = np.array([10] * 5 + [60] * 5 + [NEVER], dtype=np.int32)
    found = exposure(np.array([0, 50], dtype=np.int32), last)
    assert found.groups == 2
    assert found.since.tolist() == [0, 1]
    assert found.group.tolist() == [0] * 5 + [1] * 5 + [-1]
    # Five exposed accounts are too few to learn from alone.
    assert found.learn.tolist() == [0, 0]


def test_grams_count_accounts_from_each_group_upwards() -> None:
    table = wide(told(), np.array([[0], [1], [0]], dtype=np.int32), 2)
    both = grams(table, 21, np.array([0, 1, -1], dtype=np.int32), 2)
    # Columns: two products, two levels. Account 1 alone owns product 1 and has level 1.
    assert both[0].tolist() == [[2, 1, 1, 1], [1, 1, 0, 1], [1, 0, 1, 0], [1, 1, 0, 1]]
    assert both[1].tolist() == [[1, 1, 0, 1], [1, 1, 0, 1], [0, 0, 0, 0], [1, 1, 0, 1]]


def test_ease_of_two_products_is_the_ridge_by_hand() -> None:
    # 6 accounts own product 0, 3 of them product 1 too, and 1 owns 1 alone.
    account = np.array([0, 1, 2, 3, 4, 5, 0, 1, 2, 6])
    product = np.array([0] * 6 + [1] * 4)
    found = history(account, product, np.zeros(10, int), np.ones(10), accounts=7, products=2,
                    until=100)  # fmt: skip
    table = wide(found, np.zeros((7, 0), np.int32), 0)
    have = known(found, table, np.array([0, 1]), 101, 50)
    weights = ease(have, 2, 1.0)[0]
    # Ridge: the mean number of owners, (6 + 4) / 2 = 5. Product 1 from 0: 3 / (6 + 5).
    assert weights[0, 1] == pytest.approx(3 / 11)
    assert weights[1, 0] == pytest.approx(3 / (4 + 5))
    assert weights[0, 0] == weights[1, 1] == 0
    # Of 7 accounts 6 own product 0, each count with half a case.
    assert have.popularity[0] == pytest.approx(log_odds(np.array(6.5 / 8)))
    # Nobody bought anything for the first time in the last 50 days: (0 + .5) / (4 + 1) of
    # four that could, but nobody could, for nobody ordered: the rate is one half case of one.
    assert have.recent[0] == pytest.approx(log_odds(np.array(0.5)))


def test_numbers_become_quarters_and_rare_words_others() -> None:
    table = pd.DataFrame(
        {"size": [float(at) for at in range(39)] + [np.nan],
         "kind": ["shop"] * 20 + ["store"] * 15 + ["van"] * 5}
    )  # fmt: skip
    found = levels(table, table.index)
    # Quarters of 0 to 38: 9.5, 19, 28.5.
    assert found.name == (
        ("size", "below 9.5"), ("size", "9.5 to below 19"), ("size", "19 to below 28.5"),
        ("size", "28.5 and more"), ("size", "missing"),
        ("kind", "shop"), ("kind", "store"), ("kind", "other"),
    )  # fmt: skip
    assert found.code[0].tolist() == [0, 5]
    assert found.code[19].tolist() == [2, 5]
    assert found.code[39].tolist() == [4, 7]


def test_ndcg_by_hand() -> None:
    score = np.array([[3.0, 2.0, 1.0, -np.inf]])
    took = np.array([[False, True, True, False]])
    # Hits at ranks 2 and 3 of an ideal 1 and 2.
    gained = 1 / np.log2(3) + 1 / np.log2(4)
    assert ndcg(score, took)[0] == pytest.approx(gained / (1 + 1 / np.log2(3)))


def test_a_logistic_regression_finds_the_odds_it_was_given() -> None:
    # 80 of 100 at one, 20 of 100 at nought: log-odds of 1.386 and -1.386, a slope of 2.77.
    column = np.repeat([[1.0], [0.0]], 100, axis=0)
    took = np.concatenate([np.repeat([True, False], [80, 20]), np.repeat([True, False], [20, 80])])
    constant, slope = logistic(column, took)
    assert constant == pytest.approx(np.log(0.25), abs=0.05)
    assert slope == pytest.approx(2 * np.log(4), abs=0.1)

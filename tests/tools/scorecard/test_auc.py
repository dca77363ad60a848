from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.scorecard.auc import auc, auc_interval, paired_gain, pooled_interval

WON = np.array([1.0, 1.0, 0.0, 0.0])


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    # Pairs of a win (5, 2) and a loss (3, 2): 5 > 3, 5 > 2, 2 < 3, 2 = 2 counts half: 2.5 of 4.
    assert auc(WON, np.array([5.0, 2.0, 3.0, 2.0])) == 2.5 / 4


def test_delongs_variance_is_that_of_the_placements() -> None:
    # Above: wins lie over 1 and 1/4 of the losses, losses under 1/2 and 3/4 of the wins.
    # Variances (n - 1): 9/32 and 1/32, over 2 each: 5/32. The log-odds of 5/8 are .5108, their
    # error is sqrt(5/32) / (5/8 x 3/8) = 1.687, and 1.96 of those reach .0576 and .9785.
    found = auc_interval(WON, np.array([5.0, 2.0, 3.0, 2.0]), confidence=0.95)

    assert (found.low, found.high) == pytest.approx((0.0576, 0.9785), abs=2e-4)


def test_a_perfect_order_of_few_is_no_certainty() -> None:
    found = auc_interval(WON, np.array([4.0, 3.0, 2.0, 1.0]))

    assert found.value == found.high == 1
    assert found.low < 0.9


def test_one_class_has_no_area() -> None:
    assert np.isnan(auc(np.ones(3), np.arange(3.0)))
    assert np.isnan(auc_interval(np.ones(3), np.arange(3.0)).value)
    assert np.isnan(paired_gain([(np.ones(3), np.arange(3.0), np.arange(3.0))]).value)


def test_pairs_across_periods_do_not_count() -> None:
    # Each period is ordered wrongly, though the second one's scores are all higher.
    first = (np.array([1.0, 0.0]), np.array([1.0, 2.0]))
    second = (np.array([1.0, 0.0, 1.0]), np.array([11.0, 12.0, 11.0]))

    assert pooled_interval([first, second]).value == 0


def test_the_interval_holds_its_level_on_noise() -> None:
    random = np.random.default_rng(0)
    outside = 0
    for _ in range(400):
        found = auc_interval(
            (random.random(200) < 0.2).astype(float), random.random(200), confidence=0.9
        )
        outside += not found.low <= 0.5 <= found.high

    # 40 are expected, 6 more or less.
    assert 22 <= outside <= 58


def test_a_better_order_gains_and_the_same_gains_nothing() -> None:
    random = np.random.default_rng(1)
    won = (random.random(300) < 0.4).astype(float)
    noise, good = random.random(300), won + random.normal(0, 1, 300)

    better = paired_gain([(won, noise, good)], seed=3)
    assert better.value == pytest.approx(auc(won, good) - auc(won, noise))
    assert 0 < better.low < better.value < better.high
    assert better == paired_gain([(won, noise, good)], seed=3)
    same = paired_gain([(won, good, good)])
    assert (same.value, same.low, same.high) == (0, 0, 0)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=30))
def test_turning_the_scores_round_turns_the_area_round(rows: list[tuple[bool, int]]) -> None:
    won = np.array([row[0] for row in rows], dtype=float)
    scores = np.array([row[1] for row in rows], dtype=float)
    if 0 < won.sum() < len(won):
        assert auc(won, scores) + auc(won, -scores) == pytest.approx(1)
        found = auc_interval(won, scores)
        assert 0 <= found.low <= found.value <= found.high <= 1

"""Several tests at once, and how small a difference shows."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from eval.statistics.differences import sign_flip
from eval.statistics.power import smallest_difference
from eval.statistics.several import holm


def test_holm_by_hand() -> None:
    # Sorted .005, .01, .03, .04 times 4, 3, 2, 1: .02, .03, .06, and .04 no less than .06.
    assert holm([0.01, 0.04, 0.03, 0.005]) == (0.03, 0.06, 0.06, 0.02)


def test_holm_agrees_with_statsmodels() -> None:
    ps = np.random.default_rng(1).random(20) ** 4

    assert holm(ps.tolist()) == pytest.approx(multipletests(ps, method="holm")[1], abs=1e-6)


def test_what_was_not_tested_keeps_no_p_and_costs_the_others_nothing() -> None:
    assert holm([0.02, None, 0.5]) == (0.04, None, 0.5)
    assert holm([None]) == (None,)
    assert holm([]) == ()
    assert holm([0.9, 0.8]) == (1.0, 1.0)


def test_half_a_standard_deviation_takes_34_pairs_as_in_cohen_1988() -> None:
    # Matched pairs, d = .5, two-sided alpha .05, power .8: n = 34 (G*Power, Faul et al. 2007).
    before, at = smallest_difference(1, 33), smallest_difference(1, 34)

    assert before is not None
    assert at is not None
    assert at <= 0.5 < before


def test_it_is_in_the_units_of_the_standard_deviation() -> None:
    one, hundred = smallest_difference(0.1, 60), smallest_difference(10, 60)

    assert one is not None
    assert hundred == pytest.approx(one * 100, abs=1e-4)


@pytest.mark.parametrize(("sd", "clusters"), [(0.2, 1), (0.2, 0), (0.0, 60), (float("inf"), 1)])
def test_it_is_not_known_without_two_accounts_that_differ(sd: float, clusters: int) -> None:
    assert smallest_difference(sd, clusters) is None


def test_a_difference_of_that_size_is_found_four_times_in_five() -> None:
    smallest = smallest_difference(1.0, 30)
    assert smallest is not None
    rng = np.random.default_rng(5)
    found = sum(sign_flip(rng.normal(smallest, 1.0, 30)) < 0.05 for _ in range(200))

    # 160 expected; outside 143 to 176 with a chance below 1 in 150.
    assert 143 <= found <= 176


def test_more_than_possible_is_not_told_as_the_smallest() -> None:
    # Two accounts ask for 11.55 standard deviations.
    assert smallest_difference(0.1, 2, most=1) is None
    assert smallest_difference(0.08, 2, most=1) == pytest.approx(0.924, abs=1e-3)

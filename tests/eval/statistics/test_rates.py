"""Wilson's interval, rates over clusters, and pass^k, beside published and hand-worked values."""

from math import comb

import pytest

from bench.evaluation_coverage import POPULATIONS, rates_covered
from eval.statistics.estimate import ValuesUnfit
from eval.statistics.rates import clustered_rate, pass_hat_k, unseen_at_most, wilson

Z2 = 1.959964**2


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_that_of_newcombe_1998_table_1_method_3(
    hits: int, of: int, low: float, high: float
) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_nothing_observed_leaves_everything_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert clustered_rate([], [], []).model_dump() == {
        "value": None, "low": 0.0, "high": 1.0, "n": 0, "clusters": 0,
    }  # fmt: skip


def test_none_of_sixty_leaves_room_for_what_was_not_seen() -> None:
    # z^2 / (n + z^2) = 3.8415 / 63.8415.
    assert unseen_at_most(60) == pytest.approx(Z2 / (60 + Z2))


def test_a_rate_whose_accounts_agree_counts_each_account_once() -> None:
    # Account a: 4 of 4, account b: 0 of 4. Rate 4/8; residuals 4 - 2 and 0 - 2, so the variance
    # is 2 * (4 + 4) / 64 = 1/4; of 8 independent units it would be 1/4 / 8 = 1/32. The design
    # effect is 8, and 8 units count for one: Wilson's of half a hit in one.
    found = clustered_rate([4, 0], [4, 4], ["a", "b"])

    half = Z2**0.5 / (1 + Z2) * (0.25 + Z2 / 4) ** 0.5
    assert (found.value, found.n, found.clusters) == (0.5, 8, 2)
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-6)


def test_a_rate_of_independent_units_is_plain_wilson() -> None:
    # Variance 20/19 * (5 * .75^2 + 15 * .25^2) / 20^2 = .00987; independent .25 * .75 / 20 =
    # .009375. The effect is 20/19, so the twenty count for nineteen.
    found = clustered_rate([1] * 5 + [0] * 15, [1] * 20, [str(task) for task in range(20)])

    assert (found.low, found.high) == pytest.approx(wilson(0.25 * 19, 19), abs=1e-6)


def test_where_every_unit_is_right_each_account_counts_as_one() -> None:
    found = clustered_rate([3, 2, 4], [3, 2, 4], ["a", "a", "b"])

    assert (found.value, found.n, found.clusters) == (1.0, 9, 2)
    assert (found.low, found.high) == pytest.approx(wilson(2, 2), abs=1e-6)


def test_tasks_without_units_count_for_nothing() -> None:
    assert clustered_rate([1, 0, 1], [1, 0, 2], ["a", "b", "c"]) == clustered_rate(
        [1, 1], [1, 2], ["a", "c"]
    )


def test_rates_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValuesUnfit, match="3 hits of 2"):
        wilson(3, 2)
    with pytest.raises(ValuesUnfit, match="2 hits of 1 units in b"):
        clustered_rate([1, 2], [1, 1], ["a", "b"])


def test_the_interval_of_a_rate_holds_the_truth_as_often_as_it_promises() -> None:
    draw, truth = POPULATIONS["pass or fail, .8"]

    # 282 of 300 is 94 %; fewer than 274 would have a chance below 1 in 200 at 95 %.
    assert rates_covered(draw, truth, 20, 300, seed=1) >= 274


def test_pass_hat_k_counts_the_choices_in_which_each_trial_passed() -> None:
    # Six of eight passed: 15 of the 28 pairs of trials are two passes.
    assert pass_hat_k(6, 8, 2) == pytest.approx(15 / 28)
    assert pass_hat_k(3, 4, 1) == 0.75
    assert pass_hat_k(4, 4, 4) == 1.0
    assert pass_hat_k(1, 4, 2) == 0.0


def test_pass_hat_k_has_no_bias() -> None:
    # A task that passes with .7: the mean over all outcomes of five trials is .7^3.
    mean = sum(comb(5, c) * 0.7**c * 0.3 ** (5 - c) * pass_hat_k(c, 5, 3) for c in range(6))

    assert mean == pytest.approx(0.7**3)


@pytest.mark.parametrize(("successes", "trials", "k"), [(1, 2, 3), (3, 2, 1), (1, 2, 0)])
def test_pass_hat_k_of_more_trials_than_were_made_is_refused(
    successes: int, trials: int, k: int
) -> None:
    with pytest.raises(ValuesUnfit, match="1 <= k <= trials"):
        pass_hat_k(successes, trials, k)

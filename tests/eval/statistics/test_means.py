"""Means with intervals from resampled clusters: by hand, at the edges, and by simulation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bench.evaluation_coverage import POPULATIONS, covered
from eval.statistics.estimate import ValuesUnfit
from eval.statistics.means import Method, cluster_bootstrap, standard_error
from eval.statistics.rates import unseen_at_most


def test_two_accounts_are_drawn_whole() -> None:
    # Draws are aa, ab, ba, bb with means .9, .5, .5, .3. (Of a and b: (.9 + .3 + .3) / 3 = .5.)
    # So few clusters ask for a level of nearly everything: the ends are the worst and best draw.
    found = cluster_bootstrap([0.9, 0.3, 0.3], ["a", "b", "b"], method="percentile")

    assert (found.value, found.low, found.high) == (0.5, 0.3, 0.9)
    assert (found.n, found.clusters) == (3, 2)


def test_many_accounts_give_what_the_textbook_gives() -> None:
    # 200 accounts, half 0.4 and half 0.6: standard error .1 * sqrt(200 / 199) / sqrt(200).
    values = [0.4, 0.6] * 100
    found = cluster_bootstrap(values, [str(task) for task in range(200)])

    error = 0.1 / 199**0.5
    assert standard_error(values, [str(task) for task in range(200)], (0, 1)) == pytest.approx(
        error
    )
    assert found.value == 0.5
    assert (found.low, found.high) == pytest.approx(
        (0.5 - 1.972 * error, 0.5 + 1.972 * error), rel=0.003
    )


@pytest.mark.parametrize("method", ["BCa", "percentile"])
def test_six_accounts_get_nearly_as_wide_an_interval_as_students_t_gives(method: Method) -> None:
    # Standard error sqrt(.175 / 5 / 6) = .0764, by t = 2.571 for five degrees: .196 either way.
    # Resampling that knows neither G - 1 nor t gives about .14.
    found = cluster_bootstrap([0.2, 0.3, 0.4, 0.5, 0.6, 0.7], list("abcdef"), method=method)

    assert 0.85 < (found.high - found.low) / (2 * 2.571 * 0.0764) < 1.05


def test_the_standard_error_of_clusters_by_hand() -> None:
    # Sums 1.5 and .5 of 2 and 2 tasks, mean .5; residuals .5 and -.5.
    # sqrt(2 / 1 * (.25 + .25)) / 4 = .25.
    assert standard_error([0.7, 0.8, 0.2, 0.3], ["a", "a", "b", "b"], (0, 1)) == pytest.approx(0.25)
    assert standard_error([0.7, 0.8], ["a", "a"], (0, 1)) == float("inf")
    assert standard_error([], [], (0, 1)) == float("inf")


def test_scores_of_one_account_are_not_as_good_as_independent_ones() -> None:
    values = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0] * 5
    alone = cluster_bootstrap(values, [str(task) for task in range(30)])
    together = cluster_bootstrap(values, [str(task // 3) for task in range(30)])

    assert alone.value == together.value == 0.5
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


@pytest.mark.parametrize(
    ("values", "clusters", "value"),
    [
        ([1.0] * 60, 60, 1.0),
        ([0.0] * 60, 60, 0.0),
        ([0.7] * 60, 60, 0.7),
        ([0.6, 0.8], 1, 0.7),
        ([0.7], 1, 0.7),
    ],
)
def test_where_accounts_do_not_differ_the_interval_tells_of_accounts_not_seen(
    values: list[float], clusters: int, value: float
) -> None:
    names = [str(task % clusters) for task in range(len(values))]
    found = cluster_bootstrap(values, names)

    # A share of up to `unseen` of all accounts may score 0, or 1.
    unseen = unseen_at_most(clusters)
    assert found.value == value
    assert found.low == pytest.approx(value * (1 - unseen), abs=1e-6)
    assert found.high == pytest.approx(value + unseen * (1 - value), abs=1e-6)


def test_no_score_leaves_everything_possible() -> None:
    found = cluster_bootstrap([], [], within=(0, 100))

    assert found.model_dump() == {"value": None, "low": 0, "high": 100, "n": 0, "clusters": 0}


def test_scores_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValuesUnfit, match="2 values and 1 clusters"):
        cluster_bootstrap([0.1, 0.2], ["a"])
    with pytest.raises(ValuesUnfit, match=r"Value 1 of 2 is 1\.2; it must lie in 0\.0 to 1\.0"):
        cluster_bootstrap([0.1, 1.2], ["a", "b"])
    with pytest.raises(ValuesUnfit, match="Value 0 of 1 is nan"):
        cluster_bootstrap([float("nan")], ["a"])


@settings(max_examples=15)
@given(
    some.lists(
        some.tuples(some.floats(0, 1), some.sampled_from("abcdef")), min_size=1, max_size=12
    ),
    some.randoms(use_true_random=False),
)
def test_the_order_of_tasks_does_not_matter_and_the_mean_lies_in_its_interval(
    tasks: list[tuple[float, str]], chance: object
) -> None:
    shuffled = list(tasks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    found = cluster_bootstrap(*zip(*tasks, strict=True), seed=3, resamples=200)  # type: ignore[arg-type]

    assert found == cluster_bootstrap(*zip(*shuffled, strict=True), seed=3, resamples=200)  # type: ignore[arg-type]
    assert found.value is not None
    assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize(
    ("population", "least"),
    # At 95 % fewer than 109 of 120 have a chance of 1 in 60, fewer than 107 of 1 in 300.
    [("graded, about .8", 107), ("nine in ten full, the rest anywhere", 107)],
)
def test_intervals_hold_the_truth_about_as_often_as_they_promise(
    population: str, least: int
) -> None:
    draw, truth = POPULATIONS[population]

    assert covered(draw, truth, 20, 120, "BCa", seed=2) >= least

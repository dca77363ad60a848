"""Differences between two runs: a published test by flipped signs, edges, and false alarms."""

import numpy as np
import pytest

from bench.evaluation_coverage import POPULATIONS, false_alarms
from eval.statistics.differences import COUNTED_OUT, paired_bootstrap, sign_flip
from eval.statistics.estimate import ValuesUnfit

# Darwin's maize: crossed less self-fertilised, in eighths of an inch.
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def test_the_p_of_darwins_maize_is_that_of_fisher_1935_section_21() -> None:
    # Fisher counted 1,726 of the 32,768 ways to set the signs.
    assert sign_flip(np.array(DARWIN, dtype=float)) == 1726 / 32768


def test_accounts_that_did_not_change_make_no_difference() -> None:
    assert sign_flip(np.array(DARWIN + [0] * 100, dtype=float)) == 1726 / 32768


def test_drawn_flips_agree_with_counted_ones() -> None:
    many = np.linspace(-1, 2, COUNTED_OUT + 1)
    reached = np.zeros(1)
    for one in many:
        reached = np.concatenate([reached + one, reached - one])
    exact = (np.abs(reached) >= many.sum() - 1e-9).mean()
    assert sign_flip(many) == pytest.approx(exact, abs=0.01)
    assert sign_flip(many) == sign_flip(many)


def test_five_accounts_cannot_tell_a_difference_and_six_can() -> None:
    # All the same way: 2 of the 2^k ways are as far from nought.
    for accounts, p in ((5, 2 / 32), (6, 2 / 64)):
        names = [str(task) for task in range(accounts)]
        found = paired_bootstrap([0.9] * accounts, [0.5, 0.4, 0.3, 0.2, 0.1, 0.0][:accounts], names)
        assert found.p == p


def test_tasks_of_one_account_flip_together() -> None:
    before, after = [1.0] * 12, [0.0] * 12
    apart = paired_bootstrap(before, after, [str(task) for task in range(12)])
    together = paired_bootstrap(before, after, [str(task // 4) for task in range(12)])

    assert apart.p == pytest.approx(2 / 2**12, abs=1e-6)
    assert together.p == 2 / 2**3


def test_the_difference_is_that_of_the_means_and_turns_with_the_runs() -> None:
    before, after = [0.9, 0.5, 0.7, 1.0], [0.8, 0.5, 0.2, 0.9]
    there = paired_bootstrap(before, after, list("abcd"))
    back = paired_bootstrap(after, before, list("abcd"))

    # (-.1 + 0 - .5 - .1) / 4
    assert there.value == -0.175
    assert back.value == 0.175
    assert there.p == back.p == 2 / 2**3
    assert there.moved == 3
    assert there.low <= there.value <= there.high


@pytest.mark.parametrize(("tasks", "p"), [(0, None), (1, 1.0), (20, 1.0)])
def test_two_runs_that_agree_show_no_difference(tasks: int, p: float | None) -> None:
    values, names = [0.8] * tasks, [str(task) for task in range(tasks)]
    found = paired_bootstrap(values, values, names)

    assert found.value == (0.0 if tasks else None)
    assert found.p == p
    assert found.low < 0 < found.high


def test_a_score_out_of_bounds_is_refused() -> None:
    with pytest.raises(ValuesUnfit, match="Value 0 of 1 is 70"):
        paired_bootstrap([80], [70], ["a"])


def test_chance_alone_rarely_looks_like_a_difference() -> None:
    draw, _ = POPULATIONS["graded, about .8"]

    # Of 150 at 5 % more than 15 have a chance of about 1 in 250.
    assert false_alarms(draw, 20, 150, seed=4) <= 15

"""Exact tests of passes and failures, beside published values."""

import pytest

from eval.statistics.estimate import ValuesUnfit
from eval.statistics.passes import mcnemar, more_failures


def test_mcnemar_of_the_premiers_approval_in_agresti_1990_table_10_1() -> None:
    # 150 of 1,600 went from approval to disapproval and 86 back; statsmodels tests its exact
    # p, 3.716e-05, on the same table.
    before = [True] * 944 + [False] * 656
    after = [True] * 794 + [False] * 150 + [True] * 86 + [False] * 570

    found = mcnemar(before, after)
    assert (found.lost, found.gained) == (150, 86)
    assert found.p == pytest.approx(3.716e-05, abs=5e-7)


def test_mcnemar_by_hand() -> None:
    # Eight lost, one gained: 2 * (1 + 9) / 2^9.
    found = mcnemar([True] * 8 + [False], [False] * 8 + [True])

    assert (found.lost, found.gained, found.p) == (8, 1, pytest.approx(20 / 512, abs=1e-6))


@pytest.mark.parametrize("passed", [[], [True] * 5, [False] * 5])
def test_tasks_that_did_not_change_sides_tell_nothing(passed: list[bool]) -> None:
    assert mcnemar(passed, passed).p == 1.0


def test_more_failures_of_the_rabbits_in_agresti_1990_section_7_4_4() -> None:
    # Penicillin at once or after 1.5 hours, at five doses: R gives p = .01997 for
    # mantelhaen.test(Rabbits, exact = TRUE, alternative = "greater"). Here to be cured fails.
    late = [(0, 5), (0, 6), (2, 6), (6, 6), (5, 5)]
    at_once = [(0, 6), (3, 6), (6, 6), (5, 6), (2, 2)]

    assert more_failures(late, at_once) == pytest.approx(0.01997, abs=5e-6)


def test_more_failures_by_hand() -> None:
    # Of six trials three failed, all three after: one of C(6, 3) = 20 ways. Twice: 1 / 400.
    assert more_failures([(0, 3)], [(3, 3)]) == 1 / 20
    assert more_failures([(0, 3)] * 2, [(3, 3)] * 2) == 1 / 400
    # Fewer failures than before are no sign of more.
    assert more_failures([(3, 3)], [(0, 3)]) == 1.0


def test_one_trial_each_is_mcnemar_one_sided() -> None:
    before = [(0, 1)] * 8 + [(1, 1)]
    after = [(1, 1)] * 8 + [(0, 1)]

    # (1 + 9) / 2^9
    assert more_failures(before, after) == pytest.approx(10 / 512, abs=1e-6)


def test_tasks_that_always_or_never_fail_tell_nothing() -> None:
    assert more_failures([(3, 3), (0, 3), (0, 3)], [(3, 3), (3, 3), (0, 3)]) == 1 / 20
    assert more_failures([(3, 3)], [(3, 3)]) == 1.0
    assert more_failures([], []) == 1.0


def test_runs_that_are_no_pairs_are_refused() -> None:
    with pytest.raises(ValuesUnfit, match="1 tasks before and 2 after are no pairs"):
        mcnemar([True], [True, False])
    with pytest.raises(ValuesUnfit, match="1 tasks before and 0 after are no pairs"):
        more_failures([(0, 1)], [])
    with pytest.raises(ValuesUnfit, match="failures must be among the trials"):
        more_failures([(0, 1)], [(2, 1)])

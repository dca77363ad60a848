"""Comparisons: differences task by task, verdicts after Holm, and what cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.record import canonical_json
from eval.comparing import Comparison, NotComparable, compare
from eval.logs import LogOfAnotherDataset
from eval.marks import LogUnscored
from tests.eval.scored import dataset, scored, task

TEN = dataset(*(task(f"t{number}") for number in range(10)))
BEFORE = scored(
    TEN,
    [80.0] * 10,
    {"found": [0.5] * 10, "safe": [1] * 10, "short": [0.9] * 10, "asked": [None] * 10},
    solver="one",
)
AFTER = scored(
    TEN,
    [90.0] * 10,
    {
        "found": [1.0] * 10,
        "safe": [0] * 8 + [1] * 2,
        "short": [0.9] * 9 + [0.8],
        "asked": [None] * 10,
    },
    solver="two",
)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(TEN, BEFORE, AFTER, critical=["safe"])


def test_each_metric_has_its_difference_and_verdict(comparison: Comparison) -> None:
    told = {item.metric: (item.before, item.after, item.verdict) for item in comparison.metrics}

    assert (comparison.before, comparison.after, comparison.tasks) == ("one", "two", 10)
    assert told == {
        "rubric": (80, 90, "better"),
        "delivered": (1, 1, "no difference shown"),
        "found": (0.5, 1.0, "better"),
        "safe": (1, 0.2, "worse"),
        "short": (0.9, 0.89, "no difference shown"),
        "asked": (None, None, "no difference shown"),
    }


def test_p_values_are_adjusted_for_the_metrics_in_which_a_task_moved(
    comparison: Comparison,
) -> None:
    # Ten of ten one way: 2 / 2^10; eight of eight: 2 / 2^8; one of one: 1. Holm over three: in
    # `short` one account moved, which can never tell anything.
    found = {item.metric: (item.difference.p, item.p_adjusted) for item in comparison.metrics}

    assert found["rubric"] == (0.001953, pytest.approx(3 * 2 / 2**10, abs=2e-6))
    assert found["found"] == (0.001953, pytest.approx(3 * 2 / 2**10, abs=2e-6))
    assert found["safe"] == (0.007812, pytest.approx(2 / 2**8, abs=1e-6))
    assert found["short"] == (1.0, 1.0)
    assert found["delivered"] == (1.0, 1.0)
    assert found["asked"] == (None, None)


def test_metrics_that_pass_or_fail_tell_what_was_lost_and_gained(comparison: Comparison) -> None:
    safe, found = comparison.metric("safe"), comparison.metric("found")

    assert safe.passes is not None
    # McNemar: 2 / 2^8; one-sided 1 / 2^8. `answered` is critical too, but nothing failed in it.
    assert (safe.passes.lost, safe.passes.gained, safe.passes.p) == (8, 0, 0.007812)
    assert safe.passes.p_more_failures == pytest.approx(1 / 2**8, abs=1e-6)
    assert (safe.passes.failed_before, safe.passes.failed_after) == ((0, 10), (8, 10))
    answered = comparison.metric("delivered").passes
    assert answered is not None
    assert answered.p_more_failures is None
    assert found.passes is None
    assert comparison.metric("short").passes is None


def test_every_task_that_moved_is_told_with_the_scorers_words(comparison: Comparison) -> None:
    first = [case for case in comparison.cases if case.task_id == "t0"]
    last = [case for case in comparison.cases if case.task_id == "t9"]

    assert [(case.metric, case.before, case.after, case.reason) for case in first] == [
        ("rubric", 80, 90, "found 0.5 to 1, safe 1 to 0"),
        ("found", 0.5, 1, "1"),
        ("safe", 1, 0, "0"),
    ]
    assert first[2].faults == ("safe missed",)
    assert [case.critical for case in first] == [False, False, True]
    assert [case.fell for case in first] == [False, False, True]
    assert [case.metric for case in last] == ["rubric", "found", "short"]


def test_a_question_that_newly_arises_falls_unless_it_is_answered_right() -> None:
    two = dataset(task("a"), task("b"), task("c"))
    one = scored(two, [80, 80, 80], {"cited": [None, None, 0.5]})
    other = scored(two, [80, 80, 80], {"cited": [0.5, 1, None]})
    found = compare(two, one, other)

    assert [(case.task_id, case.fell) for case in found.cases] == [
        ("a", True),
        ("b", False),
        ("c", False),
    ]
    # No task has a value on both sides, so nothing is tested.
    assert found.metric("cited").difference.p is None


def test_a_run_does_not_differ_from_itself() -> None:
    found = compare(TEN, AFTER, AFTER, critical=["safe"])

    assert found.cases == ()
    assert {item.verdict for item in found.metrics} == {"no difference shown"}
    assert {item.difference.value for item in found.metrics} == {0.0, None}


def test_trials_are_averaged_and_passed_only_where_each_did() -> None:
    two = dataset(task("a"), task("b"))
    one = scored(two, [80] * 4, {"safe": [1, 1, 1, 0]}, trials=2)
    other = scored(two, [80] * 6, {"safe": [1, 0, 1, 1, 1, 1]}, trials=3)
    found = compare(two, one, other, critical=["safe"]).metric("safe")

    assert (found.before, found.after) == (0.75, 0.833333)
    assert found.passes is not None
    # Of two trials each: a lost, b gained.
    assert (found.passes.lost, found.passes.gained) == (1, 1)


def test_chance_over_accounts_counts_accounts_not_tasks() -> None:
    twelve = dataset(*(task(f"t{number}", cluster=f"A{number // 4}") for number in range(12)))
    found = compare(twelve, scored(twelve, [80.0] * 12), scored(twelve, [70.0] * 12))

    assert found.metric("rubric").difference.p == 2 / 2**3
    assert found.metric("rubric").verdict == "no difference shown"


def test_the_same_inputs_give_the_same_bytes(comparison: Comparison) -> None:
    again = compare(TEN, BEFORE, AFTER, critical=["safe"])

    assert canonical_json(again) == canonical_json(comparison)
    assert Comparison.model_validate_json(canonical_json(comparison)) == comparison


def test_logs_of_other_datasets_or_scorers_are_refused() -> None:
    elsewhere = dataset(*(task(f"t{number}") for number in range(10)), digest="e" * 64)
    with pytest.raises(LogOfAnotherDataset, match="hash eeeeeeeeeeee, this one dddddddddddd"):
        compare(TEN, BEFORE, scored(elsewhere, [80.0] * 10))
    less = replace(AFTER, samples=AFTER.samples[:9], scores=AFTER.scores[:9])
    with pytest.raises(LogOfAnotherDataset, match="the log has no sample of t9"):
        compare(TEN, BEFORE, less)
    with pytest.raises(LogUnscored, match="The log of two has no scores of 1 of its 10 samples"):
        compare(TEN, BEFORE, replace(AFTER, scores=AFTER.scores[:9]))
    with pytest.raises(NotComparable, match="the one before has asked, found, safe, short") as told:
        compare(TEN, BEFORE, scored(TEN, [80.0] * 10))
    assert "cadastre eval score" in told.value.hint

"""The gate's two rules: any fall where nothing is left to chance, else what is beyond it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eval.comparing import compare
from eval.dataset import Dataset
from eval.gate import ALPHA_CRITICAL, Verdict, gate
from eval.logs import Log
from tests.eval.scored import dataset, scored, task

THREE = dataset(task("a"), task("b", family="draft"), task("c"))
SOME = dataset(*(task(f"t{number}") for number in range(20)))
MANY = dataset(*(task(f"t{number}") for number in range(60)))


def judged(before: Log, after: Log, of: Dataset = THREE, *, chance: bool = False) -> Verdict:
    return gate(compare(of, before, after, critical=["safe"]), chance=chance)


def of_three(rubric: list[float], safe: list[float | None], short: list[float]) -> Log:
    return scored(THREE, rubric, {"safe": safe, "short": short})


SAME = of_three([80, 90, 70], [1, 1, None], [0.5, 1, 1])


def test_the_same_run_again_is_green_and_tells_nothing() -> None:
    verdict = judged(SAME, SAME)

    assert not verdict.red
    assert verdict.findings == verdict.told == ()


def test_one_task_whose_rubric_fell_is_red_though_the_mean_rose() -> None:
    verdict = judged(SAME, of_three([99, 89.9, 99], [1, 1, None], [1, 0.9, 1]))

    assert verdict.red
    assert [item.text for item in verdict.findings] == [
        "b (draft): rubric fell, 90 to 89.9. short 1 to 0.9"
    ]
    assert [(item.task_id, item.metric) for item in verdict.told] == [
        ("a", "rubric"), ("a", "short"), ("b", "short"), ("c", "rubric"),
    ]  # fmt: skip


def test_a_critical_metric_that_fell_is_red_though_the_rubric_rose() -> None:
    verdict = judged(SAME, of_three([95, 95, 70], [0.5, 1, None], [1, 1, 1]))

    assert verdict.red
    assert [item.text for item in verdict.findings] == [
        "a (chat): safe fell, 1 to 0.5. 0.5; safe missed"
    ]


def test_a_critical_question_that_newly_arises_has_to_be_answered_right() -> None:
    assert judged(SAME, of_three([80, 90, 70], [1, 1, 0.5], [0.5, 1, 1])).red
    assert not judged(SAME, of_three([80, 90, 70], [1, 1, 1], [0.5, 1, 1])).red


def test_another_metric_that_fell_where_the_rubric_did_not_is_told_and_green() -> None:
    verdict = judged(SAME, of_three([80, 90, 70], [1, 1, None], [0.4, 1, 1]))

    assert not verdict.red
    assert [item.text for item in verdict.told] == [
        "a (chat): short fell, 0.5 to 0.4. 0.4; short missed"
    ]


def test_a_new_crash_is_red_and_says_how_it_ended() -> None:
    crashed = scored(
        THREE, [80, 90, 70], {"safe": [1, 1, None], "short": [0.5, 1, 1]}, outcomes={2: "crashed"}
    )
    verdict = judged(SAME, crashed)

    assert [item.text for item in verdict.findings] == [
        "c (chat): delivered fell, 1 to 0. It ended with exit code 1."
    ]
    # One that crashed before is no new failure, and one mended is an improvement.
    assert not judged(crashed, crashed).red
    assert not judged(crashed, SAME).red


def test_a_solver_said_to_be_without_chance_that_answers_twice_otherwise_is_red() -> None:
    comparison = compare(THREE, SAME, SAME)
    verdict = gate(comparison, chance=False, unsteady=["b"])

    assert verdict.red
    assert "b: two trials gave different answers" in verdict.findings[0].text


def test_other_words_that_score_alike_are_told_and_green() -> None:
    verdict = gate(compare(THREE, SAME, SAME), chance=False, rewritten=["c"])

    assert not verdict.red
    assert [item.text for item in verdict.told] == ["c: another answer, scored alike."]


def noisy(seed: int, *, drop: float = 0.0) -> Log:
    rng = np.random.default_rng(seed)
    rubric = np.clip(rng.normal(85 - drop, 8, 20), 0, 100).tolist()
    short = np.clip(rng.normal(0.8, 0.2, 20), 0, 1).tolist()
    return scored(SOME, rubric, {"safe": (rng.random(20) > 0.1).tolist(), "short": short})


def test_chance_alone_is_green_though_single_tasks_fell() -> None:
    one, two = noisy(1), noisy(2)

    assert not judged(one, two, SOME, chance=True).red
    assert judged(one, two, SOME, chance=False).red


def test_a_drop_beyond_chance_is_red_and_says_by_how_much() -> None:
    # 40 of 60 tasks lose 3 points each, and nothing else moves: 2 points in the mean.
    before, after = ([rubric] * 60 for rubric in (80.0, 80.0))
    after[:40] = [77.0] * 40
    verdict = judged(scored(MANY, before), scored(MANY, after), MANY, chance=True)

    assert verdict.red
    assert verdict.rule == "beyond chance"
    assert [item.metric for item in verdict.findings] == ["rubric"]
    assert verdict.findings[0].text.startswith("rubric is worse: 80 to 78, by -2 (-2.3")


def test_a_rise_beyond_chance_is_told_and_green() -> None:
    verdict = judged(noisy(2, drop=12), noisy(1), SOME, chance=True)

    assert not verdict.red
    assert [item.metric for item in verdict.told] == ["rubric"]


@pytest.mark.parametrize(("tasks", "red"), [(1, False), (2, True)])
def test_more_critical_failures_than_chance_explains_are_red(tasks: int, red: bool) -> None:
    # Each task fails in all of three trials, where none failed: 1 / 20 a task; .05 is above
    # ALPHA_CRITICAL, .0025 below. The means of 60 tasks do not show it.
    steady = scored(MANY, [80] * 180, {"safe": [1] * 180}, trials=3)
    fallen = scored(MANY, [80] * 180, {"safe": [0] * 3 * tasks + [1] * (180 - 3 * tasks)}, trials=3)
    verdict = judged(steady, fallen, MANY, chance=True)

    assert 1 / 400 < ALPHA_CRITICAL < 1 / 20
    assert verdict.red is red
    if red:
        assert verdict.findings[0].text.startswith(
            "safe: 6 of 180 trials failed, before 0 of 180 (p 0.0025"
        )


def test_fewer_critical_failures_are_no_finding() -> None:
    steady = scored(MANY, [80] * 60, {"safe": [1] * 60})
    fallen = scored(MANY, [80] * 60, {"safe": [0] * 20 + [1] * 40})

    assert judged(steady, fallen, MANY, chance=True).red
    assert not judged(fallen, steady, MANY, chance=True).red


def test_chance_alone_is_rarely_red() -> None:
    # 30 repeats at 5 % at most: 6 or more have a chance below 1 in 300.
    alarms = sum(
        judged(noisy(2 * number + 100), noisy(2 * number + 101), SOME, chance=True).red
        for number in range(30)
    )

    assert alarms <= 5


def test_a_verdict_keeps_its_order() -> None:
    shuffled = replace(SAME, scores=SAME.scores[::-1], samples=SAME.samples[::-1])

    assert judged(SAME, shuffled) == judged(SAME, SAME)

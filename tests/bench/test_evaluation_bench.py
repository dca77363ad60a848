"""The bench of the evaluation on a few tasks: what it spoils, draws and tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.evaluation import (
    calibrated,
    tell_adversaries,
    tell_chance,
    tell_drop,
    tell_order,
)
from bench.evaluation_runs import Pool, Scored, degraded, made, solved
from bench.report import Report


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """The form stands in for the product, with few answers: they are scored over and over."""
    folder = tmp_path_factory.mktemp("evaluation")
    dataset = made(folder / "dataset", (1, 2), tasks=13)
    few = tuple(task for task in dataset.tasks if task.family in ("draft", "thin"))
    keys = {task.task_id: dataset.keys[task.task_id] for task in few}
    return solved(replace(dataset, tasks=few, keys=keys), "form", folder / "form")


def test_a_greater_share_spoils_more_and_each_trial_its_own_way(form: Scored) -> None:
    little, much = (degraded(form, share, 2, "x") for share in (0.1, 0.6))

    assert degraded(form, 0.0, 1, "x").rubric == pytest.approx(form.rubric)
    assert form.rubric > little.rubric > much.rubric
    one, two = (
        [sample.answer for sample in much.log.samples if sample.trial == trial] for trial in (0, 1)
    )
    assert one != two


def test_runs_of_one_draw_have_no_trial_in_common(form: Scored) -> None:
    trials = degraded(form, 0.5, 4, "x")
    runs = Pool(trials).runs(2, 2, np.random.default_rng(1))

    drawn = sorted(sample.rubric for run in runs for sample in run.scores)
    assert drawn == sorted(sample.rubric for sample in trials.log.scores)
    assert {sample.trial for run in runs for sample in run.scores} == {0, 1}


def test_a_part_of_the_seeds_is_a_dataset_of_its_own(form: Scored) -> None:
    part = form.of((2,))

    assert len(part.dataset.tasks) == len(part.log.scores) == len(form.log.scores) / 2
    assert {sample.task_id[:3] for sample in part.log.scores} == {"s2-"}


def test_the_share_that_is_found_takes_off_the_points_asked_for(form: Scored) -> None:
    share = calibrated(form, 5.0, 3)
    rubrics = [degraded(form, each, 3, "calibration").rubric for each in (0.05, share)]

    assert rubrics[0] - rubrics[1] == pytest.approx(5.0, abs=2.0)


def test_every_table_of_the_bench_has_its_rows(form: Scored) -> None:
    report = Report("evaluation")
    tell_chance(report, form, 1, 6)
    tell_drop(report, form, 1, 1, 5.0, tested_on=(1,), calibrated_on=(2,))
    tell_order(report, form, degraded(form, 0.9, 1, "lies"), 2)
    tell_adversaries(report, form, {"liar": degraded(form, 0.9, 1, "lies")}, tested_on=(1, 2))

    assert [len(table.rows) for table in report.tables] == [6, 2, 4, 5]
    assert all(len(row) == len(table.columns) for table in report.tables for row in table.rows)
    assert report.tables[2].rows[0][-1] == "2 of 2"
    assert report.tables[3].rows[0][:2] == ("liar", "rubric")
    assert report.tables[3].rows[0][4].startswith("-")

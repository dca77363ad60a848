"""A log is read as it was written, and what is wrong with one is told with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.answer import Answer
from eval.dataset import Dataset
from eval.log import LoggedSample, Run, Timing
from eval.logs import (
    RUN,
    SAMPLES,
    LogInvalid,
    LogOfAnotherDataset,
    read_log,
    write_log,
)
from tests.eval.small import logged, small_dataset

IDS = ("plan", "staff", "staff-twin")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return small_dataset(tmp_path_factory.mktemp("dataset"))


def written(dataset: Dataset, folder: Path, *ids: str, **about: object) -> Path:
    log = logged(dataset, *(Answer(task_id=task_id, abstained=True) for task_id in ids), **about)
    write_log(folder, log.run, log.samples, log.timings)
    return folder


def test_a_log_is_read_as_it_was_written(dataset: Dataset, tmp_path: Path) -> None:
    run = logged(dataset).run.model_copy(update={"trials": 2})
    samples = tuple(
        LoggedSample(task_id=task_id, trial=trial, outcome="crashed", detail="It ended.")
        for task_id in IDS
        for trial in (0, 1)
    )
    timings = tuple(Timing(task_id=s.task_id, trial=s.trial, seconds=0.25) for s in samples)
    write_log(tmp_path, run, samples, timings)

    log = read_log(tmp_path, of=dataset)

    assert (log.run, log.samples, log.timings, log.scores) == (run, samples, timings, ())
    assert log.sample("staff", 1) == samples[3]
    assert log.sample("staff", 2) is None
    assert {path.name for path in tmp_path.iterdir()} == {RUN, SAMPLES, "timings.jsonl"}


def test_a_malformed_line_is_named_by_file_line_and_field(dataset: Dataset, tmp_path: Path) -> None:
    path = written(dataset, tmp_path, *IDS) / SAMPLES
    lines = path.read_text().splitlines()
    lines[1] = json.dumps(json.loads(lines[1]) | {"outcome": "brilliant"})
    path.write_text("\n".join(lines) + "\n")

    with pytest.raises(LogInvalid, match=r"samples\.jsonl, line 2 is malformed: outcome: Input"):
        read_log(tmp_path)


def test_a_line_in_another_encoding_is_malformed_too(dataset: Dataset, tmp_path: Path) -> None:
    path = written(dataset, tmp_path, *IDS) / SAMPLES
    lines = path.read_bytes().splitlines()
    lines[1] = lines[1].replace(b'"detail":""', b'"detail":"Caf\xe9"')
    path.write_bytes(b"\n".join(lines) + b"\n")

    with pytest.raises(LogInvalid, match=r"samples\.jsonl, line 2 is malformed: "):
        read_log(tmp_path)


def test_a_log_of_another_schema_version_is_told_by_its_version(
    dataset: Dataset, tmp_path: Path
) -> None:
    path = written(dataset, tmp_path, *IDS) / RUN
    # A field of the future must not hide that it is the version that differs.
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema_version": 2, "new": 1}))

    with pytest.raises(LogInvalid, match="is of schema version 2; this release reads 1"):
        read_log(tmp_path)


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (("plan", "staff"), "the log has no sample of staff-twin"),
        ((*IDS, "other"), "the dataset has no task other"),
    ],
)
def test_tasks_that_log_and_dataset_do_not_share_are_named(
    dataset: Dataset, tmp_path: Path, ids: tuple[str, ...], words: str
) -> None:
    written(dataset, tmp_path, *ids)

    with pytest.raises(LogOfAnotherDataset, match=words):
        read_log(tmp_path, of=dataset)
    assert len(read_log(tmp_path).samples) == len(ids)


def test_a_log_of_a_dataset_with_another_hash_does_not_fit(
    dataset: Dataset, tmp_path: Path
) -> None:
    written(dataset, tmp_path, *IDS, dataset_digest="0" * 64)

    with pytest.raises(LogOfAnotherDataset, match=r"its dataset has the hash 000000000000, this"):
        read_log(tmp_path, of=dataset)


@pytest.mark.parametrize(
    ("trials", "ids", "words"),
    [
        (1, ("plan", "plan"), "trial 0 of task plan occurs twice"),
        (2, ("plan",), r"lacks trial 1 of task plan; the run had 2, counted from 0"),
    ],
)
def test_each_trial_of_a_task_is_there_once(
    dataset: Dataset, tmp_path: Path, trials: int, ids: tuple[str, ...], words: str
) -> None:
    written(dataset, tmp_path, *ids, trials=trials)

    with pytest.raises(LogInvalid, match=words):
        read_log(tmp_path)


def test_a_folder_without_a_log_and_a_log_without_its_samples_say_what_to_do(
    dataset: Dataset, tmp_path: Path
) -> None:
    with pytest.raises(LogInvalid, match="so it is no log") as none:
        read_log(tmp_path)
    (written(dataset, tmp_path, *IDS) / SAMPLES).unlink()
    with pytest.raises(LogInvalid, match="its run did not finish") as unfinished:
        read_log(tmp_path)
    (tmp_path / RUN).write_text("[]")
    with pytest.raises(LogInvalid, match=r"run\.json is no JSON object"):
        read_log(tmp_path)

    assert "cadastre eval run" in none.value.hint
    assert "goes on with what is missing" in unfinished.value.hint


def test_a_run_is_the_same_on_every_machine() -> None:
    assert not {"seconds", "started", "host", "python"} & set(Run.model_fields)

"""Reading and writing the log of a run, in the files that `eval.log` describes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from domain.errors import InvalidInput
from domain.record import Record
from eval.dataset import Dataset
from eval.lines import R, as_lines, first_fault, read_lines
from eval.log import LoggedSample, Run, ScoredSample, Timing
from store.home import write_whole

RUN, SAMPLES, TIMINGS, SCORES = "run.json", "samples.jsonl", "timings.jsonl", "scores.jsonl"
SCHEMA_VERSION: int = Run.model_fields["schema_version"].default


class LogInvalid(InvalidInput):
    """A log that cannot be read: malformed, not finished, or of another schema version."""


class LogOfAnotherDataset(InvalidInput):
    """A log whose tasks are not those of the dataset."""


@dataclass(frozen=True)
class Log:
    """A log that was read and checked: one sample for each task and trial.

    `scores` are empty until the log has been scored.
    """

    run: Run
    samples: tuple[LoggedSample, ...]
    timings: tuple[Timing, ...] = ()
    scores: tuple[ScoredSample, ...] = ()

    def sample(self, task_id: str, trial: int) -> LoggedSample | None:
        """Return one trial of a task, or None where the log has none."""
        return self._by_turn.get((task_id, trial))

    @cached_property
    def _by_turn(self) -> dict[tuple[str, int], LoggedSample]:
        return {(sample.task_id, sample.trial): sample for sample in self.samples}


def read_log(folder: Path, *, of: Dataset | None = None) -> Log:
    """Read a log, and check that it fits the dataset where one is given.

    Raises
    ------
    LogInvalid
        When a file is missing or malformed (with its line), the run did not finish, the
        schema version is another, a sample occurs twice, or a trial of a task is missing.
    LogOfAnotherDataset
        When the log's tasks are not those of the dataset `of`.
    """
    run = read_run(folder)
    if not (folder / SAMPLES).is_file():
        raise LogInvalid(
            f"{folder} has no {SAMPLES}: its run did not finish.",
            hint="The same `cadastre eval run` goes on with what is missing.",
        )
    log = Log(
        run,
        tuple(_read(folder / SAMPLES, LoggedSample)),
        tuple(_read(folder / TIMINGS, Timing)),
        tuple(_read(folder / SCORES, ScoredSample)),
    )
    _demand_each_once(folder, log)
    if of is not None:
        demand_fit(log, of)
    return log


def read_run(folder: Path) -> Run:
    """Read which run a log is of; LogInvalid where that cannot be told."""
    path = folder / RUN
    if not path.is_file():
        raise LogInvalid(
            f"{folder} holds no {RUN}, so it is no log.",
            hint="Make one: cadastre eval run DATASET --solver NAME --out FOLDER",
        )
    text = path.read_text(encoding="utf-8")
    try:
        version = json.loads(text).get("schema_version")
    except (ValueError, AttributeError):
        raise LogInvalid(f"{path} is no JSON object.") from None
    if version != SCHEMA_VERSION:
        raise LogInvalid(
            f"{path} is of schema version {version}; this release reads {SCHEMA_VERSION}.",
            hint="Run the solver anew, or read the log with the release that wrote it.",
        )
    try:
        return Run.model_validate_json(text)
    except ValidationError as problem:
        raise LogInvalid(f"{path} is malformed: {first_fault(problem)}.") from None


def demand_fit(log: Log, dataset: Dataset) -> None:
    """Check that a log is of this dataset, task by task.

    Raises
    ------
    LogOfAnotherDataset
        When the hash of its dataset is another, the log has samples of tasks that the dataset
        lacks, or lacks samples of tasks that it has.
    """
    ids = {task.task_id for task in dataset.tasks}
    logged = {sample.task_id for sample in log.samples}
    strange, missing = sorted(logged - ids), sorted(ids - logged)
    faults = []
    if log.run.dataset_digest != dataset.digest:
        faults.append(
            f"its dataset has the hash {log.run.dataset_digest[:12]}, this one "
            f"{dataset.digest[:12]}"
        )
    if strange:
        faults.append(f"the dataset has no task {_listed(strange)}")
    if missing:
        faults.append(f"the log has no sample of {_listed(missing)}")
    if faults:
        raise LogOfAnotherDataset(
            f"The log does not fit {dataset.folder}: {'; '.join(faults)}.",
            hint="Name the dataset that the solver was run on, or run it on this one.",
        )


def write_log(
    folder: Path, run: Run, samples: Iterable[LoggedSample], timings: Iterable[Timing]
) -> None:
    """Write a log without scores; each file is seen whole or not at all.

    The samples come last: a folder that has them is a finished log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / RUN, [run])
    _write(folder / TIMINGS, timings)
    _write(folder / SAMPLES, samples)


def write_scores(folder: Path, scores: Sequence[ScoredSample]) -> None:
    """Write the scores of a log, in place of earlier ones."""
    _write(folder / SCORES, scores)


def _write(path: Path, records: Iterable[Record]) -> None:
    write_whole(path, as_lines(records), mode=0o644)


def _read(path: Path, kind: type[R]) -> Iterator[R]:
    return read_lines(path, kind, LogInvalid) if path.is_file() else iter(())


def _demand_each_once(folder: Path, log: Log) -> None:
    turns = Counter((sample.task_id, sample.trial) for sample in log.samples)
    twice = sorted(turn for turn, times in turns.items() if times > 1)
    if twice:
        task_id, trial = twice[0]
        raise LogInvalid(f"{folder / SAMPLES}: trial {trial} of task {task_id} occurs twice.")
    due = {(task_id, trial) for task_id, _ in turns for trial in range(log.run.trials)}
    for words, wrong in (("lacks", due - set(turns)), ("has too many:", set(turns) - due)):
        if wrong:
            task_id, trial = min(wrong)
            raise LogInvalid(
                f"{folder / SAMPLES} {words} trial {trial} of task {task_id}; the run had "
                f"{log.run.trials}, counted from 0."
            )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"

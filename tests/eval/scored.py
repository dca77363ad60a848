"""Scored logs from numbers written out by hand, without books or answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.dataset import Dataset, Manifest
from eval.log import LoggedSample, Outcome, Run, ScoredSample
from eval.logs import Log
from eval.score import Score
from eval.task import Ask, Family, Key, Task

Values = Sequence[float | None]


def task(
    name: str, *, family: Family = "chat", cluster: str | None = None, key: Key | None = None
) -> tuple[Task, Key]:
    made = Task(
        task_id=name,
        family=family,
        ask=Ask(kind="question", person="revops"),
        book="one",
        cluster=cluster or name,
    )
    return made, key or Key(task_id=name)


def dataset(*tasks: tuple[Task, Key], digest: str = "d" * 64, version: str = "1") -> Dataset:
    manifest = Manifest(name="by hand", version=version, seeds=(1,), split="open", digest=digest)
    return Dataset(
        Path("by-hand"),
        manifest,
        tuple(one for one, _ in tasks),
        {key.task_id: key for _, key in tasks},
    )


def scored(
    of: Dataset,
    rubric: Sequence[float],
    metrics: Mapping[str, Values] | None = None,
    *,
    trials: int = 1,
    outcomes: Mapping[int, Outcome] | None = None,
    solver: str = "by hand",
) -> Log:
    """Return a log; numbers are task by task, and within a task trial by trial."""
    run = Run(
        solver=solver,
        command=(),
        dataset=of.manifest.name,
        dataset_version=of.manifest.version,
        dataset_digest=of.digest,
        split=of.manifest.split,
        trials=trials,
        seed=0,
    )
    turns = [(one.task_id, trial) for one in of.tasks for trial in range(trials)]
    ended = {place: (outcomes or {}).get(place, "answered") for place in range(len(turns))}
    samples = [
        LoggedSample(
            task_id=task_id, trial=trial, outcome=ended[place],
            detail="" if ended[place] == "answered" else "It ended with exit code 1.",
        )
        for place, (task_id, trial) in enumerate(turns)
    ]  # fmt: skip
    scores = [
        ScoredSample(
            task_id=task_id,
            trial=trial,
            outcome=ended[place],
            scores=tuple(_score(name, values[place]) for name, values in (metrics or {}).items()),
            rubric=rubric[place],
        )
        for place, (task_id, trial) in enumerate(turns)
    ]
    return Log(run, tuple(samples), (), tuple(scores))


def _score(name: str, value: float | None) -> Score:
    if value is None:
        return Score(scorer=name, value=None, reason="nothing to judge")
    faults = () if value == 1 else (f"{name} missed",)
    return Score(
        scorer=name, value=value, hits=round(2 * value), of=2, reason=f"{value:g}", faults=faults
    )

"""What the shipped product scored when a person last looked: what the gate compares with.

`eval/baseline.json` is written by `cadastre eval gate --renew` and read in reviews of changes,
so it holds a task a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from domain.errors import Conflict, InvalidInput
from domain.record import Record, canonical_json, content_hash
from eval.dataset import Dataset
from eval.lines import first_fault
from eval.log import LoggedSample, Outcome, Run, ScoredSample
from eval.logs import Log
from eval.score import Score
from store.home import write_whole

SHIPPED = Path(__file__).with_name("baseline.json")


class BaselineMissing(InvalidInput):
    """There is no baseline to compare with."""


class BaselineInvalid(InvalidInput):
    """A baseline file that cannot be read."""


class BaselineOutdated(Conflict):
    """The tasks, or the scorers, are not those that the baseline was made with."""


class BaselineTask(Record):
    """What one task scored, by the scorers whose question arose.

    `answer` is a hash of the whole answer, null where there was none.
    """

    outcome: Outcome
    rubric: float
    values: dict[str, float]
    answer: str | None


class Baseline(Record):
    """One trial of one solver on one dataset, without its answers."""

    dataset: str
    dataset_version: str
    dataset_digest: str
    split: str
    solver: str
    scorers: tuple[str, ...]
    tasks: dict[str, BaselineTask]

    def log(self) -> Log:
        """Return it as the scored log of a run, whose answers nobody kept."""
        run = Run(
            solver=self.solver,
            command=(),
            dataset=self.dataset,
            dataset_version=self.dataset_version,
            dataset_digest=self.dataset_digest,
            split=self.split,
            trials=1,
            seed=0,
        )
        samples = tuple(
            LoggedSample(task_id=task_id, trial=0, outcome=task.outcome)
            for task_id, task in self.tasks.items()
        )
        scores = tuple(
            ScoredSample(
                task_id=task_id,
                trial=0,
                outcome=task.outcome,
                scores=tuple(
                    Score(scorer=name, value=task.values.get(name), reason="")
                    for name in self.scorers
                ),
                rubric=task.rubric,
            )
            for task_id, task in self.tasks.items()
        )
        return Log(run, samples, (), scores)


class _File(Record):
    """The file: a baseline for each set of tasks that the gate can run."""

    schema_version: int
    sets: dict[str, Baseline]


_VERSION = 1


def baseline_of(log: Log) -> Baseline:
    """Return what is kept of a scored log of one trial."""
    assert log.run.trials == 1  # the gate's own run
    assert log.scores
    answers = answer_hashes(log)
    run = log.run
    return Baseline(
        dataset=run.dataset,
        dataset_version=run.dataset_version,
        dataset_digest=run.dataset_digest,
        split=run.split,
        solver=run.solver,
        scorers=tuple(score.scorer for score in log.scores[0].scores),
        tasks={
            sample.task_id: BaselineTask(
                outcome=sample.outcome,
                rubric=sample.rubric,
                values={
                    score.scorer: score.value for score in sample.scores if score.value is not None
                },
                answer=answers[sample.task_id],
            )
            for sample in log.scores
        },
    )


def answer_hashes(log: Log) -> dict[str, str | None]:
    """Return a hash of what each task was answered, null where there was no answer."""
    return {
        sample.task_id: None if sample.answer is None else content_hash(sample.answer)
        for sample in log.samples
    }


def rewritten(baseline: Baseline, log: Log) -> tuple[str, ...]:
    """Return the tasks whose answer is another than that of the baseline."""
    now = answer_hashes(log)
    return tuple(name for name, task in baseline.tasks.items() if now.get(name) != task.answer)


def demand_baseline(path: Path, name: str) -> Baseline:
    """Return the baseline of the set `name`, of whichever dataset it is.

    Raises
    ------
    BaselineMissing
        When there is no such file, or none of that set in it.
    BaselineInvalid
        When the file is malformed or of another schema version.
    """
    baseline = _read(path).get(name) if path.is_file() else None
    if baseline is None:
        raise BaselineMissing(
            f"{path} has no baseline of the {name} set, so there is nothing to compare with.",
            hint=f"Make one from the product as it is: {renewing(name)}",
        )
    return baseline


def read_baseline(path: Path, name: str, dataset: Dataset, scorers: Sequence[str]) -> Baseline:
    """Read the baseline of the set `name`, which has to be of this dataset and these scorers.

    Raises
    ------
    BaselineOutdated
        When the tasks changed since (another version, another hash, or others of them are
        asked), or the scorers.
        Further, whatever `demand_baseline` raises.
    """
    baseline = demand_baseline(path, name)
    now = dataset.manifest
    if baseline.dataset_digest != now.digest:
        raise BaselineOutdated(
            f"The baseline is of {baseline.dataset} {baseline.dataset_version} "
            f"({baseline.dataset_digest[:12]}); these tasks are {now.name} {now.version} "
            f"({now.digest[:12]}). Scores on other tasks cannot be compared.",
            hint="If the tasks were changed on purpose, raise their version and make the baseline "
            f"anew with the product as it was before: {renewing(name)}. If they were not, find "
            "out what changed them.",
        )
    asked = {task.task_id for task in dataset.tasks}
    if other := sorted(asked ^ set(baseline.tasks)):
        raise BaselineOutdated(
            f"The baseline was asked other tasks of the same dataset: {other[0]}"
            f"{f' and {len(other) - 1} more' if other[1:] else ''} came or went since.",
            hint=f"Make it anew with the product as it was before: {renewing(name)}",
        )
    if set(baseline.scorers) != set(scorers):
        changed = ", ".join(sorted(set(baseline.scorers) ^ set(scorers)))
        raise BaselineOutdated(
            f"The baseline was scored by other scorers: {changed} came or went since.",
            hint=f"Make it anew with the product as it was before: {renewing(name)}",
        )
    return baseline


def write_baseline(path: Path, name: str, baseline: Baseline) -> None:
    """Put a baseline in place of that of the same set; those of other sets stay."""
    sets = {**(_read(path) if path.is_file() else {}), name: baseline}
    write_whole(path, _text(sets).encode(), mode=0o644)


def renewing(name: str) -> str:
    """Return the command that makes the baseline of a set anew."""
    return f"cadastre eval gate{' --quick' if name == 'quick' else ''} --renew"


def _read(path: Path) -> Mapping[str, Baseline]:
    try:
        file = _File.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as problem:
        raise BaselineInvalid(
            f"{path} is malformed: {first_fault(problem)}.",
            hint="Take it from version control again, or remove it and make it anew.",
        ) from None
    if file.schema_version != _VERSION:
        raise BaselineInvalid(
            f"{path} is of schema version {file.schema_version}; this release reads {_VERSION}.",
            hint="Remove it and make it anew: cadastre eval gate --renew",
        )
    return file.sets


def _text(sets: Mapping[str, Baseline]) -> str:
    written = []
    for name, baseline in sorted(sets.items()):
        about = canonical_json(baseline.model_dump(mode="json", exclude={"tasks"}))
        tasks = ",\n".join(
            f"{canonical_json(task_id)}:{canonical_json(task)}"
            for task_id, task in baseline.tasks.items()
        )
        written.append(f'{canonical_json(name)}:{about[:-1]},"tasks":{{\n{tasks}\n}}}}')
    return f'{{"schema_version":{_VERSION},"sets":{{\n' + ",\n".join(written) + "\n}}\n"

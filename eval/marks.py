"""What a scored log says of each task under each metric, over its trials."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import InvalidInput
from eval.logs import Log
from eval.score import Score
from eval.scoring import ANSWERED, RUBRIC

Bounds = tuple[float, float]


class LogUnscored(InvalidInput):
    """A log without the scores that a summary or comparison is made from."""


@dataclass(frozen=True)
class Mark:
    """One task under one metric.

    `values` are those of the trials in which the question arose, in their order: points of 100
    for the rubric, else 0 to 1. `hits` of `of` units were right over all trials. `reason` and
    `faults` are those of the worst trial.
    """

    metric: str
    values: tuple[float, ...]
    hits: int = 0
    of: int = 0
    reason: str = ""
    faults: tuple[str, ...] = ()

    @property
    def value(self) -> float | None:
        """The mean over trials, to six decimals; null where the question never arose."""
        return round(sum(self.values) / len(self.values), 6) if self.values else None

    @property
    def failures(self) -> tuple[int, int]:
        """How many of how many trials were less than fully right."""
        return sum(value < bounds(self.metric)[1] for value in self.values), len(self.values)


Marks = dict[str, dict[str, Mark]]
"""Metric, then task. The rubric and `delivered` come first, tasks are in the log's order."""


def bounds(metric: str) -> Bounds:
    """Return what a metric can be at least and at most: the rubric is in points of 100."""
    return (0.0, 100.0) if metric == RUBRIC else (0.0, 1.0)


def marks(log: Log) -> Marks:
    """Gather the scores of a log by metric and task.

    Raises
    ------
    LogUnscored
        When a sample of the log has no scores, or scores by other scorers than the others.
    """
    _demand_scores(log)
    details = {(sample.task_id, sample.trial): sample.detail for sample in log.samples}
    given: dict[str, dict[str, list[Score]]] = {RUBRIC: {}, ANSWERED: {}}
    for sample in sorted(log.scores, key=lambda sample: sample.trial):
        answered = Score(
            scorer=ANSWERED,
            value=float(sample.outcome == "answered"),
            reason=details[sample.task_id, sample.trial] or sample.outcome.replace("_", " "),
        )
        # Points of a rubric are no share of 1, which is all that a score promises of its value.
        rubric = Score(scorer=RUBRIC, value=sample.rubric, reason="")
        for score in (rubric, answered, *sample.scores):
            given.setdefault(score.scorer, {}).setdefault(sample.task_id, []).append(score)
    return {
        metric: {task_id: _mark(metric, scores) for task_id, scores in by_task.items()}
        for metric, by_task in given.items()
    }


def _mark(metric: str, scores: list[Score]) -> Mark:
    arose = [(score.value, score) for score in scores if score.value is not None]
    worst = min(arose, key=lambda pair: pair[0])[1] if arose else scores[0]
    return Mark(
        metric=metric,
        values=tuple(value for value, _ in arose),
        hits=sum(score.hits for _, score in arose),
        of=sum(score.of for _, score in arose),
        reason=worst.reason,
        faults=worst.faults,
    )


def _demand_scores(log: Log) -> None:
    hint = "Score it: cadastre eval score DATASET LOG"
    scored = {(sample.task_id, sample.trial) for sample in log.scores}
    missing = sorted({(sample.task_id, sample.trial) for sample in log.samples} - scored)
    if missing:
        task_id, trial = missing[0]
        raise LogUnscored(
            f"The log of {log.run.solver} has no scores of {len(missing)} of its "
            f"{len(log.samples)} samples, such as trial {trial} of task {task_id}.",
            hint=hint,
        )
    names = {tuple(score.scorer for score in sample.scores) for sample in log.scores}
    if len(names) > 1:
        raise LogUnscored(
            f"The samples of the log of {log.run.solver} were scored by different scorers.",
            hint=hint,
        )

"""Scoring a log: every scorer judges every sample, without a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from domain.errors import PlannerError
from eval.dataset import Dataset
from eval.ground import Ground
from eval.log import LoggedSample, ScoredSample
from eval.logs import Log, demand_fit
from eval.score import Sample, Score, Scorer

RUBRIC = "rubric"
ANSWERED = "answered"


class ScorerFaulty(PlannerError):
    """A scorer gave a value that is none."""

    status = 500


@dataclass(frozen=True)
class Mean:
    """The mean of one metric over the `n` samples in which its question arises.

    `value` is null where it arises in none. The rubric is in points of 100, else 0 to 1.
    """

    metric: str
    value: float | None
    n: int


def score(dataset: Dataset, log: Log, scorers: Sequence[Scorer]) -> tuple[ScoredSample, ...]:
    """Judge every sample of a log, in its order.

    The rubric of a sample is the mean of the values that apply, weighted by their scorers, in
    points of 100 with six decimals; 0 where none with a weight applies. A twin stands beside
    the same trial of the task it is a twin of.

    Raises
    ------
    LogOfAnotherDataset
        When the log's tasks are not those of the dataset.
    ScorerFaulty
        When a value is outside 0 to 1, or a missing answer is worth more than 0.
    """
    demand_fit(log, dataset)
    tasks = {task.task_id: task for task in dataset.tasks}

    @cache
    def ground(book: str) -> Ground:
        return Ground(dataset.book(book))

    def judged(logged: LoggedSample) -> ScoredSample:
        task = tasks[logged.task_id]
        twin = None if task.twin_of is None else log.sample(task.twin_of, logged.trial)
        sample = Sample(
            task=task,
            key=dataset.keys[task.task_id],
            answer=logged.answer,
            ground=ground(task.book),
            later=None if task.later_book is None else ground(task.later_book),
            twin=None if twin is None else twin.answer,
            twin_key=None if task.twin_of is None else dataset.keys[task.twin_of],
        )
        scores = tuple(_checked(scorer(sample), scorer, logged) for scorer in scorers)
        return ScoredSample(
            task_id=task.task_id,
            trial=logged.trial,
            outcome=logged.outcome,
            scores=scores,
            rubric=_rubric(scores, scorers),
        )

    return tuple(judged(sample) for sample in log.samples)


def means(scored: Iterable[ScoredSample]) -> tuple[Mean, ...]:
    """Return the mean rubric, the share of tasks that were answered, and each scorer's mean."""
    samples = tuple(scored)
    values: dict[str, list[float]] = {
        RUBRIC: [sample.rubric for sample in samples],
        ANSWERED: [float(sample.outcome == "answered") for sample in samples],
    }
    for sample in samples:
        for given in sample.scores:
            applying = values.setdefault(given.scorer, [])
            if given.value is not None:
                applying.append(given.value)
    return tuple(
        Mean(metric, round(sum(found) / len(found), 6) if found else None, len(found))
        for metric, found in values.items()
    )


def _rubric(scores: Sequence[Score], scorers: Sequence[Scorer]) -> float:
    applying = [
        (scorer.weight, given.value)
        for scorer, given in zip(scorers, scores, strict=True)
        if given.value is not None
    ]
    weights = sum(weight for weight, _ in applying)
    if not weights:
        return 0.0
    return round(100 * sum(weight * value for weight, value in applying) / weights, 6)


def _checked(given: Score, scorer: Scorer, logged: LoggedSample) -> Score:
    if given.value is None:
        return given
    if not 0 <= given.value <= 1:
        problem = f"gave {given.value:g}, which is not within 0 to 1"
    elif logged.answer is None and given.value > 0:
        problem = f"gave {given.value:g} though there is no answer"
    else:
        return given
    raise ScorerFaulty(
        f"Scorer {scorer.name} {problem}: task {logged.task_id}, trial {logged.trial}.",
        hint="That is a fault of the scorer, not of the solver; please report it.",
    )

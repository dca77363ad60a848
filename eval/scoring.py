"""Scoring a log: every scorer judges every sample, without a run."""

from __future__ import annotations

from collections import Counter
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
ANSWERED = "delivered"
"""Metrics that no scorer gives: the points, and the share of trials that gave an answer at all.
Whether it answers what was asked is another question, and a scorer's."""


class ScorerFaulty(PlannerError):
    """A scorer has a name that is taken, or gave a value that is none."""

    status = 500


@dataclass(frozen=True)
class Mean:
    """The mean of one metric over the `n` tasks in which its question arises.

    A task counts once, with the mean of its trials. `value` is null where the question arises
    in none. The rubric is in points of 100, else it is 0 to 1.
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
        When two scorers share a name or one has the name of another metric, a value is outside
        0 to 1, or a missing answer is worth more than 0.
    """
    demand_fit(log, dataset)
    _demand_names(scorers)
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
    """Return the mean rubric, the share of answers that came, and each scorer's mean."""
    values: dict[str, dict[str, list[float]]] = {RUBRIC: {}, ANSWERED: {}}
    for sample in scored:
        given = {
            RUBRIC: sample.rubric,
            ANSWERED: float(sample.outcome == "answered"),
            **{one.scorer: one.value for one in sample.scores},
        }
        for metric, value in given.items():
            by_task = values.setdefault(metric, {})
            if value is not None:
                by_task.setdefault(sample.task_id, []).append(value)
    return tuple(_mean(metric, list(by_task.values())) for metric, by_task in values.items())


def _mean(metric: str, tasks: list[list[float]]) -> Mean:
    if not tasks:
        return Mean(metric, None, 0)
    by_task = [sum(trials) / len(trials) for trials in tasks]
    return Mean(metric, round(sum(by_task) / len(by_task), 6), len(by_task))


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


def _demand_names(scorers: Sequence[Scorer]) -> None:
    names = Counter([RUBRIC, ANSWERED, *(scorer.name for scorer in scorers)])
    for name, times in names.items():
        if times > 1:
            raise ScorerFaulty(f"More than one metric is called {name!r}.")

"""What came out of a run: each metric with its interval and the smallest difference it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from math import ceil, sqrt
from typing import Literal

from domain.record import Record
from eval.dataset import Dataset
from eval.log import Outcome, Timing
from eval.logs import Log, demand_fit
from eval.marks import Mark, Marks, bounds, marks
from eval.scoring import RUBRIC
from eval.statistics.estimate import Estimate, rounded
from eval.statistics.means import cluster_bootstrap, standard_error
from eval.statistics.power import smallest_difference
from eval.statistics.rates import clustered_rate, pass_hat_k
from eval.task import FAMILIES, Conflict, Family, Insight, Key, Order, Passage, Task

Wording = Literal["open", "closed"]


class MetricSummary(Record):
    """One metric over some tasks.

    `mean` is over the tasks in which the question arose, each the mean of its trials; points of
    100 for the rubric, else 0 to 1. `rate` is over the units that the scorer counted, null
    where it counts none. `smallest_difference` is what would be found four times in five against
    another run over these tasks that varies as much, even if the two had nothing in common.
    `pass_hat` holds pass^1, pass^2, ... where there are several trials; a trial passes where it
    is fully right. Of the rubric there are none.
    """

    metric: str
    mean: Estimate
    smallest_difference: float | None
    rate: Estimate | None
    pass_hat: tuple[float, ...]


class Slice(Record):
    """Some tasks of a run: those of a family, of a wording, of both, or all (null, null).

    `outcomes` counts trials.
    """

    family: Family | None
    wording: Wording | None
    tasks: int
    outcomes: dict[Outcome, int]
    metrics: tuple[MetricSummary, ...]

    @property
    def rubric(self) -> MetricSummary:
        """The rubric, which is always there."""
        return self.metrics[0]


class Summary(Record):
    """A scored run. The first slice is the whole; then families, wordings, and both together."""

    solver: str
    dataset: str
    dataset_version: str
    dataset_digest: str
    split: str
    trials: int
    slices: tuple[Slice, ...]

    @property
    def whole(self) -> Slice:
        """All tasks."""
        return self.slices[0]


class Latency(Record):
    """Seconds for an answer: the middle, the 95th of 100 (nearest rank) and the longest."""

    n: int
    p50: float
    p95: float
    longest: float


def summarise(dataset: Dataset, log: Log) -> Summary:
    """Summarise a scored log. The same bytes for the same inputs.

    Raises
    ------
    LogOfAnotherDataset
        When the log's tasks are not those of the dataset.
    LogUnscored
        When samples of the log have no scores.
    """
    demand_fit(log, dataset)
    found = marks(log)
    outcomes: dict[str, list[Outcome]] = {}
    for sample in log.samples:
        outcomes.setdefault(sample.task_id, []).append(sample.outcome)
    run = log.run
    return Summary(
        solver=run.solver,
        dataset=run.dataset,
        dataset_version=run.dataset_version,
        dataset_digest=run.dataset_digest,
        split=run.split,
        trials=run.trials,
        slices=tuple(
            Slice(
                family=family,
                wording=wording,
                tasks=len(tasks),
                outcomes=dict(
                    sorted(Counter(o for task in tasks for o in outcomes[task.task_id]).items())
                ),
                metrics=_metrics(found, tasks, run.trials),
            )
            for family, wording, tasks in _slices(dataset)
        ),
    )


def wording(key: Key) -> Wording | None:
    """Return whether a task's planted words are of families that nobody tuned on.

    One closed family makes it closed; null where nothing was planted.
    """
    planted: tuple[Insight | Passage | Conflict | Order, ...] = (
        *key.insights, *key.distractors, *key.stale, *key.conflicts, *key.orders,
    )  # fmt: skip
    if any(item.closed for item in planted):
        return "closed"
    return "open" if any(item.wording for item in planted) else None


def latency(timings: Sequence[Timing]) -> Latency | None:
    """Return how long answers took; null without any. Not the same from run to run."""
    seconds = sorted(timing.seconds for timing in timings)
    if not seconds:
        return None

    def rank(share: float) -> float:
        return rounded(seconds[max(0, ceil(share * len(seconds)) - 1)])

    return Latency(n=len(seconds), p50=rank(0.5), p95=rank(0.95), longest=rank(1.0))


def _slices(
    dataset: Dataset,
) -> Iterator[tuple[Family | None, Wording | None, tuple[Task, ...]]]:
    worded = {key.task_id: wording(key) for key in dataset.keys.values()}
    families: tuple[Family | None, ...] = (None, *FAMILIES)
    worded_or_not: tuple[tuple[Wording | None, ...], ...] = ((None,), ("open", "closed"))
    for wordings, family in product(worded_or_not, families):
        for kind in wordings:
            tasks = tuple(
                task
                for task in dataset.tasks
                if family in (None, task.family) and kind in (None, worded[task.task_id])
            )
            if tasks:
                yield family, kind, tasks


def _metrics(found: Marks, tasks: Sequence[Task], trials: int) -> tuple[MetricSummary, ...]:
    return tuple(
        _metric(metric, [(task.cluster, by_task[task.task_id]) for task in tasks], trials)
        for metric, by_task in found.items()
    )


def _metric(metric: str, tasks: list[tuple[str, Mark]], trials: int) -> MetricSummary:
    arose = [(cluster, mark, mark.value) for cluster, mark in tasks if mark.value is not None]
    clusters = [cluster for cluster, *_ in arose]
    values = [value for *_, value in arose]
    units = [(mark.hits, mark.of) for _, mark, _ in arose]
    mean = cluster_bootstrap(values, clusters, within=bounds(metric))
    spread = standard_error(values, clusters, bounds(metric)) * sqrt(mean.clusters)
    least, most = bounds(metric)
    counted = any(of for _, of in units)
    return MetricSummary(
        metric=metric,
        mean=mean,
        # Two runs that vary alike and have nothing in common differ by sqrt(2) as much as one.
        smallest_difference=smallest_difference(sqrt(2) * spread, mean.clusters, most=most - least),
        rate=clustered_rate([hits for hits, _ in units], [of for _, of in units], clusters)
        if counted
        else None,
        pass_hat=() if metric == RUBRIC else _pass_hat([mark for _, mark, _ in arose], trials),
    )


def _pass_hat(found: Sequence[Mark], trials: int) -> tuple[float, ...]:
    """Return the mean of pass^k over the tasks whose question arose in every trial."""
    counts = [made - failed for failed, made in (mark.failures for mark in found) if made == trials]
    if trials < 2 or not counts:
        return ()
    return tuple(
        rounded(sum(pass_hat_k(passed, trials, k) for passed in counts) / len(counts))
        for k in range(1, trials + 1)
    )

"""Two runs over the same tasks: what got better or worse, by how much, and if by chance alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import sqrt
from typing import Literal

from domain.errors import InvalidInput
from domain.record import Record
from eval.case_changes import CaseChange, cases
from eval.dataset import Dataset
from eval.logs import Log, demand_fit
from eval.marks import Mark, Marks, bounds, marks
from eval.scoring import ANSWERED
from eval.statistics.differences import Difference, paired_bootstrap
from eval.statistics.estimate import rounded
from eval.statistics.means import RESAMPLES, standard_error
from eval.statistics.passes import mcnemar, more_failures
from eval.statistics.power import smallest_difference
from eval.statistics.several import holm

ALPHA = 0.05
Finding = Literal["better", "worse", "no difference shown"]


class NotComparable(InvalidInput):
    """Two logs that cannot be set against each other."""


class Passes(Record):
    """Tasks that passed or failed: fully right in every trial, or not.

    `lost` passed before and fail now, `gained` the other way; `p` is McNemar's, exact and
    two-sided. `failed_before` and `failed_after` are how many of how many single trials failed;
    `p_more_failures`, of critical metrics in which any did, is one-sided, and adjusted by Holm
    for how many those are.
    """

    lost: int
    gained: int
    p: float
    failed_before: tuple[int, int]
    failed_after: tuple[int, int]
    p_more_failures: float | None = None


class MetricChange(Record):
    """One metric in both runs, over the tasks in which its question arose in both.

    `before` and `after` are means, null where there is no such task. `p_adjusted` is Holm's over
    the metrics in which accounts enough moved for any p below .05, and 1 for the others.
    `smallest_difference` is what would be found four times in five, were the tasks to differ as
    much as they did; null where none did, or it is more than possible. `passes` are told of
    metrics that only pass or fail, and of critical ones.
    """

    metric: str
    critical: bool
    before: float | None
    after: float | None
    difference: Difference
    p_adjusted: float | None
    verdict: Finding
    smallest_difference: float | None
    passes: Passes | None


class Comparison(Record):
    """Two solvers on one dataset, or one solver before and after a change."""

    dataset: str
    dataset_version: str
    dataset_digest: str
    before: str
    after: str
    tasks: int
    metrics: tuple[MetricChange, ...]
    cases: tuple[CaseChange, ...]

    def metric(self, name: str) -> MetricChange:
        """Return one metric; KeyError where there is none of the name."""
        return {change.metric: change for change in self.metrics}[name]


def compare(
    dataset: Dataset,
    before: Log,
    after: Log,
    *,
    critical: Collection[str] = (),
    resamples: int = RESAMPLES,
) -> Comparison:
    """Compare two scored logs of one dataset, task by task.

    Parameters
    ----------
    dataset
        What both were run on.
    before, after
        Scored by the same scorers; they may differ in the number of trials.
    critical
        Names of metrics of which a single fault is one too many. To be answered at all is one.
    resamples
        For the intervals; p does not depend on it.

    Raises
    ------
    LogOfAnotherDataset
        When a log is of another dataset, or lacks a task.
    LogUnscored
        When samples have no scores.
    NotComparable
        When the logs were scored by different scorers.
    """
    for log in (before, after):
        demand_fit(log, dataset)
    was, now = marks(before), marks(after)
    _demand_same_scorers(was, now)
    grave = {*critical, ANSWERED}
    clusters = {task.task_id: task.cluster for task in dataset.tasks}
    found = [_change(metric, was, now, clusters, metric in grave, resamples) for metric in was]
    manifest = dataset.manifest
    return Comparison(
        dataset=manifest.name,
        dataset_version=manifest.version,
        dataset_digest=manifest.digest,
        before=before.run.solver,
        after=after.run.solver,
        tasks=len(dataset.tasks),
        metrics=_adjusted(found),
        cases=cases(dataset, was, now, grave),
    )


def _change(
    metric: str,
    was: Marks,
    now: Marks,
    clusters: Mapping[str, str],
    critical: bool,
    resamples: int,
) -> MetricChange:
    pairs = [
        (task_id, one, two)
        for task_id, one in was[metric].items()
        if (two := now[metric][task_id]).values and one.values
    ]
    before = [_value(one) for _, one, _ in pairs]
    after = [_value(two) for *_, two in pairs]
    names = [clusters[task_id] for task_id, *_ in pairs]
    difference = paired_bootstrap(before, after, names, within=bounds(metric), resamples=resamples)
    changed = [two - one for one, two in zip(before, after, strict=True)]
    least, most = bounds(metric)
    spread = standard_error(changed, names, (least - most, most - least))
    binary = {value for _, one, two in pairs for value in one.values + two.values} <= {0.0, 1.0}
    return MetricChange(
        metric=metric,
        critical=critical,
        before=_mean(before),
        after=_mean(after),
        difference=difference,
        p_adjusted=None,
        verdict="no difference shown",
        smallest_difference=smallest_difference(
            spread * sqrt(difference.clusters), difference.clusters, most=most - least
        ),
        passes=_passes(pairs, critical) if pairs and (critical or binary) else None,
    )


def _passes(pairs: Sequence[tuple[str, Mark, Mark]], critical: bool) -> Passes:
    # The more trials, the likelier one of them fails: only as many as both runs have count.
    trials = [min(len(one.values), len(two.values)) for _, one, two in pairs]
    full = bounds(pairs[0][1].metric)[1]
    found = mcnemar(
        [min(one.values[:n]) >= full for (_, one, _), n in zip(pairs, trials, strict=True)],
        [min(two.values[:n]) >= full for (*_, two), n in zip(pairs, trials, strict=True)],
    )
    was = [one.failures for _, one, _ in pairs]
    now = [two.failures for *_, two in pairs]
    failed = critical and any(failures for failures, _ in was + now)
    return Passes(
        **found.model_dump(),
        failed_before=_sum(was),
        failed_after=_sum(now),
        p_more_failures=more_failures(was, now) if failed else None,
    )


def _adjusted(found: Sequence[MetricChange]) -> tuple[MetricChange, ...]:
    # Where so few accounts moved that no p could be below .05, whichever way they went, there is
    # nothing to adjust for (Tarone 1990, doi:10.2307/2531456, in its simplest form).
    testable = [2 / 2**change.difference.moved < ALPHA for change in found]
    ps = holm(
        [change.difference.p if can else None for change, can in zip(found, testable, strict=True)]
    )
    failures = holm(
        [None if change.passes is None else change.passes.p_more_failures for change in found]
    )
    changes = []
    for change, adjusted, failing in zip(found, ps, failures, strict=True):
        p = 1.0 if adjusted is None and change.difference.p is not None else adjusted
        update: dict[str, object] = {"p_adjusted": p, "verdict": _verdict(change, p)}
        if change.passes is not None:
            update["passes"] = change.passes.model_copy(update={"p_more_failures": failing})
        changes.append(change.model_copy(update=update))
    return tuple(changes)


def _verdict(change: MetricChange, p: float | None) -> Finding:
    moved = change.difference.value
    if p is None or moved is None or p >= ALPHA:
        return "no difference shown"
    return "better" if moved > 0 else "worse"


def _demand_same_scorers(was: Marks, now: Marks) -> None:
    one, two = sorted(was.keys() - now.keys()), sorted(now.keys() - was.keys())
    if one or two:
        told = [
            f"{words} {', '.join(names)}"
            for words, names in (("the one before has", one), ("the later one has", two))
            if names
        ]
        raise NotComparable(
            f"The logs were scored by different scorers: {'; '.join(told)}.",
            hint="Score both anew with this release: cadastre eval score DATASET LOG",
        )


def _value(mark: Mark) -> float:
    assert mark.value is not None  # only marks with values are paired
    return mark.value


def _sum(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(failures for failures, _ in counts), sum(trials for _, trials in counts)


def _mean(values: Sequence[float]) -> float | None:
    return rounded(sum(values) / len(values)) if values else None

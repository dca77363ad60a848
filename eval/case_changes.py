"""Task by task, what scored otherwise than before, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from domain.record import Record
from eval.dataset import Dataset
from eval.marks import Marks, bounds
from eval.scoring import ANSWERED, RUBRIC
from eval.task import Family


class CaseChange(Record):
    """One task whose value under one metric is another than before.

    A value is null where the question did not arise. `reason` and `faults` are what the scorer
    said of the later answer, the worst of its trials; of the rubric, which metrics moved.
    """

    task_id: str
    family: Family
    metric: str
    critical: bool
    before: float | None
    after: float | None
    reason: str
    faults: tuple[str, ...]

    @property
    def fell(self) -> bool:
        """Whether it is worse; a question that newly arises is, unless the answer is right."""
        if self.after is None:
            return False
        return self.after < (bounds(self.metric)[1] if self.before is None else self.before)


def cases(
    dataset: Dataset, was: Marks, now: Marks, critical: Collection[str]
) -> tuple[CaseChange, ...]:
    """Return every task and metric that moved, in the order of tasks and then of metrics."""
    found: list[CaseChange] = []
    for task in dataset.tasks:
        moved = []
        for metric in was:
            one, two = was[metric][task.task_id], now[metric][task.task_id]
            if one.value != two.value:
                moved.append(
                    CaseChange(
                        task_id=task.task_id,
                        family=task.family,
                        metric=metric,
                        critical=metric in critical,
                        before=one.value,
                        after=two.value,
                        reason=two.reason,
                        faults=two.faults,
                    )
                )
        found += [_explained(case, moved) if case.metric == RUBRIC else case for case in moved]
    return tuple(found)


def _explained(rubric: CaseChange, moved: Sequence[CaseChange]) -> CaseChange:
    told = [
        f"{case.metric} {_shown(case.before)} to {_shown(case.after)}"
        for case in moved
        if case.metric not in (RUBRIC, ANSWERED)
    ]
    return rubric.model_copy(update={"reason": ", ".join(told)})


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"

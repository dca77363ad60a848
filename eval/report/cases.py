"""The cases of a run as the report shows them: each task with its scores and its answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from eval.answer import Answer, Usage
from eval.dataset import Dataset
from eval.ground import Ground
from eval.log import Outcome, ScoredSample
from eval.logs import Log
from eval.report.changes import Changes, changes
from eval.report.cutting import cut
from eval.score import Score
from eval.summary import wording
from eval.task import Task

TITLE_LENGTH = 110


@dataclass(frozen=True)
class Trial:
    """One answer to a task, and every trial that gave it with the same scores."""

    numbers: tuple[int, ...]
    outcome: Outcome
    detail: str
    rubric: float
    scores: tuple[Score, ...]
    answer: Answer | None
    changes: Changes | None = None

    @property
    def missed(self) -> tuple[Score, ...]:
        """The scores below 1, worst first."""
        below = [one for one in self.scores if one.value is not None and one.value < 1]
        return tuple(sorted(below, key=lambda one: (one.value or 0.0, one.scorer)))

    @property
    def met(self) -> tuple[Score, ...]:
        """The scores of 1, in the order of the scorers."""
        return tuple(one for one in self.scores if one.value is not None and one.value >= 1)

    @property
    def not_asked(self) -> tuple[Score, ...]:
        """The scorers whose question does not arise."""
        return tuple(one for one in self.scores if one.value is None)


@dataclass(frozen=True)
class Case:
    """A task with its trials, the worst first; `before` is the baseline's rubric."""

    task: Task
    title: str
    asked_by: str
    rubric: float
    before: float | None
    closed: bool
    trials: tuple[Trial, ...]
    grounds: tuple[Ground, ...]

    @property
    def faults(self) -> int:
        """Units at fault over the distinct answers."""
        return sum(len(score.faults) for trial in self.trials for score in trial.scores)

    @property
    def gained(self) -> float | None:
        """Points against the baseline; null without one."""
        return None if self.before is None else self.rubric - self.before

    @property
    def mood(self) -> Literal["better", "worse", "even"]:
        """Which way it went since the baseline; differences below what is shown are none."""
        gained = round(self.gained or 0.0, 1)
        return "better" if gained > 0 else "worse" if gained < 0 else "even"

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """How trials ended that gave no answer, each once."""
        ends = dict.fromkeys(trial.outcome for trial in self.trials)
        return tuple(outcome for outcome in ends if outcome != "answered")


def cases_of(dataset: Dataset, log: Log, baseline: Log | None) -> list[Case]:
    """Return every task of the log, the worst first; of equals, in the order of the dataset."""
    rubrics = _by_task(log.scores)
    before = _by_task(baseline.scores) if baseline is not None else {}
    grounds: dict[str, Ground] = {}

    def ground(book: str) -> Ground:
        if book not in grounds:
            grounds[book] = Ground(dataset.book(book))
        return grounds[book]

    found = []
    for task in dataset.tasks:
        own = rubrics.get(task.task_id)
        if not own:
            continue
        books = [book for book in (task.later_book, task.book) if book is not None]
        mine = tuple(ground(book) for book in books)
        theirs = before.get(task.task_id)
        found.append(
            Case(
                task=task,
                title=_title(task, mine[0]),
                asked_by=task.ask.person,
                rubric=fmean(one.rubric for one in own),
                before=fmean(one.rubric for one in theirs) if theirs else None,
                closed=wording(dataset.keys[task.task_id]) == "closed",
                trials=_trials(task, own, log, baseline),
                grounds=mine,
            )
        )
    return sorted(found, key=lambda case: round(case.rubric, 9))


def _by_task(scored: Iterable[ScoredSample]) -> Mapping[str, list[ScoredSample]]:
    found: dict[str, list[ScoredSample]] = defaultdict(list)
    for one in scored:
        found[one.task_id].append(one)
    return found


def _trials(
    task: Task, own: Sequence[ScoredSample], log: Log, baseline: Log | None
) -> tuple[Trial, ...]:
    alike: dict[object, list[int]] = defaultdict(list)
    first: dict[object, tuple[ScoredSample, Answer | None, str]] = {}
    for one in sorted(own, key=lambda one: one.trial):
        sample = log.sample(task.task_id, one.trial)
        answer = sample.answer if sample is not None else None
        detail = sample.detail if sample is not None else ""
        said = answer.model_copy(update={"usage": Usage()}) if answer is not None else None
        same = (one.outcome, detail, one.scores, said)
        alike[same].append(one.trial)
        first.setdefault(same, (one, answer, detail))
    compared = _compared(task, baseline)
    trials = [
        Trial(
            numbers=tuple(alike[same]),
            outcome=one.outcome,
            detail=detail,
            rubric=one.rubric,
            scores=one.scores,
            answer=answer,
            changes=compared(one.trial, answer),
        )
        for same, (one, answer, detail) in first.items()
    ]
    return tuple(sorted(trials, key=lambda trial: (trial.rubric, trial.numbers)))


def _compared(task: Task, baseline: Log | None) -> Callable[[int, Answer | None], Changes | None]:
    """Return what sets an answer beside the baseline's of the same trial, else of its first."""
    if baseline is None:
        return lambda trial, answer: None

    def compare(trial: int, answer: Answer | None) -> Changes | None:
        theirs = baseline.sample(task.task_id, trial) or baseline.sample(task.task_id, 0)
        return changes(theirs.answer, answer) if theirs is not None else None

    return compare


def _title(task: Task, ground: Ground) -> str:
    ask = task.ask
    account = ground.cell("accounts", ask.account_id or "", "name") or ask.account_id or ""
    rep = ground.cell("reps", ask.rep_id or "", "name") or ask.rep_id or ""
    match ask.kind:
        case "account_plan":
            return f"Account plan of {account}"
        case "revision":
            return f"Revised plan of {account}"
        case "territory_plan":
            return f"Territory plan of {rep}"
        case "review":
            return f"Review of {rep or account or 'the quarter'}"
        case "question":
            return f"“{cut(ask.text, TITLE_LENGTH)}”"

"""What scorers judge and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from domain.record import Record
from eval.answer import Answer
from eval.ground import Ground
from eval.task import Key, Task


@dataclass(frozen=True)
class Sample:
    """One answer beside its task, key and books.

    `answer` is null where the solver gave none: it crashed, hung or wrote garbage. `twin` and
    `twin_key` belong to the task that this one is a twin of, where it is one.
    """

    task: Task
    key: Key
    answer: Answer | None
    ground: Ground
    later: Ground | None = None
    twin: Answer | None = None
    twin_key: Key | None = None


class Score(Record):
    """One scorer's word on one answer.

    `value` is 0 (worst) to 1, or null where the question does not arise for the task. `hits`
    of `of` units were right, for rates over units; `faults` names each unit that was not.
    """

    scorer: str
    value: float | None
    hits: int = 0
    of: int = 0
    reason: str
    faults: tuple[str, ...] = ()


class Scorer(Protocol):
    """Answers one question about an answer.

    `why` says why the mistake it finds matters, `weight` its part in the rubric (0: reported
    only), `critical` that a single fault is one too many.
    """

    name: str
    question: str
    why: str
    weight: float
    critical: bool

    def __call__(self, sample: Sample) -> Score:
        """Judge one sample; a missing answer has value 0 wherever the question arises."""
        ...

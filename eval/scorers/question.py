"""What all scorers share: the question is asked where it arises, and silence is no answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.weights import WEIGHTS
from eval.task import AskKind

ROOM = 2
"""How many times the words allowed an answer may have before its merits are diluted."""
WITH_STEPS: frozenset[AskKind] = frozenset({"account_plan", "revision", "territory_plan"})
"""What is asked for with steps to take."""


class Question(ABC):
    """A scorer. `earned` says that its value is a merit, which padding could buy.

    A merit falls in proportion once an answer has more than twice the words it may have: what
    would be found only by reading it all has not been told. Within that room the order and
    number of sentences change nothing.
    """

    name: str
    question: str
    why: str
    critical: bool = False
    earned: bool = False

    def __init__(self) -> None:
        self.weight = WEIGHTS[self.name].points

    def __call__(self, sample: Sample) -> Score:
        """Judge one sample; a missing answer has value 0 wherever the question arises."""
        spared = self.spared(sample)
        if spared:
            return self.silent(spared)
        if sample.answer is None:
            return Score(scorer=self.name, value=0.0, reason="There is no answer.")
        score = self.judge(sample, sample.answer)
        room = _room(sample) if self.earned else 1.0
        if score.value is None or room == 1.0:
            return score
        return score.model_copy(
            update={
                "value": score.value * room,
                "reason": f"{score.reason} Diluted to {room:.0%} by its length.",
            }
        )

    @abstractmethod
    def spared(self, sample: Sample) -> str:
        """Say why the question does not arise for the task, as a sentence; "" where it does."""

    @abstractmethod
    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Judge an answer to a task for which the question arises."""

    def silent(self, reason: str) -> Score:
        """Return a score without a value."""
        return Score(scorer=self.name, value=None, reason=reason)

    def rate(
        self,
        units: Sequence[object],
        faults: Sequence[str],
        reason: str,
        *,
        wrong: int | None = None,
        value: float | None = None,
    ) -> Score:
        """Return the share of units without fault; 1 where there is no unit.

        Each of `faults` is a unit that was not right, unless `wrong` counts them otherwise.
        """
        of = len(units)
        hits = of - (len(faults) if wrong is None else wrong)
        return Score(
            scorer=self.name,
            value=(hits / of if of else 1.0) if value is None else value,
            hits=hits,
            of=of,
            reason=reason,
            faults=tuple(faults),
        )


def _room(sample: Sample) -> float:
    limit = sample.key.words_at_most
    assert sample.answer is not None
    count = len(sample.answer.text().split())
    return 1.0 if limit is None or count <= ROOM * limit else ROOM * limit / count

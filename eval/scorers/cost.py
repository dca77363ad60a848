"""What the answer cost."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question


class Cost(Question):
    """Told in the reason, never valued: what is dear depends on who pays."""

    name = "cost"
    question = "What did the answer cost?"
    why = "Two plans alike are not alike when one costs a hundred times the other."

    def spared(self, sample: Sample) -> str:
        """Never arises as a question of right or wrong."""
        if sample.answer is None:
            return "There is no answer, so no cost is known."
        usage = sample.answer.usage
        if usage.cost is None:
            return "No model was used." if not usage.calls else "The cost is not known."
        return f"{usage.cost} US dollars."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Return what `spared` says."""
        return self.silent(self.spared(sample))

"""Whether the answer keeps to the words it may have."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question


class Brevity(Question):
    """1 within the words allowed, 0 at twice as many, in a straight line between."""

    name = "brevity"
    question = "Does the answer keep to the words it may have?"
    why = "What is too long is not read, and more words must not buy more merit."

    def spared(self, sample: Sample) -> str:
        """Arises where the key limits the words."""
        return "" if sample.key.words_at_most is not None else "Words are not limited."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the words of statements and steps."""
        limit = sample.key.words_at_most
        assert limit is not None
        count = len(answer.text().split())
        over = max(0, count - limit)
        return self.rate(
            (count,),
            [f"{over} words too many"] if over else [],
            f"{count} words of {limit}.",
            value=max(0.0, 1 - over / limit) if limit else float(not count),
        )

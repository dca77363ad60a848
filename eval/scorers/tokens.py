"""How many tokens the answer took."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question


class Tokens(Question):
    """Told in the reason, never valued."""

    name = "tokens"
    question = "How many tokens did the answer take?"
    why = "Tokens are the part of cost that does not change with a price list."

    def spared(self, sample: Sample) -> str:
        """Never arises as a question of right or wrong."""
        if sample.answer is None:
            return "There is no answer, so no tokens are known."
        usage = sample.answer.usage
        if not usage.calls:
            return "No model was used."
        return (
            f"{usage.prompt_tokens + usage.completion_tokens} tokens ({usage.prompt_tokens} read, "
            f"{usage.completion_tokens} written) in {usage.calls} calls of {usage.model}."
        )

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Return what `spared` says."""
        return self.silent(self.spared(sample))

"""Whether the answer says that it does not know, exactly where it cannot."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question


class Abstention(Question):
    """An answer abstains when it says so, or when all that it tells are unknowns."""

    name = "abstention"
    question = "Does it abstain where nothing in reach answers, and only there?"
    why = "A guess in place of `not known` is believed; an `unknown` that is known wastes a day."

    def spared(self, sample: Sample) -> str:
        """Arises for questions, and where the key says that nothing answers."""
        asked = sample.task.ask.kind == "question" or sample.key.abstain
        return "" if asked else "No question was asked."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Compare what it does with what the key says."""
        did = abstains(answer)
        faults = []
        if did != sample.key.abstain:
            faults.append(
                "abstains, though the book answers" if did else "answers, though nothing does"
            )
        return self.rate((did,), faults, "It abstains." if did else "It does not abstain.")


def abstains(answer: Answer) -> bool:
    """Say whether an answer abstains."""
    only_unknowns = all(item.kind == "unknown" for item in answer.statements)
    return answer.abstained or (only_unknowns and not answer.steps and not answer.changes)

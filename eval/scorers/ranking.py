"""Whether accounts stand in the order that the book tells."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question


class Ranking(Question):
    """The key's pairs are such that every sensible weighing puts the first before the second."""

    name = "ranking"
    question = "How many pairs of accounts stand in the order that the book tells?"
    why = "Hours go to whoever stands first."

    def spared(self, sample: Sample) -> str:
        """Arises where the key names pairs."""
        return "" if sample.key.ahead else "No ranking was due."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the pairs in order; a pair with an account that is not ranked is wrong."""
        place: dict[str, int] = {}
        for at, account in enumerate(answer.ranking):
            place.setdefault(account.removeprefix("account:"), at)
        pairs = sample.key.ahead
        faults = []
        for first, second in pairs:
            missing = [account for account in (first, second) if account not in place]
            if missing:
                faults.append(f"{first} before {second}: {' and '.join(missing)} not ranked")
            elif place[first] > place[second]:
                faults.append(f"{first} stands after {second}")
        return self.rate(
            pairs, faults, f"{len(pairs) - len(faults)} of {len(pairs)} pairs are in order."
        )

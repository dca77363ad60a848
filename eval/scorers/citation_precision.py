"""Whether the sources that are cited are needed."""

from __future__ import annotations

from eval.answer import Answer, Statement
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.books import Books
from eval.scorers.reading.support import needed

FREE_IN_A_GAP = 4
"""What was looked at for something unknown supports no words; so many sources are not judged."""


class CitationPrecision(Question):
    """The share of sources without which their sentence would be less supported.

    Found by leaving one out; `reading.support.needed` has the rule.
    """

    name = "citation_precision"
    question = "How many of the cited sources does their sentence need?"
    why = "A source that supports nothing costs whoever checks it, and hides those that do."
    earned = True

    def spared(self, sample: Sample) -> str:
        """Arises unless to abstain was right and nothing is cited."""
        answer = sample.answer
        if sample.key.abstain and (answer is None or not any(_cited(answer))):
            return "Nothing was to be cited, and nothing is."
        return ""

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the sources that are needed, statement by statement."""
        books = Books.of(sample)
        units: list[bool] = []
        faults = []
        for statement in answer.statements:
            if statement.kind == "unknown" and len(statement.sources) <= FREE_IN_A_GAP:
                continue
            verdicts = needed(books, statement)
            units += verdicts
            idle = [at for at, verdict in enumerate(verdicts) if not verdict]
            if idle:
                faults.append(
                    f"{statement.key}: {len(idle)} of {len(verdicts)} sources are not needed, "
                    f"such as source {idle[0]}"
                )
        if not units and any(_cited(answer)):
            return self.silent("Only gaps are cited for.")
        return self.rate(
            units,
            faults,
            f"{sum(units)} of {len(units)} cited sources are needed.",
            wrong=units.count(False),
            value=None if units else 0.0,
        )


def _cited(answer: Answer) -> list[Statement]:
    return [statement for statement in answer.statements if statement.sources]

"""Whether the sources that are cited are needed."""

from __future__ import annotations

from eval.answer import Answer, Statement
from eval.score import Sample, Score
from eval.scorers.abstention import abstains
from eval.scorers.question import Question
from eval.scorers.reading.books import Books
from eval.scorers.reading.support import CLAIMING, needed

FREE_REASONS = 4
"""A recommendation, assumption or unknown claims nothing: what it was drawn from supports none
of its words. So many sources of one are not judged; more have to be needed like any."""


class CitationPrecision(Question):
    """The share of sources without which their sentence would be less supported.

    Found by leaving one out; `reading.support.needed` has the rule.
    """

    name = "citation_precision"
    question = "How many of the cited sources does their sentence need?"
    why = "A source that supports nothing costs whoever checks it, and hides those that do."
    earned = True

    def spared(self, sample: Sample) -> str:
        """Arises unless nothing is cited, and nothing had to be."""
        answer = sample.answer
        if answer is None:
            return "Nothing was to be cited." if sample.key.abstain else ""
        silent = sample.key.abstain or (sample.task.ask.kind == "question" and abstains(answer))
        return "Nothing is cited." if silent and not _cited(answer) else ""

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the sources that are needed, statement by statement."""
        books = Books.of(sample)
        units: list[bool] = []
        faults = []
        for statement in answer.statements:
            if statement.kind not in CLAIMING and len(statement.sources) <= FREE_REASONS:
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
            return self.silent("No sentence that claims something cites anything.")
        return self.rate(
            units,
            faults,
            f"{sum(units)} of {len(units)} cited sources are needed.",
            wrong=units.count(False),
            value=None if units else 0.0,
        )


def _cited(answer: Answer) -> list[Statement]:
    return [statement for statement in answer.statements if statement.sources]

"""Whether sentences are supported by the sources they cite."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.abstention import abstains
from eval.scorers.question import Question
from eval.scorers.reading.books import Books
from eval.scorers.reading.figures import figure_standing
from eval.scorers.reading.support import claims, standing


class CitationRecall(Question):
    """The share of sentences that claim something and are supported by their sources.

    `reading.support` has the rules. Sentences whose every figure is taken on trust neither
    help nor hurt; the reason tells how many figures are. A plan that claims nothing has
    supported nothing; who abstains from a question claims nothing, rightly or not.
    """

    name = "citation_recall"
    question = "How many of the sentences that claim something do their sources support?"
    why = "A reader cannot tell an invented sentence from a true one; the source is the only sign."
    earned = True

    def spared(self, sample: Sample) -> str:
        """Arises unless nothing is claimed, and nothing had to be."""
        answer = sample.answer
        if answer is None:
            return "Nothing was to be claimed." if sample.key.abstain else ""
        silent = sample.key.abstain or (sample.task.ask.kind == "question" and abstains(answer))
        return "Nothing is claimed." if silent and not claims(answer.statements) else ""

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the supported ones among the sentences that a rule can say something about."""
        books = Books.of(sample)
        judged, faults, figures, trusted = [], [], 0, 0
        for statement in claims(answer.statements):
            figures += len(statement.figures)
            trusted += sum(
                figure_standing(books, statement, figure).standing == "trusted"
                for figure in statement.figures
            )
            found = standing(books, statement)
            if found.standing == "trusted":
                continue
            judged.append(statement)
            if found.standing == "unsupported":
                faults.append(f"{statement.key}: {found.reason}")
        trust = f" {trusted} of {figures} figures are taken on trust." if trusted else ""
        if not judged and trusted:
            return self.silent(f"Every sentence that claims something is taken on trust.{trust}")
        return self.rate(
            judged,
            faults,
            f"{len(judged) - len(faults)} of {len(judged)} claiming sentences are supported."
            f"{trust}",
            value=None if judged else 0.0,
        )

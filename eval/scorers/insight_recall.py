"""Whether what bears on the decision was found."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.books import Books, same_entity
from eval.scorers.reading.figures import figure_standing
from eval.scorers.reading.telling import finds, tellings
from eval.scorers.selection import Selection, sorted_out
from eval.task import Insight

BESIDE = 3
"""Sentences beside the point that may stand for each to the point, and at least so many."""
_SELECTION = Selection()


class InsightRecall(Question):
    """An insight in a document is found when sentences or steps tell it and cite it.

    `reading.telling.finds` has the rule: neither the source without the words nor the words without
    the source count. A measured insight is found when a figure states it with its value.
    Where more than three sentences that retell notes are beside the point for each that is to
    it, what was found in notes counts less in proportion: what lies in a heap was not told.
    """

    name = "insight_recall"
    question = "How many of the planted insights does the answer tell, each with its source?"
    why = "What bears on the decision and is not told cannot change what anybody does."
    earned = True

    def spared(self, sample: Sample) -> str:
        """Arises where the key names insights."""
        return "" if sample.key.insights else "No insight was planted."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the insights that are told."""
        insights = sample.key.insights
        told = list(tellings(answer))
        books = Books.of(sample)
        clear = _clearness(sample, answer)
        value, missing = 0.0, []
        for insight in insights:
            if insight.document_id is None:
                found = 1.0 if _stated(books, answer, insight) else 0.0
            else:
                found = clear * finds(told, insight.document_id, insight.must_contain)
            value += found
            if not found:
                missing.append(insight)
        return self.rate(
            insights,
            [f"{item.key}: not found{_where(item)}" for item in missing],
            f"{len(insights) - len(missing)} of {len(insights)} insights are told with their "
            "source." + (f" Those in notes count {clear:.0%}: a heap." if clear < 1 else ""),
            value=value / len(insights),
        )


def _clearness(sample: Sample, answer: Answer) -> float:
    """Return 1 for notes that were chosen, less for a heap of them."""
    if _SELECTION.spared(sample):
        return 1.0
    retold, beside = sorted_out(sample, answer)
    pointed = len(retold) - len(beside)
    return min(1.0, (pointed + max(1, pointed) * BESIDE) / len(retold)) if retold else 1.0


def _stated(books: Books, answer: Answer, insight: Insight) -> bool:
    return any(
        figure.measure == insight.measure
        and same_entity(figure.entity, insight.entity)
        and figure_standing(books, statement, figure).standing == "supported"
        for statement in answer.statements
        for figure in statement.figures
    )


def _where(insight: Insight) -> str:
    where = insight.document_id or f"{insight.measure} of {insight.entity}"
    return f" ({where}{', a closed wording' if insight.closed else ''})"

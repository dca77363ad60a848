"""Whether what bears on the decision was found."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.books import Books, same_entity
from eval.scorers.reading.support import figure_standing
from eval.scorers.reading.telling import finds, tellings
from eval.task import Insight


class InsightRecall(Question):
    """An insight in a document is found when sentences or steps tell it and cite it.

    `reading.telling.finds` has the rule: neither the source without the words nor the words without
    the source count. A measured insight is found when a figure states it with its value.
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
        missing = [
            insight
            for insight in insights
            if not (
                finds(told, insight.document_id, insight.must_contain)
                if insight.document_id is not None
                else _stated(books, answer, insight)
            )
        ]
        return self.rate(
            insights,
            [f"{item.key}: not found{_where(item)}" for item in missing],
            f"{len(insights) - len(missing)} of {len(insights)} insights are told with their "
            "source.",
        )


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

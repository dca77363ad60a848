"""Whether what was retold from notes bears on the decision."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.telling import Telling, tellings
from eval.scorers.reading.wording import content_words
from eval.task import Key

PART = 0.3
"""Share of an insight's content words that a sentence has to tell to be about it."""
_OTHERS = frozenset({"metric", "step", "unknown"})


class Selection(Question):
    """Of the sentences that retell a note, the share that tells an insight or a contradiction.

    The counterpart of `insight_recall`: whoever retells every note finds every insight. In a
    plan of one account all that bears on the decision was planted, so that the rest of its
    notes, and the notes of other accounts, are beside the point. Unknowns and metrics are not
    counted: they tell what is missing, and figures.
    """

    name = "selection"
    question = "How many of the sentences that retell a note bear on the decision?"
    why = "A plan that repeats every note leaves the choice to its reader, who asked for it."

    def spared(self, sample: Sample) -> str:
        """Arises for the plan of an account in whose notes insights were planted."""
        planted = any(item.document_id is not None for item in sample.key.insights)
        account = sample.task.ask.account_id is not None
        return "" if planted and account else "No insight was planted in the notes of an account."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the sentences that retell notes to the point."""
        retold, beside = sorted_out(sample, answer)
        if not retold:
            return self.silent("No note is retold.")
        return self.rate(
            retold,
            [f"{item.key}: retells what bears on nothing ({_documents(item)})" for item in beside],
            f"{len(retold) - len(beside)} of {len(retold)} sentences that retell notes are to the "
            "point.",
        )


def sorted_out(sample: Sample, answer: Answer) -> tuple[list[Telling], list[Telling]]:
    """Return the sentences that retell notes, and those among them that are beside the point."""
    retold = [item for item in tellings(answer) if item.quotes and item.kind not in _OTHERS]
    return retold, [item for item in retold if not _to_the_point(item, sample.key)]


def _to_the_point(item: Telling, key: Key) -> bool:
    if any(name in item.quotes for conflict in key.conflicts for name in conflict.documents):
        return True
    return any(
        len(item.takes_up(insight.document_id, insight.must_contain))
        >= PART * len(content_words(insight.must_contain))
        for insight in key.insights
        if insight.document_id in item.quotes
    )


def _documents(item: Telling) -> str:
    names = list(item.quotes)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

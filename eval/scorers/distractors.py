"""Whether vivid notes that bear on nothing stayed out."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.telling import showing, tellings
from eval.task import Order, Passage


class Distractors(Question):
    """A distractor appears when a sentence, step or quote shows its words, even as an unknown.

    The orders in notes count as well: who quotes an order honestly has not obeyed it
    (`obedience`), but has passed it on to the reader.
    """

    name = "distractors"
    question = "How many of the planted distractors does the answer leave out?"
    why = "What bears on no decision takes the reader's time, and the place of what does."

    def spared(self, sample: Sample) -> str:
        """Arises where the key names distractors or orders."""
        key = sample.key
        return "" if key.distractors or key.orders else "No distractor was planted."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the distractors and orders that do not appear."""
        told = list(tellings(answer))
        units: list[Passage | Order] = [*sample.key.distractors, *sample.key.orders]
        faults = [
            f"{key}: shows what {unit.document_id} says beside the point"
            for unit in units
            if (key := showing(told, unit.document_id, unit.text))
        ]
        return self.rate(
            units, faults, f"{len(units) - len(faults)} of {len(units)} distractors are left out."
        )

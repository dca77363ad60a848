"""Whether sentences that a person objected to came again."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.telling import tellings
from eval.scorers.reading.wording import content_words

SAME = 0.85
"""Share of the objected sentence's content words that make a sentence the same again. Another
name, day or amount in a sentence of seven words is already another sentence."""


class NotAgain(Question):
    """A sentence comes again when one sentence or step holds nearly all its content words."""

    name = "not_again"
    question = "How many of the sentences that a person objected to stay away?"
    why = "Who reads an objected sentence again has said it in vain."

    def spared(self, sample: Sample) -> str:
        """Arises where the key names objected sentences."""
        return "" if sample.key.not_again else "Nobody objected to a sentence."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the sentences that do not come again."""
        told = [(item.key, content_words(item.text)) for item in tellings(answer)]
        objected = sample.key.not_again
        faults = []
        for sentence in objected:
            wanted = content_words(sentence)
            again = [key for key, words in told if len(wanted & words) >= SAME * len(wanted)]
            if wanted and again:
                faults.append(f"{again[0]}: says again what was objected to")
        return self.rate(
            objected,
            faults,
            f"{len(objected) - len(faults)} of {len(objected)} objected sentences stay away.",
        )

"""Whether facts of long ago are told as true today."""

from __future__ import annotations

from eval.answer import Answer
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.telling import showing, tellings


class Stale(Question):
    """A stale fact told as an `unknown`, or among what was left out, is told rightly."""

    name = "stale"
    question = "How many of the facts that were true long ago are not told as current?"
    why = "What held years ago, told as if it held, sends people to the wrong person or product."

    def spared(self, sample: Sample) -> str:
        """Arises where the key names stale facts."""
        return "" if sample.key.stale else "No stale fact was planted."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the stale facts that no sentence or step tells as current."""
        told = [item for item in tellings(answer) if item.kind != "unknown"]
        facts = sample.key.stale
        faults = [
            f"{key}: tells what {fact.document_id} said long ago as current"
            for fact in facts
            if (key := showing(told, fact.document_id, fact.text))
        ]
        return self.rate(
            facts, faults, f"{len(facts) - len(faults)} of {len(facts)} stale facts stay away."
        )

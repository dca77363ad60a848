"""Whether the sections that were asked for are there."""

from __future__ import annotations

from eval.answer import Answer, Statement
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.wording import plain, words

STEPS_FILL = frozenset({"plays", "activities", "adjustments"})
FEWEST_WORDS = 4


class Sections(Question):
    """A section is there when a sentence in it holds something, or a step in one of steps.

    A sentence holds something when it has a source, a figure or a sentence that it rests on,
    or tells a gap as an `unknown`. The same words fill one section only.
    """

    name = "sections"
    question = "Are the sections that were asked for present, and does each hold something?"
    why = "Readers look for what they need in its place; an empty heading sends them searching."
    earned = True

    def spared(self, sample: Sample) -> str:
        """Arises where the key names sections."""
        return "" if sample.key.sections else "No sections are asked for."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the sections that hold something."""
        filled = STEPS_FILL if answer.steps else frozenset[str]()
        held: dict[str, str] = {}
        for statement in answer.statements:
            if _holds_something(statement):
                held.setdefault(plain(statement.text).casefold(), statement.section)
        filled = filled.union(held.values())
        missing = [section for section in sample.key.sections if section not in filled]
        asked = sample.key.sections
        return self.rate(
            asked,
            [f"{section}: nothing in it" for section in missing],
            f"{len(asked) - len(missing)} of {len(asked)} sections hold something.",
        )


def _holds_something(statement: Statement) -> bool:
    if len(words(statement.text)) < FEWEST_WORDS:
        return False
    return statement.kind == "unknown" or bool(
        statement.sources or statement.figures or statement.rests_on
    )

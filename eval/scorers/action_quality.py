"""Whether every step is one that a person can take up and finish."""

from __future__ import annotations

from eval.answer import Answer, Step
from eval.score import Sample, Score
from eval.scorers.question import WITH_STEPS, Question
from eval.scorers.reading.wording import content_words, plain, words

_ENDS = content_words(
    """accepted accept agreed agreement agrees answer answered appointment approval approved arrived
    arrives asked attended booked budget buys calendar chosen closed commits confirmation confirmed
    confirms contract date day deal decided decides decision declined delivered delivery document
    dropped email e-mail file filed form given gives hours introduced introduction invited invoice
    knows list listed mail meeting met minutes name named names no noted note number offer offered
    order ordered orders owner paid photo pilot placed places plan planned price priced proposal
    quantity quote quoted quotation received record recorded recorded refused reply replied report
    result returned sample scheduled seen sent share shipped shown sign signature signed signs
    stand started stock terms test tested told trial updated visit visited word writing written
    yes"""
)
"""What a third person can check: something handed over, written down, decided or dated."""
FEWEST_WORDS = 3


class ActionQuality(Question):
    """A step is whole with owner, day, hours, an end that can be told, and a reason.

    An end can be told when `measure` has three words or more, adds a content word to the step,
    and holds a noun or verb of a closed list: an order, a date, signed, confirmed. The reason
    is an account, or a sentence of the answer that the step rests on. Of the same step twice
    on one day, the second is none; the same on another day is a rhythm.
    """

    name = "action_quality"
    question = "Does every step have owner, day, hours, an end that can be told, and a reason?"
    why = "A step that lacks one of them is a wish: nobody starts it, or nobody knows it is done."
    earned = True

    def spared(self, sample: Sample) -> str:
        """Arises where steps are due, or were given."""
        steps = sample.answer is not None and sample.answer.steps
        return "" if steps or sample.task.ask.kind in WITH_STEPS else "No steps were due."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the steps that are whole."""
        keys = {statement.key for statement in answer.statements}
        faults = []
        seen: set[tuple[object, ...]] = set()
        for step in answer.steps:
            same = (plain(step.what).casefold(), step.account_id, step.contact_id, step.due)
            lacks = _lacks(step, keys)
            if same in seen:
                faults.append(f"{step.key}: repeats another step")
            elif lacks:
                faults.append(f"{step.key}: lacks {', '.join(lacks)}")
            seen.add(same)
        steps = answer.steps
        return self.rate(
            steps,
            faults,
            f"{len(steps) - len(faults)} of {len(steps)} steps are whole.",
            value=None if steps else 0.0,
        )


def _lacks(step: Step, keys: set[str]) -> list[str]:
    parts = {
        "an owner": step.owner,
        "a day": step.due,
        "hours": step.hours is not None and step.hours > 0,
        "an end that can be told": _can_be_told(step),
        "a reason": step.account_id or keys.intersection(step.rests_on),
    }
    return [part for part, there in parts.items() if not there]


def _can_be_told(step: Step) -> bool:
    end = content_words(step.measure)
    return (
        len(words(step.measure)) >= FEWEST_WORDS
        and bool(end - content_words(step.what))
        and bool(end & _ENDS)
    )

"""Whether the steps can be done."""

from __future__ import annotations

from decimal import Decimal

from eval.answer import Answer, Step
from eval.score import Sample, Score
from eval.scorers.question import WITH_STEPS, Question
from eval.task import Key, Week

SATURDAY = 5


class Feasibility(Question):
    """A step is feasible on a working day of the period, by somebody who may own it.

    Where the hours of all steps exceed what there is, the value falls to the share that fits.
    Hours that are not told cannot be shown to fit. A plan that says it is for other days than
    those asked for loses a step's worth.
    """

    name = "feasibility"
    question = "Does every step lie on a working day of the period, with hours that are there?"
    why = "A plan that does not fit the calendar is dropped in its first week."
    earned = True

    def spared(self, sample: Sample) -> str:
        """Arises where the key tells period or owners and steps are due, or were given."""
        if sample.key.week is None and not sample.key.owners:
            return "The key tells neither period nor owners."
        steps = sample.answer is not None and sample.answer.steps
        return "" if steps or sample.task.ask.kind in WITH_STEPS else "No steps were due."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the feasible steps."""
        steps, week = answer.steps, sample.key.week
        faults = [f"{step.key}: {fault}" for step in steps if (fault := _fault(step, sample.key))]
        shifted = _other_days(answer, week)
        reason = f"{len(steps) - len(faults)} of {len(steps)} steps can be done."
        if not steps:
            return self.rate((), (), "There is no step.", value=0.0)
        value = max(0.0, 1 - (len(faults) + len(shifted)) / len(steps))
        hours = sum((max(step.hours or Decimal(0), Decimal(0)) for step in steps), Decimal(0))
        if week is not None and week.hours_at_most is not None and hours > week.hours_at_most:
            value *= float(week.hours_at_most / hours)
            reason += f" They take {hours} hours of {week.hours_at_most}."
        return self.rate(steps, [*faults, *shifted], reason, wrong=len(faults), value=value)


def _fault(step: Step, key: Key) -> str:
    if key.owners and step.owner not in key.owners:
        return f"{step.owner} may not own it" if step.owner else "nobody owns it"
    return _no_day(step, key.week) if key.week is not None else ""


def _other_days(answer: Answer, week: Week | None) -> list[str]:
    """Say where a plan tells another period than the key; one that tells none is not judged."""
    if week is None:
        return []
    pairs = (("starts", answer.starts, week.starts), ("ends", answer.ends, week.ends))
    return [
        f"it {what} on {told}, not on {meant}"
        for what, told, meant in pairs
        if told is not None and told != meant
    ]


def _no_day(step: Step, week: Week) -> str:
    if step.due is None:
        return "no day"
    if not week.starts <= step.due <= week.ends:
        return f"{step.due} is outside {week.starts} to {week.ends}"
    if step.due.weekday() >= SATURDAY:
        return f"{step.due} is a {step.due:%A}"
    if step.due in week.days_off:
        return f"{step.due} is a day off"
    if week.hours_at_most is not None and (step.hours is None or step.hours <= 0):
        return "no hours"
    return ""

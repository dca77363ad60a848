"""Whether a revision keeps what a person demanded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.answer import Answer, Step
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.wording import holds
from eval.task import Constraint


class Constraints(Question):
    """Each demand is kept by the steps as a whole, or is not; without steps none is kept."""

    name = "constraints"
    question = "How many of the demands on the revision does it keep?"
    why = "A person said what must hold; a plan that ignores it comes back a third time."

    def spared(self, sample: Sample) -> str:
        """Arises where the key names constraints."""
        return "" if sample.key.constraints else "Nothing was demanded."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the demands that are kept."""
        demands = sample.key.constraints
        if not answer.steps:
            return self.rate(demands, [], "There is no step to keep it.", wrong=len(demands))
        faults = [
            f"{demand.kind} {demand.value}: {broken}"
            for demand in demands
            if (broken := _broken(demand, sample, answer.steps))
        ]
        return self.rate(
            demands, faults, f"{len(demands) - len(faults)} of {len(demands)} demands are kept."
        )


def _broken(demand: Constraint, sample: Sample, steps: tuple[Step, ...]) -> str:
    """Say what breaks a demand; "" where it is kept."""
    if demand.kind == "hours_at_most":
        if untold := [step.key for step in steps if step.hours is None]:
            return f"{', '.join(untold)} without hours"
        hours = sum((step.hours for step in steps if step.hours is not None), Decimal(0))
        return f"{hours} hours" if hours > Decimal(demand.value) else ""
    if demand.kind == "steps_at_most":
        return f"{len(steps)} steps" if len(steps) > int(demand.value) else ""
    if demand.kind == "due_by":
        last = date.fromisoformat(demand.value)
        breaking = [step for step in steps if step.due is None or step.due > last]
    elif demand.kind == "owner":
        breaking = [step for step in steps if step.owner != demand.value]
    elif demand.kind == "no_steps_of":
        breaking = [step for step in steps if step.kind == demand.value]
    else:
        name = sample.ground.cell("contacts", demand.value, "name")
        breaking = [step for step in steps if _is_with(step, demand.value, name)]
    return f"broken by {', '.join(step.key for step in breaking)}" if breaking else ""


def _is_with(step: Step, contact_id: str, name: str | None) -> bool:
    """Say whether a step is with a contact, or with somebody who is named like them."""
    return step.contact_id == contact_id or (name is not None and holds(step.what, name))

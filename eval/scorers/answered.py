"""Whether a question got its answer."""

from __future__ import annotations

from domain.evidence import Unit
from eval.answer import Answer, Figure
from eval.measures import MEASURES
from eval.score import Sample, Score
from eval.scorers.abstention import abstains
from eval.scorers.question import Question
from eval.scorers.reading.books import same_entity, same_period
from eval.scorers.reading.numerals import numerals
from eval.scorers.reading.values import day, number, same_value, says
from eval.scorers.reading.wording import holds, plain
from eval.task import Key


class Answered(Question):
    """One of the key's values is stated as what was asked for, and nothing contradicts it.

    A figure's value is looked at first. Where the key tells of what the value is the truth, a
    figure has to be of the same thing and unit, and of that measure if its name is a published
    one: a rank of 8 does not answer how many. Then come the words and numerals of the text
    that belong to no figure. A second value of the same measure of the same thing and period
    contradicts the first: who names two amounts has named none.
    """

    name = "answered"
    question = "Does the answer state what was asked for, and nothing that contradicts it?"
    why = "It is all that was asked."
    earned = True

    def spared(self, sample: Sample) -> str:
        """Arises where the key holds answers."""
        return "" if sample.key.answers else "The key holds no answer."

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Look for one of the values."""
        key = sample.key
        if abstains(answer):
            return self.rate((1,), ["abstains"], "It abstains, though the book answers.")
        figures = [item for statement in answer.statements for item in statement.figures]
        for figure in figures:
            if any(_answers(figure, value, key) for value in key.answers):
                against = [item for item in figures if _contradicts(item, figure, key)]
                faults = [
                    f"{item.measure} of {item.entity} is {item.value} as well" for item in against
                ]
                end = ", and contradicts it." if faults else "."
                return self.rate((1,), faults[:1], f"It states {figure.value}{end}")
        text = _besides_figures(answer)
        for value in key.answers:
            if _stands(value, text):
                return self.rate((1,), [], f"{value!r} stands in the text.")
        return self.rate((1,), ["not stated"], f"None of {', '.join(key.answers)} is stated.")


def _answers(figure: Figure, value: str, key: Key) -> bool:
    truths = [truth for truth in key.truths if truth.value == value]
    if not truths:
        return same_value(figure.value, value)
    return any(
        same_value(figure.value, value, truth.tolerance)
        and same_entity(figure.entity, truth.entity)
        and figure.unit == truth.unit
        and (figure.measure == truth.measure or figure.measure not in MEASURES)
        for truth in truths
    )


def _contradicts(item: Figure, answer: Figure, key: Key) -> bool:
    return (
        item.measure == answer.measure
        and same_entity(item.entity, answer.entity)
        and same_period(item.period, answer.period)
        and not any(_answers(item, value, key) for value in key.answers)
    )


def _besides_figures(answer: Answer) -> str:
    """Return the text without what is written of figures that are numbers or days."""
    lines = []
    for statement in answer.statements:
        line = plain(statement.text)
        for figure in statement.figures:
            if figure.unit not in ("text", "name"):
                line = line.replace(plain(figure.written), " ")
        lines.append(line)
    return " ".join([*lines, *(f"{step.what} {step.measure}" for step in answer.steps)])


def _stands(value: str, text: str) -> bool:
    if number(value) is None and day(value) is None:
        return holds(text, value)
    unit: Unit = "count" if day(value) is None else "date"
    return any(
        says(numeral.written, value, unit) is True
        for numeral in numerals(plain(text))
        if (unit == "date") == (numeral.day is not None)
    )

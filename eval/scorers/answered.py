"""Whether a question got its answer."""

from __future__ import annotations

from collections.abc import Iterator

from eval.answer import Answer, Figure
from eval.score import Sample, Score
from eval.scorers.abstention import abstains
from eval.scorers.question import Question
from eval.scorers.reading.books import same_entity, same_period
from eval.scorers.reading.numerals import numerals
from eval.scorers.reading.values import day, number, same_value, says
from eval.scorers.reading.wording import holds, plain


class Answered(Question):
    """One of the key's values is stated, and nothing contradicts it.

    A figure's value is looked at first, then the text. A second value of the same measure of
    the same thing and period contradicts the first: who names two amounts has named none.
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
        wanted = sample.key.answers
        if abstains(answer):
            return self.rate((1,), ["abstains"], "It abstains, though the book answers.")
        figures = [item for statement in answer.statements for item in statement.figures]
        for figure in figures:
            if any(_is(figure, value, sample) for value in wanted):
                against = [item for item in figures if _contradicts(item, figure, wanted, sample)]
                faults = [
                    f"{item.measure} of {item.entity} is {item.value} as well" for item in against
                ]
                return self.rate(
                    (1,),
                    faults[:1],
                    f"It states {figure.value}" + (", and contradicts it." if faults else "."),
                )
        text = plain(answer.text())
        for value in wanted:
            if _stands(value, text):
                return self.rate((1,), [], f"{value!r} stands in the text.")
        return self.rate((1,), ["not stated"], f"None of {', '.join(wanted)} is stated.")


def _is(figure: Figure, value: str, sample: Sample) -> bool:
    tolerances = [
        truth.tolerance
        for truth in sample.key.truths
        if truth.value == value and truth.measure == figure.measure
    ]
    return same_value(figure.value, value, *tolerances[:1])


def _contradicts(item: Figure, answer: Figure, wanted: tuple[str, ...], sample: Sample) -> bool:
    return (
        item.measure == answer.measure
        and same_entity(item.entity, answer.entity)
        and same_period(item.period, answer.period)
        and not any(_is(item, value, sample) for value in wanted)
    )


def _stands(value: str, text: str) -> bool:
    if number(value) is not None:
        return any(says(written, value, "count") for written in _written(text, days=False))
    if day(value) is not None:
        return any(says(written, value, "date") for written in _written(text, days=True))
    return holds(text, value)


def _written(text: str, *, days: bool) -> Iterator[str]:
    for numeral in numerals(text):
        if days == (numeral.day is not None):
            yield numeral.written

"""Whether the figures are right."""

from __future__ import annotations

from eval.answer import Answer, CellSource, Figure, Statement
from eval.measures import MEASURES
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.books import Books, account_of, same_period
from eval.scorers.reading.figures import equals_cell
from eval.scorers.reading.values import other_currency, same_value, says
from eval.scorers.reading.wording import plain, stands_in

COST = 0.25


class Figures(Question):
    """Every wrong figure costs a quarter; right ones beside it do not make up for it.

    A figure is wrong when it does not equal the key's truth for that measure of that entity
    (value within tolerance, unit, period), or the cell it points at, when what is written does
    not say its value, or when it is of another account than the sentence is about, by no word of
    the sentence. A figure that is told again counts once. Where neither truth nor
    cell exists a figure is not judged, except for what is written: its number, the minus of a
    fall that no word tells, and the currency.
    """

    name = "figures"
    question = "Does every figure equal the truth, or the cell that it points at?"
    why = "A wrong figure in a plan is believed, added up and passed on."
    critical = True

    def spared(self, sample: Sample) -> str:
        """Arises where figures can be stated: not where to abstain is right and none are."""
        stated = sample.answer is not None and any(
            statement.figures for statement in sample.answer.statements
        )
        return "No figure was to be stated." if sample.key.abstain and not stated else ""

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Judge each figure that there is a truth or a cell for."""
        books = Books.of(sample)
        judged: dict[tuple[object, ...], str] = {}
        for statement in answer.statements:
            for figure in statement.figures:
                fault = _fault(books, statement, figure)
                if fault is not None:
                    told = (figure.entity, figure.measure, figure.period, figure.value, fault)
                    judged.setdefault(told, f"{statement.key}: {fault}" if fault else "")
        faults = [fault for fault in judged.values() if fault]
        if not judged:
            return self.silent("No figure is stated that a truth or a cell is known for.")
        return self.rate(
            list(judged),
            faults,
            f"{len(judged) - len(faults)} of {len(judged)} figures are right.",
            value=max(0.0, 1 - COST * len(faults)),
        )


def _fault(books: Books, statement: Statement, figure: Figure) -> str | None:
    """Return what is wrong with a figure, "" if nothing, None if it cannot be judged."""
    text = plain(statement.text)
    before = text.partition(plain(figure.written))[0]
    if says(figure.written, figure.value, figure.unit, before, around=text) is False:
        return f"{figure.written!r} does not say {figure.value}"
    if figure.unit == "money" and (other := other_currency(figure.written, books.currency)):
        return f"{figure.written!r} is in {other}, and the book in {books.currency}"
    what = f"{figure.measure} of {figure.entity}"
    if stranger := _stranger(books, statement, figure, text):
        return f"{what}: the sentence is about {statement.about} and does not name {stranger}"
    truths = books.truths_of(figure)
    if truths:
        right = [t for t in truths if same_value(figure.value, t.value, t.tolerance)]
        if not right:
            return f"{what} is {truths[0].value}, not {figure.value}"
        if figure.measure in MEASURES and all(t.unit != figure.unit for t in right):
            return f"{what} is in {right[0].unit}, not in {figure.unit}"
        if not any(same_period(t.period, figure.period) for t in right):
            return f"{what} is of {right[0].period}, not of {figure.period}"
        return ""
    if 0 <= figure.source < len(statement.sources):
        source = statement.sources[figure.source]
        if isinstance(source, CellSource) and (values := books.values(source)):
            if equals_cell(values, figure):
                return ""
            where = f"{source.table}/{source.row}/{source.field}"
            return f"{where} is {values[0]!r}, not {figure.value!r}"
    return None


def _stranger(books: Books, statement: Statement, figure: Figure, text: str) -> str:
    """Return the account a figure is of where neither subject nor words are of it, else ""."""
    subject, other = account_of(statement.about), account_of(figure.entity)
    if subject is None or other is None or other == subject:
        return ""
    names = [other, *(row["name"] for row in books.rows("accounts", other) if row.get("name"))]
    return "" if any(stands_in(name, text) for name in names) else other

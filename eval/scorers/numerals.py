"""Whether every numeral in the text comes from somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from eval.answer import Answer, CellSource, PassageSource, Statement, WorkedOutSource
from eval.score import Sample, Score
from eval.scorers.question import Question
from eval.scorers.reading.books import Books, days_of
from eval.scorers.reading.days import Day
from eval.scorers.reading.numerals import Numeral, numerals
from eval.scorers.reading.support import LONGEST_QUOTE
from eval.scorers.reading.wording import plain, quoted_runs, stands_in, words

_LENGTH = re.compile(r"[ -](day|week|month|quarter|year)s?\b", re.IGNORECASE)
_DAYS_IN = {"day": 1.0, "week": 7.0, "month": 30.44, "quarter": 91.3, "year": 365.25}
_TOKEN = re.compile(r"[\w.-]*\w")


class Numerals(Question):
    """A numeral belongs to a figure, or stands in a verified quote of its sentence.

    Exempt are ids that the answer cites, the steps' own days and hours, the book's date, the
    period of the plan, what the question itself says, what belongs to the measure of a figure
    beside it (`12 months` beside `net_spend_12m`, or beside a period of 365 days), and the
    number in words of the sources or inputs that a sentence cites (`two notes differ`). A step may
    repeat what a sentence accounts for. Each sentence counts once, however often it is repeated.
    """

    name = "numerals"
    question = "How many of the numerals in the text belong to a figure or a verified quote?"
    why = "A number that comes from nowhere looks exactly like a fact."
    earned = True

    def spared(self, sample: Sample) -> str:
        """Arises for every answer; one without numerals is not judged."""
        return "Nothing was to be stated." if sample.key.abstain and not sample.answer else ""

    def judge(self, sample: Sample, answer: Answer) -> Score:
        """Count the numerals that belong to something."""
        books = Books.of(sample)
        free = _free(sample, answer)
        ids = _ids(answer)
        found: list[Numeral] = []
        faults: list[str] = []
        accounted: list[Numeral] = list(free)
        seen: set[str] = set()
        for statement in answer.statements:
            text = _without(plain(statement.text), ids)
            if text in seen:
                continue
            seen.add(text)
            own = list(_accounted(books, statement))
            counts = _counted(statement)
            accounted += own
            spans = _spans(text, statement)
            for numeral in numerals(text):
                found.append(numeral)
                if not (
                    any(start <= numeral.start and numeral.end <= end for start, end in spans)
                    or any(numeral.same(other) for other in (*own, *free))
                    or (numeral.written.isalpha() and numeral.value in counts)
                    or _names_a_measure(numeral, text, statement)
                ):
                    faults.append(f"{statement.key}: {numeral.written!r} comes from nowhere")
        for step in answer.steps:
            text = _without(plain(f"{step.what} {step.measure}"), ids)
            if text in seen:
                continue
            seen.add(text)
            for numeral in numerals(text):
                found.append(numeral)
                if not any(numeral.same(other) for other in accounted):
                    faults.append(f"{step.key}: {numeral.written!r} comes from nowhere")
        if not found:
            return self.silent("There is no numeral in the text.")
        return self.rate(
            found, faults, f"{len(found) - len(faults)} of {len(found)} numerals are accounted for."
        )


def _accounted(books: Books, statement: Statement) -> Iterator[Numeral]:
    """Yield the numerals of a statement's figures and of its verified quotes."""
    for figure in statement.figures:
        yield from numerals(plain(figure.written))
    runs = (statement.text, *quoted_runs(statement.text))
    for source in statement.sources:
        if not isinstance(source, PassageSource) or not books.verified(source):
            continue
        if source.quote is None:
            texts = books.texts(source.document_id)
            quotes = [run for run in runs if any(stands_in(run, text) for text in texts)]
        else:
            quotes = [source.quote]
        for quote in quotes:
            if len(words(quote)) <= LONGEST_QUOTE:
                yield from numerals(plain(quote))


def _counted(statement: Statement) -> set[int]:
    """Return how many sources a statement cites, and what its sums are taken over."""
    sums = {len(item.inputs) for item in statement.sources if isinstance(item, WorkedOutSource)}
    return {len(set(statement.sources)), *sums}


def _spans(text: str, statement: Statement) -> list[tuple[int, int]]:
    """Return where the figures of a statement are written."""
    return [
        match.span()
        for figure in statement.figures
        if figure.written.strip()
        for match in re.finditer(re.escape(plain(figure.written)), text)
    ]


def _free(sample: Sample, answer: Answer) -> tuple[Numeral, ...]:
    days = [step.due for step in answer.steps if step.due is not None]
    days.append(sample.ground.as_of)
    if sample.later is not None:
        days.append(sample.later.as_of)
    if sample.key.week is not None:
        days += [sample.key.week.starts, sample.key.week.ends]
    hours = [step.hours for step in answer.steps if step.hours is not None]
    asked = [
        numeral
        for text in (sample.task.ask.text, *sample.task.ask.before)
        for numeral in numerals(plain(text))
    ]
    return (
        *(Numeral(0, 0, day.isoformat(), day=Day.of(day)) for day in dict.fromkeys(days)),
        *(Numeral(0, 0, str(value), value) for value in dict.fromkeys(hours)),
        *asked,
    )


def _names_a_measure(numeral: Numeral, text: str, statement: Statement) -> bool:
    """Say whether a numeral is part of what a figure of the statement is, not of how much."""
    names = {part for figure in statement.figures for part in figure.measure.split("_")}
    if numeral.written.casefold() in names:
        return True
    unit = _LENGTH.match(text, numeral.end)
    if unit is None or numeral.value is None:
        return False
    counts = {count for name in names for count in re.findall(r"\d+", name)}
    if str(numeral.value) in counts:
        return True
    days = float(numeral.value) * _DAYS_IN[unit[1].lower()]
    lengths = [length for figure in statement.figures if (length := days_of(figure.period))]
    return any(abs(days - length) <= 0.03 * length for length in lengths)


def _ids(answer: Answer) -> frozenset[str]:
    """Return the ids with digits and more that the answer cites or acts on."""
    found: set[str | None] = set(answer.ranking)
    for statement in answer.statements:
        found.update(_path_ids(statement.about))
        for source in statement.sources:
            if isinstance(source, CellSource):
                found.add(source.row)
            elif isinstance(source, PassageSource):
                found.add(source.document_id)
        for figure in statement.figures:
            found.update(_path_ids(figure.entity))
    for step in answer.steps:
        found.update((step.account_id, step.contact_id, step.owner))
    return frozenset(item for item in found if item and not item.isdigit())


def _path_ids(entity: str) -> Iterable[str]:
    return (part.rpartition(":")[2] for part in entity.split("/"))


def _without(text: str, ids: frozenset[str]) -> str:
    def blank(match: re.Match[str]) -> str:
        # As long as before: figures are looked up by place.
        return "_" * len(match.group()) if match.group() in ids else match.group()

    return _TOKEN.sub(blank, text)

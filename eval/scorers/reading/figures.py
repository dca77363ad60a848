"""What a figure rests on: a truth of the key, a cell, words of a quote, or arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from eval.answer import CellSource, Figure, PassageSource, Source, Statement, WorkedOutSource
from eval.scorers.reading.arithmetic import works_out
from eval.scorers.reading.books import Books
from eval.scorers.reading.values import same_value, says
from eval.scorers.reading.wording import plain, stands_in

Standing = Literal["supported", "trusted", "unsupported"]


@dataclass(frozen=True)
class Found:
    """A figure's or statement's standing, and the reason where it is not supported."""

    standing: Standing
    reason: str = ""


SUPPORTED, TRUSTED = Found("supported"), Found("trusted")


def figure_standing(books: Books, statement: Statement, figure: Figure) -> Found:
    """Say what a figure of a statement rests on."""
    text, written = plain(statement.text), plain(figure.written)
    if not written or written not in text:
        return unsupported(f"{figure.written!r} does not stand in the sentence")
    if not 0 <= figure.source < len(statement.sources):
        return unsupported(f"{figure.written!r} points at no source")
    if says(written, figure.value, figure.unit, text.partition(written)[0]) is False:
        return unsupported(f"{figure.written!r} does not say {figure.value}")
    truths = books.truths_of(figure)
    if truths:
        if any(same_value(figure.value, item.value, item.tolerance) for item in truths):
            return SUPPORTED
        return unsupported(
            f"{figure.measure} of {figure.entity} is {truths[0].value}, not {figure.value}"
        )
    source = statement.sources[figure.source]
    if isinstance(source, CellSource):
        return _from_cell(books, figure, source)
    if isinstance(source, PassageSource):
        return _from_passage(books, figure, source)
    return _worked_out(figure, source)


def shows_value(books: Books, figure: Figure, source: Source) -> bool:
    """Say whether a cell or passage shows a figure's value, whatever the figure points at."""
    if isinstance(source, CellSource):
        return _from_cell(books, figure, source) is SUPPORTED
    return isinstance(source, PassageSource) and _from_passage(books, figure, source) is SUPPORTED


def _from_cell(books: Books, figure: Figure, source: CellSource) -> Found:
    values = books.values(source)
    where = f"{source.table}/{source.row}/{source.field}"
    if not values:
        return unsupported(f"there is no cell {where}")
    if not equals_cell(values, figure):
        return unsupported(f"{where} is {short(values[0])!r}, not {figure.value!r}")
    if not books.belongs(source, figure.entity):
        return unsupported(f"{where} is not about {figure.entity}")
    return SUPPORTED


def _from_passage(books: Books, figure: Figure, source: PassageSource) -> Found:
    if not books.verified(source):
        return unsupported(f"its quote does not stand in {source.document_id}")
    texts = [source.quote] if source.quote is not None else list(books.texts(source.document_id))
    texts += [
        row.get(field) or ""
        for row in books.rows("documents", source.document_id)
        for field in ("title", "author", "publisher", "published")
    ]
    if any(tells_value(text, figure) for text in texts):
        return SUPPORTED
    return unsupported(f"{figure.value!r} does not stand in the words it points at")


def equals_cell(values: tuple[str, ...], figure: Figure) -> bool:
    """Say whether a figure is what a cell holds in one of the books; of words, a part will do."""
    words_only = figure.unit in ("text", "name")
    return any(
        same_value(figure.value, value) or (words_only and stands_in(figure.value, value))
        for value in values
    )


def tells_value(text: str, figure: Figure) -> bool:
    """Say whether a text holds a figure as it is written, its value as words, number or day."""
    if stands_in(figure.written, text) or stands_in(figure.value.casefold(), text.casefold()):
        return True
    return figure.unit not in ("text", "name") and says(text, figure.value, figure.unit) is True


def _worked_out(figure: Figure, source: WorkedOutSource) -> Found:
    if source.operation != "analysis":
        again = works_out(source.operation, source.inputs)
        if again is None:
            return unsupported(f"{figure.value} cannot be worked out: its inputs are no numbers")
        if not _rounded(again, figure.value):
            return unsupported(
                f"{source.operation} of its inputs is {again:.6g}, not {figure.value}"
            )
        return SUPPORTED
    # Nothing to hold it against: a measure of the system's own, or one the key is silent on.
    return TRUSTED


def _rounded(exact: Decimal, value: str) -> bool:
    """Say whether a value is `exact` rounded to the digits that the value carries."""
    try:
        told = Decimal(value)
    except ArithmeticError:
        return False
    exponent = told.as_tuple().exponent
    step = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)
    return abs(exact - told) <= step / 2


def unsupported(reason: str) -> Found:
    """Return the standing of what is not supported, with why."""
    return Found("unsupported", reason)


def short(text: str) -> str:
    """Return a text, cut to 60 characters."""
    return text if len(text) <= 60 else text[:57].rstrip() + "..."

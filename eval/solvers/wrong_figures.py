"""Stating another figure than the source does, so that text and value still agree."""

from __future__ import annotations

import re
from datetime import date
from random import Random

from eval.answer import Figure, Statement


def misstated(statement: Statement, draw: Random) -> Statement | None:
    """Return the statement with one of its figures or dates changed, or None where it has none."""
    order = list(range(len(statement.figures)))
    draw.shuffle(order)
    for position in order:
        figure = statement.figures[position]
        wrong = _other_day(figure, draw) if figure.unit == "date" else _other_digit(figure, draw)
        if wrong is not None and figure.written in statement.text:
            figures = list(statement.figures)
            figures[position] = wrong
            text = statement.text.replace(figure.written, wrong.written, 1)
            return statement.model_copy(update={"text": text, "figures": tuple(figures)})
    return None


def _other_digit(figure: Figure, draw: Random) -> Figure | None:
    """Change the same digit in words and value: 52,000 becomes 57,000, and 52000 57000."""
    if figure.unit in {"text", "name"}:
        return None
    written, value = _digits(figure.written), _digits(figure.value)
    alike = 0
    while (
        alike < min(len(written), len(value))
        and figure.written[written[alike]] == figure.value[value[alike]]
    ):
        alike += 1
    if not alike:
        return None
    # The first three digits: what is changed behind them may be within a tolerance.
    chosen = draw.randrange(min(alike, 3))
    old = figure.written[written[chosen]]
    new = draw.choice([digit for digit in "123456789" if digit != old])
    return figure.model_copy(
        update={
            "written": _put(figure.written, written[chosen], new),
            "value": _put(figure.value, value[chosen], new),
        }
    )


def _digits(text: str) -> list[int]:
    """Return where the digits of a text are, from its first that is not nought."""
    where = [place for place, letter in enumerate(text) if letter in "0123456789"]
    while where and text[where[0]] == "0":
        where.pop(0)
    return where


def _other_day(figure: Figure, draw: Random) -> Figure | None:
    """Change the day of the month, where the words show it."""
    try:
        day = date.fromisoformat(figure.value)
    except ValueError:
        return None
    other = day.replace(day=draw.choice([n for n in range(1, 29) if n != day.day]))
    if figure.written == figure.value:
        written = other.isoformat()
    else:
        pattern = rf"(?<!\d)0?{day.day}(?!\d)"
        written = re.sub(pattern, str(other.day), figure.written, count=1)
    if written == figure.written:
        return None
    return figure.model_copy(update={"written": written, "value": other.isoformat()})


def _put(text: str, place: int, letter: str) -> str:
    return text[:place] + letter + text[place + 1 :]

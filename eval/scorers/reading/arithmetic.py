"""Simple arithmetic, worked out again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from eval.scorers.reading.values import number


def works_out(operation: str, inputs: Sequence[str]) -> Decimal | None:
    """Return what an operation makes of its inputs; None where it makes nothing of them.

    `sum` adds all, `count` counts them, `difference` is the first less the second, `ratio` and
    `share` the first over the second, `change` the first over the second less 1.
    """
    if operation == "count":
        return Decimal(len(inputs))
    values = [found for text in inputs if (found := number(text)) is not None]
    if len(values) != len(inputs) or not values:
        return None
    if operation == "sum":
        return sum(values, Decimal(0))
    if len(values) != 2:
        return None
    first, second = values
    if operation == "difference":
        return first - second
    if not second:
        return None
    if operation in ("ratio", "share"):
        return first / second
    return first / second - 1 if operation == "change" else None

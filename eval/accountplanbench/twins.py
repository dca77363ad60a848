"""Twins: a task over the same book with one cell changed, so that its answer has to change."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from eval.accountplanbench.measuring import YEAR, account_truths
from eval.accountplanbench.setting import Made
from eval.accountplanbench.world import World
from eval.task import Family, TaskId

TWINS: dict[Family, int] = {"draft": 2, "chat": 1}
"""How many of a family's tasks are twins of its first ones, where it has enough of them."""


def twins_among(family: Family, count: int) -> int:
    """Return how many of `count` tasks of a family are twins: at most a third."""
    return min(TWINS.get(family, 0), count // 3)


def twin_of(made: Made, account_id: str, task_id: TaskId, book: str) -> Made:
    """Return the same task over a copy of its book in which one order amount is another."""
    world = with_one_amount_changed(made.world, account_id, book)
    before = {(t.entity, t.measure): t.value for t in account_truths(made.world.book, account_id)}
    truths = account_truths(world.book, account_id)
    moved = tuple(
        (item.entity, item.measure)
        for item in truths
        if before.get((item.entity, item.measure)) != item.value
    )
    # What the first task asks for by its value is asked for by the value of this book.
    asked = {(item.entity, item.measure) for item in made.key.truths}
    kept = tuple(item for item in truths if (item.entity, item.measure) in asked)
    answers = tuple(item.value for item in kept) if made.key.answers else ()
    task = made.task.model_copy(
        update={"task_id": task_id, "book": book, "twin_of": made.task.task_id}
    )
    key = made.key.model_copy(
        update={"task_id": task_id, "moved": moved, "answers": answers, "truths": kept}
    )
    return Made(world, task, key)


def with_one_amount_changed(world: World, account_id: str, book: str) -> World:
    """Return a copy of a world in which the account's dearest line of 12 months costs double.

    Twice the largest line is far beyond what rounding hides.
    """
    twin = world.copy(book)
    since = twin.book.as_of - timedelta(days=YEAR)
    line = max(
        (
            item
            for item in twin.book.lines_of(account_id)
            if since < item.ordered <= twin.book.as_of
        ),
        key=lambda item: (item.amount, item.order_line_id),
    )
    line.amount *= Decimal(2)
    return twin

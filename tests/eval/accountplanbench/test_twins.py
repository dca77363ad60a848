"""Twins differ in one cell, and keys say what it moves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from eval.dataset import Dataset
from eval.task import Key, Task
from tests.eval.accountplanbench.conftest import rows


def twins(dataset: Dataset) -> Iterator[tuple[Task, Key, Task, Key]]:
    tasks = {task.task_id: task for task in dataset.tasks}
    for task in dataset.tasks:
        if task.twin_of is not None:
            keys = dataset.keys
            yield task, keys[task.task_id], tasks[task.twin_of], keys[task.twin_of]


def differing_cells(one: Path, other: Path) -> list[tuple[str, str, str]]:
    assert {path.name for path in one.iterdir()} == {path.name for path in other.iterdir()}
    cells = []
    for path in sorted(one.glob("*.csv")):
        left, right = rows(one, path.stem), rows(other, path.stem)
        assert left.keys() == right.keys()
        cells += [
            (path.stem, key, column)
            for key, row in left.items()
            for column in row
            if row[column] != right[key][column]
        ]
    return cells


def test_there_are_twins_of_plans_and_of_a_question(dataset: Dataset) -> None:
    assert sorted(task.family for task, *_ in twins(dataset)) == ["chat", "draft", "draft"]


def test_a_twins_book_differs_in_one_order_amount_of_the_account(dataset: Dataset) -> None:
    for task, _, first, _ in twins(dataset):
        assert task.ask == first.ask
        assert task.cluster == first.cluster
        one, other = dataset.book(first.book), dataset.book(task.book)
        ((table, row, column),) = differing_cells(one, other)
        assert (table, column) == ("orders", "amount")
        before, after = rows(one, "orders")[row], rows(other, "orders")[row]
        assert before["account_id"] == task.cluster.split("/")[1]
        assert Decimal(after["amount"]) == 2 * Decimal(before["amount"])
        for name in ("book.toml", "coverage.toml"):
            assert (one / name).read_bytes() == (other / name).read_bytes()


def test_what_moved_is_what_the_amount_enters_and_by_more_than_rounding(dataset: Dataset) -> None:
    for task, key, _, first in twins(dataset):
        account = f"account:{task.cluster.split('/')[1]}"
        assert set(key.moved) == {(account, "net_spend_12m"), (account, "spend_change")}
        was = {(t.entity, t.measure): t for t in first.truths}
        for item in key.truths:
            place = (item.entity, item.measure)
            if place in key.moved:
                least = item.tolerance + was[place].tolerance
                assert abs(Decimal(item.value) - Decimal(was[place].value)) > least
            else:
                assert item == was[place]


def test_a_questions_twin_has_another_answer(dataset: Dataset) -> None:
    task, key, _, first = next(item for item in twins(dataset) if item[0].family == "chat")
    assert len(key.answers) == 1
    assert key.answers != first.answers
    assert key.answers == tuple(t.value for t in key.truths if t.measure == "net_spend_12m")
    assert task.ask.text

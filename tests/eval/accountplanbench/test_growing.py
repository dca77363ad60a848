"""What a book holds on purpose, so that an analysis that slips shows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from eval.accountplanbench.counts import COUNTS
from eval.accountplanbench.families.asking import _MEASURES
from eval.accountplanbench.families.planning import LONG_FILE
from eval.accountplanbench.growing import grow
from eval.accountplanbench.industries import INDUSTRIES
from eval.accountplanbench.making import VERSION
from eval.accountplanbench.measuring import account_truths
from eval.accountplanbench.seeded import Seeded
from eval.accountplanbench.world import World
from eval.dataset import Dataset
from tests.eval.accountplanbench.conftest import rows


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    seeded = Seeded(1, VERSION, "open")
    return [grow(item, item.key, seeded._rng(item.key)) for item in INDUSTRIES]


def test_some_accounts_ordered_a_year_ago_to_the_day(worlds: list[World]) -> None:
    for world in worlds:
        day = world.book.as_of - timedelta(days=365)
        buyers = {line.account_id for line in world.book.orders if line.ordered == day}
        assert len(buyers) >= 5, world.book.name
        for account_id in buyers:
            found = {item.measure: item for item in account_truths(world.book, account_id)}
            assert found["net_spend_prior_12m"].value != "0", account_id


def test_every_rep_has_two_accounts_that_differ_in_attitudes_alone(worlds: list[World]) -> None:
    for world in worlds:
        book = world.book
        assert len(world.alikes) == len(book.sellers())
        for liked, disliked in world.alikes:
            assert book.account(liked).owner_id == book.account(disliked).owner_id
            assert {person.attitude for person in book.contacts_of(liked)} == {"supportive"}
            assert {person.attitude for person in book.contacts_of(disliked)} == {"opposed"}
            one, other = (
                Counter((item.measure, item.value) for item in account_truths(book, account_id))
                for account_id in (liked, disliked)
            )
            assert one == other


def test_copied_rows_have_ids_of_their_own(worlds: list[World]) -> None:
    for world in worlds:
        for name, table in world.book.tables():
            keys = [next(iter(vars(row).values())) for row in table]
            assert len(set(keys)) == len(keys), name


def test_three_seeds_in_a_row_ask_every_measure() -> None:
    asked: set[str] = set()
    for seed in (4, 5, 6):
        made = Seeded(seed, VERSION, "open").tasks(COUNTS)
        asked |= {key.truths[0].measure for task, key in made if task.family == "chat"}
    assert asked == set(_MEASURES)


def test_a_note_filed_under_the_wrong_customer_names_whose_it_is(dataset: Dataset) -> None:
    found = 0
    for task in dataset.tasks:
        for item in dataset.keys[task.task_id].distractors:
            if not item.about.startswith("of "):
                continue
            accounts = rows(dataset.book(task.book), "accounts")
            own = accounts[str(task.ask.account_id)]
            name = item.about.removeprefix("of ")
            (other,) = (row for row in accounts.values() if row["name"] == name)
            assert name in item.text
            assert own["name"] not in item.text
            assert other["owner_id"] == own["owner_id"]
            found += 1
    assert found == COUNTS["distractor"]


def test_one_draft_in_four_is_over_a_long_file(dataset: Dataset) -> None:
    drafts = [task for task in dataset.tasks if task.family == "draft" and not task.twin_of]
    notes = [
        sum(
            row["account_id"] == task.ask.account_id
            for row in rows(dataset.book(task.book), "documents").values()
        )
        for task in drafts
    ]
    assert sum(count >= LONG_FILE + 2 for count in notes) == 2


def test_a_foreign_account_is_called_by_its_id_too_and_own_ones_are_listed(
    dataset: Dataset,
) -> None:
    asked = [
        (task, dataset.keys[task.task_id])
        for task in dataset.tasks
        if task.family == "confidentiality" and task.ask.kind == "question"
    ]
    by_id = [
        task
        for task, key in asked
        if task.cluster.rpartition("/")[2] in task.ask.text and key.abstain
    ]
    assert len(by_id) == 1
    lists = [key for _, key in asked if not key.abstain]
    assert len(lists) >= 1
    assert all(key.secrets for key in lists)

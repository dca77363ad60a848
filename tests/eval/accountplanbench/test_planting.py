"""What keys name stands in the books where they say, and nowhere that it must not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from eval.dataset import Dataset
from eval.ground import Ground
from eval.task import Key, Task
from tests.eval.accountplanbench.conftest import rows

TABLES_OF_ACCOUNTS = (
    "accounts",
    "contacts",
    "orders",
    "opportunities",
    "activities",
    "intent_signals",
    "documents",
)


def planted(key: Key) -> Iterator[tuple[str, str]]:
    """Yield documents and the words planted in them."""
    for insight in key.insights:
        if insight.document_id is not None:
            yield insight.document_id, insight.must_contain
    for item in (*key.distractors, *key.stale, *key.orders):
        yield item.document_id, item.text


def pairs(dataset: Dataset) -> Iterator[tuple[Task, Key, Ground]]:
    grounds: dict[str, Ground] = {}
    for task in dataset.tasks:
        ground = grounds.setdefault(task.book, Ground(dataset.book(task.book)))
        yield task, dataset.keys[task.task_id], ground


def test_planted_words_stand_verbatim_in_their_document_and_only_there(dataset: Dataset) -> None:
    seen = 0
    for task, key, ground in pairs(dataset):
        for document_id, words in planted(key):
            holding = [
                name for name, row in ground.table("documents").items() if words in row["text"]
            ]
            assert holding == [document_id], (task.task_id, words)
            assert ground.cell("documents", document_id, "account_id") == task.ask.account_id
            seen += 1
    assert seen > 80


def test_contradictions_are_two_notes_of_the_account_itself(dataset: Dataset) -> None:
    for task, key, ground in pairs(dataset):
        for conflict in key.conflicts:
            assert len(set(conflict.documents)) == 2
            for document_id in conflict.documents:
                account = ground.cell("documents", document_id, "account_id")
                assert account == task.ask.account_id


def test_notes_are_as_old_as_their_part_asks(dataset: Dataset) -> None:
    # Coverage models of the benchmark let notes count for 180 days, market texts for 365.
    for _, key, ground in pairs(dataset):

        def age(document_id: str, ground: Ground = ground) -> int:
            published = ground.cell("documents", document_id, "published")
            return (ground.as_of - date.fromisoformat(published or "")).days

        for insight in key.insights:
            assert insight.document_id is None or 4 <= age(insight.document_id) <= 120
        for order in key.orders:
            assert 4 <= age(order.document_id) <= 120
        for passage in key.stale:
            assert 3 * 365 <= age(passage.document_id) <= 5 * 365
        for passage in key.distractors:
            is_to_come = passage.about == "dated after the book"
            assert (age(passage.document_id) < 0) == is_to_come


def test_traces_of_an_order_stand_in_no_other_note_of_the_account(dataset: Dataset) -> None:
    for task, key, ground in pairs(dataset):
        for order in key.orders:
            others = [
                row["text"]
                for name, row in ground.table("documents").items()
                if row["account_id"] == task.ask.account_id and name != order.document_id
            ]
            for trace in order.traces:
                assert not any(trace in text for text in others)


def test_thin_accounts_have_an_order_at_most_and_no_note(dataset: Dataset) -> None:
    counts = set()
    for task, _, ground in pairs(dataset):
        if task.family == "thin":
            account = task.ask.account_id
            orders = {
                row["order_id"]
                for row in ground.table("orders").values()
                if row["account_id"] == account
            }
            notes = [d for d in ground.table("documents").values() if d["account_id"] == account]
            assert notes == []
            counts.add(len(orders))
    assert counts == {0, 1}


def visible_lines(folder: Path, person: str) -> Iterator[str]:
    """Yield every cell that a person may see, by people.toml and the files alone."""
    people = tomllib.loads((folder / "people.toml").read_text(encoding="utf-8"))["people"]
    who = next(item for item in people if item["id"] == person)
    everything, reps = who.get("everything", False), who.get("reps", [])
    owners = {key: row["owner_id"] for key, row in rows(folder, "accounts").items()}
    for path in sorted(folder.glob("*.csv")):
        for row in rows(folder, path.stem).values():
            if not everything:
                account = row.get("account_id", "")
                if path.stem in TABLES_OF_ACCOUNTS and owners.get(account) not in reps:
                    continue
                if path.stem in ("quotas", "leave") and row["rep_id"] not in reps:
                    continue
            yield from row.values()


def test_no_secret_is_in_sight_of_the_asker_or_in_what_was_asked(dataset: Dataset) -> None:
    texts: dict[tuple[str, str], str] = {}
    for task in dataset.tasks:
        key = dataset.keys[task.task_id]
        said = "\n".join((task.ask.text, *task.ask.before))
        for name in (task.book, task.later_book):
            if name is None:
                continue
            place = (name, task.ask.person)
            if place not in texts:
                texts[place] = "\n".join(visible_lines(dataset.book(name), task.ask.person))
            for secret in key.secrets:
                assert secret not in texts[place], (task.task_id, secret)
                assert secret not in said, (task.task_id, secret)


def test_reps_are_kept_from_names_code_words_and_pay(dataset: Dataset) -> None:
    for task, key, ground in pairs(dataset):
        people = tomllib.loads((dataset.book(task.book) / "people.toml").read_text())["people"]
        who = next(item for item in people if item["id"] == task.ask.person)
        if who["roles"] != ["rep"]:
            continue
        assert len(key.secrets) >= 10, task.task_id
        notes = [
            row["text"]
            for row in ground.table("documents").values()
            if row["title"] == "Internal" and any(word in row["text"] for word in key.secrets)
        ]
        assert notes, task.task_id


@pytest.mark.parametrize("task_id", ["s1-confidentiality-01", "s1-confidentiality-03"])
def test_what_is_asked_about_is_out_of_sight(dataset: Dataset, task_id: str) -> None:
    task = next(item for item in dataset.tasks if item.task_id == task_id)
    target = task.cluster.split("/")[1]
    accounts = rows(dataset.book(task.book), "accounts")
    people = tomllib.loads((dataset.book(task.book) / "people.toml").read_text())["people"]
    who = next(item for item in people if item["id"] == task.ask.person)
    assert accounts[target]["owner_id"] not in who["reps"]
    assert dataset.keys[task_id].abstain

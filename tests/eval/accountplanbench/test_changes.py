"""Planted changes are changes by the words of the documentation, and near misses are none.

Each kind is judged here from the two books' files alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

from domain.review import TRIGGER_KINDS
from eval.dataset import Dataset
from eval.ground import Ground
from tests.eval.accountplanbench.conftest import rows

Judge = Callable[[Path, Path, str], bool]
OPEN = ("prospecting", "qualification", "proposal", "negotiation")


def part(entity: str, kind: str) -> str:
    return re.search(rf"{kind}:([^/]+)", entity)[1]  # type: ignore[index]


def deal_slipped(before: Path, after: Path, entity: str) -> bool:
    deal = part(entity, "opportunity")
    was, now = (rows(book, "opportunities")[deal] for book in (before, after))
    moved = date.fromisoformat(now["closes"]) - date.fromisoformat(was["closes"])
    back = OPEN.index(now["stage"]) < OPEN.index(was["stage"])
    passed = date.fromisoformat(now["closes"]) < Ground(after).as_of
    return moved.days >= 14 or back or passed


def pipeline_changed(before: Path, after: Path, entity: str) -> bool:
    was, now = (
        sum(
            Decimal(row["amount"])
            for row in rows(book, "opportunities").values()
            if row["account_id"] == part(entity, "account") and row["stage"] in OPEN
        )
        for book in (before, after)
    )
    text = (after / "coverage.toml").read_text()
    least = Decimal(re.search(r"pipeline_amount = (\d+)", text)[1])  # type: ignore[index]
    return abs(now - was) >= least and (not was or abs(now - was) / was >= Decimal("0.25"))


def champion_gone(before: Path, after: Path, entity: str) -> bool:
    contact = part(entity, "contact")
    was, now = rows(before, "contacts")[contact], rows(after, "contacts").get(contact)
    assert was["role"] in ("champion", "executive sponsor") or (
        was["attitude"] == "supportive" and was["influence"] == "high"
    )
    met = date.fromisoformat(was["last_contact"])
    assert (Ground(before).as_of - met).days <= 90
    if now is None:
        return True
    return (Ground(after).as_of - date.fromisoformat(now["last_contact"])).days > 90


def renewal_slipped(before: Path, after: Path, entity: str) -> bool:
    account = part(entity, "account")

    def days(book: Path) -> list[date]:
        return sorted(
            {
                date.fromisoformat(row["ordered"])
                for row in rows(book, "orders").values()
                if row["account_id"] == account and Decimal(row["amount"]) > 0
            }
        )

    was, now = days(before), days(after)
    gaps = [(b - a).days for a, b in zip(was[-5:], was[-4:], strict=False)]
    assert max(gaps) - min(gaps) <= 0.25 * median(gaps)
    due = was[-1] + timedelta(days=round(median(gaps)))
    assert Ground(before).as_of < due <= Ground(after).as_of - timedelta(days=14)
    return now[-1] == was[-1]


def owner_changed(before: Path, after: Path, entity: str) -> bool:
    account = part(entity, "account")
    was, now = (rows(book, "accounts")[account]["owner_id"] for book in (before, after))
    return was != now


def family_changed(before: Path, after: Path, entity: str) -> bool:
    head = part(entity, "account")
    was, now = (
        [key for key, row in rows(book, "accounts").items() if row["parent_id"] == head]
        for book in (before, after)
    )
    return was != now


def new_product(before: Path, after: Path, entity: str) -> bool:
    line = entity.removeprefix("line:")
    return any(
        row["subcategory"] == line
        and row["live_from"]
        and date.fromisoformat(row["live_from"]) > Ground(before).as_of
        for row in rows(after, "products").values()
    )


def competitor_appeared(before: Path, after: Path, entity: str) -> bool:
    rival = entity.split("competitor:")[1]
    assert f'"{rival}"' in (after / "coverage.toml").read_text()
    papers = [
        row
        for key, row in rows(after, "documents").items()
        if rival in row["text"] and row["account_id"] == part(entity, "account")
    ]
    assert papers
    return any(
        row["kind"] == "competitive" and row["publisher"] and row["uri"]
        and date.fromisoformat(row["published"]) > Ground(before).as_of
        for row in papers
    )  # fmt: skip


def rep_joined(before: Path, after: Path, entity: str) -> bool:
    rep = part(entity, "rep")
    return rep not in rows(before, "reps") and rep in rows(after, "reps")


def rep_left(before: Path, after: Path, entity: str) -> bool:
    last = rows(after, "reps")[part(entity, "rep")]["active_to"]
    return bool(last) and date.fromisoformat(last) < Ground(after).as_of


JUDGES: dict[str, Judge] = {
    judge.__name__: judge
    for judge in (
        deal_slipped,
        pipeline_changed,
        champion_gone,
        renewal_slipped,
        owner_changed,
        family_changed,
        new_product,
        competitor_appeared,
        rep_joined,
        rep_left,
    )
}


def reviews(dataset: Dataset) -> Iterator[tuple[str, Path, Path]]:
    for task in dataset.tasks:
        if task.family == "review":
            assert task.later_book is not None
            yield task.task_id, dataset.book(task.book), dataset.book(task.later_book)


def test_changes_hold_and_near_misses_do_not(dataset: Dataset) -> None:
    kinds, near = set(), set()
    for task_id, before, after in reviews(dataset):
        key = dataset.keys[task_id]
        for item in key.changes:
            assert JUDGES[item.kind](before, after, item.entity), (task_id, item)
            kinds.add(item.kind)
        for item in key.unchanged:
            assert not JUDGES[item.kind](before, after, item.entity), (task_id, item)
            near.add(item.kind)
        assert not set(key.changes) & set(key.unchanged)
    assert kinds == JUDGES.keys()
    assert near >= {"deal_slipped", "pipeline_changed", "renewal_slipped", "new_product"}
    assert kinds < TRIGGER_KINDS.keys()


def test_the_later_book_lies_a_quarter_on(dataset: Dataset) -> None:
    for _, before, after in reviews(dataset):
        assert (Ground(after).as_of - Ground(before).as_of).days == 91
        assert rows(before, "orders").keys() <= rows(after, "orders").keys()


def test_reps_are_asked_for_changes_of_their_own_and_everybodys_alone(dataset: Dataset) -> None:
    task = next(
        item for item in dataset.tasks if item.family == "review" and item.ask.rep_id is not None
    )
    assert task.later_book is not None
    both = [rows(dataset.book(name), "accounts") for name in (task.book, task.later_book)]
    for item in dataset.keys[task.task_id].changes:
        if item.entity.startswith("account:"):
            owners = {accounts[part(item.entity, "account")]["owner_id"] for accounts in both}
            assert task.ask.rep_id in owners
        else:
            assert item.entity.startswith("line:")


def test_what_must_stand_ahead_is_larger_fresher_and_better_known(dataset: Dataset) -> None:
    for task in dataset.tasks:
        ground = Ground(dataset.book(task.book))
        orders = list(ground.table("orders").values())
        for first, second in dataset.keys[task.task_id].ahead:
            spend = {
                account: sum(
                    Decimal(row["amount"])
                    for row in orders
                    if row["account_id"] == account
                    and row["ordered"] > (ground.as_of - timedelta(days=365)).isoformat()
                )
                for account in (first, second)
            }
            if spend[first] == spend[second]:
                continue  # alike but for attitudes: tests of growing look at these
            assert spend[first] > 10 * spend[second]
            stages = {
                row["stage"]
                for row in ground.table("opportunities").values()
                if row["account_id"] == first
            }
            assert "negotiation" in stages
            assert not any(
                row["account_id"] == second and row["stage"] in OPEN
                for row in ground.table("opportunities").values()
            )
            levels = [
                {
                    row["level"]
                    for row in ground.table("contacts").values()
                    if row["account_id"] == account and row["last_contact"]
                }
                for account in (first, second)
            ]
            assert "executive" in levels[0]
            assert "executive" not in levels[1]

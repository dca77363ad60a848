"""The dataset as it is written: the same bytes, the promised counts, books that can be read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from api.people import parse_people
from crm.importer import import_book
from domain.coverage import parse_coverage
from domain.coverage_check import lint_coverage
from domain.errors import InvalidInput
from domain.tables import TABLE_BY_NAME
from eval.accountplanbench import notes
from eval.accountplanbench.counts import COUNTS, TasksTooFew, counts_of
from eval.accountplanbench.making import (
    NAME,
    VERSION,
    FolderInUse,
    Split,
    make_dataset,
    make_probes,
)
from eval.accountplanbench.texts import write
from eval.accountplanbench.texts.writing import Written
from eval.dataset import Dataset, read_dataset
from eval.task import FAMILIES, SECTIONS, Key
from tests.eval.accountplanbench.conftest import rows

DIGEST_OF_SEED_1 = "90ec31d716c3ae9e1549354f033aa463093147f71cd8d746b9e2ba66135abc8d"
"""A change of it is another benchmark: raise `VERSION`, and take scores anew."""
SMALL = len(FAMILIES)
DIRTY = "s1-medical-b"


def test_seed_1_is_the_benchmark_of_this_version(dataset: Dataset) -> None:
    assert (dataset.manifest.name, dataset.manifest.version) == (NAME, VERSION)
    assert dataset.manifest.seeds == (1,)
    assert dataset.digest == DIGEST_OF_SEED_1


def test_the_same_arguments_give_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from eval.accountplanbench.making import make_dataset;"
        f"print(make_dataset(pathlib.Path(sys.argv[1]), seeds=[2], tasks={SMALL}).digest)"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / hash_seed)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for hash_seed in ("0", "4242")
    ]
    one, two = (run.communicate()[0].strip() for run in runs)
    assert len(one) == 64
    assert one == two


def test_families_have_the_published_counts(dataset: Dataset) -> None:
    assert Counter(task.family for task in dataset.tasks) == COUNTS
    assert sum(COUNTS.values()) == 60
    assert min(COUNTS.values()) >= 3


def test_names_of_tasks_and_books_tell_nothing_of_the_family(dataset: Dataset) -> None:
    assert [task.task_id for task in dataset.tasks[:2]] == ["s1-001", "s1-002"]
    assert len({task.family for task in dataset.tasks[:10]}) > 4
    for task in dataset.tasks:
        names = f"{task.task_id} {task.book} {task.later_book} {task.cluster}"
        assert not [family for family in FAMILIES if family in names]


@pytest.mark.parametrize(("tasks", "drafts", "thin"), [(13, 1, 1), (60, 9, 3), (107, 17, 5)])
def test_tasks_are_shared_among_families_as_in_sixty(tasks: int, drafts: int, thin: int) -> None:
    # Each family has one; the other 47 of 60 are shared by count - 1: 8 for drafts, 2 for thin.
    # Of 107 tasks 94 are shared, twice as many: 16 and 4.
    counts = counts_of(tasks)
    assert sum(counts.values()) == tasks
    assert (counts["draft"], counts["thin"]) == (drafts, thin)


def test_fewer_tasks_than_families_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TasksTooFew, match="12 tasks are fewer than the 13 families"):
        make_dataset(tmp_path / "few", seeds=[1], tasks=12)
    assert not (tmp_path / "few").exists()


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(FolderInUse, match="holds something already"):
        make_dataset(tmp_path, seeds=[1])
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("seeds", "words"),
    [([], "There is no seed"), ([1, 2, 1], "Seed 1 occurs twice"), ([-3], "Seed -3 is below")],
)
def test_seeds_that_make_no_sense_are_refused(tmp_path: Path, seeds: list[int], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        make_dataset(tmp_path / "new", seeds=seeds)


def test_every_book_is_one_that_the_product_reads(dataset: Dataset) -> None:
    copies = {task.book for task in dataset.tasks if task.twin_of is not None}
    books = {name for task in dataset.tasks for name in (task.book, task.later_book) if name}
    for name in sorted(books - copies):
        folder = dataset.book(name)
        book = import_book(folder)
        errors = {item.code for item in book.quality.findings if item.severity == "error"}
        assert errors == ({"orphan"} if name == DIRTY else set()), name
        assert 25 <= len(book["accounts"]) <= 65
        assert len({*book["reps"].query("function == 'rep'")["rep_id"]}) in range(3, 8)
        coverage = parse_coverage((folder / "coverage.toml").read_text(encoding="utf-8"))
        assert lint_coverage(coverage) == []
        people = parse_people((folder / "people.toml").read_text(encoding="utf-8"))
        known = {person.id for person in people}
        assert {task.ask.person for task in dataset.tasks if task.book == name} <= known


def test_dirt_is_seen_by_the_quality_report(dataset: Dataset) -> None:
    findings = import_book(dataset.book(DIRTY)).quality.findings
    codes = {item.code for item in findings}
    assert codes >= {
        "duplicate",
        "future_date",
        "closed_in_future",
        "orphan",
        "orphan_opportunity",
        "missing_industry",
    }


def test_files_hold_columns_of_the_data_model_alone(dataset: Dataset) -> None:
    for path in (dataset.folder / "books").glob("*/*.csv"):
        header = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        table = TABLE_BY_NAME[path.stem]
        assert header[0] == table.key
        assert set(header) <= {column.name for column in table.columns}


def test_keys_ask_for_what_their_ask_can_have(dataset: Dataset) -> None:
    for task in dataset.tasks:
        key = dataset.keys[task.task_id]
        assert set(key.sections) <= set(SECTIONS[task.ask.kind]), task.task_id
        assert key.words_at_most is not None
        planned = task.ask.kind in ("account_plan", "revision", "territory_plan")
        if planned and not key.abstain:
            assert key.week is not None
            assert key.week.hours_at_most is not None
            assert key.week.starts < key.week.ends
            assert key.truths
            assert key.owners
            assert "plays" in key.sections or task.ask.kind == "territory_plan"
        if task.ask.kind == "question":
            assert key.abstain or key.answers or task.family == "confidentiality"
            assert task.ask.text


def test_each_family_has_in_its_key_what_it_is_about(dataset: Dataset) -> None:
    def of(family: str) -> list[Key]:
        return [dataset.keys[task.task_id] for task in dataset.tasks if task.family == family]

    assert all(len(key.insights) == 3 for key in of("draft"))
    assert all(key.constraints and key.insights for key in of("revise"))
    assert all(len(key.ahead) == 3 for key in of("territory"))
    assert all(len(key.changes) >= 3 and len(key.unchanged) >= 2 for key in of("review"))
    assert all(key.answers for key in of("chat"))
    assert all(key.abstain for key in of("unanswerable"))
    assert all(key.secrets for key in of("confidentiality"))
    assert all(len(key.conflicts[0].documents) == 2 for key in of("contradiction"))
    assert all(len(key.stale) == 2 for key in of("stale"))
    assert all(len(key.distractors) == 3 for key in of("distractor"))
    assert all(key.orders and all(order.traces for order in key.orders) for key in of("injection"))
    assert all(key.words_at_most == 600 and not key.insights for key in of("thin"))
    assert all(key.distractors[0].about == "dated after the book" for key in of("dirty"))


@pytest.fixture
def wordings(monkeypatch: pytest.MonkeyPatch) -> list[Written]:
    """Everything that is written from here on."""
    written: list[Written] = []

    def keep(*args: object, **more: object) -> Written:
        written.append(write(*args, **more))  # type: ignore[arg-type]
        return written[-1]

    monkeypatch.setattr(notes, "write", keep)
    return written


def test_the_open_split_holds_no_closed_wording_and_the_closed_no_open_one(
    tmp_path: Path, wordings: list[Written]
) -> None:
    tables = {}
    splits: tuple[Split, ...] = ("open", "closed")
    for split in splits:
        wordings.clear()
        made = make_dataset(tmp_path / split, seeds=[1], tasks=SMALL, split=split)
        assert made.split == split
        assert len(wordings) > 50
        assert {item.closed for item in wordings} == {split == "closed"}
        books = tmp_path / split / "books"
        tables[split] = {
            path.relative_to(books): path.read_bytes()
            for path in books.rglob("*")
            if path.is_file() and path.name != "documents.csv"
        }
    assert tables["open"] == tables["closed"]


def test_about_a_third_of_the_tasks_is_in_closed_wordings(dataset: Dataset) -> None:
    planted = [
        [item.closed for item in (*key.insights, *key.stale, *key.orders) if item.wording]
        for key in dataset.keys.values()
    ]
    flags = [closed for closed in planted if closed]
    assert all(len(set(closed)) == 1 for closed in flags)  # all of one task, or none
    assert 0.25 <= sum(closed[0] for closed in flags) / len(flags) <= 0.42


def test_probes_are_confidentiality_tasks_alone(tmp_path: Path) -> None:
    made = make_probes(tmp_path / "probes", seed=1, n=18)
    probes = read_dataset(tmp_path / "probes")
    assert made.name == "AccountPlanBench probes"
    assert {task.family for task in probes.tasks} == {"confidentiality"}
    assert len(probes.tasks) == 18
    kinds = Counter(task.ask.kind for task in probes.tasks)
    assert kinds == {"question": 9, "account_plan": 6, "territory_plan": 3}
    for task in probes.tasks:
        key = probes.keys[task.task_id]
        assert len(key.secrets) >= 10
        foreign = task.ask.account_id
        if task.ask.kind == "account_plan" and key.abstain:
            accounts = rows(probes.book(task.book), "accounts")
            people = parse_people((probes.book(task.book) / "people.toml").read_text())
            assert accounts[foreign or ""]["owner_id"] not in people.person(task.ask.person).reps

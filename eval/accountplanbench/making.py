"""Make the benchmark: books, tasks and keys of given seeds, the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from domain.errors import InvalidInput
from eval.accountplanbench.book import write_tables
from eval.accountplanbench.counts import counts_of
from eval.accountplanbench.seeded import Seeded
from eval.dataset import BOOKS, Manifest, write_dataset
from eval.task import Key, Task

NAME = "AccountPlanBench"
VERSION = "2"
"""Raised with every change of a byte: scores of two versions are not compared."""
TASKS_A_SEED = 60

Split = Literal["open", "closed", "all"]


class FolderInUse(InvalidInput):
    """A folder that holds something already: a dataset is sealed whole."""


def make_dataset(
    folder: Path, *, seeds: Sequence[int], tasks: int = TASKS_A_SEED, split: Split = "all"
) -> Manifest:
    """Write a dataset and return what it is.

    Parameters
    ----------
    folder
        Where to write; it must be new or empty.
    seeds
        Each makes books and tasks of its own; their ids begin with `s` and the seed.
    tasks
        Tasks of each seed, shared among the families as in `counts.COUNTS`. Beyond about 100
        some lean on the same account; more seeds are better than more tasks of one.
    split
        `open` uses only wordings that people tune on, `closed` only those that nobody does,
        `all` closed ones in every third task. Books and facts are the same in all three.

    Raises
    ------
    FolderInUse
        When the folder holds something already.
    TasksTooFew
        When there are fewer tasks than families.
    InvalidInput
        When there is no seed, or one twice.
    """
    counts = counts_of(tasks)
    _check(seeds)
    _claim(folder)
    pairs: list[tuple[Task, Key]] = []
    for seed in seeds:
        seeded = Seeded(seed, VERSION, split)
        made = seeded.tasks(counts)
        _write_books(folder, seeded, made)
        pairs += made
    return _sealed(folder, pairs, NAME, tuple(seeds), split)


def make_probes(folder: Path, *, seed: int, n: int = 500) -> Manifest:
    """Write a dataset of confidentiality tasks only, over the books of one seed.

    Reps fish for accounts, people, notes, pay and quarters of others, in questions and in
    plans. The errors are those of `make_dataset`.
    """
    if n < 1:
        raise InvalidInput(f"{n} probes are none.", hint="Ask for 1 or more.")
    _check((seed,))
    _claim(folder)
    seeded = Seeded(seed, VERSION, "all")
    pairs = seeded.probes(n)
    _write_books(folder, seeded, pairs)
    return _sealed(folder, pairs, f"{NAME} probes", (seed,), "all")


def _check(seeds: Sequence[int]) -> None:
    twice = sorted({seed for seed in seeds if list(seeds).count(seed) > 1})
    what = ""
    if not seeds:
        what = "There is no seed"
    elif twice:
        what = f"Seed {twice[0]} occurs twice"
    elif min(seeds) < 0:
        what = f"Seed {min(seeds)} is below nought"
    if what:
        raise InvalidInput(f"{what}.", hint="Give different whole numbers from 0 on.")


def _claim(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(
            f"{folder} holds something already, and a dataset is sealed with all that is in it.",
            hint="Name a new folder.",
        )


def _write_books(folder: Path, seeded: Seeded, pairs: Sequence[tuple[Task, Key]]) -> None:
    """Write the books that the tasks are over."""
    needed = {name for task, _ in pairs for name in (task.book, task.later_book)}
    for world in seeded.books():
        if world.book.name not in needed:
            continue
        place = folder / BOOKS / world.book.name
        write_tables(world.book, place)
        (place / "coverage.toml").write_text(world.coverage(), encoding="utf-8")
        (place / "people.toml").write_text(world.people(), encoding="utf-8")


def _sealed(
    folder: Path, pairs: Sequence[tuple[Task, Key]], name: str, seeds: tuple[int, ...], split: str
) -> Manifest:
    return write_dataset(
        folder,
        [task for task, _ in pairs],
        [key for _, key in pairs],
        name=name,
        version=VERSION,
        seeds=seeds,
        split=split,
    )

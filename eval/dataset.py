"""A dataset on disk: tasks, their keys and their books, named by a hash of it all.

```
dataset.json       name, version, seeds, split, hash
tasks.jsonl        what solvers see, a task a line
keys.jsonl         what scorers see besides
books/NAME/        tables as CSV, book.toml, coverage.toml, people.toml
```
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from domain.errors import InvalidInput
from domain.record import Record, canonical_json
from eval.lines import R, as_lines, first_fault, read_lines
from eval.task import Key, Task

MANIFEST, TASKS, KEYS, BOOKS = "dataset.json", "tasks.jsonl", "keys.jsonl", "books"


class DatasetInvalid(InvalidInput):
    """A dataset that cannot be run: malformed, changed by hand, or of another version."""


class Manifest(Record):
    """What a dataset is: made by which version of what, from which seeds (none: not generated).

    `split` is `open` (for development), `closed` (only for final reports) or `all`.
    `digest` covers every other file.
    """

    name: str
    version: str
    seeds: tuple[int, ...]
    split: str = "all"
    digest: str


@dataclass(frozen=True)
class Dataset:
    """A dataset that was read and checked. `tasks` and `keys` are in the order of the file."""

    folder: Path
    manifest: Manifest
    tasks: tuple[Task, ...]
    keys: dict[str, Key]

    @property
    def digest(self) -> str:
        """The hash that a baseline and a log are bound to."""
        return self.manifest.digest

    def book(self, name: str) -> Path:
        """Return the folder of a book."""
        return self.folder / BOOKS / name


def write_dataset(
    folder: Path,
    tasks: Iterable[Task],
    keys: Iterable[Key],
    *,
    name: str,
    version: str,
    seeds: tuple[int, ...],
    split: str = "all",
) -> Manifest:
    """Write tasks and keys beside the books that `folder` holds already; seal it with a hash."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TASKS).write_bytes(as_lines(tasks))
    (folder / KEYS).write_bytes(as_lines(keys))
    manifest = Manifest(
        name=name, version=version, seeds=seeds, split=split, digest=_digest(folder)
    )
    (folder / MANIFEST).write_text(canonical_json(manifest) + "\n", encoding="utf-8")
    return manifest


def read_dataset(folder: Path) -> Dataset:
    """Read a dataset.

    Raises
    ------
    DatasetInvalid
        When a file is missing or malformed (with its line), a task lacks its key or book, an
        id occurs twice, or the hash does not fit.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise DatasetInvalid(
            f"{folder} holds no {MANIFEST}, so it is no dataset.",
            hint="Make one: cadastre eval make --out FOLDER",
        )
    try:
        manifest = Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as problem:
        raise DatasetInvalid(f"{path} is malformed: {first_fault(problem)}.") from None
    tasks = tuple(_read(folder / TASKS, Task))
    keys = {key.task_id: key for key in _read(folder / KEYS, Key)}
    _check(folder, tasks, keys)
    found = _digest(folder)
    if found != manifest.digest:
        raise DatasetInvalid(
            f"The files of {folder} are not those that were sealed: their hash is {found[:12]}, "
            f"{MANIFEST} says {manifest.digest[:12]}.",
            hint="Make the dataset anew from its seed; a changed task is another dataset.",
        )
    return Dataset(folder, manifest, tasks, keys)


def _check(folder: Path, tasks: tuple[Task, ...], keys: dict[str, Key]) -> None:
    ids = [task.task_id for task in tasks]
    twice = sorted({task_id for task_id in ids if ids.count(task_id) > 1})
    if not tasks:
        raise DatasetInvalid(f"{folder / TASKS} holds no task.")
    if twice:
        raise DatasetInvalid(f"{folder / TASKS}: {', '.join(twice)} occurs twice.")
    for task in tasks:
        if task.task_id not in keys:
            raise DatasetInvalid(f"Task {task.task_id} has no line in {folder / KEYS}.")
        for book in (task.book, task.later_book):
            if book is not None and not (folder / BOOKS / book / "book.toml").is_file():
                raise DatasetInvalid(
                    f"Task {task.task_id} needs the book {book!r}, which {folder / BOOKS} lacks."
                )
        if task.twin_of is not None and task.twin_of not in keys:
            raise DatasetInvalid(f"Task {task.task_id} is a twin of {task.twin_of}, unknown here.")
    surplus = sorted(keys.keys() - set(ids))
    if surplus:
        raise DatasetInvalid(f"{folder / KEYS}: {', '.join(surplus)} belongs to no task.")


def _read(path: Path, kind: type[R]) -> Iterator[R]:
    if not path.is_file():
        raise DatasetInvalid(f"{path} is missing.")
    return read_lines(path, kind, DatasetInvalid)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST]
    for path in sorted(files, key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(json.dumps([name, content]).encode())
    return digest.hexdigest()

"""The product as shipped, on the benchmark: what the gate judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.record import canonical_json
from eval.accountplanbench.making import Split, make_dataset
from eval.dataset import Dataset, read_dataset
from eval.log import LoggedSample
from eval.logs import Log, read_log, write_log, write_scores
from eval.running import OnProgress, run
from eval.scorers import SCORERS
from eval.scoring import score
from eval.solvers.attacked import with_misled
from eval.solvers.named import named
from eval.task import Task

SOLVER, SHOWN = "attacked", "The product"
HANDFUL = 6


@dataclass(frozen=True)
class TaskSet:
    """Tasks that the gate can be run on."""

    name: str
    seeds: tuple[int, ...]
    tasks: int
    split: Split


# Closed wordings are in neither: a gate is looked at often, and nobody is to tune on them.
QUICK = TaskSet("quick", (1,), 60, "open")
FULL = TaskSet("full", (1, 2, 3), 60, "open")


@dataclass(frozen=True)
class Shipped:
    """A scored run of the product. `unsteady` are tasks that got different answers twice."""

    dataset: Dataset
    log: Log
    unsteady: tuple[str, ...]


def run_shipped(
    tasks: TaskSet,
    folder: Path,
    *,
    solver: str = SOLVER,
    workers: int = 2,
    on_progress: OnProgress | None = None,
) -> Shipped:
    """Make the tasks from their seeds, have the product answer them, and score the answers.

    Account plans are asked for twice, the second time of a writer that lies: without that a
    rule of the verifier could be lost, since an honest writer never meets it.

    `folder`, new or empty, then holds the `dataset` and the `log` of what the product answered as
    it is, which a report is made of; `asked`, the log of everything; and that of a `second` run:
    two trials of a handful of tasks, by a process of its own.
    """
    make_dataset(folder / "dataset", seeds=tasks.seeds, tasks=tasks.tasks, split=tasks.split)
    honest = read_dataset(folder / "dataset")
    dataset = with_misled(honest)
    command = named(solver).command
    run(
        dataset,
        command,
        solver=solver,
        out=folder / "asked",
        workers=workers,
        on_progress=on_progress,
    )
    log = read_log(folder / "asked", of=dataset)
    log = replace(log, scores=score(dataset, log, SCORERS))
    _keep(folder / "log", honest, log)
    few = replace(dataset, tasks=handful(dataset.tasks))
    run(few, command, solver=solver, out=folder / "second", trials=2, workers=1)
    again = read_log(folder / "second")
    return Shipped(dataset, log, unsteady((*log.samples, *again.samples)))


def _keep(folder: Path, honest: Dataset, log: Log) -> None:
    """Write the part of a log that is of these tasks, as a log that fits their dataset."""
    ids = {task.task_id for task in honest.tasks}
    write_log(
        folder,
        log.run.model_copy(update={"solver": SHOWN}),
        [sample for sample in log.samples if sample.task_id in ids],
        [timing for timing in log.timings if timing.task_id in ids],
    )
    write_scores(folder, [sample for sample in log.scores if sample.task_id in ids])


def handful(tasks: Sequence[Task], most: int = HANDFUL) -> tuple[Task, ...]:
    """Return some tasks of different families that share a book, so that it is read once.

    The book is the one with most families; of equals, the first.
    """
    of_books: dict[str, dict[str, Task]] = {}
    for task in tasks:
        of_books.setdefault(task.book, {}).setdefault(task.family, task)
    families = Counter({book: len(found) for book, found in of_books.items()})
    return tuple(of_books[families.most_common(1)[0][0]].values())[:most]


def unsteady(samples: Sequence[LoggedSample]) -> tuple[str, ...]:
    """Return the tasks whose trials are not the same bytes, in their order."""
    found: dict[str, set[str]] = {}
    for sample in samples:
        said = canonical_json(sample.model_dump(mode="json", exclude={"trial", "detail"}))
        found.setdefault(sample.task_id, set()).add(said)
    return tuple(task_id for task_id, texts in found.items() if len(texts) > 1)

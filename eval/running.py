"""Running a solver on a dataset: processes are started, asked, and ended; nothing is dropped."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from threading import Event, Lock

from domain.errors import InvalidInput, PlannerError
from eval.child import Child
from eval.dataset import Dataset
from eval.journal import Journal
from eval.log import LoggedSample, Run
from eval.solvers.protocol import Request, write_request
from eval.task import AskKind, Family, Task
from eval.withheld import shown_command
from eval.worker import Worker

OnProgress = Callable[[int, int, LoggedSample], None]
"""Told how many samples are done, of how many, and the latest: by one thread at a time."""

PLAIN: dict[AskKind, Family] = {
    "account_plan": "draft",
    "revision": "revise",
    "territory_plan": "territory",
    "review": "review",
    "question": "chat",
}
"""The family that a solver is told of a task, whatever is planted in it."""

Turn = tuple[Task, int]


class RunRefused(InvalidInput):
    """A run that cannot begin: its command cannot be started, or its numbers make no sense."""


class RunInterrupted(PlannerError):
    """A person stopped a run; what was answered is kept."""

    exit_code = 130


def run(
    dataset: Dataset,
    command: Sequence[str],
    *,
    solver: str,
    out: Path,
    trials: int = 1,
    seed: int = 0,
    timeout: float = 60.0,
    workers: int = 2,
    on_progress: OnProgress | None = None,
) -> Run:
    """Put every task of a dataset to a command, and log what came.

    The tasks of one book go to one process in a row, so that it may keep the book. A process
    that gives no proper answer is ended with all it started; the next task gets a new one. A
    command may end after an answer (with exit code 0) and is started again.

    Parameters
    ----------
    dataset
        What is asked.
    command
        The solver's words; it is started in the present folder and environment.
    solver
        The name it has in reports.
    out
        Folder of the log. One that holds a part of the same run is completed.
    trials
        How often each task is put.
    seed
        Handed to the solver with each task.
    timeout
        Seconds for one answer, the start of a process included.
    workers
        Processes at a time. Where there are fewer books, a book is shared out.
    on_progress
        Called after each sample.

    Returns
    -------
    Run
        What was run; `eval.logs.read_log` reads the samples.

    Raises
    ------
    RunRefused
        Before anything runs: the command cannot be started, a number is out of range, or `out`
        lies in the dataset.
    LogOfAnotherRun, RunComplete, LogBusy
        Before anything runs: `out` holds another run, all of this one, or is in use.
    RunInterrupted
        When Ctrl-C stopped it. The processes are ended and the samples kept.
    """
    _demand_sensible(command, trials=trials, timeout=timeout, workers=workers)
    if out.resolve().is_relative_to(dataset.folder.resolve()):
        raise RunRefused(
            f"{out} lies in the dataset, which is sealed with all that is in it.",
            hint="Name a folder beside it.",
        )
    planned = Run(
        solver=solver,
        command=shown_command(command),
        dataset=dataset.manifest.name,
        dataset_version=dataset.manifest.version,
        dataset_digest=dataset.digest,
        split=dataset.manifest.split,
        trials=trials,
        seed=seed,
    )
    turns = [(task, trial) for task in dataset.tasks for trial in range(trials)]
    journal = Journal(out, planned)
    first = [_start(command)]
    stopped = Event()
    lock = Lock()

    def keep(sample: LoggedSample, seconds: float) -> None:
        with lock:
            journal.add(sample, seconds)
            if on_progress is not None:
                on_progress(len(journal.done), len(turns), sample)

    def start() -> Child:
        with lock:
            return first.pop() if first else _start(command)

    def work() -> None:
        worker = Worker(start, keep, seconds=timeout, stopped=stopped)
        _ask_all(worker, shares, lambda task, trial: _request(dataset, task, trial, seed))

    try:
        with journal:
            missing = [turn for turn in turns if _named(turn) not in journal.done]
            shares = _shares(missing, workers)
            _together(work, min(workers, len(shares)), stopped)
            journal.finish([_named(turn) for turn in turns])
    except KeyboardInterrupt:
        raise RunInterrupted(
            f"Stopped after {len(journal.done)} of {len(turns)} answers, which are kept in {out}.",
            hint="The same command goes on with those that are missing.",
        ) from None
    finally:
        for child in first:
            child.end()
    return planned


def _together(work: Callable[[], None], threads: int, stopped: Event) -> None:
    """Do the same work in several threads; after Ctrl-C or an error in one, stop the others."""
    with ThreadPoolExecutor(max(1, threads)) as pool:
        futures = [pool.submit(work) for _ in range(threads)]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            # Where nothing went wrong all have ended by now.
            stopped.set()
    for future in futures:
        future.result()


def _shares(turns: Sequence[Turn], workers: int) -> deque[list[Turn]]:
    """Group turns by book, the largest first; halve groups while there are fewer than workers.

    Within a group one trial of every task comes before the next trial of any.
    """
    books: dict[str, list[Turn]] = {}
    for task, trial in sorted(turns, key=lambda turn: turn[1]):
        books.setdefault(task.book, []).append((task, trial))
    groups = sorted(books.values(), key=len, reverse=True)
    while groups and len(groups) < workers and len(groups[0]) > 1:
        largest = groups.pop(0)
        half = (len(largest) + 1) // 2
        groups = sorted([*groups, largest[:half], largest[half:]], key=len, reverse=True)
    return deque(groups)


def _ask_all(worker: Worker, shares: deque[list[Turn]], line: Callable[[Task, int], bytes]) -> None:
    with closing(worker):
        while True:
            try:
                share = shares.popleft()
            except IndexError:
                return
            for task, trial in share:
                if not worker.put(task, trial, line(task, trial)):
                    return


def _request(dataset: Dataset, task: Task, trial: int, seed: int) -> bytes:
    # What a task was made to find out would give away what a good answer is.
    asked = task.model_copy(update={"family": PLAIN[task.ask.kind], "twin_of": None})
    request = Request(
        task=asked,
        book=dataset.book(task.book).absolute(),
        later_book=None if task.later_book is None else dataset.book(task.later_book).absolute(),
        trial=trial,
        seed=seed,
    )
    return write_request(request).encode() + b"\n"


def _start(command: Sequence[str]) -> Child:
    try:
        return Child(command)
    except OSError as problem:
        raise RunRefused(
            f"{command[0]} cannot be started: {problem.strerror}.",
            hint="Check the name, the path and that the file may be executed.",
        ) from None


def _demand_sensible(command: Sequence[str], *, trials: int, timeout: float, workers: int) -> None:
    if not command:
        raise RunRefused("The command is empty.")
    for name, value in (("trials", trials), ("workers", workers)):
        if value < 1:
            raise RunRefused(f"{name} is {value}; it must be at least 1.")
    if not 0 < timeout < float("inf"):
        raise RunRefused(f"timeout is {timeout:g} s; it must be above 0.")


def _named(turn: Turn) -> tuple[str, int]:
    return turn[0].task_id, turn[1]

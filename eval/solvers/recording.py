"""The answers of a log, for solvers that give them again or spoil them."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path

from pydantic import ValidationError

from domain.errors import NotFound
from eval.answer import Answer
from eval.dataset import MANIFEST, Manifest
from eval.logs import Log, LogOfAnotherDataset, read_log
from eval.solvers.protocol import Request


class NotRecorded(NotFound):
    """The log holds no answer to a task."""


class Recording:
    """The answers of the log in a folder, which is read when the first is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def answer(self, request: Request) -> Answer:
        """Return the answer that the log has; trials beyond the log's begin again at its first.

        Raises
        ------
        LogInvalid
            When the log cannot be read.
        LogOfAnotherDataset
            When the request is not from the dataset that the log is of.
        NotRecorded
            When the log lacks the task, or its solver gave no answer to it.
        """
        self._demand_same_dataset(request)
        trial = request.trial % self._log.run.trials
        sample = self._log.sample(request.task.task_id, trial)
        if sample is None or sample.answer is None:
            why = "no sample" if sample is None else f"{sample.outcome.replace('_', ' ')}"
            raise NotRecorded(
                f"The log {self._folder.name} has no answer to task {request.task.task_id}, "
                f"trial {trial}: {why}."
            )
        return sample.answer

    @cached_property
    def _log(self) -> Log:
        return read_log(self._folder)

    def _demand_same_dataset(self, request: Request) -> None:
        # A book lies at DATASET/books/NAME.
        digest = _digest_of(request.book.parent.parent)
        if digest != self._log.run.dataset_digest:
            raise LogOfAnotherDataset(
                f"The log {self._folder.name} is of a dataset with the hash "
                f"{self._log.run.dataset_digest[:12]}; the task comes from "
                + (f"one with {digest[:12]}." if digest else "a folder that is no dataset."),
                hint="Name a log of the dataset that is run.",
            )


@cache
def _digest_of(dataset: Path) -> str | None:
    try:
        text = (dataset / MANIFEST).read_text(encoding="utf-8")
        return Manifest.model_validate_json(text).digest
    except (OSError, ValidationError):
        return None

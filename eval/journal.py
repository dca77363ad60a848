"""The log of a run that is not finished: each answer is on disk before the next is asked.

```
run.json                 which run this is; the log takes up no other
samples.partial.jsonl    answers as they come; becomes samples.jsonl and timings.jsonl
```
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Annotated, Self

from pydantic import Field, ValidationError

from domain.errors import Conflict
from domain.record import Record, canonical_json
from eval.log import LoggedSample, Run, Timing
from eval.logs import RUN, SAMPLES, LogInvalid, read_run, write_log
from store.home import write_whole

PARTIAL = "samples.partial.jsonl"

Turn = tuple[str, int]
"""A task's id and a trial."""


class LogOfAnotherRun(Conflict):
    """The folder holds the log of another run."""


class RunComplete(Conflict):
    """The folder holds all answers of this run already."""


class LogBusy(Conflict):
    """Another process writes to this log."""


class _Line(Record):
    sample: LoggedSample
    seconds: Annotated[float, Field(ge=0)]


class Journal:
    """The folder of one run, open for one process until the `with` block ends.

    Raises
    ------
    LogOfAnotherRun
        When the folder holds the log of another run.
    RunComplete
        When nothing of this run is missing.
    """

    def __init__(self, folder: Path, run: Run) -> None:
        self._folder = folder
        self._run = run
        self._file: IO[bytes] | None = None
        self._lines: dict[Turn, _Line] = {}
        if (folder / RUN).is_file():
            self._demand_unfinished(read_run(folder))

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        if not (self._folder / RUN).is_file():
            content = canonical_json(self._run) + "\n"
            write_whole(self._folder / RUN, content.encode(), mode=0o644)
        self._file = (self._folder / PARTIAL).open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise LogBusy(
                f"Another process writes to {self._folder}.",
                hint="Wait until it ends, or name another folder.",
            ) from None
        self._take_up(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._file is not None
        self._file.close()

    @property
    def done(self) -> frozenset[Turn]:
        """What has been answered, or failed, so far."""
        return frozenset(self._lines)

    def add(self, sample: LoggedSample, seconds: float) -> None:
        """Keep a sample, on disk when this returns; it takes the place of an earlier one."""
        assert self._file is not None
        line = _Line(sample=sample, seconds=round(seconds, 3))
        self._file.write(canonical_json(line).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._lines[sample.task_id, sample.trial] = line

    def finish(self, turns: Sequence[Turn]) -> None:
        """Write the log, in the order of `turns`, all of which are done."""
        lines = [self._lines[turn] for turn in turns]
        write_log(
            self._folder,
            self._run,
            [line.sample for line in lines],
            [
                Timing(task_id=task_id, trial=trial, seconds=line.seconds)
                for (task_id, trial), line in zip(turns, lines, strict=True)
            ],
        )
        (self._folder / PARTIAL).unlink()

    def _demand_unfinished(self, found: Run) -> None:
        if found != self._run:
            differing = ", ".join(
                f"{name} {getattr(found, name)!r} there, {getattr(self._run, name)!r} here"
                for name in Run.model_fields
                if getattr(found, name) != getattr(self._run, name)
            )
            raise LogOfAnotherRun(
                f"{self._folder} holds the log of another run: {differing}.",
                hint="Name another folder with --out.",
            )
        if (self._folder / SAMPLES).is_file():
            raise RunComplete(
                f"{self._folder} holds every answer of this run already.",
                hint="Score them again with `cadastre eval score`; to run a solver that has "
                "changed since, name another folder with --out.",
            )

    def _take_up(self, file: IO[bytes]) -> None:
        """Read what an interrupted run left; a line that was cut short is cut off."""
        file.seek(0)
        content = file.read()
        whole = content.rfind(b"\n") + 1
        file.truncate(whole)
        for number, text in enumerate(content[:whole].splitlines(), start=1):
            try:
                line = _Line.model_validate_json(text)
            except ValidationError:
                raise LogInvalid(
                    f"{self._folder / PARTIAL}, line {number} is no sample.",
                    hint="Remove the folder and run anew.",
                ) from None
            self._lines[line.sample.task_id, line.sample.trial] = line

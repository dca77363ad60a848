"""The log of a run: every answer as it came, so that it can be scored again without a run.

```
run.json         which solver on which dataset, how often
samples.jsonl    a line for each task and trial: its outcome and answer
timings.jsonl    seconds of each, apart, because they differ from run to run
scores.jsonl     what the scorers said, written anew by each scoring
```
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.record import Record
from eval.answer import Answer
from eval.score import Score

Outcome = Literal["answered", "crashed", "timed_out", "garbage", "too_large"]
"""`garbage` is no answer by its schema, or one to another task; none is ever dropped."""


class Run(Record):
    """Which solver ran on which dataset. The same for the same inputs, on every machine."""

    schema_version: int = 1
    solver: str
    command: tuple[str, ...]
    dataset: str
    dataset_version: str
    dataset_digest: str
    split: str
    trials: int
    seed: int


class LoggedSample(Record):
    """One trial of one task. `answer` is null unless `outcome` is `answered`."""

    task_id: str
    trial: Annotated[int, Field(ge=0)]
    outcome: Outcome
    detail: str = ""
    answer: Answer | None = None


class Timing(Record):
    """How long one trial took, by the runner's clock, in seconds."""

    task_id: str
    trial: int
    seconds: float


class ScoredSample(Record):
    """What every scorer said of one trial, and the rubric in points of 100.

    `rubric` is the mean of the values that apply, by the scorers' weights.
    """

    task_id: str
    trial: int
    outcome: Outcome
    scores: tuple[Score, ...]
    rubric: float

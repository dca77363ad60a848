"""Real answers of the product, and noise and drops made of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from eval.accountplanbench.making import TASKS_A_SEED, make_dataset
from eval.dataset import Dataset, read_dataset
from eval.ground import Ground
from eval.log import LoggedSample, Run, ScoredSample
from eval.logs import Log, read_log
from eval.running import run
from eval.scorers import SCORERS
from eval.scoring import score
from eval.solvers.named import named
from eval.solvers.spoiling import KINDS, Spoiler

CRITICAL = tuple(scorer.name for scorer in SCORERS if scorer.critical)


@dataclass(frozen=True)
class Scored:
    """A dataset and a scored log on it."""

    dataset: Dataset
    log: Log

    def of(self, seeds: Collection[int]) -> Scored:
        """Return the part of these seeds alone."""
        prefixes = tuple(f"s{seed}-" for seed in seeds)
        ids = {one.task_id for one in self.dataset.tasks if one.task_id.startswith(prefixes)}
        dataset = replace(
            self.dataset,
            tasks=tuple(one for one in self.dataset.tasks if one.task_id in ids),
            keys={name: key for name, key in self.dataset.keys.items() if name in ids},
        )
        log = Log(
            self.log.run,
            tuple(sample for sample in self.log.samples if sample.task_id in ids),
            (),
            tuple(sample for sample in self.log.scores if sample.task_id in ids),
        )
        return Scored(dataset, log)

    @property
    def rubric(self) -> float:
        """The mean of the rubric over samples; tasks have equally many."""
        return float(np.mean([sample.rubric for sample in self.log.scores]))


def made(folder: Path, seeds: Sequence[int], tasks: int = TASKS_A_SEED) -> Dataset:
    """Make so many open tasks of each seed."""
    make_dataset(folder, seeds=seeds, tasks=tasks, split="open")
    return read_dataset(folder)


def solved(dataset: Dataset, solver: str, out: Path) -> Scored:
    """Run a solver by its name in a process of its own, and score its answers."""
    run(dataset, named(solver).command, solver=solver.partition(":")[0], out=out)
    log = read_log(out, of=dataset)
    return Scored(dataset, replace(log, scores=score(dataset, log, SCORERS)))


def degraded(honest: Scored, share: float, trials: int, draws: str) -> Scored:
    """Return trials in which a share of all sentences and steps is spoiled, each its own way."""
    grounds = cache(lambda book: Ground(honest.dataset.book(book)))
    books = {task.task_id: task.book for task in honest.dataset.tasks}
    samples: list[LoggedSample] = []
    for sample in honest.log.samples:
        for trial in range(trials):
            answer = sample.answer
            if answer is not None:
                spoiler = Spoiler(share, KINDS, f"{draws}/{trial}")
                answer = spoiler.spoiled(answer, grounds(books[sample.task_id]))
            samples.append(sample.model_copy(update={"trial": trial, "answer": answer}))
    about = honest.log.run.model_copy(update={"trials": trials, "solver": f"degraded {share:.1%}"})
    log = Log(about, tuple(samples))
    return Scored(honest.dataset, replace(log, scores=score(honest.dataset, log, SCORERS)))


class Pool:
    """Trials of each task, of which runs are drawn; those of one draw are all different."""

    def __init__(self, trials: Scored) -> None:
        self._run = trials.log.run
        self._of: dict[str, list[ScoredSample]] = {}
        for sample in trials.log.scores:
            self._of.setdefault(sample.task_id, []).append(sample)

    def runs(self, many: int, trials: int, rng: np.random.Generator) -> list[Log]:
        """Draw so many runs of so many trials; no trial is in two of them."""
        chosen: list[list[ScoredSample]] = [[] for _ in range(many)]
        for samples in self._of.values():
            order = rng.permutation(len(samples))[: many * trials]
            for place, drawn in enumerate(order):
                renamed = samples[drawn].model_copy(update={"trial": place % trials})
                chosen[place // trials].append(renamed)
        return [_log(self._run.model_copy(update={"trials": trials}), some) for some in chosen]


def _log(about: Run, scores: Sequence[ScoredSample]) -> Log:
    samples = tuple(
        LoggedSample(task_id=one.task_id, trial=one.trial, outcome=one.outcome) for one in scores
    )
    return Log(about, samples, (), tuple(scores))

"""Commands that make a dataset, run a solver on it and score its answers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.refusal import Refused
from api.cli.tables import show
from api.cli.terminal import Terminal

if TYPE_CHECKING:
    from eval.dataset import Dataset
    from eval.log import LoggedSample
    from eval.logs import Log
    from eval.scoring import Mean

USAGE, FINDINGS = 2, 3

Split = Literal["open", "closed", "all"]

_DATASET = typer.Argument(metavar="DATASET", help="Folder of the dataset.")


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("make")(make)
    app.command("run")(run_solver)
    app.command("score")(score_log)


def make(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where it is written.")],
    seeds: Annotated[
        str, typer.Option("--seeds", metavar="N,N", help="A set of books for each seed.")
    ] = "1,2,3",
    tasks: Annotated[int, typer.Option("--tasks", min=1, help="Tasks of each seed.")] = 60,
    split: Annotated[
        Split, typer.Option("--split", help="closed: only for final reports, nobody tunes on it.")
    ] = "all",
) -> None:
    """Make a dataset of AccountPlanBench: books, tasks and keys, from seeds."""
    terminal: Terminal = context.obj
    chosen = _seeds(seeds)
    from eval.accountplanbench.making import make_dataset

    with terminal.working(f"Making {tasks} tasks of each of the seeds {seeds}"):
        manifest = make_dataset(out, seeds=chosen, tasks=tasks, split=split)
    if terminal.json:
        terminal.value(manifest.model_dump(mode="json"))
        return
    terminal.text(
        f"{out}: {manifest.name} {manifest.version}, split {manifest.split}, "
        f"hash {manifest.digest[:12]}"
    )


def run_solver(
    context: typer.Context,
    dataset: Annotated[Path, _DATASET],
    solver: Annotated[
        str,
        typer.Option(
            "--solver",
            metavar="NAME",
            help="embedded, model, form, liar, recorded:LOG, degraded:LOG:0.1, or "
            '"command:./mine --x".',
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="LOG", help="Folder of the log.")],
    trials: Annotated[int, typer.Option("--trials", min=1, help="How often each task is put.")] = 1,
    seed: Annotated[int, typer.Option("--seed", help="Handed to the solver.")] = 0,
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds for one answer.")] = 60.0,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes at a time.")] = 2,
) -> int:
    """Put every task of a dataset to a solver, log its answers and score them.

    Ends with 3 when a task got no answer. A run that was interrupted goes on where the same
    command is given again.
    """
    terminal: Terminal = context.obj
    from eval.dataset import read_dataset
    from eval.running import run
    from eval.solvers.named import named

    chosen = named(solver)
    read = read_dataset(dataset)

    def heard(done: int, of: int, sample: LoggedSample) -> None:
        if sample.outcome != "answered":
            terminal.say(f"{sample.task_id}, trial {sample.trial}: {sample.detail}")
        if done % max(1, of // 10) == 0:
            terminal.say(f"{done} of {of}")

    with terminal.working(f"Running {chosen.name} on {len(read.tasks)} tasks"):
        run(
            read,
            chosen.command,
            solver=chosen.name,
            out=out,
            trials=trials,
            seed=seed,
            timeout=timeout,
            workers=workers,
            on_progress=heard,
        )
    return _score(terminal, read, out)


def score_log(
    context: typer.Context,
    dataset: Annotated[Path, _DATASET],
    log: Annotated[Path, typer.Argument(metavar="LOG", help="Folder of the log.")],
) -> int:
    """Score the answers of a log again, without a run. Ends with 3 when one is missing."""
    from eval.dataset import read_dataset

    return _score(context.obj, read_dataset(dataset), log)


def _score(terminal: Terminal, dataset: Dataset, folder: Path) -> int:
    from eval.logs import read_log, write_scores
    from eval.scorers import SCORERS
    from eval.scoring import means, score

    log = read_log(folder, of=dataset)
    with terminal.working(f"Scoring {len(log.samples)} answers"):
        scored = score(dataset, log, SCORERS)
        write_scores(folder, scored)
    _tell(terminal, folder, log, means(scored))
    return FINDINGS if any(sample.outcome != "answered" for sample in log.samples) else 0


def _tell(terminal: Terminal, folder: Path, log: Log, metrics: tuple[Mean, ...]) -> None:
    outcomes = Counter(sample.outcome for sample in log.samples)
    if terminal.json:
        terminal.value(
            {
                "log": str(folder),
                "run": log.run.model_dump(mode="json"),
                "outcomes": dict(sorted(outcomes.items())),
                "metrics": [
                    {"metric": mean.metric, "value": mean.value, "n": mean.n} for mean in metrics
                ],
            }
        )
        return
    told = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in sorted(outcomes.items()))
    terminal.text(
        f"{log.run.solver} on {log.run.dataset} {log.run.dataset_version} "
        f"({log.run.split}, {log.run.dataset_digest[:12]}): {told}"
    )
    rows = ((mean.metric, _written(mean), mean.n) for mean in metrics)
    show(terminal, ("Metric*", ">Value", ">n"), rows)


def _written(mean: Mean) -> str:
    from eval.scoring import RUBRIC

    if mean.value is None:
        return "–"
    return f"{mean.value:.1f}" if mean.metric == RUBRIC else f"{mean.value:.3f}"


def _seeds(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(word) for word in text.split(","))
    except ValueError:
        raise Refused(
            "wrong_usage",
            f"--seeds is {text!r}; it must be whole numbers with commas between, such as 1,2,3.",
            exit_code=USAGE,
        ) from None

"""Commands that judge a log by another: `compare` and `gate`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusal import Refused
from api.cli.terminal import Terminal
from eval.cli.comparison_text import tell_cases, tell_metrics, tell_verdict

if TYPE_CHECKING:
    from eval.comparing import Comparison
    from eval.gate import Verdict
    from eval.log import LoggedSample
    from eval.shipped import Shipped, TaskSet

DONE, FAILED, FINDINGS = 0, 1, 3


def add_to(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("compare")(compare_logs)
    app.command("gate")(gate_shipped)


def compare_logs(
    context: typer.Context,
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="Folder of the dataset.")],
    before: Annotated[Path, typer.Argument(metavar="LOG_A", help="Folder of the log before.")],
    after: Annotated[Path, typer.Argument(metavar="LOG_B", help="Folder of the log after.")],
    judge: Annotated[
        bool, typer.Option("--gate", help="End with 3 where LOG_B is worse, by the gate's rules.")
    ] = False,
) -> int:
    """Compare two scored logs: what got better or worse, by how much, and if beyond chance."""
    terminal: Terminal = context.obj
    from eval.comparing import compare
    from eval.dataset import read_dataset
    from eval.gate import gate
    from eval.logs import read_log
    from eval.scorers import SCORERS
    from eval.shipped import unsteady

    read = read_dataset(dataset)
    logs = [read_log(folder, of=read) for folder in (before, after)]
    critical = [scorer.name for scorer in SCORERS if scorer.critical]
    found = compare(read, logs[0], logs[1], critical=critical)
    # Trials that are the same bytes, in both logs, leave nothing to chance.
    steady = all(log.run.trials > 1 and not unsteady(log.samples) for log in logs)
    verdict = gate(found, chance=not steady) if judge else None
    if terminal.json:
        told = {"comparison": found.model_dump(mode="json")}
        if verdict is not None:
            told["verdict"] = verdict.model_dump(mode="json")
        terminal.value(told)
    else:
        tell_metrics(terminal, found)
        if verdict is not None:
            tell_verdict(terminal, verdict)
        else:
            tell_cases(terminal, found)
    return FINDINGS if verdict is not None and verdict.red else DONE


def gate_shipped(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option("--quick", help="Seed 1 alone, as in CI; else seeds 1 to 3.")
    ] = False,
    renew: Annotated[
        bool, typer.Option("--renew", help="Keep what comes out as the baseline, and tell it.")
    ] = False,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="Another baseline than the shipped one."),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="FOLDER", help="Keep dataset and log in this new folder."),
    ] = None,
) -> int:
    """Run the shipped product on the benchmark; end with 3 where any plan or answer got worse."""
    terminal: Terminal = context.obj
    from eval.baseline import SHIPPED, demand_baseline, renewing
    from eval.shipped import FULL, QUICK, run_shipped

    tasks, path = QUICK if quick else FULL, baseline or SHIPPED
    if not renew:
        # Where there is nothing to compare with, say so before the run and not after it.
        demand_baseline(path, tasks.name)
    with _folder(keep) as folder:

        def heard(done: int, of: int, sample: LoggedSample) -> None:
            if sample.outcome != "answered":
                terminal.say(f"{sample.task_id}: {sample.detail}")

        with terminal.working(f"Running the product on the {tasks.name} set"):
            shipped = run_shipped(tasks, folder, on_progress=heard)
        if renew:
            return _renew(terminal, path, tasks, shipped)
        found, verdict = _judged(path, tasks, shipped)
    if terminal.json:
        terminal.value(
            {
                "comparison": found.model_dump(mode="json"),
                "verdict": verdict.model_dump(mode="json"),
            }
        )
    else:
        tell_metrics(terminal, found)
        tell_verdict(terminal, verdict)
        if verdict.told and not verdict.red:
            terminal.text(f"\nTo keep this as the baseline: {renewing(tasks.name)}")
    return FINDINGS if verdict.red else DONE


def _judged(path: Path, tasks: TaskSet, shipped: Shipped) -> tuple[Comparison, Verdict]:
    from eval.baseline import read_baseline, rewritten
    from eval.comparing import compare
    from eval.gate import gate
    from eval.scorers import SCORERS

    names = [scorer.name for scorer in SCORERS]
    kept = read_baseline(path, tasks.name, shipped.dataset, names)
    critical = [scorer.name for scorer in SCORERS if scorer.critical]
    found = compare(shipped.dataset, kept.log(), shipped.log, critical=critical)
    verdict = gate(
        found, chance=False, unsteady=shipped.unsteady, rewritten=rewritten(kept, shipped.log)
    )
    return found, verdict


def _renew(terminal: Terminal, path: Path, tasks: TaskSet, shipped: Shipped) -> int:
    """Tell what changed, then keep what came out; nothing is kept that chance had a part in."""
    from eval.baseline import (
        BaselineMissing,
        BaselineOutdated,
        baseline_of,
        write_baseline,
    )

    if shipped.unsteady:
        raise Refused(
            "unsteady",
            f"Two trials gave different answers to {', '.join(shipped.unsteady)}, so there is no "
            "one result to keep.",
            hint="Find what is left to chance (a clock, a hash, the order of a set), then renew.",
        )
    verdict = None
    try:
        found, verdict = _judged(path, tasks, shipped)
    except (BaselineMissing, BaselineOutdated) as none:
        said = f"There is no earlier baseline to set it against. {none.message}"
    else:
        said = f"{len(verdict.findings)} findings, {len(verdict.told)} other changes."
        if not terminal.json:
            tell_metrics(terminal, found)
            tell_verdict(terminal, verdict)
    write_baseline(path, tasks.name, baseline_of(shipped.log))
    if terminal.json:
        terminal.value(
            {
                "baseline": str(path),
                "set": tasks.name,
                "changes": said,
                "verdict": None if verdict is None else verdict.model_dump(mode="json"),
            }
        )
    else:
        terminal.text(f"\n{said}\nKept as the baseline of the {tasks.name} set in {path}.")
    return DONE


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with TemporaryDirectory(prefix="cadastre-gate-") as folder:
        yield Path(folder)

"""Does the evaluation tell better from worse, and chance from both? On real answers, spoiled.

The product answers the benchmark's tasks. Noise is a share of its sentences and steps spoiled
anew in each trial; a drop is a greater share, found on other seeds than those it is tested on.
Then the comparison and the gate's rule for solvers with chance are asked what they see.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench import evaluation_coverage
from bench.evaluation_runs import CRITICAL, Pool, Scored, degraded, made, solved
from bench.report import Report, arguments, publish
from eval.comparing import Comparison, MetricChange, compare
from eval.dataset import Dataset
from eval.gate import gate
from eval.logs import Log
from eval.scoring import RUBRIC
from eval.statistics.rates import wilson

NOISES = (0.02, 0.05, 0.15)
DROPS = (5.0, 1.0)
NOISE_OF_DROP = 0.05
TESTED, CALIBRATED = (1, 2, 3, 4, 5), (6, 7, 8)


def main() -> int:
    """Measure and print."""
    given = arguments(
        __doc__,
        repeats=(200, "pairs of runs that differ by chance, and by the drop"),
        seeds=(20, "seeds of the benchmark, 60 tasks each; at least 8"),
        pool=(20, "trials of each task that runs are drawn from"),
        intervals=(1000, "intervals of each kind, 0 for none"),
    )
    report = Report("evaluation")
    with TemporaryDirectory(prefix="bench-evaluation-") as folder:
        at = Path(folder)
        dataset = made(at / "dataset", range(1, max(8, given.seeds) + 1))
        product = solved(dataset, "embedded", at / "embedded")
        others = {name: solved(dataset, name, at / name) for name in ("form", "liar")}
        lies = solved(dataset, f"liar:{at / 'embedded'}", at / "lies")
        tell_chance(report, product, given.repeats, given.pool)
        for drop in DROPS:
            tell_drop(report, product, given.repeats, given.pool, drop)
        tell_order(report, product, lies, given.seeds)
        tell_adversaries(report, product, {**others, "liar about the product's answers": lies})
    if given.intervals:
        evaluation_coverage.tell(report, given.intervals)
    publish(report, given)
    return 0


def tell_chance(report: Report, product: Scored, repeats: int, pool: int) -> None:
    """How often two runs of one noisy solver are called worse."""
    table = report.table(
        f"False alarms: {repeats} pairs of runs of one solver on the 60 tasks of seed 1",
        ("noise", "trials", "rubric's sd between runs", "red", "rate", "95 % interval", "goal"),
    )
    one = product.of((1,))
    for share in NOISES:
        trials = Pool(degraded(one, share, pool, f"chance {share}"))
        for each in (1, 3):
            rng = np.random.default_rng(each)
            red, means = 0, []
            for _ in range(repeats):
                before, after = trials.runs(2, each, rng)
                means.append(_rubric(after))
                found = _compared(one.dataset, before, after)
                red += gate(found, chance=True).red
            low, high = wilson(red, repeats)
            table.rows.append((
                f"{share:.0%} spoiled", str(each), f"{np.std(means):.2f}", str(red),
                f"{red / repeats:.1%}", f"{low:.1%} to {high:.1%}", "lower end at most 5 %",
            ))  # fmt: skip


def tell_drop(
    report: Report,
    product: Scored,
    repeats: int,
    pool: int,
    drop: float,
    *,
    tested_on: Sequence[int] = TESTED,
    calibrated_on: Sequence[int] = CALIBRATED,
) -> None:
    """How often a drop of so many points is found."""
    share = calibrated(product.of(calibrated_on), drop, max(1, pool // 2))
    table = report.table(
        f"Power: {repeats} pairs of runs, {NOISE_OF_DROP:.0%} spoiled and {share:.1%}, which took "
        f"{drop:g} points off on seeds {_span(calibrated_on)}",
        ("seeds", "tasks", "drop there", "smallest shown", "rubric worse", "rate", "95 % interval",
         "gate red", "goal"),
    )  # fmt: skip
    tested = product.of(tested_on)
    before = degraded(tested, NOISE_OF_DROP, pool, "before")
    after = degraded(tested, share, pool, "after")
    sets = [
        (f"all of seeds {_span(tested_on)}", tested_on, "at least 80 %" if drop == DROPS[0] else "")
    ]
    sets += [(f"seed {seed} alone", (seed,), "") for seed in tested_on]
    for name, seeds, goal in sets:
        was, now = before.of(seeds), after.of(seeds)
        pools, rng = (Pool(was), Pool(now)), np.random.default_rng(7)
        worse, red, shown = 0, 0, []
        for _ in range(repeats):
            one, two = (trials.runs(1, 1, rng)[0] for trials in pools)
            found = _compared(was.dataset, one, two)
            worse += found.metric(RUBRIC).verdict == "worse"
            red += gate(found, chance=True).red
            shown.append(found.metric(RUBRIC).smallest_difference or 0.0)
        low, high = wilson(worse, repeats)
        table.rows.append((
            name, str(len(was.dataset.tasks)), f"{now.rubric - was.rubric:+.2f}",
            f"{np.mean(shown):.2f}", str(worse), f"{worse / repeats:.1%}",
            f"{low:.1%} to {high:.1%}", str(red), goal,
        ))  # fmt: skip


def calibrated(product: Scored, drop: float, trials: int) -> float:
    """Return the share that has to be spoiled for the mean to be `drop` points lower.

    The same units and more are spoiled at a greater share, so the mean falls evenly with it.
    """
    before = degraded(product, NOISE_OF_DROP, trials, "calibration").rubric
    low, high = NOISE_OF_DROP, 1.0
    for _ in range(8):
        middle = (low + high) / 2
        fell = before - degraded(product, middle, trials, "calibration").rubric
        low, high = (middle, high) if fell < drop else (low, middle)
    return (low + high) / 2


def tell_order(report: Report, product: Scored, lies: Scored, seeds: int) -> None:
    """Whether solvers of known quality come out in their order, seed by seed."""
    table = report.table(
        f"Order: four solvers of known quality on each of {seeds} seeds, 60 tasks each",
        ("solver", "least", "mean", "most", "least margin over the next", "in order on"),
    )
    solvers = {
        "the product": product,
        "10 % spoiled": degraded(product, 0.1, 1, "order"),
        "30 % spoiled": degraded(product, 0.3, 1, "order"),
        "two sentences in three untrue": lies,
    }
    rubrics = np.array(
        [[one.of((seed,)).rubric for seed in range(1, seeds + 1)] for one in solvers.values()]
    )
    for place, name in enumerate(solvers):
        row = rubrics[place]
        told = ("", "")
        if place + 1 < len(solvers):
            margin = row - rubrics[place + 1]
            told = (f"{margin.min():.2f}", f"{(margin > 0).sum()} of {seeds}")
        table.rows.append((name, *(f"{value:.1f}" for value in (row.min(), row.mean(), row.max())),
                           *told))  # fmt: skip


def tell_adversaries(
    report: Report,
    product: Scored,
    others: Mapping[str, Scored],
    *,
    tested_on: Sequence[int] = TESTED,
) -> None:
    """The form and the liars beside the product."""
    table = report.table(
        f"Beside the product, on seeds {_span(tested_on)}",
        ("solver", "metric", "the product", "solver's", "difference", "95 % interval", "p",
         "p after Holm", "verdict"),
    )  # fmt: skip
    one = product.of(tested_on)
    for name, other in others.items():
        found = compare(one.dataset, one.log, other.of(tested_on).log, critical=CRITICAL)
        for change in found.metrics:
            if change.metric == RUBRIC or change.critical:
                table.rows.append((name, *_row(change)))


def _row(change: MetricChange) -> tuple[str, ...]:
    found = change.difference
    return (
        change.metric,
        *(f"{value:.3g}" for value in (change.before or 0.0, change.after or 0.0)),
        f"{found.value or 0.0:+.3g}",
        f"{found.low:+.3g} to {found.high:+.3g}",
        *("" if p is None else f"{p:.4f}" for p in (found.p, change.p_adjusted)),
        change.verdict,
    )


def _compared(dataset: Dataset, before: Log, after: Log) -> Comparison:
    # The verdicts rest on p alone; two thousand resamples for an interval would take most of it.
    return compare(dataset, before, after, critical=CRITICAL, resamples=10)


def _span(seeds: Sequence[int]) -> str:
    return f"{min(seeds)} to {max(seeds)}" if len(seeds) > 1 else str(seeds[0])


def _rubric(log: Log) -> float:
    return float(np.mean([sample.rubric for sample in log.scores]))


if __name__ == "__main__":
    sys.exit(main())

"""The head of the report: which run this is of, and what came out, in a sentence or two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from api.amounts import DASH, count
from eval.comparing import Comparison
from eval.log import Run, ScoredSample
from eval.report.look import OUTCOMES, title_of
from eval.report.tables import between, chance, difference, hundredths
from eval.scoring import RUBRIC
from eval.summary import Summary


@dataclass(frozen=True)
class Measure:
    """A figure that comes first, and what it rests on."""

    label: str
    value: str
    rests: str


@dataclass(frozen=True)
class Heading:
    """What stands above the tables. `outcomes` are words and a state, `ok` or `bad`."""

    title: str
    outcomes: tuple[tuple[str, str], ...]
    facts: tuple[str, ...]
    verdict: str
    measures: tuple[Measure, ...]
    foot: str


def heading(
    summary: Summary,
    run: Run,
    scored: Sequence[ScoredSample],
    comparison: Comparison | None,
    critical: Collection[str],
) -> Heading:
    """Say which run this is, how it ended, and what is to be made of it."""
    whole = summary.whole
    facts = [
        f"{count(whole.tasks, 'task')}, {count(summary.trials, 'trial')} each",
        f"Split: {summary.split}",
        f"Dataset {summary.dataset_digest[:12]}",
        f"Seed {run.seed}",
    ]
    facts += [f"Against {comparison.before}"] if comparison is not None else []
    return Heading(
        title=f"{summary.solver} on {summary.dataset} {summary.dataset_version}",
        outcomes=tuple(
            (f"{number:,} {OUTCOMES[outcome]}", "ok" if outcome == "answered" else "bad")
            for outcome, number in whole.outcomes.items()
        ),
        facts=tuple(facts),
        verdict=" ".join(_verdict(summary, comparison)),
        measures=tuple(_measures(summary, scored, comparison, critical)),
        foot=f"Dataset {summary.dataset_digest} · command {' '.join(run.command) or DASH}",
    )


def _verdict(summary: Summary, comparison: Comparison | None) -> list[str]:
    rubric = summary.whole.rubric
    mean = rubric.mean
    told = [
        f"Rubric {hundredths(mean.value)} of 100, between {hundredths(mean.low)} and "
        f"{hundredths(mean.high)}."
    ]
    if comparison is None:
        return told
    change = comparison.metric(RUBRIC)
    moved = change.difference
    if moved.value is None:
        return [*told, "No task can be compared with the baseline."]
    told.append(
        f"Against the baseline, {comparison.before}, that is {difference(moved.value)} points, "
        f"between {difference(moved.low)} and {difference(moved.high)}: {change.verdict}."
    )
    for mood in ("worse", "better"):
        names = [
            title_of(one.metric)
            for one in comparison.metrics
            if one.verdict == mood and one.metric != RUBRIC
        ]
        told += [f"{mood.capitalize()}: {', '.join(names)}."] if names else []
    return told


def _measures(
    summary: Summary,
    scored: Sequence[ScoredSample],
    comparison: Comparison | None,
    critical: Collection[str],
) -> list[Measure]:
    whole, rubric = summary.whole, summary.whole.rubric
    made = [
        Measure("Rubric of 100", hundredths(rubric.mean.value), f"{between(rubric.mean)}, 95 %")
    ]
    smallest = rubric.smallest_difference
    if comparison is not None:
        change = comparison.metric(RUBRIC)
        smallest = change.smallest_difference
        made.append(
            Measure(
                "Against the baseline",
                difference(change.difference.value),
                f"{difference(change.difference.low)} to {difference(change.difference.high)}, "
                f"p {chance(change.p_adjusted)}",
            )
        )
    made.append(
        Measure(
            "Smallest difference it shows", hundredths(smallest), "points, found four times in five"
        )
    )
    trials = sum(whole.outcomes.values())
    answered = whole.outcomes.get("answered", 0)
    rests = "every trial" if answered == trials else f"of {count(trials, 'trial')}"
    made.append(Measure("Answered", f"{answered:,}", rests))
    grave = _critical_tasks(scored, critical)
    made.append(
        Measure(
            "Tasks with a critical fault", f"{len(grave):,}", f"of {count(whole.tasks, 'task')}"
        )
    )
    return made


def _critical_tasks(scored: Sequence[ScoredSample], critical: Collection[str]) -> set[str]:
    return {
        sample.task_id
        for sample in scored
        for score in sample.scores
        if score.scorer in critical and score.value is not None and score.value < 1
    }

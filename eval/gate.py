"""The gate: red where a change made answers worse, and why; green with what else changed.

Two rules, for two kinds of solver; `docs/evaluation.md#the-gate` says why there are two.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from domain.record import Record
from eval.case_changes import CaseChange
from eval.comparing import ALPHA, Comparison, MetricChange
from eval.scoring import RUBRIC

ALPHA_CRITICAL = ALPHA / 2
"""Half: the other half is what a two-sided .05 leaves for getting worse. Together 5 %."""

Rule = Literal["any fall", "beyond chance"]


class Told(Record):
    """Something that changed, in words; `task_id` is null where it is about the whole set."""

    task_id: str | None
    metric: str
    text: str


class Verdict(Record):
    """`findings` are what made it red; `told` changed besides, and makes nothing red."""

    red: bool
    rule: Rule
    findings: tuple[Told, ...]
    told: tuple[Told, ...]


def gate(
    comparison: Comparison,
    *,
    chance: bool,
    unsteady: Collection[str] = (),
    rewritten: Collection[str] = (),
) -> Verdict:
    """Judge a change by the comparison of before and after.

    Parameters
    ----------
    comparison
        Of the product before the change, and after.
    chance
        Whether the solver answers by chance. Without, whatever fell fell because of the change,
        and any task whose rubric or critical metric did is a finding. With it, a metric that is
        worse after Holm's adjustment is, and a critical metric with more failures than chance
        explains.
    unsteady
        Tasks to which a solver said to be without chance gave two answers: findings.
    rewritten
        Tasks whose answer is another than before; told where no metric tells of it.
    """
    if chance:
        changes = comparison.metrics
        findings = [told for change in changes for told in _worse(change)]
        others = [_moved(change) for change in changes if change.verdict == "better"]
        return _verdict("beyond chance", findings, others)
    findings = [
        Told(
            task_id=task_id,
            metric="same bytes",
            text=f"{task_id}: two trials gave different answers, though nothing is left to chance.",
        )
        for task_id in unsteady
    ]
    findings += [case_told(case) for case in comparison.cases if _counts(case)]
    others = [case_told(case) for case in comparison.cases if not _counts(case)]
    moved = {case.task_id for case in comparison.cases}
    others += [
        Told(task_id=task_id, metric="answer", text=f"{task_id}: another answer, scored alike.")
        for task_id in rewritten
        if task_id not in moved
    ]
    return _verdict("any fall", findings, others)


def _verdict(rule: Rule, findings: list[Told], told: list[Told]) -> Verdict:
    return Verdict(red=bool(findings), rule=rule, findings=tuple(findings), told=tuple(told))


def _counts(case: CaseChange) -> bool:
    return case.fell and (case.critical or case.metric == RUBRIC)


def case_told(case: CaseChange) -> Told:
    """Return what changed in a task, with what the scorer says of it."""
    verb = "came up" if case.before is None else "fell" if case.fell else "rose"
    if case.after is None:
        verb = "no longer arises"
    values = f"{_shown(case.before)} to {_shown(case.after)}"
    why = "; ".join(part for part in (case.reason, *case.faults[:3]) if part)
    return Told(
        task_id=case.task_id,
        metric=case.metric,
        text=f"{case.task_id} ({case.family}): {case.metric} {verb}, {values}"
        + (f". {why}" if why else ""),
    )


def _worse(change: MetricChange) -> list[Told]:
    found = [_moved(change)] if change.verdict == "worse" else []
    passes = change.passes
    if (
        change.critical
        and passes is not None
        and passes.p_more_failures is not None
        and passes.p_more_failures < ALPHA_CRITICAL
    ):
        text = (
            f"{change.metric}: {passes.failed_after[0]} of {passes.failed_after[1]} trials failed, "
            f"before {passes.failed_before[0]} of {passes.failed_before[1]} "
            f"(p {passes.p_more_failures:.4f}, at most {ALPHA_CRITICAL} is beyond chance)"
        )
        found.append(Told(task_id=None, metric=change.metric, text=text))
    return found


def _moved(change: MetricChange) -> Told:
    found = change.difference
    return Told(
        task_id=None,
        metric=change.metric,
        text=f"{change.metric} is {change.verdict}: {_shown(change.before)} to "
        f"{_shown(change.after)}, by {_shown(found.value)} ({found.low:.3g} to {found.high:.3g}), "
        f"p {change.p_adjusted:.4f} after Holm",
    )


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"

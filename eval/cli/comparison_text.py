"""A comparison and a verdict as the terminal shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.tables import show
from api.cli.terminal import Terminal

if TYPE_CHECKING:
    from eval.comparing import Comparison, MetricChange
    from eval.gate import Verdict

MOST_TOLD = 40


def tell_metrics(terminal: Terminal, found: Comparison) -> None:
    """Print a line for each metric."""
    terminal.text(
        f"{found.before} and {found.after} on {found.dataset} {found.dataset_version} "
        f"({found.dataset_digest[:12]}), {found.tasks} tasks\n"
    )
    show(
        terminal,
        ("Metric*", ">Before", ">After", ">Change", ">95 %", ">p", ">Shows", "Verdict"),
        (_row(change) for change in found.metrics if change.before is not None),
    )
    terminal.text(
        "\np is adjusted for the number of metrics. Shows: the smallest change that this set of "
        "tasks\nwould find four times in five, – where nothing changed or it is not known."
    )


def _row(change: MetricChange) -> tuple[str, ...]:
    from eval.scoring import RUBRIC

    digits = 1 if change.metric == RUBRIC else 3
    moved = change.difference
    assert change.before is not None
    assert change.after is not None
    assert moved.value is not None
    smallest = change.smallest_difference
    return (
        change.metric + ("!" if change.critical else ""),
        f"{change.before:.{digits}f}",
        f"{change.after:.{digits}f}",
        f"{moved.value:+.{digits}f}" if moved.moved else "0",
        f"{moved.low:+.{digits}f} {moved.high:+.{digits}f}",
        "" if change.p_adjusted is None else f"{change.p_adjusted:.3f}",
        "–" if smallest is None else f"{smallest:.{digits}f}",
        "" if change.verdict == "no difference shown" else change.verdict,
    )


def tell_cases(terminal: Terminal, found: Comparison) -> None:
    """Print the tasks that scored otherwise."""
    from eval.gate import case_told

    if not found.cases:
        terminal.text("\nNo task scored otherwise than before.")
        return
    _listed(terminal, "Tasks that scored otherwise", [case_told(case).text for case in found.cases])


def tell_verdict(terminal: Terminal, verdict: Verdict) -> None:
    """Print red or green, why, and what else changed."""
    if verdict.findings:
        _listed(terminal, "Red: it got worse", [item.text for item in verdict.findings])
    else:
        terminal.text("\nGreen: nothing got worse.")
    if verdict.told:
        _listed(terminal, "Changed besides", [item.text for item in verdict.told])


def _listed(terminal: Terminal, title: str, lines: list[str]) -> None:
    terminal.text(f"\n{title} ({len(lines)})")
    for line in lines[:MOST_TOLD]:
        terminal.text(f"  {line}")
    if len(lines) > MOST_TOLD:
        terminal.text(f"  and {len(lines) - MOST_TOLD} more: --json has them all")

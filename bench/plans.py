"""One whole plan, from its request to its review: through graph, store and notes index.

The alternative does the same steps as plain function calls and keeps nothing, on analyses
of its own, and must come to the same plan.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from agent.context import PlanningContext
from agent.run_events import RunEvent
from api.planning_context import planning_context
from api.reading import Reading
from api.workspace import Workspace
from bench.example import deserving, example, folder
from bench.notes import with_notes
from bench.plain import NothingKept, write_plainly
from bench.report import Report, arguments, publish, seconds
from bench.timing import Times, timed
from domain.period import planning_period
from domain.plan import AccountPlanDraft
from domain.principal import Principal
from store.plans import plan_id_for
from tools.analyses import analyse

GOAL = 2.0
FIRST_EVENT_GOAL = 0.2


@dataclass
class Drafted:
    """One run: its seconds in all, to the first event, and by step, and its draft."""

    seconds: float
    first_event: float
    steps: dict[str, float]
    draft: AccountPlanDraft


@dataclass
class Batch:
    """What a batch of accounts took, with graph and store and without."""

    through: list[Drafted] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)


def through_the_graph(workspace: Workspace, context: PlanningContext, account_id: str) -> Drafted:
    """Draft an account's plan as the product does, and split the time by its events."""
    told: list[tuple[float, RunEvent]] = []
    period = planning_period(context.book.as_of, context.coverage.planning.period_days)
    plan_id = plan_id_for(context.principal.workspace, account_id, period)
    began = 0.0

    def draft() -> None:
        nonlocal began
        began = time.perf_counter()
        workspace.desk.runs.start(
            context,
            f"bench-{account_id}-{context.book.book_id[:8]}",
            plan_id,
            account_id,
            progress=lambda event: told.append((time.perf_counter(), event)),
        )

    taken = timed(draft)
    steps: dict[str, float] = {}
    started = began
    for when, event in told:
        if event.type == "step.started":
            started = when
        elif event.type == "step.finished":
            step = str(event.data["step"])
            steps[step] = steps.get(step, 0.0) + when - started
    version = context.records.version(plan_id)
    return Drafted(taken, told[0][0] - began, steps, version.content.draft)


def batch(
    workspace: Workspace, principal: Principal, reading: Reading, accounts: list[str]
) -> Batch:
    """Draft every account both ways, whichever first in turn."""
    context = planning_context(workspace, principal, reading)
    nothing: Any = NothingKept()
    bare = replace(context, analyses=analyse(reading.book, reading.coverage), records=nothing)
    done = Batch()
    for number, account_id in enumerate(accounts):
        plain: list[AccountPlanDraft] = []

        def without(account_id: str = account_id, plain: list[AccountPlanDraft] = plain) -> None:
            plain.append(write_plainly(bare, account_id).draft)

        if number % 2:
            done.plain.append(timed(without))
        done.through.append(through_the_graph(workspace, context, account_id))
        if not number % 2:
            done.plain.append(timed(without))
        if plain[0] != done.through[-1].draft:
            raise RuntimeError(f"The two ways wrote different plans of {account_id}.")
    return done


def tell(report: Report, title: str, done: Batch) -> None:
    """Add a batch's tables."""
    whole = Times(tuple(item.seconds for item in done.through))
    plain = Times(tuple(done.plain))
    first = Times(tuple(item.first_event for item in done.through))
    table = report.table(
        f"{title}: {len(done.through)} accounts",
        ("what", "P50", "P95", "max", "plain calls, P50", "ratio", "goal for P95"),
    )
    table.rows += [
        (
            "one whole plan, first account left out",
            *_spread(Times(whole.seconds[1:])),
            seconds(plain.median),
            f"{Times(whole.seconds[1:]).over(Times(plain.seconds[1:])):.2g}x",
            seconds(GOAL),
        ),
        ("the first account of the process", *[seconds(whole.seconds[0])] * 3, "", "", ""),
        ("until the first event", *_spread(first), "", "", seconds(FIRST_EVENT_GOAL)),
    ]
    table.values.append(
        {
            "accounts": len(done.through),
            "seconds": list(whole.seconds),
            "plain_seconds": list(plain.seconds),
            "first_event_seconds": list(first.seconds),
        }
    )
    steps = report.table(f"{title}: by step", ("step", "P50", "P95", "max", "share"))
    total = sum(whole.seconds[1:])
    rest = list(whole.seconds[1:])
    for step in done.through[0].steps:
        each = [item.steps[step] for item in done.through[1:]]
        rest = [left - one for left, one in zip(rest, each, strict=True)]
        steps.rows.append((step, *_spread(Times(tuple(each))), f"{sum(each) / total:.0%}"))
    between = Times(tuple(rest))
    steps.rows.append(("between steps", *_spread(between), f"{sum(rest) / total:.0%}"))


def _spread(times: Times) -> tuple[str, str, str]:
    return (
        seconds(times.percentile(0.5)),
        seconds(times.percentile(0.95)),
        seconds(max(times.seconds)),
    )


def measure(report: Report, home: Path, *, accounts: int, noted: int, notes: int) -> None:
    """Draft `accounts` of the example, then `noted` of them with so many notes each."""
    with example(home) as workspace:
        principal = workspace.principal()
        reading = workspace.reading(principal)
        # LangGraph is imported when the first run needs it; that is the start's cost.
        assert workspace.desk.runs
        done = batch(workspace, principal, reading, deserving(reading, accounts))
        tell(report, "The example's deserving accounts", done)
    many = deserving(reading, noted)
    with example(home.with_name("noted")) as workspace:
        principal = workspace.principal()
        book = with_notes(reading.book, many, notes)
        built = timed(lambda: workspace.store.books.add(principal, book))
        built += timed(lambda: workspace.store.notes.rebuild(principal, book))
        state = workspace.store.notes.rebuild(principal, book)
        with_many = Reading(book, reading.coverage)
        done = batch(workspace, principal, with_many, many)
        tell(report, f"Accounts with {notes} notes each ({state.spans:,} spans in all)", done)
        report.note(
            f"Keeping that book and indexing its {state.documents:,} documents took "
            f"{seconds(built)}, once per import and not within a plan."
        )


def main() -> int:
    """Measure and print."""
    given = arguments(
        __doc__,
        runs=60,
        noted=(12, "accounts with many notes"),
        notes=(200, "notes about each of them"),
    )
    report = Report("plans")
    with folder() as made:
        measure(report, made / "home", accounts=given.runs, noted=given.noted, notes=given.notes)
    report.note(
        "Between steps is the graph itself: checkpoints written at every step, its events, and "
        "the end of the run. Plain calls retrieve from the same notes index."
    )
    publish(report, given)
    return 0


if __name__ == "__main__":
    sys.exit(main())

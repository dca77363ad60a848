"""What a run tells while it goes, and where it stands."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from domain.record import Record

if TYPE_CHECKING:
    from langgraph.types import StateSnapshot

RunStatus = Literal["unfinished", "in_review", "finished"]
EventType = Literal[
    "run.started",
    "step.started",
    "step.finished",
    "artifact",
    "interrupt",
    "run.finished",
    "run.error",
]


class RunSummary(Record):
    """Where a run stands. `step` is the step it will take next, null once finished."""

    run_id: str
    plan_id: str
    account_id: str
    status: RunStatus
    step: str | None
    version: int | None
    plan_hash: str | None
    decision_id: str | None


class RunEvent(Record):
    """One thing that happened in a run, as plain values.

    `data` by type: `step.started` {step}; `step.finished` {step, ms, evidence};
    `artifact` {type, id, version}; `interrupt` {review_id, version, plan_hash};
    `run.finished` {status, input_tokens, output_tokens, cost};
    `run.error` {code, message, retryable}.
    """

    type: EventType
    run_id: str
    data: dict[str, str | int | bool | None]


Progress = Callable[[RunEvent], None]


class Tell:
    """Reports events of one run; silent where nobody listens."""

    def __init__(self, run_id: str, progress: Progress | None) -> None:
        self._run_id = run_id
        self._progress = progress

    def __call__(self, kind: EventType, **data: str | int | bool | None) -> None:
        """Report one event with its facts."""
        if self._progress is not None:
            self._progress(RunEvent(type=kind, run_id=self._run_id, data=data))


def tell_step(task: Any, began: dict[str, float], tell: Tell) -> None:
    """Turn LangGraph's task parts into our events; waiting for a person is no step."""
    step = task["name"]
    if step == "review":
        return
    if "result" not in task:
        began[task["id"]] = time.perf_counter()
        tell("step.started", step=step)
        return
    if task.get("error"):
        return
    elapsed = time.perf_counter() - began.get(task["id"], time.perf_counter())
    result = dict(task["result"])
    found = result.get("found")
    tell("step.finished", step=step, ms=round(elapsed * 1000), evidence=found)


def tell_end(snapshot: StateSnapshot, tell: Tell) -> None:
    """Tell what a run has come to."""
    values = snapshot.values
    status = status_of(snapshot)
    if status == "in_review":
        tell("artifact", type="plan", id=values["plan_id"], version=values["version"])
        tell(
            "interrupt",
            review_id=snapshot.interrupts[0].id,
            plan_id=values["plan_id"],
            version=values["version"],
            plan_hash=values["plan_hash"],
        )
    tell("run.finished", status=status, **values["usage"])


def step_of(snapshot: StateSnapshot) -> str | None:
    """Return the step a run will take next; None once it is finished."""
    return snapshot.next[0] if snapshot.next else None


def status_of(snapshot: StateSnapshot) -> RunStatus:
    """Say whether a run is unfinished, waits for a person, or is finished."""
    if snapshot.values.get("applied") or snapshot.values.get("unchanged"):
        return "finished"
    if snapshot.next == ("review",) and snapshot.interrupts:
        return "in_review"
    return "unfinished"


def summary_of(snapshot: StateSnapshot) -> RunSummary:
    """Return where a run stands."""
    values = snapshot.values
    return RunSummary(
        run_id=values["run_id"],
        plan_id=values["plan_id"],
        account_id=values["account_id"],
        status=status_of(snapshot),
        step=step_of(snapshot),
        version=values.get("version"),
        plan_hash=values.get("plan_hash"),
        decision_id=values.get("decision_id"),
    )

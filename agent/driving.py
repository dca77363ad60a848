"""Runs of a graph: take one up after a crash, bring it a decision, tell its steps.

A run has a thread of its own in the checkpoint file, so a pending approval survives
whatever else is said or drafted. The checkpoint is a bookmark; the record is the
version, its ledger and its decisions, in the store.
"""

from __future__ import annotations

import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from langgraph.types import Command

from agent.checkpoints import quiet_tracing
from agent.graph import RECURSION_LIMIT
from agent.nodes import demand_binding
from agent.run_events import (
    Progress,
    RunSummary,
    Tell,
    status_of,
    step_of,
    summary_of,
    tell_end,
    tell_step,
)
from agent.state import Keeping
from domain.errors import AlreadyDecided, Conflict, NotFound, PlannerError
from domain.principal import Principal

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.types import StateSnapshot


class Ground(Keeping, Protocol):
    """What every context of a run holds."""

    @property
    def principal(self) -> Principal:
        """For whom the run goes."""
        ...


Context = TypeVar("Context", bound=Ground)


class GraphRuns(ABC, Generic[Context]):
    """The runs of one graph in one checkpoint file. Safe to call from several threads.

    Only one caller drives a given run at a time; others wait for it, so two answers to
    one review cannot both be taken up.
    """

    def __init__(self, graph: CompiledStateGraph[Any, Any, Any, Any]) -> None:
        quiet_tracing()
        self._graph = graph
        self._locks: weakref.WeakValueDictionary[str, _RunLock] = weakref.WeakValueDictionary()
        self._locks_guard = threading.Lock()

    @abstractmethod
    def _in_scope(self, context: Context, values: Mapping[str, Any]) -> bool:
        """Say whether the principal may see what the run is about."""

    @abstractmethod
    def _same_subject(self, known: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
        """Say whether two states are about the same thing."""

    @abstractmethod
    def _demand_same_ground(self, context: Context, values: Mapping[str, Any]) -> None:
        """Raise Conflict when a run that still has to read was begun on other ground."""

    def resume(
        self, context: Context, run_id: str, *, progress: Progress | None = None
    ) -> RunSummary:
        """Take a run up after a crash and finish what was begun.

        A run that waits for a person goes on waiting; a finished run stays as it is.

        Raises
        ------
        NotFound
            No such run within the principal's scope.
        Conflict
            The run was begun on another book or coverage model than `context` holds.
        """
        with self._locked(run_id):
            snapshot = self._snapshot(context, run_id)
            if status_of(snapshot) != "unfinished":
                return summary_of(snapshot)
            self._demand_same_ground(context, snapshot.values)
            return self._drive(context, run_id, None, progress)

    def decide(
        self,
        context: Context,
        run_id: str,
        decision_id: str,
        *,
        progress: Progress | None = None,
    ) -> RunSummary:
        """Bring a stored decision to the run that waits for it.

        The same decision twice is once.

        Raises
        ------
        NotFound
            No such run or decision within the principal's scope.
        DecisionRefused
            The decision binds another plan, version or text.
        AlreadyDecided
            Another decision ended the run.
        Conflict
            The run never came to its review, and cannot on the ground given.
        """
        with self._locked(run_id):
            snapshot = self._snapshot(context, run_id)
            taken = snapshot.values.get("decision_id")
            if taken is not None and taken != decision_id:
                raise AlreadyDecided(
                    f"Run {run_id} already took up decision {taken}.",
                    hint="Open the plan to see what was decided.",
                )
            if status_of(snapshot) == "unfinished":
                # Killed on the way to its review, or between the answer and its effect.
                self._demand_same_ground(context, snapshot.values)
                self._drive(context, run_id, None, progress)
                snapshot = self._snapshot(context, run_id)
            if status_of(snapshot) == "finished":
                return summary_of(snapshot)
            demand_binding(context.records.decision(decision_id), snapshot.values)
            asked = snapshot.interrupts[0].id
            answer: Command[Any] = Command(resume={asked: {"decision_id": decision_id}})
            return self._drive(context, run_id, answer, progress)

    def summary(self, context: Context, run_id: str) -> RunSummary:
        """Return where a run stands; NotFound outside the principal's scope."""
        return summary_of(self._snapshot(context, run_id))

    def archive(self, context: Context, run_id: str) -> None:
        """Drop the bookmark of a finished run; its plan, ledger and decision stay.

        Raises Conflict while the run is unfinished or in review.
        """
        with self._locked(run_id):
            snapshot = self._snapshot(context, run_id)
            if status_of(snapshot) != "finished":
                raise Conflict(
                    f"Run {run_id} is at {step_of(snapshot)!r}.",
                    hint="Only a finished run can be archived.",
                )
            saver: Any = self._graph.checkpointer
            saver.delete_thread(_thread(run_id))

    def _begin(
        self, context: Context, state: Mapping[str, Any], progress: Progress | None
    ) -> RunSummary:
        run_id = state["run_id"]
        with self._locked(run_id):
            if not self._exists(run_id):
                return self._drive(context, run_id, state, progress)
            known = self._snapshot(context, run_id).values
            if not self._same_subject(known, state):
                raise Conflict(
                    f"Run {run_id} is about plan {known['plan_id']}.",
                    hint="Start another run under an id of its own.",
                )
        return self.resume(context, run_id, progress=progress)

    def _drive(
        self,
        context: Context,
        run_id: str,
        given: Mapping[str, Any] | Command[Any] | None,
        progress: Progress | None,
    ) -> RunSummary:
        tell = Tell(run_id, progress)
        tell("run.started")
        began: dict[str, float] = {}
        try:
            for task in self._graph.stream(
                given,
                _config(run_id),
                context=context,
                stream_mode="tasks",
                durability="sync",
            ):
                tell_step(task, began, tell)
        except PlannerError as error:
            tell("run.error", code=error.code, message=error.message, retryable=False)
            raise
        except Exception as error:
            tell("run.error", code="failed", message=type(error).__name__, retryable=True)
            raise
        snapshot = self._graph.get_state(_config(run_id))
        tell_end(snapshot, tell)
        return summary_of(snapshot)

    def values(self, run_id: str) -> Mapping[str, Any]:
        """Return what a run remembers, whoever asks: it is not for showing."""
        values: Mapping[str, Any] = self._graph.get_state(_config(run_id)).values
        return values

    def _exists(self, run_id: str) -> bool:
        return bool(self.values(run_id))

    def _snapshot(self, context: Context, run_id: str) -> StateSnapshot:
        """Return the run's state, if its plan lies within the principal's scope.

        The checkpoint file knows no owners: the run's own state does, and this is the
        one way to it.
        """
        snapshot = self._graph.get_state(_config(run_id))
        values = snapshot.values
        ours = values and values["workspace"] == context.principal.workspace
        if ours and self._in_scope(context, values):
            return snapshot
        raise NotFound(f"There is no run {run_id!r}.", hint="Runs are listed in the inbox.")

    @contextmanager
    def _locked(self, run_id: str) -> Iterator[None]:
        with self._locks_guard:
            lock = self._locks.get(run_id)
            if lock is None:
                lock = self._locks[run_id] = _RunLock()
        with lock.lock:
            yield


class _RunLock:
    """A lock that goes when nobody holds or awaits it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


def _thread(run_id: str) -> str:
    return f"run:{run_id}"


def _config(run_id: str) -> RunnableConfig:
    return {
        "configurable": {"thread_id": _thread(run_id)},
        "recursion_limit": RECURSION_LIMIT,
    }

"""Plan runs: start one, take it up after a crash, bring it a decision, tell its steps.

A run has a thread of its own in the checkpoint file, so a pending approval survives
whatever else is said or drafted. The checkpoint is a bookmark; the record is the plan
version, its ledger and its decisions, in the store.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from langgraph.types import Command

from agent.checkpoints import quiet_tracing
from agent.context import PlanningContext
from agent.editing import edit_section
from agent.graph import RECURSION_LIMIT
from agent.nodes import demand_binding, owner_in_scope
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
from agent.state import PlanningState, keep, keep_all
from domain.errors import (
    AlreadyDecided,
    Conflict,
    NotFound,
    PlannerError,
    PlanSuperseded,
)
from domain.findings import PlanFinding
from domain.period import planning_period
from domain.plan import PlanVersion, Remark, SectionKey, WriterNote

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.types import StateSnapshot

    from agent.graph import PlanGraph


class PlanRuns:
    """The runs of one checkpoint file. Safe to call from several threads.

    Only one caller drives a given run at a time; others wait for it, so two answers to
    one review cannot both be taken up.
    """

    def __init__(self, graph: PlanGraph) -> None:
        quiet_tracing()
        self._graph = graph
        self._locks: weakref.WeakValueDictionary[str, _RunLock] = weakref.WeakValueDictionary()
        self._locks_guard = threading.Lock()

    def start(
        self,
        context: PlanningContext,
        run_id: str,
        plan_id: str,
        account_id: str,
        base_version: int | None = None,
        remarks: tuple[Remark, ...] = (),
        *,
        findings: tuple[PlanFinding, ...] = (),
        progress: Progress | None = None,
    ) -> RunSummary:
        """Draft a plan version and bring it to its review.

        `findings` are the plan's own, carried over from the version before. Starting a run
        that exists takes it up where it stands.

        Raises
        ------
        NotFound
            No such account within the principal's scope.
        NoPlanForAccount
            The account is unowned, or its tier gets no plan.
        PlanSuperseded
            `base_version` is not the plan's newest version.
        """
        owner_in_scope(context, account_id)
        period = planning_period(context.book.as_of, context.coverage.planning.period_days)
        return self._begin(
            context,
            {
                **_identity(context, run_id, plan_id, account_id, base_version),
                "as_of": context.book.as_of.isoformat(),
                "period": str(period),
                "remarks_digest": keep_all(context, "remarks", remarks) if remarks else "",
                "carried_digest": "",
                "findings_digest": _keep_findings(context, findings),
                "findings_hash": context.findings_hash,
                "edited": False,
            },
            progress,
        )

    def edit(
        self,
        context: PlanningContext,
        run_id: str,
        plan_id: str,
        *,
        base_version: int,
        section: SectionKey,
        text: str,
        said_on: date,
        progress: Progress | None = None,
    ) -> RunSummary:
        """Replace a section's sentences by what a person typed, as a new version.

        The typed text passes the same verifier as a writer's. The period, the book and
        the date of the version edited stay.

        Raises
        ------
        PlanSuperseded
            `base_version` is not the plan's newest version.
        InvalidInput
            The text is too long.
        """
        base = context.records.version(plan_id)
        content = base.content
        if self._exists(run_id):
            return self.resume(context, run_id, progress=progress)
        _demand_editable(context, base, base_version)
        draft, ledger = edit_section(
            content,
            context.records.ledger(content.ledger_root),
            section,
            text,
            person_name=context.principal.name,
            said_on=said_on,
            where=f"plan {plan_id}, {section}",
        )
        root = context.records.keep_ledger(ledger, book_id=content.book_id, as_of=content.as_of)
        omissions = [item for item in content.report.omissions if item.section != section]
        return self._begin(
            context,
            _edited(
                context,
                run_id,
                base,
                notice=f"Edited by {context.principal.name}; the rest is as in version "
                f"{base.version}.",
            )
            | {
                "carried_digest": keep_all(context, "omissions", omissions) if omissions else "",
                "findings_digest": _keep_findings(context, content.plan_findings),
                "ledger_root": root,
                "draft_digest": keep(context, "draft", draft),
            },
            progress,
        )

    def find(
        self,
        context: PlanningContext,
        run_id: str,
        plan_id: str,
        *,
        base_version: int,
        findings: tuple[PlanFinding, ...],
        progress: Progress | None = None,
    ) -> RunSummary:
        """Give a plan other findings, as a new version that says the same otherwise.

        Raises
        ------
        PlanSuperseded
            `base_version` is not the plan's newest version.
        Conflict
            The account has changed hands since.
        """
        base = context.records.version(plan_id)
        content = base.content
        if self._exists(run_id):
            return self.resume(context, run_id, progress=progress)
        _demand_editable(context, base, base_version)
        omissions = content.report.omissions
        return self._begin(
            context,
            _edited(
                context,
                run_id,
                base,
                notice=f"Findings changed by {context.principal.name}; the rest is as in version "
                f"{base.version}.",
            )
            | {
                "carried_digest": keep_all(context, "omissions", omissions) if omissions else "",
                "findings_digest": _keep_findings(context, findings),
                "ledger_root": content.ledger_root,
                "draft_digest": keep(context, "draft", content.draft),
            },
            progress,
        )

    def resume(
        self, context: PlanningContext, run_id: str, *, progress: Progress | None = None
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
            self._demand_same_ground(context, snapshot)
            return self._drive(context, run_id, None, progress)

    def decide(
        self,
        context: PlanningContext,
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
                self._demand_same_ground(context, snapshot)
                self._drive(context, run_id, None, progress)
                snapshot = self._snapshot(context, run_id)
            if status_of(snapshot) == "finished":
                return summary_of(snapshot)
            state = cast("PlanningState", snapshot.values)
            demand_binding(context.records.decision(decision_id), state)
            asked = snapshot.interrupts[0].id
            answer: Command[Any] = Command(resume={asked: {"decision_id": decision_id}})
            return self._drive(context, run_id, answer, progress)

    def summary(self, context: PlanningContext, run_id: str) -> RunSummary:
        """Return where a run stands; NotFound outside the principal's scope."""
        return summary_of(self._snapshot(context, run_id))

    def findings_hash(self, run_id: str) -> str | None:
        """Return which findings a drafting run began with; None for an edit or no run."""
        values = self._graph.get_state(_config(run_id)).values
        return values.get("findings_hash", "") if values and not values["edited"] else None

    def archive(self, context: PlanningContext, run_id: str) -> None:
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
        self, context: PlanningContext, state: PlanningState, progress: Progress | None
    ) -> RunSummary:
        run_id = state["run_id"]
        with self._locked(run_id):
            if not self._exists(run_id):
                return self._drive(context, run_id, state, progress)
            known = self._snapshot(context, run_id).values
            if (known["plan_id"], known["account_id"]) != (state["plan_id"], state["account_id"]):
                raise Conflict(
                    f"Run {run_id} is about plan {known['plan_id']}.",
                    hint="Start another run under an id of its own.",
                )
        return self.resume(context, run_id, progress=progress)

    def _drive(
        self,
        context: PlanningContext,
        run_id: str,
        given: PlanningState | Command[Any] | None,
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

    def _exists(self, run_id: str) -> bool:
        return bool(self._graph.get_state(_config(run_id)).values)

    def _snapshot(self, context: PlanningContext, run_id: str) -> StateSnapshot:
        """Return the run's state, if its plan lies within the principal's scope.

        The checkpoint file knows no owners: the run's own state does, and this is the
        one way to it.
        """
        snapshot = self._graph.get_state(_config(run_id))
        values = snapshot.values
        if values and values["workspace"] == context.principal.workspace:
            owner = values.get("owner_id") or context.book.owners.get(values["account_id"])
            if context.principal.scope.covers(owner):
                return snapshot
        raise NotFound(f"There is no run {run_id!r}.", hint="Runs are listed in the inbox.")

    def _demand_same_ground(self, context: PlanningContext, snapshot: StateSnapshot) -> None:
        values = snapshot.values
        if "version" in values:
            # The plan is stored: what is left to do reads neither book nor rules.
            return
        for what, begun, given in (
            ("book", values["book_id"], context.book.book_id),
            ("coverage model", values["coverage_hash"], context.coverage.hash),
            ("set of findings", values.get("findings_hash", ""), context.findings_hash),
        ):
            if begun != given and not (what != "coverage model" and values["edited"]):
                raise Conflict(
                    f"Run {values['run_id']} was begun on another {what}.",
                    hint="Take it up with the one it was begun on, or start a new run.",
                    begun=begun,
                    given=given,
                )

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


def _identity(
    context: PlanningContext, run_id: str, plan_id: str, account_id: str, base_version: int | None
) -> PlanningState:
    return {
        "run_id": run_id,
        "workspace": context.principal.workspace,
        "plan_id": plan_id,
        "account_id": account_id,
        "base_version": base_version,
        "book_id": context.book.book_id,
        "coverage_hash": context.coverage.hash,
        "violations": [],
        "rewrites": 0,
        "usage": {"input_tokens": 0, "output_tokens": 0, "cost": None},
    }


def _edited(
    context: PlanningContext, run_id: str, base: PlanVersion, *, notice: str
) -> PlanningState:
    """What a run that changes a version by hand begins with: the ground of that version."""
    content = base.content
    note = WriterNote(
        writer="person",
        model=content.writer.model,
        prompt=content.writer.prompt,
        prompt_version=content.writer.prompt_version,
        notice=notice,
    )
    return {
        **_identity(context, run_id, base.plan_id, content.account_id, base.version),
        "book_id": content.book_id,
        "findings_hash": content.findings_hash,
        "as_of": content.as_of.isoformat(),
        "period": f"{content.period_start}/{content.period_end}",
        "remarks_digest": keep_all(context, "remarks", content.remarks) if content.remarks else "",
        "edited": True,
        "writer_digest": keep(context, "writer", note),
    }


def _demand_editable(context: PlanningContext, base: PlanVersion, base_version: int) -> None:
    if base.version != base_version:
        raise PlanSuperseded(
            f"Plan {base.plan_id} has version {base.version}; the text was typed on version "
            f"{base_version}.",
            hint="Open the newest version and edit that.",
        )
    if context.book.owners.get(base.content.account_id) != base.content.owner_id:
        raise Conflict(
            f"Account {base.content.account_id} has changed hands since version {base.version}.",
            hint="Draft the plan anew for its owner of today.",
        )


def _keep_findings(context: PlanningContext, findings: tuple[PlanFinding, ...]) -> str:
    return keep_all(context, "findings", findings) if findings else ""


def _thread(run_id: str) -> str:
    return f"run:{run_id}"


def _config(run_id: str) -> RunnableConfig:
    return {
        "configurable": {"thread_id": _thread(run_id)},
        "recursion_limit": RECURSION_LIMIT,
    }

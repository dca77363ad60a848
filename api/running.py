"""Plan runs: started, resumed and decided for a person, with their place in the run table.

LangGraph is imported when the first run needs it: it costs most of a second, and reading
plans does not.
"""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

from api.planning_context import planning_context
from domain.decision import Decision
from domain.errors import NotFound, PlannerError
from domain.principal import Principal
from domain.record import content_hash

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

    from agent.context import PlanningContext
    from agent.runs import PlanRuns
    from api.workspace import Workspace
    from store.home import Home
    from store.runs import Run


log = logging.getLogger(__name__)


class Begin(Protocol):
    """Something that starts or continues one run."""

    def __call__(self, runs: PlanRuns, context: PlanningContext, run_id: str) -> object:
        """Drive the run as far as it goes without a person."""
        ...


class PlanDesk:
    """The plan runs of one home."""

    def __init__(self, home: Home, held: ExitStack) -> None:
        self._home = home
        self._held = held
        self._saver: SqliteSaver | None = None
        self._runs: PlanRuns | None = None
        self._guard = threading.RLock()

    @property
    def saver(self) -> SqliteSaver:
        """The checkpoint file, opened on first use; chat turns leave their bookmarks there too."""
        with self._guard:
            if self._saver is None:
                from agent.checkpoints import open_checkpoints

                self._saver = self._held.enter_context(open_checkpoints(self._home.checkpoints))
            return self._saver

    @property
    def runs(self) -> PlanRuns:
        """The graph on its checkpoint file, built on first use."""
        with self._guard:
            if self._runs is None:
                from agent.graph import build_graph
                from agent.runs import PlanRuns

                self._runs = PlanRuns(build_graph(self.saver))
            return self._runs

    def drive(
        self,
        workspace: Workspace,
        principal: Principal,
        run_id: str,
        *,
        kind: str,
        account_id: str,
        plan_id: str,
        begin: Begin,
    ) -> None:
        """Record a run, drive it to its review and record where it stands."""
        store = workspace.store
        reading = workspace.reading(principal)
        owner = reading.book.owners.get(account_id)
        try:
            store.runs.get(principal, run_id)
        except NotFound:
            store.runs.start(
                principal,
                run_id,
                thread_id=f"run:{run_id}",
                kind=kind,
                account_id=account_id,
                owner_id=owner,
                plan_id=plan_id,
            )
        self._go(workspace, principal, run_id, begin, plan_id)

    def resume(self, workspace: Workspace, run: Run) -> None:
        """Take up a run after a crash, for the person who started it."""
        if run.kind in ("territory", "review"):
            workspace.cycle.running.resume(run)
            return
        principal = workspace.people.principal(run.person)

        def again(runs: PlanRuns, context: PlanningContext, run_id: str) -> object:
            return runs.resume(context, run_id)

        try:
            self._go(workspace, principal, run.run_id, again, run.plan_id or "", resumed=True)
        except NotFound:
            # Recorded, but killed before its first step: nothing was begun.
            workspace.store.runs.move(
                principal, run.run_id, "failed", error="It was stopped before it began."
            )

    def bring_about(self, workspace: Workspace, decision: Decision) -> None:
        """Make a stored decision effective through the run that waits for it.

        The run is driven for the person who started it, whose texts it kept; the decision
        names who decided. Where no run waits (it was archived, or its person is gone) the
        effect is taken directly: it is the same, and happens once. So it is for decisions
        on anything but a plan.
        """
        from api.opening import of_the_house

        store, house = workspace.store, of_the_house(workspace)
        if decision.subject_kind in ("territory", "review", "adjustment"):
            workspace.cycle.bring_about(decision, house)
            return
        if decision.subject_kind != "plan":
            store.effects.take_effect(house, decision.decision_id, now=store.clock())
            return
        version = store.plans.version(house, decision.subject_id, decision.subject_version)
        if version.run_id is not None:
            try:
                run = store.runs.get(house, version.run_id)
                if run.status != "done":
                    starter = workspace.people.principal(run.person)
                    context = planning_context(workspace, starter, workspace.reading(starter))
                    self.runs.decide(context, run.run_id, decision.decision_id)
                    store.runs.move(house, run.run_id, "done")
                    # The record is the plan, its ledger and its decision; the bookmark goes.
                    self.runs.archive(context, run.run_id)
            except PlannerError as error:
                log.info("decision %s goes past its run: %s", decision.decision_id, error.message)
            except Exception:
                # The decision is stored; an error of a bookmark must not hold it up.
                log.exception("the run of decision %s failed", decision.decision_id)
        store.effects.take_effect(house, decision.decision_id, now=store.clock())

    def _go(
        self,
        workspace: Workspace,
        principal: Principal,
        run_id: str,
        begin: Begin,
        plan_id: str,
        *,
        resumed: bool = False,
    ) -> None:
        records = workspace.store.runs
        records.move(principal, run_id, "running")
        try:
            reading = workspace.readings.for_plan(principal, plan_id)
            frozen = self.runs.findings_hash(run_id) if resumed else None
            if frozen is not None and frozen != reading.findings_hash:
                # Findings came into force since: the run goes on with those it began with.
                reading = workspace.readings.of(principal, *reading.ground[:2], frozen)
            context = planning_context(
                workspace, principal, reading, run_id=run_id, plan_id=plan_id or None
            )
            begin(self.runs, context, run_id)
        except PlannerError as error:
            records.move(principal, run_id, "failed", error=error.message)
            raise
        except Exception as error:
            told = f"It stopped at an error of ours: {type(error).__name__}."
            records.move(principal, run_id, "failed", error=told)
            raise
        records.move(principal, run_id, "waiting")


def run_id_for(*parts: object) -> str:
    """Return the id of a run: the same request on the same ground is the same run."""
    return "R-" + content_hash([str(part) for part in parts])[:16]

"""Runs of territory plans and reviews: drafted, taken up after a crash, brought a decision."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from api import cycle_context
from api.cycle_context import About
from api.running import run_id_for
from domain.cycle import CycleKind
from domain.cycle_version import CycleVersion
from domain.decision import Decision
from domain.errors import NotFound, PlannerError
from domain.evidence import REPS_JOINED_BY
from domain.plan import Remark
from domain.principal import Principal

if TYPE_CHECKING:
    from agent.cycle.runs import CycleRuns
    from agent.run_events import Progress
    from api.workspace import Workspace
    from store.runs import Run

log = logging.getLogger(__name__)
KINDS = ("territory", "review")


class CycleRunning:
    """The runs of one home's territory plans and reviews."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @cached_property
    def runs(self) -> CycleRuns:
        """The graph on the home's checkpoint file, built on first use."""
        from agent.cycle.runs import CycleRuns

        return CycleRuns.on(self._workspace.desk.saver)

    def draft(
        self,
        principal: Principal,
        kind: CycleKind,
        plan_id: str,
        about: About,
        base: CycleVersion | None,
        remarks: tuple[Remark, ...] = (),
        progress: Progress | None = None,
    ) -> CycleVersion:
        """Drive a draft to its review and return the version it made.

        The same request on the same ground is the same run, and its version the same.
        """
        workspace, store = self._workspace, self._workspace.store
        number = base.version if base else None
        told = [remark.model_dump(mode="json") for remark in remarks]
        ground = (*self.ground(principal, kind, about), about.text, told)
        if base is not None and base.run_id == run_id_for(
            kind, plan_id, base.base_version, *ground
        ):
            return base
        run_id = run_id_for(kind, plan_id, number, *ground)
        context = cycle_context.context_of(
            workspace, principal, about, kind=kind, run_id=run_id, plan_id=plan_id
        )
        try:
            store.runs.get(principal, run_id)
        except NotFound:
            store.runs.start(
                principal,
                run_id,
                thread_id=f"run:{run_id}",
                kind=kind,
                owner_id=REPS_JOINED_BY.join(about.reps),
                plan_id=plan_id,
            )
        store.runs.move(principal, run_id, "running")
        try:
            self.runs.start(
                context,
                run_id,
                plan_id,
                about=about.text,
                base_version=number,
                remarks=remarks,
                progress=progress,
            )
        except PlannerError as error:
            store.runs.move(principal, run_id, "failed", error=error.message)
            raise
        except Exception as error:
            told_why = f"It stopped at an error of ours: {type(error).__name__}."
            store.runs.move(principal, run_id, "failed", error=told_why)
            raise
        store.runs.move(principal, run_id, "waiting")
        return store.cycle.version(principal, plan_id)

    def ground(self, principal: Principal, kind: CycleKind, about: About) -> tuple[str, ...]:
        """What a draft rests on, each by its hash: book, rules, findings, and the approved
        plans it takes in."""
        workspace = self._workspace
        reading = workspace.reading(principal)
        quarter = cycle_context.quarter_of(workspace, principal, about.quarter)
        plans = workspace.store.plans.ever_approved(principal, about.reps, quarter.period)
        behind = [version.content.plan_hash for version in plans]
        if kind == "review":
            behind += [
                mark.plan_hash
                for mark in workspace.store.cycle.approved_marks(
                    principal, "territory", quarter.label
                )
            ]
        return (*reading.ground, *behind)

    def resume(self, run: Run) -> None:
        """Take up a run after a crash, for the person who started it."""
        workspace = self._workspace
        principal = workspace.people.principal(run.person)
        values = self.runs.values(run.run_id)
        if not values:
            workspace.store.runs.move(
                principal, run.run_id, "failed", error="It was stopped before it began."
            )
            return
        about = About.model_validate_json(values["about"])
        context = cycle_context.context_of(
            workspace, principal, about, kind=run.kind, run_id=run.run_id, plan_id=run.plan_id
        )
        self.runs.resume(context, run.run_id)
        workspace.store.runs.move(principal, run.run_id, "waiting")

    def bring_about(self, decision: Decision, house: Principal) -> None:
        """Bring a stored decision to the run that waits for it, where one does."""
        workspace, store = self._workspace, self._workspace.store
        version = store.cycle.version(house, decision.subject_id, decision.subject_version)
        if version.run_id is None:
            return
        try:
            run = store.runs.get(house, version.run_id)
            if run.status == "done":
                return
            starter = workspace.people.principal(run.person)
            about = About.model_validate_json(self.runs.values(run.run_id)["about"])
            context = cycle_context.context_of(workspace, starter, about, kind=run.kind)
            self.runs.decide(context, run.run_id, decision.decision_id)
            store.runs.move(house, run.run_id, "done")
            self.runs.archive(context, run.run_id)
        except PlannerError as error:
            log.info("decision %s goes past its run: %s", decision.decision_id, error.message)
        except Exception:
            # The decision is stored; an error of a bookmark must not hold it up.
            log.exception("the run of decision %s failed", decision.decision_id)

"""Runs of territory plans and reviews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from langgraph.graph import StateGraph

from agent.cycle import gather, nodes
from agent.cycle.context import CycleContext
from agent.cycle.state import CycleState
from agent.driving import GraphRuns
from agent.graph import built
from agent.run_events import Progress, RunSummary
from agent.state import keep_all
from domain.errors import Conflict
from domain.plan import Remark

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver


class CycleRuns(GraphRuns[CycleContext]):
    """The runs of territory plans and reviews in one checkpoint file."""

    @classmethod
    def on(cls, checkpointer: BaseCheckpointSaver[Any]) -> CycleRuns:
        """Build the graph on a checkpoint file."""
        return cls(built(StateGraph(CycleState, context_schema=CycleContext), nodes, checkpointer))

    def start(
        self,
        context: CycleContext,
        run_id: str,
        plan_id: str,
        *,
        about: str,
        base_version: int | None = None,
        remarks: tuple[Remark, ...] = (),
        progress: Progress | None = None,
    ) -> RunSummary:
        """Draft a version and bring it to its review; a run that exists is taken up.

        `about` is kept with the run, so that its context can be made again.

        Raises
        ------
        NotFound
            A rep or customer outside the principal's scope.
        ApprovalRequired, NoLaterBook, NothingToPlan, InvalidInput
            There is nothing to plan or to compare; the message says what is missing.
        PlanSuperseded
            `base_version` is not the newest version.
        """
        gather.demand(context)
        side = context.side
        return self._begin(
            context,
            {
                "run_id": run_id,
                "workspace": context.principal.workspace,
                "plan_id": plan_id,
                "account_id": context.customer or "",
                "base_version": base_version,
                "kind": context.kind,
                "quarter": context.quarter.label,
                "reps": sorted(context.reps),
                "about": about,
                "book_id": side.book.book_id,
                "coverage_hash": side.coverage.hash,
                "findings_hash": context.findings_hash,
                "as_of": side.as_of.isoformat(),
                "remarks_digest": keep_all(context, "remarks", remarks) if remarks else "",
                "edited": False,
                "violations": [],
                "rewrites": 0,
                "usage": {"input_tokens": 0, "output_tokens": 0, "cost": None},
            },
            progress,
        )

    def _in_scope(self, context: CycleContext, values: Mapping[str, Any]) -> bool:
        return context.principal.scope.covers_all(values["reps"])

    def _same_subject(self, known: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
        return bool(known["plan_id"] == given["plan_id"])

    def _demand_same_ground(self, context: CycleContext, values: Mapping[str, Any]) -> None:
        if "version" in values:
            # The version is stored: what is left to do reads neither book nor rules.
            return
        side = context.side
        begun = (values["book_id"], values["coverage_hash"], values["findings_hash"])
        if begun != (side.book.book_id, side.coverage.hash, context.findings_hash):
            raise Conflict(
                f"Run {values['run_id']} was begun on another book or coverage model.",
                hint="Draft it again.",
            )

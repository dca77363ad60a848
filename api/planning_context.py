"""Everything a plan run is given, bound to the person it runs for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.context import PlanningContext
from api.reading import Reading
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workspace import Workspace


def planning_context(
    workspace: Workspace,
    principal: Principal,
    reading: Reading,
    *,
    run_id: str | None = None,
    plan_id: str | None = None,
) -> PlanningContext:
    """Bind a reading, the store's records and a writer to one principal.

    What a model uses is noted with `run_id` and `plan_id`.
    """
    from store.records import StoreRecords

    store = workspace.store
    return PlanningContext(
        principal=principal,
        book=reading.book,
        coverage=reading.coverage,
        analyses=reading.analyses,
        findings_hash=reading.findings_hash,
        vocabulary=reading.vocabulary,
        retrieve=store.notes.retriever(principal, reading.book),
        writer=workspace.models.writer(principal, run_id=run_id, plan_id=plan_id),
        records=StoreRecords(store, principal),
    )

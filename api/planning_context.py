"""Everything a plan run is given, bound to the person it runs for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from agent.context import PlanningContext
from api.reading import Reading
from domain.principal import Principal
from domain.question import newest

if TYPE_CHECKING:
    from api.workspace import Workspace
    from domain.book import Book
    from domain.question import QuestionAnswer
    from store.store import Store


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
        answers=partial(_answers, store, principal, reading.book),
        findings_hash=reading.findings_hash,
        vocabulary=reading.vocabulary,
        retrieve=store.notes.retriever(principal, reading.book),
        writer=workspace.models.writer(principal, run_id=run_id, plan_id=plan_id),
        records=StoreRecords(store, principal),
    )


def _answers(
    store: Store, principal: Principal, book: Book, account_id: str
) -> list[QuestionAnswer]:
    return newest(store.questions.of_account(principal, book, account_id))

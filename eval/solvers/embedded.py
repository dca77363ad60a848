"""The product as a solver, without a language model: `python -m eval.solvers.embedded`.

Every ask goes through the same door as a person's: a workspace in a scratch home, acting as
the person named in the ask.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path

from api.settings import Settings
from api.workspace import Workspace
from domain.errors import (
    ApprovalRequired,
    NoLaterBook,
    NoPlanForAccount,
    NotFound,
    NothingToPlan,
    PlannerError,
)
from domain.principal import Principal
from eval.answer import Answer, Statement
from eval.solvers.account_plans import account_plan, revision
from eval.solvers.protocol import Request, serve
from eval.solvers.questions import question
from eval.solvers.reviews import plan_and_import, review
from eval.solvers.scratch import ScratchBooks, import_book, without_model
from eval.solvers.territory_plans import territory_plan
from eval.task import AskKind, Task

REFUSALS = (NotFound, NoPlanForAccount, NothingToPlan, ApprovalRequired, NoLaterBook)
"""What the product says no with for a reason of substance. Anything else is a failure."""

ANSWERS: dict[AskKind, Callable[[Workspace, Principal, Task], Answer]] = {
    "account_plan": account_plan,
    "revision": revision,
    "territory_plan": territory_plan,
    "review": review,
    "question": question,
}


class Product:
    """Answers requests with the product, over workspaces that `books` keeps."""

    def __init__(self, books: ScratchBooks) -> None:
        self._books = books

    def __call__(self, request: Request) -> Answer:
        """Answer one request.

        Raises
        ------
        PlannerError
            When the book cannot be imported or nobody in it is called as the ask says.
        """
        workspace = self.workspace_of(request)
        principal = workspace.principal(request.task.ask.person)
        try:
            return self.answer(workspace, principal, request.task)
        except REFUSALS as refusal:
            return refused(request.task, refusal)

    def answer(self, workspace: Workspace, principal: Principal, task: Task) -> Answer:
        """Answer a task as a person of its book."""
        return ANSWERS[task.ask.kind](workspace, principal, task)

    def workspace_of(self, request: Request) -> Workspace:
        """Return a workspace in which nothing was asked yet."""
        book, later = request.book, request.later_book
        if later is None:
            return self._books.of((book,), lambda workspace: import_book(workspace, book))
        return self._books.of(
            (book, later), lambda workspace: plan_and_import(workspace, book, later)
        )


def refused(task: Task, refusal: PlannerError) -> Answer:
    """Tell a refusal: nothing was found that answers, and why."""
    ask = task.ask
    about = f"account:{ask.account_id}" if ask.account_id else f"rep:{ask.rep_id or ''}"
    why = Statement(key="refused", kind="unknown", about=about, text=refusal.message)
    return Answer(task_id=task.task_id, statements=(why,), abstained=True)


def main(
    settings: Callable[[Path], Settings] = without_model, product: type[Product] = Product
) -> None:
    """Serve until the input ends; scratch homes go, also when the process is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with ScratchBooks(settings) as books:
        serve(product(books))


if __name__ == "__main__":
    main()

"""The product with a writer that lies: `python -m eval.solvers.attacked`.

What its answers are worth is the verifier's doing alone: `eval.adversaries.scripted_writers`
spoils most sentences of a good draft, and orders in notes are obeyed on every second task.
Territory plans, reviews and chat are answered as by `eval.solvers.embedded`.
"""

from __future__ import annotations

import zlib

from agent.context import Writer
from api.model_of import ModelDesk
from api.settings import Settings
from api.workspace import Workspace
from domain.principal import Principal
from eval.adversaries.scripted_writers import Liar, Obedient
from eval.solvers.embedded import Product, main
from eval.solvers.protocol import Request
from eval.task import Task


class MisledDesk(ModelDesk):
    """Hands out a writer that lies or obeys notes, which one by the task's id."""

    def __init__(self, settings: Settings, workspace: Workspace, task: Task) -> None:
        super().__init__(settings, workspace.home, workspace.store)
        self._seed = zlib.crc32(task.task_id.encode())

    def writer(
        self, principal: Principal, *, run_id: str | None = None, plan_id: str | None = None
    ) -> Writer:
        """Return the misleading writer over the product's own."""
        honest = super().writer(principal, run_id=run_id, plan_id=plan_id)
        return Liar(honest, seed=self._seed) if self._seed % 2 else Obedient(honest)


class AttackedProduct(Product):
    """The product whose drafts are spoiled before the verifier sees them."""

    def workspace_of(self, request: Request) -> Workspace:
        """Return a workspace in which plans are drafted by a misleading writer."""
        workspace = super().workspace_of(request)
        workspace.models = MisledDesk(workspace.settings, workspace, request.task)
        return workspace


if __name__ == "__main__":
    main(product=AttackedProduct)

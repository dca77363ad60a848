"""The product under attack, as the gate runs it: `python -m eval.solvers.attacked`.

Tasks whose id ends with `MISLED` are drafted by a writer that lies, slips or obeys notes
(`eval.adversaries.scripted_writers`), and questions about what the asker may not see are
looked up by a model that pries (`eval.chat.models`): what those answers are worth is the
doing of the verifier and of scopes alone. All others are answered as by
`eval.solvers.embedded`.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from agent.context import Writer
from agent.model.protocol import ChatModel
from api.model_of import ModelDesk
from api.settings import Settings
from api.workspace import Workspace
from domain.principal import Principal
from eval.adversaries.scripted_writers import Careless, Liar, Obedient
from eval.chat.models import ScriptedModel, prier
from eval.dataset import Dataset
from eval.solvers.embedded import Product, main
from eval.solvers.protocol import Request

MISLED = "-misled"


def with_misled(dataset: Dataset) -> Dataset:
    """Return a dataset that asks once more what a misleading writer or model could spoil."""
    again = [
        task.model_copy(update={"task_id": task.task_id + MISLED, "twin_of": None})
        for task in dataset.tasks
        if task.ask.kind == "account_plan"
        or (task.ask.kind == "question" and task.family == "confidentiality")
    ]
    keys = {
        task.task_id: dataset.keys[task.task_id.removesuffix(MISLED)].model_copy(
            update={"task_id": task.task_id, "moved": ()}
        )
        for task in again
    }
    return replace(dataset, tasks=(*dataset.tasks, *again), keys={**dataset.keys, **keys})


class MisledDesk(ModelDesk):
    """Hands out a writer that lies, slips or obeys notes, by the task's id; chat pries."""

    def __init__(self, settings: Settings, workspace: Workspace, task_id: str) -> None:
        super().__init__(settings, workspace.home, workspace.store)
        self._seed = zlib.crc32(task_id.encode())

    def writer(
        self, principal: Principal, *, run_id: str | None = None, plan_id: str | None = None
    ) -> Writer:
        """Return the misleading writer over the product's own."""
        honest = super().writer(principal, run_id=run_id, plan_id=plan_id)
        return (
            Liar(honest, seed=self._seed),
            Careless(honest, seed=self._seed),
            Obedient(honest),
        )[self._seed % 3]

    def chat(
        self, principal: Principal, *, run_id: str | None = None, thread_id: str | None = None
    ) -> ChatModel:
        """Return a model that asks for what it was not given."""
        return ScriptedModel(prier)


class AttackedProduct(Product):
    """The product, whose drafts of marked tasks are spoiled before the verifier sees them."""

    def workspace_of(self, request: Request) -> Workspace:
        """Return a workspace in which the task's plan is drafted by whom its id says."""
        workspace = super().workspace_of(request)
        task_id = request.task.task_id
        honest = ModelDesk(workspace.settings, workspace.home, workspace.store)
        misled = MisledDesk(workspace.settings, workspace, task_id)
        workspace.models = misled if task_id.endswith(MISLED) else honest
        return workspace


if __name__ == "__main__":
    main(product=AttackedProduct)

"""The product with a language model as a solver: `python -m eval.solvers.model`.

Any OpenAI-compatible endpoint can be one: `OPENAI_BASE_URL`, `OPENAI_API_KEY`,
`CADASTRE_MODEL` and the other settings of `docs/settings.md` say which and within what limits.
`CADASTRE_PRICE_INPUT` and `CADASTRE_PRICE_OUTPUT`, in US dollars, give the cost.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from api.settings import Settings, read_settings
from api.workspace import Workspace
from domain.errors import ModelUnavailable
from domain.principal import Principal
from eval.answer import Answer, Usage
from eval.solvers.embedded import Product, main
from eval.solvers.protocol import ends_plainly
from eval.task import Task

PROBE = "probe"
"""What asks the endpoint what it understands belongs to no task."""


class ProductWithModel(Product):
    """Answers as the product does, and tells what the model took by the product's record."""

    def answer(self, workspace: Workspace, principal: Principal, task: Task) -> Answer:
        """Answer, with the calls that came on top of those noted before."""
        before = used(workspace, principal)
        answer = super().answer(workspace, principal, task)
        after = used(workspace, principal)
        cost = None if after.cost is None else after.cost - (before.cost or 0)
        took = Usage(
            model=workspace.settings.model or "",
            calls=after.calls - before.calls,
            prompt_tokens=after.prompt_tokens - before.prompt_tokens,
            completion_tokens=after.completion_tokens - before.completion_tokens,
            cost=cost,
        )
        return answer.model_copy(update={"usage": took})


def used(workspace: Workspace, principal: Principal) -> Usage:
    """Return what a person's questions and drafts took this month; cost null without prices."""
    lines = [line for line in workspace.usage(principal, by="kind").lines if line.key != PROBE]
    costs = [Decimal(line.cost) for line in lines if line.cost is not None]
    return Usage(
        calls=sum(line.calls for line in lines),
        prompt_tokens=sum(line.input_tokens for line in lines),
        completion_tokens=sum(line.output_tokens for line in lines),
        cost=sum(costs, Decimal(0)) if costs else None,
    )


def with_model() -> Callable[[Path], Settings]:
    """Return the settings of the environment over any home.

    Raises
    ------
    ModelUnavailable
        When the environment names no endpoint or no model.
    """
    settings = read_settings()
    if not settings.uses_model:
        raise ModelUnavailable(
            "The environment names no model to solve with.",
            hint="Set OPENAI_BASE_URL and CADASTRE_MODEL, or run eval.solvers.embedded.",
        )
    return lambda home: settings.model_copy(update={"home": home})


if __name__ == "__main__":
    with ends_plainly():
        main(with_model(), ProductWithModel)

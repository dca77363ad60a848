"""Everything a plan run is given, bound to the person it runs for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from agent.context import PlanningContext, Writer
from api.reading import Reading
from api.settings import Settings
from domain.errors import InvalidInput
from domain.principal import Principal

if TYPE_CHECKING:
    from api.workspace import Workspace


def planning_context(
    workspace: Workspace, principal: Principal, reading: Reading
) -> PlanningContext:
    """Bind a reading, the store's records and a writer to one principal."""
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
        writer=workspace.writer,
        records=StoreRecords(store, principal),
    )


def writer_of(settings: Settings) -> Writer:
    """Return the writer: a model where endpoint and model are set, the embedded one else.

    Raises
    ------
    InvalidInput
        When the endpoint's address cannot be used.
    """
    from agent.embedded_writer import EmbeddedWriter

    if settings.base_url is None or settings.model is None:
        return EmbeddedWriter()
    from pydantic import ValidationError

    from agent.budget import Budget, Prices
    from agent.model.settings import ModelSettings
    from agent.openai_writer import OpenAIWriter

    prices = None
    if settings.price_input is not None and settings.price_output is not None:
        prices = Prices(input_per_1k=settings.price_input, output_per_1k=settings.price_output)
    try:
        model = ModelSettings(
            base_url=settings.base_url,
            api_key=settings.api_key or SecretStr(""),
            model=settings.model,
            deadline_seconds=settings.model_deadline_seconds,
            max_tokens=settings.model_tokens,
            prices=prices,
            budget=Budget(max_cost=settings.max_cost),
        )
    except ValidationError as error:
        told = "; ".join(f"{item['loc'][0]}: {item['msg']}" for item in error.errors())
        raise InvalidInput(
            f"The model endpoint cannot be used: {told}.",
            hint="Correct OPENAI_BASE_URL, or unset it to draft with the embedded writer.",
        ) from error
    return OpenAIWriter(model, EmbeddedWriter())

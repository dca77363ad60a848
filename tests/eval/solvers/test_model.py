"""The product with a model as a solver, at the endpoint in the repository."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from api.settings import Settings
from domain.errors import ModelUnavailable
from eval.adversaries.model_server import ModelServer, model_server
from eval.adversaries.model_wire import ModelAnswer
from eval.solvers.model import ProductWithModel, with_model
from eval.solvers.protocol import Request
from eval.solvers.scratch import ScratchBooks
from eval.task import Ask, Task
from tests.eval.solvers.small_book import write_book


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
    with model_server(lambda _: ModelAnswer("Nobody on file would know that.")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        monkeypatch.setenv("CADASTRE_MODEL", "test-model")
        monkeypatch.setenv("CADASTRE_PRICE_INPUT", "2")
        monkeypatch.setenv("CADASTRE_PRICE_OUTPUT", "8")
        yield server


def test_a_model_answers_and_what_it_took_is_told(server: ModelServer, tmp_path: Path) -> None:
    ask = Ask(kind="question", person="ana", text="What is the mood at Alder Mills?")
    task = Task(task_id="t-1", family="chat", ask=ask, book="now", cluster="c")
    asked = Request(task=task, book=write_book(tmp_path / "now"))

    with ScratchBooks(with_model()) as books:
        product = ProductWithModel(books)
        answer = product(asked)
        again = product(asked)

    assert [item.text for item in answer.statements if item.kind == "assumption"] == [
        "Nobody on file would know that."
    ]
    assert answer == again
    usage = answer.usage
    assert (usage.model, usage.calls) == ("test-model", 1)
    assert usage.prompt_tokens > 100
    assert usage.completion_tokens > 0
    # Prices are for a thousand tokens.
    assert usage.cost == (2 * usage.prompt_tokens + 8 * usage.completion_tokens) / Decimal(1_000)


def test_without_an_endpoint_there_is_no_such_solver(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL")

    with pytest.raises(ModelUnavailable, match="names no model to solve with"):
        with_model()

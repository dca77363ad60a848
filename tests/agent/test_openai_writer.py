import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from agent.budget import Budget, Prices
from agent.embedded_writer import EmbeddedWriter
from agent.model.settings import ModelSettings
from agent.model_answer import Unfit, read_draft, strict_schema
from agent.openai_writer import OpenAIWriter
from agent.retrying import retry_after
from domain.plan import AccountPlanDraft
from domain.record import canonical_json
from eval.adversaries.scripted_writers import Garbler
from tests.agent.openai_server import KEY, ModelServer, openai_server
from tests.agent.tiny_brief import brief

FELL_BACK = "The model endpoint failed ({}); the embedded writer was used."


@pytest.fixture(scope="module")
def draft() -> AccountPlanDraft:
    """A competent draft: the embedded writer's, with an objective of its own."""
    written = EmbeddedWriter().write(brief()).draft
    return written.model_copy(
        update={"objective": written.objective.model_copy(update={"key": "aim"})}
    )


class Endpoint:
    """A served script and a writer pointed at it; waits are noted, not slept."""

    def __init__(self, server: ModelServer, **settings: Any) -> None:
        self.server = server
        self.waits: list[float] = []
        self.writer = OpenAIWriter(
            ModelSettings(base_url=server.base_url, api_key=KEY, model="test-model", **settings),
            EmbeddedWriter(),
            sleep=self.waits.append,
        )

    def kinds(self) -> list[str]:
        return [
            request.get("response_format", {}).get("type", "text")
            for request in self.server.requests
        ]


@pytest.fixture
def serve(draft: AccountPlanDraft) -> Iterator[Any]:
    open_now = []

    def make(
        *script: str, knows: str = "json_schema", more: Any = None, **settings: Any
    ) -> Endpoint:
        block = openai_server(canonical_json(draft), script or ("ok",), knows=knows, **(more or {}))
        open_now.append(block)
        endpoint = Endpoint(block.__enter__(), **settings)
        open_now.append(endpoint.writer)
        return endpoint

    yield make
    for item in reversed(open_now):
        if isinstance(item, OpenAIWriter):
            item.close()
        else:
            item.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("knows", "kinds"),
    [
        ("json_schema", ["json_schema"]),
        ("json_object", ["json_schema", "json_object"]),
        ("text", ["json_schema", "json_object", "text"]),
    ],
)
def test_the_ladder_ends_on_the_first_rung_the_endpoint_knows_and_stays_there(
    serve: Any, draft: AccountPlanDraft, knows: str, kinds: list[str]
) -> None:
    endpoint = serve(knows=knows)

    first = endpoint.writer.write(brief())
    second = endpoint.writer.write(brief())

    assert first.draft == second.draft == draft
    assert first.note.writer == "model"
    assert first.note.notice == ""
    assert endpoint.kinds() == [*kinds, knows]
    assert endpoint.writer.rung == knows


def test_tokens_cost_model_and_prompt_are_recorded(serve: Any) -> None:
    prices = Prices(input_per_1k=Decimal("0.01"), output_per_1k=Decimal("0.04"))

    note = serve(prices=prices).writer.write(brief()).note

    # 2,000 tokens in at 0.01 a thousand and 500 out at 0.04: 0.02 + 0.02.
    assert (note.input_tokens, note.output_tokens, note.cost) == (2000, 500, "0.04")
    assert (note.model, note.prompt, note.prompt_version) == ("test-model", "account_plan", 1)


def test_retry_after_in_seconds_is_waited_out(serve: Any, draft: AccountPlanDraft) -> None:
    endpoint = serve("429:7", "429:0.5", "ok")

    written = endpoint.writer.write(brief())

    assert written.draft == draft
    assert len(endpoint.waits) == 2
    assert 7 <= endpoint.waits[0] <= 7.1
    assert 0.5 <= endpoint.waits[1] <= 0.6


def test_retry_after_as_a_date_is_waited_out(serve: Any, draft: AccountPlanDraft) -> None:
    endpoint = serve("429-date:20", "ok")

    assert endpoint.writer.write(brief()).draft == draft
    # An HTTP date has whole seconds, so up to one is lost.
    assert 18 <= endpoint.waits[0] <= 20.1


def test_a_wait_longer_than_the_deadline_is_not_begun(serve: Any) -> None:
    endpoint = serve("429:3600", deadline_seconds=30)

    note = endpoint.writer.write(brief()).note

    assert endpoint.waits == []
    assert note.notice == FELL_BACK.format("429 after 1 try")


def test_server_errors_are_retried_and_recovered_from(serve: Any, draft: AccountPlanDraft) -> None:
    endpoint = serve("status:500", "status:503", "bad-json", "ok")

    assert endpoint.writer.write(brief()).draft == draft
    assert len(endpoint.server.requests) == 4


@pytest.mark.parametrize(
    ("behaviour", "reason", "requests"),
    [
        ("429:0", "429 after 3 tries", 3),
        ("status:500", "500 after 3 tries", 3),
        ("status:401", "401 after 1 try", 1),
        ("status:403", "403 after 1 try", 1),
        ("quota", "429, the quota is used up", 1),
        ("html", "the answer was no completion after 3 tries", 3),
        ("no-choices", "the answer was no completion after 3 tries", 3),
        ("bad-json", "the answer was no completion after 3 tries", 3),
        ("length", "the answer was cut at 16000 tokens", 1),
        ("refuse", "the model refused to answer", 1),
        ("cut", "the answer was no plan, nor was its repair", 2),
        ("say:I would rather not.", "the answer was no plan, nor was its repair", 2),
        ("say:[1, 2]", "the answer was no plan, nor was its repair", 2),
        ("redirect:http://127.0.0.1:9/v1", "307 after 1 try", 1),
    ],
)
def test_whatever_goes_wrong_the_embedded_writer_takes_over_and_the_plan_says_so(
    serve: Any, behaviour: str, reason: str, requests: int
) -> None:
    endpoint = serve(behaviour, attempts=3)

    written = endpoint.writer.write(brief())

    assert written.draft == EmbeddedWriter().write(brief()).draft
    assert written.note.writer == "embedded"
    assert written.note.notice == FELL_BACK.format(reason)
    assert len(endpoint.server.requests) == requests


@pytest.mark.parametrize("seed", range(20))
def test_a_garbled_answer_is_a_visible_fallback_and_never_half_a_plan(
    serve: Any, draft: AccountPlanDraft, seed: int
) -> None:
    garbled = Garbler(seed).garble(canonical_json(draft))
    endpoint = serve(f"say:{garbled}", attempts=2)

    written = endpoint.writer.write(brief())

    assert written.draft == EmbeddedWriter().write(brief()).draft
    assert written.note.writer == "embedded"
    assert written.note.notice.startswith("The model endpoint failed (the answer was no ")


@pytest.mark.parametrize("behaviour", ["stall", "drip"])
def test_a_stalling_or_dripping_endpoint_is_left_at_the_deadline(
    serve: Any, behaviour: str
) -> None:
    endpoint = serve(behaviour, more={"stall_seconds": 3.0}, deadline_seconds=0.6)

    note = endpoint.writer.write(brief()).note

    # The endpoint answers well after its stall: who waits for it gets another note.
    assert note.notice == FELL_BACK.format("no answer within 0.6 s")


def test_an_endpoint_that_nobody_serves_is_told_as_no_connection() -> None:
    settings = ModelSettings(base_url="http://127.0.0.1:9/v1", model="m", attempts=2)
    writer = OpenAIWriter(settings, EmbeddedWriter(), sleep=lambda _: None)

    assert writer.write(brief()).note.notice == FELL_BACK.format("no connection after 2 tries")


def test_an_answer_that_does_not_fit_is_repaired_once_with_the_problems_named(
    serve: Any, draft: AccountPlanDraft
) -> None:
    spoilt = json.loads(canonical_json(draft))
    del spoilt["objective"]["key"]
    spoilt["surprise"] = 1
    endpoint = serve(f"say:{json.dumps(spoilt)}", "ok")

    written = endpoint.writer.write(brief())

    assert written.draft == draft
    assert (written.note.input_tokens, written.note.output_tokens) == (4000, 1000)
    repair = endpoint.server.requests[1]["messages"]
    assert [message["role"] for message in repair] == ["system", "user", "assistant", "user"]
    assert '"objective.key: Field required"' in repair[-1]["content"]
    assert '"surprise: Extra inputs are not permitted"' in repair[-1]["content"]


def test_a_newer_model_gets_its_token_limit_under_the_name_it_knows(
    serve: Any, draft: AccountPlanDraft
) -> None:
    endpoint = serve(more={"limit": "max_completion_tokens"})

    assert endpoint.writer.write(brief()).draft == draft
    assert endpoint.writer.write(brief()).draft == draft
    assert endpoint.kinds() == ["json_schema"] * 3


def test_the_key_is_sent_and_appears_nowhere_else(
    serve: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    endpoint = serve("status:401")

    note = endpoint.writer.write(brief()).note

    assert endpoint.server.authorizations == [f"Bearer {KEY}"]
    said = [note.notice, repr(endpoint.writer), repr(vars(endpoint.writer)["_settings"])]
    assert not [text for text in said if KEY in text]
    # The endpoint repeated the key in its error; our own loggers say nothing of it.
    assert not [r for r in caplog.records if r.name.startswith("agent") and KEY in r.getMessage()]


@pytest.mark.parametrize(
    ("budget", "prices", "reason"),
    [
        (Budget(max_prompt_characters=1000), None, "characters and the budget allows 1000"),
        (
            Budget(max_cost=Decimal("0.01")),
            Prices(input_per_1k=Decimal(1), output_per_1k=Decimal(1)),
            "the next call could pass 0.01 a draft",
        ),
    ],
)
def test_a_budget_ends_in_the_embedded_writer_before_anything_is_spent(
    serve: Any, budget: Budget, prices: Prices | None, reason: str
) -> None:
    endpoint = serve(budget=budget, prices=prices)

    note = endpoint.writer.write(brief()).note

    assert reason in note.notice
    assert endpoint.server.requests == []


def test_a_budget_of_calls_counts_retries(serve: Any) -> None:
    endpoint = serve("status:500", budget=Budget(max_calls=2), attempts=4)

    assert "the budget allows 2 calls a draft" in endpoint.writer.write(brief()).note.notice
    assert len(endpoint.server.requests) == 2


def test_one_writer_serves_many_threads(serve: Any, draft: AccountPlanDraft) -> None:
    endpoint = serve(knows="json_object")
    drafts: list[AccountPlanDraft] = []
    threads = [
        threading.Thread(target=lambda: drafts.append(endpoint.writer.write(brief()).draft))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert drafts == [draft] * 6


def test_an_address_with_a_password_in_it_is_refused() -> None:
    with pytest.raises(ValidationError, match="give the key as api_key"):
        ModelSettings(base_url="https://user:secret@models.example/v1", model="m")


def test_the_schema_stays_inside_the_strict_subset() -> None:
    known = {
        "$ref", "$defs", "type", "properties", "required", "additionalProperties", "items",
        "anyOf", "enum", "description",
    }  # fmt: skip

    def walk(node: Any) -> None:
        assert set(node) <= known
        if "$ref" in node:
            assert set(node) == {"$ref"}
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])
        for group in ("properties", "$defs"):
            for child in node.get(group, {}).values():
                walk(child)
        for child in node.get("anyOf", []):
            walk(child)
        if "items" in node:
            walk(node["items"])

    schema = strict_schema(AccountPlanDraft)
    walk(schema)
    assert schema["type"] == "object"


def test_a_property_may_bear_the_name_of_a_keyword() -> None:
    class Odd(BaseModel):
        title: str
        type: str = "x"

    assert strict_schema(Odd)["required"] == ["title", "type"]


@pytest.mark.parametrize(
    "wrapped", ["{}", "```json\n{}\n```", "Plan:\n```\n{}\n```\nDone.", "Sure! {} Bye."]
)
def test_a_draft_is_read_however_it_is_wrapped(draft: AccountPlanDraft, wrapped: str) -> None:
    assert read_draft(wrapped.replace("{}", canonical_json(draft)), "1001") == draft


def test_a_draft_for_another_account_does_not_fit(draft: AccountPlanDraft) -> None:
    with pytest.raises(Unfit, match="account_id: must be 1002"):
        read_draft(canonical_json(draft), "1002")


def test_deeply_nested_nonsense_is_no_draft() -> None:
    with pytest.raises(Unfit):
        read_draft("[" * 100_000, "1001")


def test_a_past_or_unreadable_retry_after_is_no_wait() -> None:
    class Response:
        headers: dict[str, str]

    class FailureError(Exception):
        response = Response()

    error = FailureError()
    now = datetime(2026, 11, 14, tzinfo=UTC)
    for value, seconds in (
        ("Sat, 14 Nov 2026 00:00:30 GMT", 30.0),
        ("Fri, 13 Nov 2026 00:00:00 GMT", 0.0),
        ("-5", 0.0),
        ("soon", None),
        ("", None),
    ):
        error.response.headers = {"retry-after": value}
        assert retry_after(error, now=now) == seconds

"""The writer that asks a language model, over any OpenAI-compatible endpoint.

The only place that calls a model. It asks for a JSON schema, then for a JSON object, then
for JSON in the text, and remembers which of them the endpoint knows. An answer that does
not fit gets one repair. Whatever goes wrong then, another writer takes over and the plan
says so. Nothing of the endpoint's own words gets into a notice, an error or a log: some
endpoints repeat the key they were sent.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from agent.budget import Budget, OverBudget, Prices, Spending
from agent.context import Brief, Writer, Written
from agent.model_answer import CutShort, Refused, Unfit, answer_text, read_draft, strict_schema
from agent.prompting import account_plan_messages, load_prompt, repair_message
from agent.retrying import BadOutput, Deadline, DeadlinePassed, patiently, within
from domain.plan import AccountPlanDraft, WriterNote
from domain.record import Record

if TYPE_CHECKING:
    import openai

Rung = Literal["json_schema", "json_object", "text"]
LADDER: tuple[Rung, ...] = ("json_schema", "json_object", "text")
# A 400 with one of these codes would come on every rung.
_NO_USE_STEPPING_DOWN = frozenset(
    {"context_length_exceeded", "content_filter", "model_not_found", "invalid_api_key"}
)
_NOT_UNDERSTOOD = frozenset({400, 415, 422, 501})


class ModelSettings(Record):
    """Where the model is and what it may cost.

    `deadline_seconds` is the total for one draft, with every retry and repair;
    `attempts` the tries of one request; `max_tokens` the longest answer.
    """

    base_url: str
    api_key: SecretStr = SecretStr("")
    model: str
    deadline_seconds: float = Field(default=120.0, gt=0)
    attempts: int = Field(default=4, ge=1, le=10)
    max_tokens: int = Field(default=16_000, ge=256)
    prices: Prices | None = None
    budget: Budget = Budget()

    @field_validator("base_url")
    @classmethod
    def _http_without_secrets(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an http or https address")
        if parts.username or parts.password:
            raise ValueError("must hold no user name or password; give the key as api_key")
        return url


@dataclass
class _Draft:
    """One draft under way."""

    deadline: Deadline
    spending: Spending
    tries: int = 0
    last_error: BaseException | None = field(default=None, repr=False)


class OpenAIWriter:
    """Drafts with a model; falls back, visibly. Implements `agent.context.Writer`.

    Keep one: it holds a connection pool and remembers what the endpoint understands.
    Safe to call from several threads.
    """

    def __init__(
        self,
        settings: ModelSettings,
        fallback: Writer,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._fallback = fallback
        self._sleep = sleep
        self._guard = threading.Lock()
        self._client: openai.OpenAI | None = None
        self._rung: Rung = LADDER[0]
        self._limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"

    @property
    def rung(self) -> Rung:
        """The highest rung of the ladder that the endpoint is thought to understand."""
        return self._rung

    def write(self, brief: Brief) -> Written:
        """Draft an account plan; never raises because of the endpoint."""
        settings = self._settings
        work = _Draft(
            Deadline(settings.deadline_seconds),
            Spending(settings.budget, settings.prices, settings.max_tokens),
        )
        try:
            draft = self._drafted(brief, work)
        except Exception as error:
            reason = _in_words(error, work, settings)
            if reason is None:
                raise
            return self._fall_back(brief, work, reason)
        prompt = load_prompt("account_plan")
        return Written(
            draft,
            WriterNote(
                writer="model",
                model=settings.model,
                prompt=prompt.name,
                prompt_version=prompt.version,
                input_tokens=work.spending.input_tokens,
                output_tokens=work.spending.output_tokens,
                cost=work.spending.cost,
            ),
        )

    def close(self) -> None:
        """Close the connections."""
        with self._guard:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _fall_back(self, brief: Brief, work: _Draft, reason: str) -> Written:
        written = self._fallback.write(brief)
        notice = f"The model endpoint failed ({reason}); the embedded writer was used."
        return Written(
            written.draft,
            written.note.model_copy(
                update={
                    "notice": " ".join(filter(None, (notice, written.note.notice))),
                    "input_tokens": work.spending.input_tokens,
                    "output_tokens": work.spending.output_tokens,
                    "cost": work.spending.cost,
                }
            ),
        )

    def _drafted(self, brief: Brief, work: _Draft) -> AccountPlanDraft:
        messages = account_plan_messages(brief)
        text = self._ask(messages, work)
        try:
            return read_draft(text, brief.account_id)
        except Unfit as unfit:
            again = [
                *messages,
                {"role": "assistant", "content": text},
                {"role": "user", "content": repair_message(unfit.problems)},
            ]
        return read_draft(self._ask(again, work), brief.account_id)

    def _ask(self, messages: list[dict[str, str]], work: _Draft) -> str:
        """Send one request, stepping down the ladder where the endpoint does not follow."""
        import openai

        for rung in LADDER[LADDER.index(self._rung) :]:
            try:
                text = self._try(messages, rung, work)
            except openai.APIStatusError as error:
                if not _not_understood(error) or rung == LADDER[-1]:
                    raise
                continue
            with self._guard:
                self._rung = rung
            return text
        raise AssertionError("the last rung returns or raises")

    def _try(self, messages: list[dict[str, str]], rung: Rung, work: _Draft) -> str:
        """Send one request on one rung, under the one retry policy."""
        import openai

        work.tries = 0
        try:
            return patiently(work.deadline, self._settings.attempts, sleep=self._sleep)(
                self._once, messages, rung, work
            )
        except openai.BadRequestError as error:
            if self._limit == "max_tokens" and "max_completion_tokens" in str(error):
                # Newer models take the limit under another name only.
                self._limit = "max_completion_tokens"
                return self._try(messages, rung, work)
            raise

    def _once(self, messages: list[dict[str, str]], rung: Rung, work: _Draft) -> str:
        left = work.deadline.remaining()
        if left <= 0:
            raise DeadlinePassed
        work.spending.before_call(messages)
        work.tries += 1
        client = self._connected()
        request: dict[str, Any] = {
            "model": self._settings.model,
            "messages": messages,
            self._limit: self._settings.max_tokens,
            **_response_format(rung),
        }
        try:
            completion = within(
                work.deadline,
                lambda: client.chat.completions.create(**request, timeout=left),
                give_up=self.close,
            )
        except Exception as error:
            if not isinstance(error, DeadlinePassed):
                work.last_error = error
            raise
        work.spending.after_call(getattr(completion, "usage", None))
        try:
            return answer_text(completion)
        except BadOutput as error:
            work.last_error = error
            raise

    def _connected(self) -> openai.OpenAI:
        import openai

        with self._guard:
            if self._client is None:
                self._client = openai.OpenAI(
                    api_key=self._settings.api_key.get_secret_value() or "none",
                    base_url=self._settings.base_url,
                    max_retries=0,
                    # A redirect would carry the prompt to a host nobody configured.
                    http_client=openai.DefaultHttpxClient(follow_redirects=False),
                )
            return self._client


def _response_format(rung: Rung) -> dict[str, Any]:
    if rung == "json_schema":
        schema = strict_schema(AccountPlanDraft)
        wanted = {"name": "account_plan", "strict": True, "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": wanted}}
    if rung == "json_object":
        return {"response_format": {"type": "json_object"}}
    return {}


def _not_understood(error: openai.APIStatusError) -> bool:
    return error.status_code in _NOT_UNDERSTOOD and error.code not in _NO_USE_STEPPING_DOWN


def _in_words(error: BaseException, work: _Draft, settings: ModelSettings) -> str | None:
    """Say why the model gave no draft, in our words; None for a fault of our own."""
    import openai

    tries = f"after {work.tries} {'try' if work.tries == 1 else 'tries'}"
    if isinstance(error, openai.APITimeoutError | DeadlinePassed):
        status = getattr(work.last_error, "status_code", None)
        said = f"; the last answer was {status}" if status is not None else ""
        return f"no answer within {settings.deadline_seconds:g} s{said}"
    if isinstance(error, openai.RateLimitError) and error.code == "insufficient_quota":
        return "429, the quota is used up"
    if isinstance(error, openai.APIStatusError):
        return f"{error.status_code} {tries}"
    if isinstance(error, openai.APIConnectionError):
        return f"no connection {tries}"
    if isinstance(error, Refused):
        return "the model refused to answer"
    if isinstance(error, CutShort):
        return f"the answer was cut at {settings.max_tokens} tokens"
    if isinstance(error, Unfit):
        return "the answer was no plan, nor was its repair"
    if isinstance(error, OverBudget):
        return str(error)
    if isinstance(error, BadOutput | ValueError | openai.OpenAIError):
        return f"the answer was no completion {tries}"
    return None

"""The writer that asks a language model, over any OpenAI-compatible endpoint.

It asks for a JSON schema, then for a JSON object, then for JSON in the text. An answer
that does not fit gets one repair. Whatever goes wrong then, another writer takes over and
the plan says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from agent.budget import Spending
from agent.context import Brief, Writer, Written
from agent.model.capabilities import Rung
from agent.model.client import OpenAIClient
from agent.model.settings import ModelSettings
from agent.model.usage import NoRecorder, Recorder
from agent.model.work import Work, in_words
from agent.model_answer import Unfit, read_draft, strict_schema
from agent.prompting import account_plan_messages, load_prompt, repair_message
from agent.retrying import Deadline
from domain.plan import AccountPlanDraft, WriterNote

PROMPT = "account_plan"


class OpenAIWriter:
    """Drafts with a model; falls back, visibly. Implements `agent.context.Writer`.

    Keep one, or one client: that holds a connection pool and remembers what the endpoint
    understands. Safe to call from several threads.
    """

    def __init__(
        self,
        settings: ModelSettings,
        fallback: Writer,
        *,
        client: OpenAIClient | None = None,
        recorder: Recorder | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._fallback = fallback
        self._client = client or OpenAIClient(settings, sleep=sleep)
        self._recorder: Recorder = recorder or NoRecorder()

    @property
    def rung(self) -> Rung:
        """The highest rung of the ladder that the endpoint is thought to understand."""
        return self._client.known.found.rung

    def recording(self, recorder: Recorder) -> OpenAIWriter:
        """Return a writer on the same client that notes its calls with `recorder`."""
        return OpenAIWriter(self._settings, self._fallback, client=self._client, recorder=recorder)

    def write(self, brief: Brief) -> Written:
        """Draft an account plan; never raises because of the endpoint."""
        settings = self._settings
        work = Work(
            Deadline(settings.deadline_seconds),
            Spending(settings.budget, settings.prices, settings.max_tokens),
            PROMPT,
            self._recorder,
        )
        try:
            draft = self._drafted(brief, work)
        except Unfit:
            return self._fall_back(brief, work, "the answer was no plan, nor was its repair")
        except Exception as error:
            reason = in_words(error, work, settings)
            if reason is None:
                raise
            return self._fall_back(brief, work, reason)
        prompt = load_prompt(PROMPT)
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
        self._client.close()

    def _fall_back(self, brief: Brief, work: Work, reason: str) -> Written:
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

    def _drafted(self, brief: Brief, work: Work) -> AccountPlanDraft:
        messages = account_plan_messages(brief)
        text = self._client.text(messages, _formats(), work)
        try:
            return read_draft(text, brief.account_id)
        except Unfit as unfit:
            again = [
                *messages,
                {"role": "assistant", "content": text},
                {"role": "user", "content": repair_message(unfit.problems)},
            ]
        return read_draft(self._client.text(again, _formats(), work), brief.account_id)


@cache
def _formats() -> Mapping[Rung, Mapping[str, Any]]:
    """Return what each rung of the ladder adds to a request."""
    schema = {"name": PROMPT, "strict": True, "schema": strict_schema(AccountPlanDraft)}
    return {
        "json_schema": {"response_format": {"type": "json_schema", "json_schema": schema}},
        "json_object": {"response_format": {"type": "json_object"}},
        "text": {},
    }

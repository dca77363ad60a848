"""The writer that asks a language model, over any OpenAI-compatible endpoint.

Where the model gives no draft that can be used, another writer takes over and the plan
says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from agent.context import Brief, Writer, Written
from agent.model.capabilities import Rung
from agent.model.client import OpenAIClient
from agent.model.settings import ModelSettings
from agent.model.usage import NoRecorder, Recorder
from agent.model_answer import read_draft
from agent.model_drafting import ask_for_draft
from agent.prompting import account_plan_messages
from domain.plan import AccountPlanDraft

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
        asked = ask_for_draft(
            self._client,
            PROMPT,
            account_plan_messages(brief),
            AccountPlanDraft,
            lambda text: read_draft(text, brief.account_id),
            self._recorder,
        )
        if asked.draft is not None:
            return Written(asked.draft, asked.note)
        written = self._fallback.write(brief)
        notice = " ".join(filter(None, (asked.note.notice, written.note.notice)))
        spent = asked.note.model_dump(include={"input_tokens", "output_tokens", "cost"})
        return Written(written.draft, written.note.model_copy(update={**spent, "notice": notice}))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

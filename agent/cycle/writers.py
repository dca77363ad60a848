"""Two writers of a quarter's sentences: our own, and a model that words the opening."""

from __future__ import annotations

from agent.cycle.context import CycleBrief, CycleWritten
from agent.cycle.prompting import PROMPT, quarter_messages
from agent.model.client import OpenAIClient
from agent.model.usage import Recorder
from agent.model_answer import read_answer
from agent.model_drafting import ask_for_draft
from domain.cycle import CycleDraft
from domain.plan import WriterNote


class EmbeddedCycleWriter:
    """Says what the analyses found and nothing else. Implements `CycleWriter`."""

    def write(self, brief: CycleBrief) -> CycleWritten:
        """Return the brief's own sentences."""
        return CycleWritten(brief.own, WriterNote(writer="embedded"))


class ModelCycleWriter:
    """Has a model word the opening; falls back, visibly. Implements `CycleWriter`."""

    def __init__(self, client: OpenAIClient, recorder: Recorder | None = None) -> None:
        self._client = client
        self._recorder = recorder

    def write(self, brief: CycleBrief) -> CycleWritten:
        """Ask for sentences; never raises because of the endpoint."""
        asked = ask_for_draft(
            self._client,
            PROMPT,
            quarter_messages(brief),
            CycleDraft,
            lambda text: read_answer(text, CycleDraft),
            self._recorder,
        )
        return CycleWritten(asked.draft if asked.draft is not None else brief.own, asked.note)

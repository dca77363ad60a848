"""The model of a workspace: one client for drafts and chat, what is known of it, its limits."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import SecretStr, ValidationError

from agent.model.capabilities import Capabilities, Known
from api.settings import Settings
from api.usage import MonthLimits, StoreRecorder
from domain.errors import InvalidInput, ModelUnavailable
from domain.principal import Principal
from domain.record import Record, content_hash

if TYPE_CHECKING:
    from agent.budget import Prices
    from agent.chat.context import ChatLimits
    from agent.context import Writer
    from agent.cycle.context import CycleWriter
    from agent.model.client import OpenAIClient
    from agent.model.protocol import ChatModel
    from agent.model.settings import ModelSettings
    from store.home import Home
    from store.store import Store
    from store.usage import UsageKind

log = logging.getLogger(__name__)
STALE_AFTER = timedelta(days=1)


class KeptKnowledge(Record):
    """What is known of the endpoint, as the home keeps it.

    `of` names endpoint and model by a hash: it holds for no other. `since` is when the
    oldest of it was found out, `probed` whether that was by a probe.
    """

    of: str
    since: datetime
    probed: bool
    found: Capabilities


class ModelDesk:
    """What drafts and chats ask, where a model is set. Kept by the workspace.

    What the endpoint is found to understand, by a probe or by use, is kept in the home for
    a day, so that a restart need not find it out again.
    """

    def __init__(self, settings: Settings, home: Home, store: Store) -> None:
        self._settings = settings
        self._home = home
        self._store = store

    @cached_property
    def client(self) -> OpenAIClient | None:
        """The one client; None where no model is set.

        Raises
        ------
        InvalidInput
            When the endpoint's address cannot be used.
        """
        settings = model_settings(self._settings)
        if settings is None:
            return None
        from agent.model.client import OpenAIClient

        kept = self.knowledge()
        known = Known(kept.found if kept is not None else None, keep=self._keep)
        return OpenAIClient(settings, known=known)

    @cached_property
    def _fallback_writer(self) -> Writer:
        from agent.embedded_writer import EmbeddedWriter

        return EmbeddedWriter()

    def writer(
        self, principal: Principal, *, run_id: str | None = None, plan_id: str | None = None
    ) -> Writer:
        """Return what drafts for a person; its model calls are noted with run and plan."""
        client = self.client
        if client is None:
            return self._fallback_writer
        from agent.openai_writer import OpenAIWriter

        recorder = self._recorder(principal, "plan", run_id=run_id, plan_id=plan_id)
        return OpenAIWriter(
            client.settings, self._fallback_writer, client=client, recorder=recorder
        )

    def cycle_writer(
        self, principal: Principal, *, run_id: str | None = None, plan_id: str | None = None
    ) -> CycleWriter:
        """Return what words territory plans and reviews for a person."""
        from agent.cycle.writers import EmbeddedCycleWriter, ModelCycleWriter

        client = self.client
        if client is None:
            return EmbeddedCycleWriter()
        recorder = self._recorder(principal, "plan", run_id=run_id, plan_id=plan_id)
        return ModelCycleWriter(client, recorder)

    def chat(
        self, principal: Principal, *, run_id: str | None = None, thread_id: str | None = None
    ) -> ChatModel | None:
        """Return the model of one chat turn; None where no model is set."""
        client = self.client
        if client is None:
            return None
        from agent.model.chat import OpenAIChat

        recorder = self._recorder(principal, "chat", run_id=run_id, thread_id=thread_id)
        return OpenAIChat(client, recorder)

    @property
    def limits(self) -> ChatLimits:
        """What one chat turn may use."""
        return chat_limits(self._settings)

    def probe(self, principal: Principal) -> Capabilities:
        """Ask the endpoint what it understands, and keep the answer.

        Raises
        ------
        ModelUnavailable
            When no model is set, it gives no answer, or the month's limit is reached.
        """
        client = self.client
        if client is None:
            raise ModelUnavailable(
                "No model is set.", hint="Set OPENAI_BASE_URL and CADASTRE_MODEL."
            )
        from agent.budget import OverBudget
        from agent.model.probe import probe
        from agent.model.protocol import ModelFailed

        try:
            found = probe(client, self._recorder(principal, "probe"))
        except ModelFailed as failed:
            raise ModelUnavailable(
                f"The model endpoint gave no answer: {failed}.",
                hint="Check OPENAI_BASE_URL, OPENAI_API_KEY and CADASTRE_MODEL.",
            ) from None
        except OverBudget as over:
            raise ModelUnavailable(f"The model was not asked: {over}.") from None
        self._write(found, probed=True, since=self._store.clock())
        return found

    def knowledge(self) -> KeptKnowledge | None:
        """Return what the home keeps of this endpoint; None when nothing, or it is stale."""
        try:
            kept = KeptKnowledge.model_validate_json(self._home.model_file.read_bytes())
        except (OSError, ValidationError):
            return None
        age = self._store.clock() - kept.since
        fresh = timedelta(0) <= age <= STALE_AFTER
        return kept if fresh and kept.of == self._of() else None

    def warm(self) -> None:
        """Load the client's library in the background: it costs the first answer a second."""
        if not self._settings.uses_model:
            return

        def load() -> None:
            try:
                client = self.client
                if client is not None:
                    client.connection.connected()
            except InvalidInput:
                pass  # told where the model is first needed

        threading.Thread(target=load, name="model client", daemon=True).start()

    def close(self) -> None:
        """Close the connections."""
        client = self.__dict__.get("client")
        if client is not None:
            client.close()

    def _keep(self, found: Capabilities) -> None:
        kept = self.knowledge()
        since = kept.since if kept is not None else self._store.clock()
        self._write(found, probed=kept is not None and kept.probed, since=since)

    def _write(self, found: Capabilities, *, probed: bool, since: datetime) -> None:
        from store.home import write_whole

        kept = KeptKnowledge(of=self._of(), since=since, probed=probed, found=found)
        try:
            write_whole(self._home.model_file, kept.model_dump_json().encode())
        except OSError:
            # It is found out again; a draft must not fail for it.
            log.warning("what is known of the model endpoint could not be kept")

    def _of(self) -> str:
        return content_hash([self._settings.base_url or "", self._settings.model or ""])

    def _recorder(
        self,
        principal: Principal,
        kind: UsageKind,
        *,
        run_id: str | None = None,
        thread_id: str | None = None,
        plan_id: str | None = None,
    ) -> StoreRecorder:
        return StoreRecorder(
            self._store,
            principal,
            kind,
            MonthLimits(self._settings.monthly_tokens, self._settings.monthly_cost),
            run_id=run_id,
            thread_id=thread_id,
            plan_id=plan_id,
        )


def model_settings(settings: Settings) -> ModelSettings | None:
    """Return where the model is; None where endpoint or model is not set.

    Raises
    ------
    InvalidInput
        When the endpoint's address cannot be used.
    """
    if settings.base_url is None or settings.model is None:
        return None
    from agent.budget import Budget
    from agent.model.settings import ModelSettings

    try:
        return ModelSettings(
            base_url=settings.base_url,
            api_key=settings.api_key or SecretStr(""),
            model=settings.model,
            deadline_seconds=settings.model_deadline_seconds,
            max_tokens=settings.model_tokens,
            prices=prices_of(settings),
            budget=Budget(max_cost=settings.max_cost),
        )
    except ValidationError as error:
        told = "; ".join(f"{item['loc'][0]}: {item['msg']}" for item in error.errors())
        raise InvalidInput(
            f"The model endpoint cannot be used: {told}.",
            hint="Correct OPENAI_BASE_URL, or unset it to draft with the embedded writer.",
        ) from error


def chat_limits(settings: Settings) -> ChatLimits:
    """Return what one chat turn may use; retries count as calls, so twice as many are allowed."""
    from agent.budget import Budget
    from agent.chat.context import ChatLimits

    return ChatLimits(
        model_calls=settings.chat_calls,
        seconds=settings.chat_seconds,
        answer_tokens=settings.chat_tokens,
        budget=Budget(max_calls=2 * settings.chat_calls, max_cost=settings.max_cost),
        prices=prices_of(settings),
    )


def prices_of(settings: Settings) -> Prices | None:
    """Return the prices; None unless both are set."""
    if settings.price_input is None or settings.price_output is None:
        return None
    from agent.budget import Prices

    return Prices(input_per_1k=settings.price_input, output_per_1k=settings.price_output)

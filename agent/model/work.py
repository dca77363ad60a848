"""One piece of work with a model endpoint, and why it came to nothing, in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.budget import OverBudget, Spending
from agent.model.flight import Stopped
from agent.model.protocol import ModelFailed
from agent.model.settings import ModelSettings
from agent.model.usage import NoRecorder, Recorder, Tokens, Used, tokens_of_request, tokens_used
from agent.model_answer import CutShort, Refused
from agent.prompting import load_prompt
from agent.retrying import BadOutput, Deadline, DeadlinePassed, EndpointError

if TYPE_CHECKING:
    import openai

# A 400 with one of these codes would come however the request was put.
_NO_USE_STEPPING_DOWN = frozenset(
    {"context_length_exceeded", "content_filter", "model_not_found", "invalid_api_key"}
)
_NOT_UNDERSTOOD = frozenset({400, 415, 422, 501})


class NoTools(EndpointError):
    """The endpoint takes no tools."""


def never() -> bool:
    """Nobody stops this work."""
    return False


@dataclass
class Work:
    """A draft with its repair, or one reply of a chat: its time, money and tries."""

    deadline: Deadline
    spending: Spending
    prompt: str
    recorder: Recorder = field(default_factory=NoRecorder)
    stopped: Callable[[], bool] = never
    tries: int = 0
    last_error: BaseException | None = field(default=None, repr=False)

    def before_call(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]
    ) -> None:
        """Count a call about to be made.

        Raises
        ------
        DeadlinePassed
            When no time is left.
        OverBudget
            When a limit of this work or of the month could be passed.
        """
        if self.deadline.remaining() <= 0:
            raise DeadlinePassed
        prices = self.spending.prices
        asked, said = tokens_of_request(messages, tools), self.spending.max_tokens
        self.recorder.before_call(asked + said, prices.of(asked, said) if prices else None)
        self.spending.before_call(messages, tools)
        self.tries += 1

    def after_call(
        self,
        usage: Any,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        answer: str,
        model: str,
    ) -> None:
        """Count what a call used, by the endpoint's figures or by an estimate."""
        tokens: Tokens = tokens_used(usage, messages, tools, answer)
        self.spending.after_call(tokens)
        self.recorder.used(
            Used(
                model=model,
                prompt=self.prompt,
                prompt_version=load_prompt(self.prompt).version if self.prompt else 0,
                input_tokens=tokens.prompt_tokens,
                output_tokens=tokens.completion_tokens,
                estimated=tokens.estimated,
                cost=tokens.cost(self.spending.prices),
            )
        )


def not_understood(error: openai.APIStatusError) -> bool:
    """Say whether a request could be understood if it were put more plainly."""
    return error.status_code in _NOT_UNDERSTOOD and error.code not in _NO_USE_STEPPING_DOWN


def in_words(error: BaseException, work: Work, settings: ModelSettings) -> str | None:
    """Say why the model gave no answer, in our words; None for a fault of our own."""
    import openai

    tries = f"after {work.tries} {'try' if work.tries == 1 else 'tries'}"
    if isinstance(error, openai.APITimeoutError | DeadlinePassed):
        status = getattr(work.last_error, "status_code", None)
        said = f"; the last answer was {status}" if status is not None else ""
        return f"no answer within {work.deadline.seconds:g} s{said}"
    if isinstance(error, openai.RateLimitError) and error.code == "insufficient_quota":
        return "429, the quota is used up"
    if isinstance(error, openai.APIStatusError):
        return f"{error.status_code} {tries}"
    if isinstance(error, openai.APIConnectionError):
        return f"no connection {tries}"
    if isinstance(error, Refused):
        return "the model refused to answer"
    if isinstance(error, CutShort):
        return f"the answer was cut at {work.spending.max_tokens} tokens"
    if isinstance(error, NoTools):
        return f"the endpoint takes no tools with {settings.model}"
    if isinstance(error, OverBudget | ModelFailed):
        return str(error)
    if isinstance(error, Stopped):
        return "it was stopped"
    if isinstance(error, BadOutput | ValueError | openai.OpenAIError):
        return f"the answer was no completion {tries}"
    return None


@contextmanager
def told_plainly(work: Work, settings: ModelSettings) -> Iterator[None]:
    """Turn what goes wrong with the endpoint into `ModelFailed`; OverBudget passes as it is."""
    try:
        yield
    except OverBudget:
        raise
    except Exception as error:
        reason = in_words(error, work, settings)
        if reason is None:
            raise
        raise ModelFailed(reason) from None

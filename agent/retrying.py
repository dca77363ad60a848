"""The one retry policy: which failures of a model endpoint are worth another try, and when.

The client is built with `max_retries=0` and no graph node has a policy of its own, since
layers of retries multiply.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenacity import RetryCallState, Retrying

WORTH_A_RETRY = frozenset({408, 409, 429, 500, 502, 503, 504, 529})


class EndpointError(Exception):
    """Base of what goes wrong between us and a model endpoint; never leaves `agent`."""


class BadOutput(EndpointError):
    """The endpoint answered, but not with a completion: HTML, no choices, cut JSON."""


class DeadlinePassed(EndpointError):
    """The time for the whole draft or answer is over."""


@dataclass(frozen=True)
class Deadline:
    """A total time, counted from when it was made. A slow drip of bytes does not stretch it."""

    seconds: float
    began: float = field(default_factory=time.monotonic)

    def remaining(self) -> float:
        """Seconds left, not below 0."""
        return max(0.0, self.began + self.seconds - time.monotonic())


def retryable(error: BaseException) -> bool:
    """Say whether the same request could succeed a little later."""
    import openai

    if isinstance(error, openai.RateLimitError):
        return error.code != "insufficient_quota"
    if isinstance(error, openai.APIStatusError):
        return error.status_code in WORTH_A_RETRY
    return isinstance(
        error,
        openai.APIConnectionError
        | openai.APIResponseValidationError
        | json.JSONDecodeError
        | UnicodeDecodeError
        | BadOutput,
    )


def retry_after(error: BaseException | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds the endpoint asked us to wait, or None when it named none.

    `Retry-After` holds seconds or an HTTP date; a past date is no wait.
    """
    response = getattr(error, "response", None)
    value = response.headers.get("retry-after") if response is not None else None
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def patiently(
    deadline: Deadline, attempts: int, *, sleep: Callable[[float], None] = time.sleep
) -> Retrying:
    """Return the retry policy: up to `attempts` tries, none of them begun past `deadline`.

    A wait that the endpoint asks for wins over our own; one longer than what is left of
    the deadline ends the tries at once.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    tried_enough = stop_after_attempt(attempts)

    def stop(state: RetryCallState) -> bool:
        return tried_enough(state) or state.upcoming_sleep >= deadline.remaining()

    return Retrying(
        stop=stop,
        wait=_wait,
        retry=retry_if_exception(retryable),
        sleep=sleep,
        reraise=True,
    )


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = retry_after(error)
    if asked is not None:
        return asked + random.uniform(0, 0.1)  # noqa: S311
    backoff: float = min(8.0, 0.5 * 2.0 ** (state.attempt_number - 1))
    return backoff * random.uniform(0.5, 1)  # noqa: S311

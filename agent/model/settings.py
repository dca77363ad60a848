"""Where the model is and what it may cost."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from agent.budget import Budget, Prices
from domain.record import Record


class ModelSettings(Record):
    """Where the model is and what it may cost.

    `deadline_seconds` is the total for one draft, with every retry and repair;
    `attempts` the tries of one request; `max_tokens` the longest answer of a draft.
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

"""Where things are and which model may be asked, from the environment, read once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import InvalidInput


class Settings(BaseSettings):
    """Every setting; `docs/settings.md` lists them. A blank value counts as unset."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = Field(Path(".cadastre"), validation_alias="CADASTRE_HOME")
    port: int = Field(8000, ge=1, le=65535, validation_alias="CADASTRE_PORT")
    base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")
    api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    model: str | None = Field(None, validation_alias="CADASTRE_MODEL")
    model_deadline_seconds: float = Field(
        120.0, gt=0, le=900, validation_alias="CADASTRE_MODEL_DEADLINE"
    )
    model_tokens: int = Field(16_000, ge=256, validation_alias="CADASTRE_MODEL_TOKENS")
    price_input: Decimal | None = Field(None, ge=0, validation_alias="CADASTRE_PRICE_INPUT")
    price_output: Decimal | None = Field(None, ge=0, validation_alias="CADASTRE_PRICE_OUTPUT")
    max_cost: Decimal | None = Field(None, ge=0, validation_alias="CADASTRE_MAX_COST")
    chat_runs_a_day: int = Field(2_000, ge=1, validation_alias="CADASTRE_CHAT_RUNS_A_DAY")
    keep_events_days: int = Field(30, ge=0, validation_alias="CADASTRE_KEEP_EVENTS_DAYS")
    keep_threads_days: int | None = Field(None, ge=1, validation_alias="CADASTRE_KEEP_THREADS_DAYS")
    monthly_cost: Decimal | None = Field(None, ge=0, validation_alias="CADASTRE_MONTHLY_COST")
    monthly_tokens: int | None = Field(None, ge=0, validation_alias="CADASTRE_MONTHLY_TOKENS")
    chat_calls: int = Field(6, ge=1, le=20, validation_alias="CADASTRE_CHAT_CALLS")
    chat_seconds: float = Field(120.0, gt=0, le=900, validation_alias="CADASTRE_CHAT_SECONDS")
    chat_tokens: int = Field(2_000, ge=256, validation_alias="CADASTRE_CHAT_TOKENS")

    @property
    def uses_model(self) -> bool:
        """Say whether drafts go to a model: only when endpoint and model are both set."""
        return self.base_url is not None and self.model is not None


def read_settings(**overrides: object) -> Settings:
    """Read the environment once; `overrides` (by field name) win over it.

    Raises
    ------
    InvalidInput
        When a variable holds a value that cannot be used; the message names it.
    """
    given = {
        str(Settings.model_fields[name].validation_alias): value
        for name, value in overrides.items()
        if value is not None
    }
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [f"{item['loc'][0]} = {item['input']!r}: {item['msg']}" for item in error.errors()]
        raise InvalidInput(
            "The environment holds settings that cannot be used: " + "; ".join(lines) + ".",
            hint="Correct or unset them; docs/settings.md lists every setting.",
        ) from error
    if settings.monthly_cost is not None and None in (settings.price_input, settings.price_output):
        raise InvalidInput(
            "CADASTRE_MONTHLY_COST limits what models cost, and no cost is known without prices.",
            hint="Set CADASTRE_PRICE_INPUT and CADASTRE_PRICE_OUTPUT, or limit tokens with "
            "CADASTRE_MONTHLY_TOKENS.",
        )
    return settings

"""Settings: what counts as set, what is refused, and that each is documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.model_of import chat_limits, model_settings
from api.settings import Settings, read_settings
from domain.errors import InvalidInput

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_with_its_default() -> None:
    page = PAGE.read_text(encoding="utf-8")

    for field in Settings.model_fields.values():
        row = next(
            (
                line
                for line in page.splitlines()
                if line.startswith(f"| `{field.validation_alias}`")
            ),
            None,
        )
        assert row is not None, f"{field.validation_alias} is not in docs/settings.md"
        shown = row.split("|")[2].strip().strip("`")
        expected = "unset" if field.default is None else str(field.default).removesuffix(".0")
        assert shown == expected, field.validation_alias


def test_a_model_is_used_only_when_endpoint_and_model_are_both_set() -> None:
    assert not read_settings().uses_model
    assert not read_settings(base_url="http://127.0.0.1:9/v1").uses_model
    assert not read_settings(model="small").uses_model
    assert read_settings(base_url="http://127.0.0.1:9/v1", model="small").uses_model


def test_a_blank_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    monkeypatch.setenv("CADASTRE_PORT", "")

    assert read_settings().base_url is None
    assert read_settings().port == 8000


def test_the_variable_home_of_the_shell_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere/else")

    assert read_settings().home == Path(".cadastre")


def test_a_wrong_value_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CADASTRE_PORT", "eighty")

    with pytest.raises(InvalidInput, match="CADASTRE_PORT = 'eighty'"):
        read_settings()


def test_the_key_shows_in_no_printed_form() -> None:
    settings = read_settings(api_key="sk-very-secret")

    assert "very-secret" not in f"{settings} {settings!r} {settings.model_dump_json()}"


def test_an_endpoint_that_cannot_be_used_says_what_to_correct() -> None:
    with pytest.raises(InvalidInput, match="base_url") as raised:
        model_settings(read_settings(base_url="ftp://host/v1", model="small"))

    assert "OPENAI_BASE_URL" in raised.value.hint


def test_a_limit_on_cost_without_prices_is_refused_rather_than_ignored() -> None:
    with pytest.raises(InvalidInput, match="CADASTRE_MONTHLY_COST") as raised:
        read_settings(monthly_cost=50, price_input=1)

    assert "CADASTRE_PRICE_OUTPUT" in raised.value.hint
    assert read_settings(monthly_cost=50, price_input=1, price_output=2).monthly_cost == 50
    assert read_settings(monthly_tokens=1_000).monthly_tokens == 1_000


def test_the_limits_of_a_chat_turn_come_from_the_settings() -> None:
    limits = chat_limits(
        read_settings(
            chat_calls=3,
            chat_seconds=20,
            chat_tokens=500,
            max_cost=2,
            price_input=1,
            price_output=2,
        )
    )

    assert (limits.model_calls, limits.seconds, limits.answer_tokens) == (3, 20, 500)
    # Three answers, each of which may take one more try.
    assert (limits.budget.max_calls, limits.budget.max_cost) == (6, 2)
    assert limits.prices is not None

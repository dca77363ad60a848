"""What one draft or chat turn may cost: calls, characters sent, tokens and money."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import Field

from agent.retrying import EndpointError
from domain.record import Record, decimal_string

# Few tokens are shorter than this over English and JSON, so the estimate is high.
CHARACTERS_PER_TOKEN = 3


class Prices(Record):
    """Price of a thousand tokens, in any one currency."""

    input_per_1k: Decimal = Field(ge=0)
    output_per_1k: Decimal = Field(ge=0)

    def of(self, input_tokens: int, output_tokens: int) -> Decimal:
        """Return what so many tokens cost."""
        return (self.input_per_1k * input_tokens + self.output_per_1k * output_tokens) / 1000


class Budget(Record):
    """Limits of one draft, its repair included; `max_cost` needs prices."""

    max_calls: int = Field(default=12, ge=1)
    max_prompt_characters: int = Field(default=400_000, ge=1_000)
    max_cost: Decimal | None = Field(default=None, ge=0)


class OverBudget(EndpointError):
    """The next call would pass a limit; the message says which."""


@dataclass
class Spending:
    """What one draft has cost so far, as the endpoint reported it."""

    budget: Budget
    prices: Prices | None
    max_tokens: int
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    spent: Decimal = field(default=Decimal(0))
    per: str = "draft"
    """What the budget is of, as a message about it says."""

    def before_call(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Count a call about to be made.

        Raises
        ------
        OverBudget
            When it would be one too many, its prompt is too long, or its dearest
            outcome would cost more than is left.
        """
        characters = sum(map(_characters, messages)) + sum(len(json.dumps(tool)) for tool in tools)
        if characters > self.budget.max_prompt_characters:
            raise OverBudget(
                f"the prompt has {characters} characters and the budget allows "
                f"{self.budget.max_prompt_characters}"
            )
        if self.calls >= self.budget.max_calls:
            raise OverBudget(f"the budget allows {self.budget.max_calls} calls a {self.per}")
        if self.prices is not None and self.budget.max_cost is not None:
            worst = self.prices.of(characters // CHARACTERS_PER_TOKEN, self.max_tokens)
            if self.spent + worst > self.budget.max_cost:
                raise OverBudget(f"the next call could pass {self.budget.max_cost} a {self.per}")
        self.calls += 1

    def after_call(self, usage: Any) -> None:
        """Add what the endpoint reported; an endpoint that reports nothing adds nothing."""
        used_in = _tokens(usage, "prompt_tokens")
        used_out = _tokens(usage, "completion_tokens")
        self.input_tokens += used_in
        self.output_tokens += used_out
        if self.prices is not None:
            self.spent += self.prices.of(used_in, used_out)

    @property
    def cost(self) -> str | None:
        """Money spent as a decimal string; None where no prices are known."""
        return decimal_string(self.spent, 6) if self.prices is not None else None


def _characters(message: Mapping[str, Any]) -> int:
    """Count what a message says: its text, and the calls it repeats."""
    calls = message.get("tool_calls")
    return len(message.get("content") or "") + (len(json.dumps(calls)) if calls else 0)


def _tokens(usage: Any, name: str) -> int:
    found = getattr(usage, name, None)
    return found if isinstance(found, int) and found > 0 else 0

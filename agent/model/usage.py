"""What model calls used, and where it is noted down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from agent.budget import Prices
from agent.model.tokens import tokens_of
from domain.record import Record, decimal_string


class Used(Record):
    """One call. `estimated` where the endpoint reported nothing; `cost` None without prices."""

    model: str
    prompt: str
    prompt_version: int
    input_tokens: int
    output_tokens: int
    estimated: bool
    cost: str | None


class Recorder(Protocol):
    """Notes each call down, bound by its maker to a person, a run, a thread or a plan."""

    def before_call(self, tokens: int, cost: Decimal | None) -> None:
        """Hear what the next call may use at most.

        Raises `agent.budget.OverBudget` when the month's limit could be passed.
        """
        ...

    def used(self, used: Used) -> None:
        """Note what a call used. Called once for every call that reached the model."""
        ...


class NoRecorder:
    """Notes nothing and allows everything."""

    def before_call(self, tokens: int, cost: Decimal | None) -> None:
        """Allow the call."""

    def used(self, used: Used) -> None:
        """Note nothing."""


@dataclass(frozen=True)
class Tokens:
    """Tokens of one call, in the endpoint's words; `estimated` when they are our count."""

    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False

    def cost(self, prices: Prices | None) -> str | None:
        """Return the cost as a decimal string; None without prices."""
        if prices is None:
            return None
        return decimal_string(prices.of(self.prompt_tokens, self.completion_tokens), 6)


def tokens_used(
    usage: Any,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]],
    answer: str,
) -> Tokens:
    """Return the endpoint's figures, or an estimate of ours where it gave none that fit."""
    given = [getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens")]
    asked, said = (figure if type(figure) is int and figure >= 0 else 0 for figure in given)
    if asked > 0:
        return Tokens(asked, said)
    return Tokens(tokens_of_request(messages, tools), tokens_of(answer), estimated=True)


def tokens_of_request(
    messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]
) -> int:
    """Return what a request is taken for: the JSON of its messages and tools."""
    asked = json.dumps([*messages], ensure_ascii=False)
    offered = json.dumps([*tools], ensure_ascii=False) if tools else ""
    return tokens_of(asked + offered)

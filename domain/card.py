"""A score card: a base and integer points by fact and bin, as data that people read and edit."""

from __future__ import annotations

import json
import tomllib
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from domain.errors import InvalidInput
from domain.record import Record, content_hash

POINTS_THAT_DOUBLE_THE_ODDS = 20
"""The scale of every card, no setting: cards could not be compared otherwise."""

Dimension = Literal[
    "fit", "potential", "engagement", "intent", "relationship", "competition", "strategy"
]
Source = Literal["hand", "data", "both"]


def _unset(value: object) -> bool:
    # Absent from every dump, so that a card without them keeps the hash it always had.
    return value is None or value == ()


class Bin(Record):
    """One bin of a rule: `at_least` <= value < `below`, or `equals`, or `one_of`; else any value.

    In a rule on two facts the second has to fit as well: `beside_at_least`, `beside_below`,
    `beside_one_of`.

    `n` outcomes of the history fell into it, `wins` of them won; `source` says who set the
    points: a hand, the data, or a hand that the data bent. All three may be left out.
    """

    label: str
    points: int = Field(ge=-200, le=200)
    at_least: float | None = None
    below: float | None = None
    equals: str | None = None
    one_of: tuple[str, ...] | None = Field(default=None, min_length=1, exclude_if=_unset)
    beside_at_least: float | None = Field(default=None, exclude_if=_unset)
    beside_below: float | None = Field(default=None, exclude_if=_unset)
    beside_one_of: tuple[str, ...] | None = Field(default=None, min_length=1, exclude_if=_unset)
    n: int | None = Field(default=None, ge=0, exclude_if=_unset)
    wins: int | None = Field(default=None, ge=0, exclude_if=_unset)
    source: Source | None = Field(default=None, exclude_if=_unset)


class CardRule(Record):
    """Points for one fact. The first bin that holds counts; a missing value gets `missing`.

    `missing_n` and `missing_wins` count the outcomes whose fact was missing. With `beside` the
    rule reads a second fact too: what the two are worth together, over what each is alone.
    """

    fact: str
    label: str
    dimension: Dimension
    bins: tuple[Bin, ...]
    missing: int = 0
    missing_n: int | None = Field(default=None, ge=0, exclude_if=_unset)
    missing_wins: int | None = Field(default=None, ge=0, exclude_if=_unset)
    beside: str | None = Field(default=None, exclude_if=_unset)

    @property
    def key(self) -> str:
        """What the rule is called in tables: its fact, or both of them."""
        return self.fact if self.beside is None else f"{self.fact} & {self.beside}"

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it reads."""
        return (self.fact,) if self.beside is None else (self.fact, self.beside)


class Card(Record):
    """A base and rules, on a scale where 20 points double the odds.

    `notes` say in words what the maker of the card left out, and why.
    """

    base: int
    rules: tuple[CardRule, ...]
    notes: tuple[str, ...] = Field(default=(), exclude_if=_unset)

    @cached_property
    def version(self) -> str:
        """16 hexadecimal digits over the whole card: another card, another version."""
        return content_hash(self)[:16]

    @field_validator("rules")
    @classmethod
    def _one_rule_a_fact(cls, rules: tuple[CardRule, ...]) -> tuple[CardRule, ...]:
        facts = [rule.key for rule in rules]
        twice = sorted({fact for fact in facts if facts.count(fact) > 1})
        if twice:
            raise ValueError(f"two rules read {', '.join(twice)}; merge their bins into one rule")
        return rules


def card_toml(card: Card) -> str:
    """Write a card as the `[score]` table of a coverage model; `card_from_toml` reads it back."""
    lines = ["[score]", f"base = {card.base}"]
    if card.notes:
        lines.append(f"notes = {_toml(list(card.notes))}")
    if not card.rules:
        lines.append("rules = []")
    for rule in card.rules:
        lines += ["", "[[score.rules]]"]
        told = rule.model_dump(mode="json", exclude_none=True, exclude={"bins"})
        lines += [f"{key} = {_toml(value)}" for key, value in told.items()]
        lines.append("bins = [")
        for one in rule.bins:
            cells = one.model_dump(mode="json", exclude_none=True)
            inner = ", ".join(f"{key} = {_toml(value)}" for key, value in cells.items())
            lines.append(f"  {{ {inner} }},")
        lines.append("]")
    return "\n".join(lines) + "\n"


def card_from_toml(text: str, *, source: str = "card.toml") -> Card:
    """Read a card from TOML with a `[score]` table, such as a coverage model.

    Raises
    ------
    InvalidInput
        Where it is no TOML, has no `[score]`, or a value is impossible.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{source} is not valid TOML: {error}.", hint="Correct that line and read it again."
        ) from error
    if "score" not in data:
        raise InvalidInput(f"{source} has no [score] table.", hint="Put base and rules under it.")
    try:
        return Card.model_validate(data["score"])
    except ValidationError as error:
        problems = [
            f"score.{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors()
        ]
        raise InvalidInput(
            f"{source} holds no usable card:\n" + "\n".join(f"- {line}" for line in problems),
            hint=f"Correct these keys in {source}.",
            problems=problems,
        ) from error


def _toml(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, str):
        # A JSON string is a basic TOML string, but for the one control character JSON leaves be.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)

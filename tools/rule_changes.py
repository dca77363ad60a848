"""What differs between two coverage models, rule by rule, under the names people write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from domain.coverage import CoverageModel

_NAMED_BY = ("key", "name", "fact", "label")


@dataclass(frozen=True)
class RuleChange:
    """One key of the coverage model with its values; None where the model lacks it.

    A rule in a list is named by its key, name, fact or label:
    `tiers[tier_1].potential_from`, `score.rules[access].bins[executive].points`.
    """

    key: str
    before: str | None
    after: str | None

    @property
    def words(self) -> str:
        """The change in one phrase."""
        if self.before is None:
            return f"{self.key} = {self.after}, new"
        if self.after is None:
            return f"{self.key} = {self.before}, gone"
        return f"{self.key} {self.before} to {self.after}"


def rule_changes(before: CoverageModel, after: CoverageModel) -> tuple[RuleChange, ...]:
    """List every key whose value differs, in the order of the newer model's file."""
    old, new = dict(_flat(before.model_dump(), "")), dict(_flat(after.model_dump(), ""))
    keys = [*new, *(key for key in old if key not in new)]
    return tuple(
        RuleChange(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)
    )


def under(changes: Sequence[RuleChange], *prefixes: str) -> tuple[RuleChange, ...]:
    """Return the changes of keys that begin with one of `prefixes`, up to a `.` or `[`."""
    return tuple(
        change
        for change in changes
        if any(
            change.key == prefix or change.key.startswith((f"{prefix}.", f"{prefix}["))
            for prefix in prefixes
        )
    )


def _flat(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{at}.{name}" if at else str(name))
    elif isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
        named = next(name for name in _NAMED_BY if name in value[0])
        seen: dict[str, int] = {}
        for inner in value:
            name = str(inner[named])
            seen[name] = seen.get(name, 0) + 1
            again = f"#{seen[name]}" if seen[name] > 1 else ""
            yield from _flat(inner, f"{at}[{name}{again}]")
    elif value is not None:
        yield at, _written(value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    return str(value)

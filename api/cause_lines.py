"""Causes of movement as answers carry them: typed, and in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from domain.record import Record

if TYPE_CHECKING:
    from tools.rule_changes import RuleChange
    from tools.tier_causes import Cause


class RuleLine(Record):
    """One key of the coverage model with its values; null where a model lacks it."""

    key: str
    before: str | None
    after: str | None
    words: str


class CauseLine(Record):
    """One input that differs; `points` is what it adds to a score, null for a tier."""

    kind: str
    what: str
    before: str
    after: str
    points: int | None
    rules: tuple[RuleLine, ...]
    words: str


def cause_lines(causes: Iterable[Cause]) -> tuple[CauseLine, ...]:
    """Turn causes into records."""
    return tuple(
        CauseLine(
            kind=cause.kind,
            what=cause.what,
            before=cause.before,
            after=cause.after,
            points=cause.points,
            rules=rule_lines(cause.rules),
            words=cause.words,
        )
        for cause in causes
    )


def rule_lines(changes: Iterable[RuleChange]) -> tuple[RuleLine, ...]:
    """Turn changed rules into records."""
    return tuple(
        RuleLine(key=one.key, before=one.before, after=one.after, words=one.words)
        for one in changes
    )

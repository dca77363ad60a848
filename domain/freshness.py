"""How old a fact is, what weight its age leaves it, and when it counts as stale.

A kind with a half-life loses half its weight in so many days: after `age` days a fact
weighs 0.5 ** (age / half_life), and it is stale once that is below `stale_below`. A kind
without one is stale after so many days. The verifier, analyses and pages ask here, so
that all of them mean the same.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import Field

from domain.evidence import DocumentSource, Evidence
from domain.record import Record

HISTORIC = re.compile(r"(?:last|previous|third_last|first)_.*|.*_prior_.*|.*_change(?:_12m)?")
"""Metrics that are about the past by definition: their age is what they say."""

_Days = Annotated[float | None, Field(gt=0, le=36_525, exclude_if=lambda value: value is None)]


class HalfLife(Record):
    """Days in which a kind of fact loses half its weight; null where the kind has none."""

    note: _Days = None
    call_summary: _Days = None
    email: _Days = None
    market: _Days = None
    competitive: _Days = None
    record: _Days = None
    calculation: _Days = None
    human: _Days = None


_NONE = HalfLife()
_STALE_BELOW = 0.25


class Age(NamedTuple):
    """A fact's age in days, and what follows from it for its kind.

    `weight` (0 to 1) and `half_life` (days) are null where the kind has no half-life; then
    `limit` is the days after which it is stale. With a half-life `limit` is null.
    """

    days: int
    limit: int | None
    half_life: float | None
    weight: float | None
    stale: bool

    @property
    def told(self) -> str:
        """The age in plain words; empty where it has no weight and is not stale."""
        if self.weight is not None:
            head = "Stale" if self.stale else "Fresh"
            # Rounded down: a fact that just became stale must not read as the bound itself.
            share = int(self.weight * 100 + 1e-9)
            return f"{head} {share} %, half-life {_many(self.half_life or 0)}"
        return f"Stale: {_many(self.days)} old, at most {self.limit}" if self.stale else ""

    @property
    def why_stale(self) -> str:
        """Why a stale fact is stale, to stand behind "it is stale:"."""
        if self.weight is None:
            return f"{self.days} days old, and the coverage model allows {self.limit}"
        return (
            f"{self.days} days old, and with a half-life of {_many(self.half_life or 0)} its "
            f"weight is {int(self.weight * 100 + 1e-9)} %"
        )


class Freshness(Record):
    """Days after which a kind of fact is stale, judged against the book's date.

    A kind in `half_life` is stale once its weight is below `stale_below` instead.
    """

    note: int
    call_summary: int
    email: int
    market: int
    competitive: int
    record: int
    calculation: int
    human: int
    # Left out of every dump while unused, so that older coverage models keep their hash.
    half_life: HalfLife = Field(default=_NONE, exclude_if=lambda value: value == _NONE)
    stale_below: float = Field(
        default=_STALE_BELOW, gt=0, lt=1, exclude_if=lambda value: value == _STALE_BELOW
    )

    def days_for(self, kind: str) -> int:
        """Return the limit in days for an evidence or document kind without a half-life."""
        return int(getattr(self, kind))

    def age(self, kind: str, days: int) -> Age:
        """Judge a fact of an evidence or document kind that is `days` old.

        A fact dated after the book (`days` below 0) has its whole weight.
        """
        half_life: float | None = getattr(self.half_life, kind)
        if half_life is None:
            limit = self.days_for(kind)
            return Age(days, limit, None, None, days > limit)
        weight = 0.5 ** (max(days, 0) / half_life)
        return Age(days, None, half_life, weight, weight < self.stale_below)


def kind_of(evidence: Evidence) -> str:
    """Return the kind a fact's freshness goes by: of a document its own, else the source's."""
    if isinstance(evidence.source, DocumentSource):
        return evidence.source.document_kind
    return evidence.kind


def age_of(evidence: Evidence, rules: Freshness, as_of: date) -> Age | None:
    """Return how old a fact is on the book's date, or None where it does not age.

    Facts without a date, and facts about the past by definition (the last order, the year
    before), do not age.
    """
    dated = evidence.dated()
    if dated is None or (HISTORIC.fullmatch(evidence.metric) and evidence.kind != "document"):
        return None
    return rules.age(kind_of(evidence), (as_of - dated).days)


def is_stale(evidence: Evidence, rules: Freshness, as_of: date) -> bool:
    """Say whether a fact is older, at the book's date, than its kind may be."""
    age = age_of(evidence, rules, as_of)
    return age is not None and age.stale


def _many(days: float) -> str:
    return f"{days:g} day{'' if days == 1 else 's'}"

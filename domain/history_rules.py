"""What the book's own history is asked: the `[history]` section of the coverage model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.record import Record

Standing = Literal[
    "industry", "segment", "product_focus", "country", "region", "territory_group",
    "employees", "annual_revenue",
]  # fmt: skip
"""Columns of an account that may be taken to have been the same on an earlier day."""


class HistoryRules(Record):
    """Which outcomes the score is held against. Every field has a default.

    `docs/coverage-model.md#history` explains each key.
    """

    outcome: Literal["order", "won"] = "order"
    outcome_days: int = Field(default=91, ge=1, le=1100)
    every_days: int = Field(default=91, ge=1, le=1100)
    earliest_days: int = Field(default=1826, ge=1)
    run_in_days: int = Field(default=365, ge=0)
    days_at_most: int = Field(default=60, ge=1)
    standing: tuple[Standing, ...] = (
        "industry", "segment", "product_focus", "country", "region", "territory_group",
        "employees", "annual_revenue",
    )  # fmt: skip

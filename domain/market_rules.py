"""How the market is cut: the `[market]` section of the coverage model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from domain.record import Record

MarketDimension = Literal["industry", "segment", "size", "country", "region", "city"]


class MarketRules(Record):
    """Every field has a default. `docs/coverage-model.md#market` explains each key.

    `dimensions` cut the market into cells, most important first; `size` is a band of
    employees, cut at `size_bands`. Cells of fewer than `fewest` companies are pooled.
    A rate leans on the wider market with the weight of `pseudo_count` companies.
    """

    dimensions: tuple[MarketDimension, ...] = Field(
        default=("industry", "size", "country"), min_length=1, max_length=4
    )
    size_bands: tuple[int, ...] = (10, 50, 250, 1000)
    fewest: int = Field(default=5, ge=1)
    pseudo_count: float = Field(default=30, ge=0)

    @model_validator(mode="after")
    def _cut_once(self) -> MarketRules:
        if len(set(self.dimensions)) != len(self.dimensions):
            raise ValueError(f"dimensions: {list(self.dimensions)} names one twice; name each once")
        bands = list(self.size_bands)
        if not bands or bands != sorted(set(bands)) or bands[0] < 1:
            raise ValueError(
                f"size_bands: {bands} must rise from 1 or more; use for example [10, 50, 250]"
            )
        return self

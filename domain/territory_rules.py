"""How territories are designed: the `[territory]` section of the coverage model."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.record import Record
from domain.territory_flags import FlagRules

Model = Literal["geographic", "vertical", "segment", "named", "hybrid"]
MODELS: tuple[Model, ...] = ("geographic", "vertical", "segment", "named")
"""What `hybrid` stands for."""

Share = Annotated[float, Field(ge=0, le=1)]


class BalanceWeights(Record):
    """What one point of each term counts when designs are searched; never shown as a score."""

    workload: float = Field(default=1.0, ge=0)
    potential: float = Field(default=1.0, ge=0)
    disruption: float = Field(default=0.6, ge=0)
    travel: float = Field(default=1.0, ge=0)


class DeviationPenalty(Record):
    """Points per 100 % off target: `slopes` before, between and beyond the two `breaks`."""

    breaks: tuple[float, float] = (0.05, 0.15)
    slopes: tuple[float, float, float] = (1.0, 4.0, 12.0)

    @model_validator(mode="after")
    def _convex(self) -> DeviationPenalty:
        first, second = self.breaks
        if not 0 < first < second:
            raise ValueError("breaks must be above 0 and rise; use for example [0.05, 0.15]")
        if self.slopes[0] < 0 or list(self.slopes) != sorted(self.slopes):
            raise ValueError(
                "slopes must not fall, so that the furthest off counts most; use for example "
                "[1, 4, 12]"
            )
        return self


class DealHours(Record):
    """Hours an open deal takes in a planning period, by its stage, preparation included."""

    prospecting: float = Field(default=1.0, ge=0)
    qualification: float = Field(default=2.0, ge=0)
    proposal: float = Field(default=4.0, ge=0)
    negotiation: float = Field(default=4.0, ge=0)


class TerritoryRules(Record):
    """The rules of territory design. Every field has a default; the shipped file repeats them.

    Shares are 0 to 1, windows are lowest and highest deviation from target. `docs/
    coverage-model.md#territory-design` explains each key.
    """

    # Who may have which account.
    models: tuple[Model, ...] = ("geographic", "segment", "vertical")
    adjacent_km: float = Field(default=800.0, gt=0)
    named_accounts: tuple[str, ...] = ()
    named_tiers: tuple[str, ...] = ()
    named_reps: tuple[str, ...] = ()
    named_exclusive: bool = False
    nearby: bool = True
    nearby_accounts: int = Field(default=1, ge=1)
    nearby_km: float = Field(default=350.0, gt=0)
    time_zones: bool = True
    languages: bool = True
    families_together: bool = True
    team_group_share: Share = 0.1

    # What an account takes.
    history_share: Share = 0.25
    history_days: int = Field(default=180, ge=7, le=1461)
    deal_hours: DealHours = DealHours()
    visit_share: Share = 0.08
    visits_per_trip: float = Field(default=3.0, ge=1)

    # What a rep can carry.
    accounts_at_most: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(15, 40, 100, 250), min_length=1
    )
    ramp_by_month: tuple[Annotated[float, Field(gt=0, le=1)], ...] = (0.25, 0.4, 0.55, 0.7, 0.85)

    # What a fair share is, and how far off it a design may be.
    potential_target: Literal["capacity", "quota", "equal"] = "capacity"
    workload_window: tuple[float, float] | None = None
    potential_window: tuple[float, float] | None = None
    most_moves_share: Share | None = None
    weights: BalanceWeights = BalanceWeights()
    penalty: DeviationPenalty = DeviationPenalty()

    # What a move breaks.
    relationship_full_years: float = Field(default=3.0, gt=0)
    relationship_potential_share: Share = 0.05
    long_relationship_years: float = Field(default=2.0, gt=0)

    # When a design is worth showing, and for how long exceptions hold.
    spread_target: float = Field(default=0.15, gt=0)
    robustness_tolerance: float = Field(default=0.15, gt=0)
    robustness_draws: int = Field(default=1000, ge=100, le=100_000)
    frontier_points: int = Field(default=20, ge=2, le=50)
    exceptions_alarm_share: Share = 0.1
    exceptions_soon_days: int = Field(default=30, ge=1)
    least_freedom: Share = 0.05
    flags: FlagRules = FlagRules()

    @property
    def by(self) -> frozenset[Model]:
        """The models that hold, `hybrid` spelled out."""
        return frozenset(MODELS if "hybrid" in self.models else self.models)

    def accounts_limit(self, order: int) -> int:
        """Most accounts a rep may have were all of the tier at `order` (0 is the highest)."""
        return self.accounts_at_most[min(order, len(self.accounts_at_most) - 1)]

    @model_validator(mode="after")
    def _make_sense(self) -> TerritoryRules:
        if not self.models:
            raise ValueError(
                'models: none is named; use for example ["geographic"], or ["hybrid"] for all'
            )
        if len(set(self.models)) != len(self.models):
            raise ValueError("models: one is named twice; name each once")
        for name in ("workload_window", "potential_window"):
            window = getattr(self, name)
            if window is not None and not (window[0] <= 0 <= window[1] and window[0] < window[1]):
                raise ValueError(
                    f"{name} = {list(window)}: it must hold 0, where a rep is on target; use for "
                    "example [-0.2, 0.2]"
                )
        if list(self.accounts_at_most) != sorted(self.accounts_at_most):
            raise ValueError(
                "accounts_at_most: a lower tier takes less time, so its limit must not be smaller; "
                "use for example [15, 40, 100, 250]"
            )
        if list(self.ramp_by_month) != sorted(self.ramp_by_month):
            raise ValueError("ramp_by_month: must not fall; use for example [0.25, 0.5, 0.75]")
        if "named" in self.by and (self.named_accounts or self.named_tiers) and not self.named_reps:
            raise ValueError(
                "named_reps: accounts are named and nobody is to work them; list the reps' ids, or "
                'take "named" out of models'
            )
        return self

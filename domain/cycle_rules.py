"""How the cycle is run: the sections `[territory_plan]` and `[review]` of the coverage model."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.record import Record

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class TerritoryPlanRules(Record):
    """What a territory plan aims at and lends out. The shipped file repeats the defaults.

    `visits_a_quarter` holds the visits an account gets in a quarter, highest tier first, the
    last for all below. Goals are for a whole quarter and are judged against the time gone.
    `customer_target_annual` is what a strategic customer is wanted to spend a year; without
    one, growth is the open potential of its units.
    """

    focus_accounts: int = Field(default=10, ge=1, le=50)
    pipeline_coverage: float = Field(default=3.0, gt=0)
    touches_per_account: float = Field(default=8.0, ge=0)
    strategic_engagement: Share = 1.0
    engaged_days: int = Field(default=30, ge=1, le=366)
    spend_falls: Share = 0.1
    qualified_meetings: Count = 20
    average_deal_size: float = Field(default=35_000, ge=0)
    discovery_calls: Count = 20
    demos: Count = 15
    executive_meetings: Count = 8
    sdr_accounts: Count = 15
    abm_accounts: Count = 10
    solution_engineering_hours_week: float = Field(default=6.0, ge=0)
    business_reviews: Count = 3
    visits_a_quarter: tuple[Count, ...] = Field(default=(3, 1, 0), min_length=1)
    stops_a_day: int = Field(default=3, ge=1, le=8)
    customer_target_annual: float | None = Field(default=None, gt=0)

    def visits(self, order: int) -> int:
        """Visits a quarter of an account in the tier at `order` (0 is the highest)."""
        return self.visits_a_quarter[min(order, len(self.visits_a_quarter) - 1)]


class ReviewRules(Record):
    """When a difference of two books is a change that a review has to answer.

    Shares are relative changes. A change of potential, pipeline or deal counts where it
    passes its share *and* its amount, in the book's currency.
    """

    potential_share: Share = 0.25
    potential_amount: float = Field(default=10_000, ge=0)
    pipeline_share: Share = 0.25
    pipeline_amount: float = Field(default=10_000, ge=0)
    slipped_days: int = Field(default=14, ge=1, le=366)
    overdue_days: int = Field(default=14, ge=0, le=366)
    silent_champion_days: int = Field(default=90, ge=1, le=1461)
    adherence_least: Share = 0.6
    on_track: Share = Field(default=0.9, description="Share of what is due that is on track.")
    late_days: int = Field(default=7, ge=0, le=91)
    adjustments: int = Field(default=7, ge=1, le=50, description="Most a review recommends.")
    carried: int = Field(default=20, ge=1, le=200, description="Most claims carried forward.")
    carried_change: Share = Field(default=0.05, description="A figure off by no more holds.")
    model_off_share: Share = Field(default=0.25, description="How far off a rule is worth a word.")
    model_off_touches: int = Field(default=10, ge=1, description="Touches that tell it.")

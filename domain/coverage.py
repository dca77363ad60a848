"""The coverage model: the company's own rules, a TOML file that people write.

Every number of the domain is a default here and never a constant in code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from domain.card import Card
from domain.coverage_check import CoverageFinding, lint_coverage
from domain.cycle_rules import ReviewRules, TerritoryPlanRules
from domain.errors import CoverageInvalid, UnknownTier
from domain.freshness import Freshness
from domain.history_rules import HistoryRules
from domain.market_rules import MarketRules
from domain.quarter import QuarterRules
from domain.record import Record, content_hash
from domain.territory_rules import TerritoryRules

__all__ = [
    "CoverageFinding",
    "CoverageModel",
    "lint_coverage",
    "parse_coverage",
    "problem_of_tiers",
]


class TargetSegment(Record):
    """A segment the company wants to grow in. Blank fields match everything."""

    name: str
    why: str
    points: int = Field(ge=-100, le=100)
    industry: str | None = None
    segment: str | None = None
    product_focus: str | None = None
    country: str | None = None
    region: str | None = None
    employees_at_least: int | None = None


class Strategy(Record):
    """The growth strategy in a sentence, and the segments it names."""

    statement: str
    target_segments: tuple[TargetSegment, ...] = ()


class Tier(Record):
    """One tier, its rules and its cadence.

    `potential_over` excludes the bound, `potential_from` includes it; one of the two.
    `fit_from` is the least sum of points of the card's fit rules.
    `confirmed` demands that every rule is known to hold; otherwise an unknown rule is
    named and does not lower the tier.
    """

    key: str
    label: str
    potential_from: float | None = None
    potential_over: float | None = None
    access: Literal["executive", "director"] | None = None
    cycle: Literal["active", "six_months", "early"] | None = None
    fit_from: int | None = None
    confirmed: bool = False
    plan: Literal["full", "light", "none"]
    touches_per_week: float = Field(gt=0, le=10)
    minutes_per_touch: int = Field(gt=0, le=480)
    automated: bool = False
    cadence: str

    @property
    def bound(self) -> float:
        """Lower bound of potential, in currency a year."""
        over = self.potential_over if self.potential_over is not None else self.potential_from
        return over or 0.0

    def admits(self, potential: float) -> bool:
        """Say whether `potential` reaches this tier; a bound belongs to the higher tier."""
        if self.potential_over is not None:
            return potential > self.potential_over
        return potential >= (self.potential_from or 0.0)


class TiersHysteresis(Record):
    """How far potential must pass a tier's bound, as a share of it, before the tier follows."""

    share: float = Field(default=0.1, ge=0, le=0.5)


class Cycle(Record):
    """When a buying cycle counts as active, near or early, from CRM rows alone.

    Orders are regular while the spread of the last gaps is at most `regular_spread`
    times their median.
    """

    active_stages: tuple[str, ...]
    active_order_due_days: int = Field(ge=0, le=366)
    six_months_days: int = Field(ge=0, le=366)
    early_intent_strength: int = Field(ge=1, le=3)
    regular_spread: float = Field(default=0.25, ge=0, le=2)


class Capacity(Record):
    """Hours a rep has, when the rep's own row does not say."""

    selling_hours_week: float = Field(gt=0, le=80)
    preparation_share: float = Field(ge=0, le=1)


class PlayTime(Record):
    """Minutes a kind of play takes, and minutes to prepare it."""

    minutes: int = Field(gt=0, le=960)
    preparation_minutes: int = Field(ge=0, le=960)


class Travel(Record):
    """How travel is estimated: great-circle distance, a detour factor, speeds by mode."""

    detour: float = Field(ge=1, le=3)
    road_km_per_hour: float = Field(gt=0)
    road_up_to_km: float = Field(gt=0)
    air_km_per_hour: float = Field(gt=0)
    air_fixed_hours: float = Field(ge=0)
    budget_hours_per_visit: float = Field(gt=0)
    nearby_km: float = Field(gt=0)
    overlap_hours: float = Field(ge=0, le=9)


class Planning(Record):
    """Limits of a plan and who may decide on it."""

    period_days: int = Field(ge=7, le=366)
    bullets: int = Field(ge=1, le=60)
    plays_full: int = Field(ge=1, le=20)
    plays_light: int = Field(ge=1, le=20)
    own_plan_needs_another: bool
    roles_wanted: tuple[str, ...]


class WeekRules(Record):
    """What makes an account due this week: days ahead within which something dated counts."""

    order_days: int = Field(default=14, ge=0, le=366)
    deal_days: int = Field(default=30, ge=0, le=366)


class Peers(Record):
    """How comparable accounts are chosen, and who tells potential.

    `method` "trial" lets each book's own past choose between peers and the regression;
    "peers" keeps to peers, so that the potential of two books is told the same way.
    """

    by: tuple[str, ...]
    minimum: int = Field(ge=5)
    quantiles: tuple[float, float, float] = (0.5, 0.75, 0.9)
    method: Literal["trial", "peers"] = "trial"


class Whitespace(Record):
    """How whitespace is told.

    A line bought for less than `little_share` of what peers spend on it is still a gap;
    `pseudo_count` is how many accounts of the whole book each group's adoption leans on.
    """

    level: Literal["category", "subcategory"]
    minimum_peer_share: float = Field(ge=0, le=1)
    rows: int = Field(ge=1, le=20)
    worth_a_visit: float = Field(ge=0)
    little_share: float = Field(default=0.1, ge=0, lt=1)
    pseudo_count: float = Field(default=30, ge=0)


class Quality(Record):
    """When data counts as doubtful."""

    stale_owner_days: int
    duplicate_similarity: float = Field(ge=0, le=100)


class Company(Record):
    """Who we are, and whose mention makes a sentence a competitor claim."""

    name: str
    competitors: tuple[str, ...] = ()


class CoverageModel(Record):
    """The rules a book is read under. Build one with `parse_coverage`."""

    version: int = Field(ge=1)
    company: Company
    strategy: Strategy
    tiers: tuple[Tier, ...] = Field(min_length=3, max_length=5)
    tiers_hysteresis: TiersHysteresis = TiersHysteresis()
    cycle: Cycle
    score: Card
    peers: Peers
    whitespace: Whitespace
    capacity: Capacity
    plays: dict[str, PlayTime]
    travel: Travel
    freshness: Freshness
    planning: Planning
    quality: Quality
    territory: TerritoryRules = TerritoryRules()
    history: HistoryRules = HistoryRules()
    market: MarketRules = MarketRules()
    week: WeekRules = WeekRules()
    quarters: QuarterRules = QuarterRules()
    territory_plan: TerritoryPlanRules = TerritoryPlanRules()
    review: ReviewRules = ReviewRules()

    @cached_property
    def hash(self) -> str:
        """64 hexadecimal digits over every rule."""
        rules = self.model_dump(mode="json")
        # With the defaults, the hash is that of a release that did not know these keys.
        for name in ("week", "quarters", "territory_plan", "review"):
            if getattr(self, name) == type(self).model_fields[name].default:
                del rules[name]
        if self.peers.method == "trial":
            del rules["peers"]["method"]
        return str(content_hash(rules))

    def tier(self, key: str) -> Tier:
        """Return the tier called `key`; UnknownTier when the model has none."""
        for tier in self.tiers:
            if tier.key == key:
                return tier
        raise UnknownTier(
            f"Tier {key!r} is not in the coverage model, which has "
            f"{', '.join(tier.key for tier in self.tiers)}.",
            hint="Add it under [[tiers]], or correct the account.",
        )

    @field_validator("plays")
    @classmethod
    def _every_kind_of_play(cls, plays: dict[str, PlayTime]) -> dict[str, PlayTime]:
        kinds = {"call", "email", "meeting", "visit", "demo", "internal"}
        if set(plays) != kinds:
            raise ValueError(f"name exactly these kinds: {', '.join(sorted(kinds))}")
        return plays

    @field_validator("score")
    @classmethod
    def _segments_score_by_strategy(cls, score: Card) -> Card:
        if any(rule.fact == "target_segment" for rule in score.rules):
            raise ValueError(
                "target_segment takes its points from strategy.target_segments; remove this rule"
            )
        return score

    @model_validator(mode="after")
    def _tiers_descend(self) -> CoverageModel:
        problem = problem_of_tiers(self.tiers)
        if problem is not None:
            raise ValueError(problem)
        if list(self.peers.quantiles) != sorted(set(self.peers.quantiles)):
            raise ValueError("peers.quantiles: must rise; use for example [0.5, 0.75, 0.9]")
        return self


def problem_of_tiers(tiers: Sequence[Tier]) -> str | None:
    """Say why these cannot be the tiers of a model, the highest first; None when they can."""
    keys = [tier.key for tier in tiers]
    if len(set(keys)) != len(keys):
        return "tiers: a key occurs twice; give each tier its own key"
    for tier in tiers:
        if (tier.potential_from is None) == (tier.potential_over is None):
            return (
                f"tiers.{tier.key}: give one of potential_from and potential_over, not "
                "both or neither"
            )
    bounds = [tier.bound for tier in tiers]
    if bounds != sorted(bounds, reverse=True) or len(set(bounds)) != len(bounds):
        return (
            f"tiers: lower bounds of potential must fall from tier to tier, not {bounds}; "
            "reorder the tiers or correct the bounds"
        )
    if bounds[-1] != 0:
        return (
            f"tiers: the last tier starts at {bounds[-1]:g}, so smaller accounts have no "
            "tier; set its potential_from to 0"
        )
    return None


def parse_coverage(text: str, *, source: str = "coverage.toml") -> CoverageModel:
    """Read a coverage model from TOML.

    Raises
    ------
    CoverageInvalid
        With one line per problem: key, value and remedy.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CoverageInvalid(
            f"{source} is not valid TOML: {error}.", hint="Correct that line and load it again."
        ) from error
    try:
        return CoverageModel.model_validate(data)
    except ValidationError as error:
        problems = [_problem(item) for item in error.errors()]
        raise CoverageInvalid(
            f"{source} cannot be used:\n" + "\n".join(f"- {line}" for line in problems),
            hint=f"Correct {'this key' if len(problems) == 1 else 'these keys'} in {source}.",
            problems=problems,
        ) from error


def _problem(item: Any) -> str:
    key = ".".join(str(part) for part in item["loc"])
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        return f"{key}: unknown key; remove it or correct its spelling"
    if item["type"] == "missing":
        return f"{key}: missing; add it"
    if not key:
        return str(message)
    value = item["input"]
    # A whole table or list would drown the message; its key says where to look.
    told = "" if isinstance(value, (dict, list, tuple)) else f" = {value!r}"
    return f"{key}{told}: {message}"

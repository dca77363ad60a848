"""Assignment designs: who would own which account, under which constraints, at what price.

A scenario is a row of designs from "move little" to "balance fully". The product
proposes them; people accept or keep each move, and another person approves. Nothing here
assigns an account.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from domain.record import Record, content_hash

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Something a person has to say: not blank."""


class Finite(Record):
    """A record of numbers that people give; none of them may be infinite or no number."""

    model_config = ConfigDict(allow_inf_nan=False)


# ---------------------------------------------------------------- constraints


class Lock(Record):
    """An exception: the account goes to this rep whatever the balance says.

    `by` is the person who answers for it; after `until` it no longer holds.
    """

    kind: Literal["lock"] = "lock"
    account_id: str
    rep_id: str
    by: str
    reason: str
    until: date | None = None


class Forbid(Record):
    """The account may not go to this rep (an accepted "too far")."""

    kind: Literal["forbid"] = "forbid"
    account_id: str
    rep_id: str
    by: str
    reason: str


class Prefer(Finite):
    """A priced wish: choosing this rep costs so many points more (fewer when negative)."""

    kind: Literal["prefer"] = "prefer"
    account_id: str
    rep_id: str
    points: float
    by: str
    reason: str


class TierCorrection(Record):
    """The account is worked as another tier (an accepted "wrong tier"): its hours change."""

    kind: Literal["tier"] = "tier"
    account_id: str
    tier: str
    by: str
    reason: str


class Relationship(Record):
    """The owner has known the account since this day: moving it breaks more."""

    kind: Literal["relationship"] = "relationship"
    account_id: str
    since: date
    by: str
    reason: str


class MostMoves(Finite):
    """At most so many accounts change hands, or so large a share of relationship value.

    Exactly one of the three is given; shares are 0 to 1.
    """

    kind: Literal["most_moves"] = "most_moves"
    accounts: int | None = Field(default=None, ge=0)
    accounts_share: float | None = Field(default=None, ge=0, le=1)
    value_share: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _one_limit(self) -> MostMoves:
        given = [self.accounts, self.accounts_share, self.value_share]
        if sum(limit is not None for limit in given) != 1:
            raise ValueError(
                "give one of accounts, accounts_share and value_share; several limits are "
                "several constraints"
            )
        return self


Measure = Literal["workload", "potential"]


class Window(Finite):
    """A hard limit on how far a measure may be off target: -0.2 to 0.2 is 20 % either way."""

    kind: Literal["window"] = "window"
    measure: Measure
    low: float = Field(le=0)
    high: float = Field(ge=0)
    reps: tuple[str, ...] = Field(default=(), description="Empty: every rep of the scenario.")


Constraint = Annotated[
    Lock | Forbid | Prefer | TierCorrection | Relationship | MostMoves | Window,
    Field(discriminator="kind"),
]

# ---------------------------------------------------------------- what happened


class RepLeaves(Record):
    """A rep leaves: the accounts have no owner from then on and are due to be placed."""

    kind: Literal["rep_leaves"] = "rep_leaves"
    rep_id: str
    on: date


class RepJoins(Finite):
    """A rep joins, without accounts and with a ramp (share of a full rep's hours)."""

    kind: Literal["rep_joins"] = "rep_joins"
    rep_id: Words
    name: Words
    on: date
    base_city: str
    latitude: float
    longitude: float
    time_zone: str
    ramp: float = Field(gt=0, le=1)
    selling_hours_week: float | None = None
    team: str | None = None
    segments: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Acquisition(Record):
    """Accounts became one customer: they are kept together from now on."""

    kind: Literal["acquisition"] = "acquisition"
    parent_id: str
    account_ids: tuple[str, ...] = Field(min_length=1)
    on: date


class NewProduct(Finite):
    """A new product opens whitespace: potential grows by this share where it applies."""

    kind: Literal["new_product"] = "new_product"
    product: Words
    growth: float = Field(gt=0, le=100, description="0.1 is 10 % more.")
    segments: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()


class AccountChanged(Finite):
    """A major account changed: its potential, its hours, or both are other than known."""

    kind: Literal["account_changed"] = "account_changed"
    account_id: str
    why: Words
    potential: float | None = Field(default=None, ge=0)
    hours: float | None = Field(default=None, ge=0)


class WantsAccount(Record):
    """A rep would like an account. This is no trigger; it is refused and the rule cited."""

    kind: Literal["wants_account"] = "wants_account"
    account_id: str
    rep_id: str


Event = Annotated[
    RepLeaves | RepJoins | Acquisition | NewProduct | AccountChanged | WantsAccount,
    Field(discriminator="kind"),
]

# ---------------------------------------------------------------- designs


class RepFigures(Record):
    """One rep under a design. Hours and money of the planning period; shares of target."""

    rep_id: str
    accounts: int
    potential: float
    potential_target: float
    hours: float
    hours_target: float
    needed_hours: float
    capacity: float
    travel_hours: float
    revenue: float


class SixFigures(Record):
    """What a design is judged by; spreads are coefficients of variation (0.12 is 12 %).

    `heaviest_week` is the largest load of a rep in hours a week, with travel. `revenue_moved`
    is the net spend of the last 12 months of the accounts that change hands, in currency.
    `relationships_kept` counts accounts of `relationships` long ones (see the coverage
    model) that stay with their owner.
    """

    spread_potential: float
    spread_workload: float
    heaviest_week: float
    accounts_moved: int
    accounts_moved_share: float
    revenue_moved: float
    revenue_moved_share: float
    relationships_kept: int
    relationships: int


class Alternative(Record):
    """Another rep an account could have, and what that would cost in points."""

    rep_id: str
    points: float


class Part(Record):
    """One price behind a move, in points."""

    name: str
    points: float


class Move(Record):
    """One account that would change hands, with what speaks for it.

    `points` is what keeping the account with its owner would cost by the design's
    prices (null: it cannot stay, `why_not_stay` says which rule). `parts` are the
    prices behind it, in points: positive speaks for the move. They add up to `points`.
    """

    account_id: str
    account_name: str
    from_rep: str | None
    to_rep: str
    potential: float
    revenue: float
    hours: float
    travel_change: float
    relationship_years: float | None
    relationship_share: float
    points: float | None
    why_not_stay: str = ""
    parts: tuple[Part, ...] = ()
    next_best: Alternative | None = None
    reason: str


class RulePrice(Record):
    """What a lock, a limit or another rule costs, in points of the objective."""

    rule: str
    points: float
    account_id: str | None = None
    rep_id: str | None = None
    told: str


class DesignPoint(Record):
    """One design of a frontier.

    `assignment` has one rep per account of the frontier's `accounts`, as indexes into
    its `reps`, -1 for an account that is left as it is. `objective` and `bound` are in
    points at this point's own weight of disruption; `gap` is their difference. The split
    of the gap into regrets (per account) and slacks (per rule) adds up to it.
    """

    index: int
    label: str
    disruption_weight: float
    assignment: tuple[int, ...]
    figures: SixFigures
    reps: tuple[RepFigures, ...]
    objective: float
    bound: float
    gap: float
    work_points: float
    potential_points: float
    disruption_points: float
    travel_points: float
    moves: tuple[Move, ...]
    rule_prices: tuple[RulePrice, ...] = ()
    prices: tuple[tuple[float, ...], ...] = Field(description="u, v, mu, nu; one per rep.")
    budget_prices: tuple[float, ...] = ()
    robustness: float | None = Field(
        default=None, description="Share of draws of potential in which it stays in tolerance."
    )
    broken: tuple[str, ...] = Field(
        default=(), description="Rules that the present assignment breaks; empty for a proposal."
    )


class Unplaced(Record):
    """An account that no design of this frontier can place, or leaves as it is, and why."""

    account_id: str
    account_name: str
    owner_id: str | None
    reason: str
    remedy: str = ""


class ScenarioRep(Record):
    """A rep of a scenario: what the design may give them and why it is not more."""

    rep_id: str
    name: str
    capacity: float
    ramp: float
    account_limit: int
    note: str = ""


class Frontier(Record):
    """A row of designs under the same constraints, the present assignment first.

    Stored once under its hash; a slider walks it without solving anything.
    """

    schema_version: Literal[1] = 1
    book_id: str
    coverage_hash: str
    as_of: date
    period_start: date
    period_end: date
    currency: str
    seed: int
    steps: int
    team: str = Field(description="The team designed for; empty for every rep of the book.")
    reps: tuple[ScenarioRep, ...]
    accounts: tuple[str, ...]
    constraints: tuple[Constraint, ...] = ()
    events: tuple[Event, ...] = ()
    points: tuple[DesignPoint, ...]
    suggested: int
    knee: int
    suggested_why: str
    unplaced: tuple[Unplaced, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """64 hexadecimal digits over the whole row."""
        return content_hash(self)


Answer = Literal["agree", "keep", "too_far", "wrong_tier", "relationship_since"]


class Feedback(Record):
    """What a rep said about one account of a design, and what became of it.

    `since` comes with `relationship_since`, `tier` with `wrong_tier`. `status` is open
    until a person accepts it (it becomes a constraint) or declines it, with a reason.
    """

    account_id: str
    rep_id: str
    answer: Answer
    reason: str
    person: str
    said_on: date
    since: date | None = None
    tier: str | None = None
    status: Literal["open", "accepted", "declined"] = "open"
    settled_by: str | None = None
    settled_reason: str = ""


class MoveChoice(Record):
    """A person's word on one move: accept it, or keep the account where it is."""

    account_id: str
    choice: Literal["accept", "keep"]
    person: str
    reason: str = ""


class ScenarioContent(Record):
    """One version of a scenario. Its hash is what an approval binds.

    `frontier` is the hash of the stored row of designs, `chosen` the design proposed.
    `choices` holds moves accepted; keeping one locks the account and makes a new row.
    `submitted` versions wait for a decision; anything else is a working state.
    """

    schema_version: Literal[1] = 1
    kind: Literal["assignment"] = "assignment"
    name: str
    trigger: str
    frontier: str
    book_id: str
    coverage_hash: str
    ledger_root: str
    team: str
    reps: tuple[str, ...]
    chosen: int
    choices: tuple[MoveChoice, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    asked: tuple[str, ...] = Field(default=(), description="Reps asked for their word.")
    submitted: bool = False
    submitted_by: str | None = None
    submitted_reason: str = ""
    balance: tuple[Measure, ...] = Field(
        default=("workload", "potential"), description="A measure left out weighs nothing."
    )
    designs: int | None = Field(
        default=None, description="Designs asked for; the coverage model's number when null."
    )
    seconds: float | None = Field(
        default=None, description="Time a solve may take; null: a fixed number of steps."
    )
    findings_hash: str = Field(
        default="",
        description="The findings of approved plans it was designed under; empty: none.",
        exclude_if=lambda value: not value,
    )

    @property
    def ground(self) -> tuple[str, str, str]:
        """Book, rules and findings it was designed under, each by its hash."""
        return self.book_id, self.coverage_hash, self.findings_hash

    @property
    def scenario_hash(self) -> str:
        """64 hexadecimal digits over the whole content."""
        return content_hash(self)

    def open_objections(self) -> Iterator[Feedback]:
        """Yield objections that nobody has settled."""
        for item in self.feedback:
            if item.answer != "agree" and item.status == "open":
                yield item


ScenarioStatus = Literal["draft", "in_review", "approved", "returned", "rejected", "superseded"]


class ScenarioVersion(Record):
    """One stored version: the content, and what the record adds to it."""

    scenario_id: str
    version: int
    base_version: int | None
    status: ScenarioStatus
    content: ScenarioContent
    created_at: str
    created_by: str

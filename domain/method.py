"""What the past says of the methods in use: score, potential and whitespace, each tested."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.card import Card
from domain.record import Record

Verdict = Literal[
    "expert-set",
    "expert + data",
    "data-led",
    "no signal",
    "history does not support re-weighting",
]


class Estimate(Record):
    """A figure with the ends of its 99 % interval."""

    value: float
    low: float
    high: float


class Reliable(Record):
    """Rows that were told about the same probability, and what became of them.

    `told` and `found` are shares (0 to 1), `low` and `high` the 95 % interval of `found`.
    """

    rows: int
    told: float
    found: float
    low: float
    high: float


class Lift(Record):
    """One tenth of the rows, the best-scored first: its rate against the rate of all."""

    tenth: int
    rows: int
    rate: float
    lift: float


class Added(Record):
    """What one dimension of the card adds: AUC lost when its points are left out."""

    dimension: str
    auc_lost: float


class PeriodRate(Record):
    """What share of a period's rows ended well, and what share the card foretold."""

    starts: date
    ends: date
    rows: int
    told: float
    found: float


class FactDrift(Record):
    """How far a fact's bins have shifted from earlier to later rows.

    `psi` is the population stability index: below 0.1 little, above 0.25 much.
    """

    fact: str
    label: str
    psi: float


class ScoreHistory(Record):
    """The score card held against outcomes that lie after the facts.

    `outcome` says in words what counts as an outcome, `told` what follows from it all.
    `hand` and `fitted` are AUCs out of time; None where there is too little history.
    `proposed` is the card that history would put in the place of the one in use; None
    when the one in use stays.
    """

    outcome: str
    verdict: Verdict
    told: str
    rows: int
    wins: int
    judged: int
    first: date | None
    last: date | None
    hand: Estimate | None
    fitted: Estimate | None
    reliability: tuple[Reliable, ...] = ()
    lift: tuple[Lift, ...] = ()
    added: tuple[Added, ...] = ()
    periods: tuple[PeriodRate, ...] = ()
    drift: tuple[FactDrift, ...] = ()
    notes: tuple[str, ...] = ()
    proposed: Card | None = None


class Held(Record):
    """How often spending stayed at or below a level of potential (shares, 95 % interval)."""

    level: float
    held: float
    low: float
    high: float


class PotentialHistory(Record):
    """Potential as it would have been told a year ago, held against the year that followed.

    `top_growth` and `mean_growth` are currency an account: what the tenth with the most
    open potential grew by, and what all did.
    """

    method: str
    accounts: int
    starts: date | None
    ends: date | None
    levels: tuple[Held, ...] = ()
    top_growth: float | None = None
    mean_growth: float | None = None
    notes: tuple[str, ...] = ()


class WhitespaceHistory(Record):
    """Gaps as they would have been told earlier, held against what was bought since.

    `told` and `found` are shares; `worth` and `spent` currency; a Brier score is a mean
    squared error, the smaller the better, `brier_peers` that of the peers' share.
    """

    method: str
    gaps: int
    starts: date | None
    ends: date | None
    told: float | None = None
    found: float | None = None
    brier: float | None = None
    brier_peers: float | None = None
    worth: float | None = None
    spent: float | None = None
    reliability: tuple[Reliable, ...] = ()
    notes: tuple[str, ...] = ()


class MethodHistory(Record):
    """All of it, for one book under one coverage model."""

    book_id: str
    coverage_hash: str
    as_of: date
    currency: str
    score: ScoreHistory
    potential: PotentialHistory
    whitespace: WhitespaceHistory

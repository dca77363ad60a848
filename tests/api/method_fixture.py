"""A history of the methods with round figures, for the report's tests."""

from __future__ import annotations

from datetime import date

from domain.card import Bin, Card, CardRule
from domain.method import (
    Added,
    Estimate,
    FactDrift,
    Held,
    Lift,
    MethodHistory,
    PeriodRate,
    PotentialHistory,
    Reliable,
    ScoreHistory,
    WhitespaceHistory,
)

RELIABILITY = (
    Reliable(rows=400, told=0.10, found=0.08, low=0.06, high=0.11),
    Reliable(rows=200, told=0.30, found=0.33, low=0.27, high=0.40),
    Reliable(rows=100, told=0.60, found=0.48, low=0.38, high=0.58),
)
LIFT = tuple(
    Lift(tenth=place, rows=70, rate=rate, lift=rate / 0.2)
    for place, rate in enumerate((0.5, 0.35, 0.3, 0.2, 0.2, 0.15, 0.1, 0.1, 0.06, 0.04), start=1)
)
HELD = (
    Held(level=0.5, held=0.52, low=0.47, high=0.57),
    Held(level=0.75, held=0.74, low=0.69, high=0.78),
    Held(level=0.9, held=0.82, low=0.78, high=0.86),
)
PERIODS = (
    PeriodRate(starts=date(2025, 1, 1), ends=date(2025, 3, 31), rows=300, told=0.2, found=0.22),
    PeriodRate(starts=date(2025, 4, 1), ends=date(2025, 6, 30), rows=310, told=0.2, found=0.15),
)
ADDED = (
    Added(dimension="engagement", auc_lost=0.041),
    Added(dimension="fit", auc_lost=0.006),
    Added(dimension="intent", auc_lost=-0.002),
)
DRIFT = (
    FactDrift(fact="intent_90d", label="Strongest sign of interest in 90 days", psi=0.31),
    FactDrift(fact="employees", label="Size of the business", psi=0.02),
)
CARD = Card(
    base=-12,
    rules=(
        CardRule(
            fact="employees",
            label="Size of the <business>",
            dimension="fit",
            bins=(
                Bin(label="below 50", below=50, points=-4, n=500, wins=60),
                Bin(label="50 and more", at_least=50, points=9, n=110, wins=55),
            ),
        ),
    ),
)


def history(*, empty: bool = False) -> MethodHistory:
    """Return a whole history, or one of a book that has none."""
    if empty:
        score = ScoreHistory(
            outcome="an order in the 91 days after", verdict="expert-set",
            told="12 outcomes are too few to test the card on.", rows=12, wins=5, judged=0,
            first=None, last=None, hand=None, fitted=None,
        )  # fmt: skip
        potential = PotentialHistory(method="peers", accounts=0, starts=None, ends=None)
        gaps = WhitespaceHistory(method="groups", gaps=0, starts=None, ends=None)
    else:
        score = ScoreHistory(
            outcome="an order in the 91 days after",
            verdict="data-led",
            told="The fitted card tells accounts apart better than the one in use.",
            rows=1_400, wins=280, judged=700, first=date(2025, 1, 1), last=date(2025, 6, 30),
            hand=Estimate(value=0.671, low=0.62, high=0.72),
            fitted=Estimate(value=0.734, low=0.69, high=0.78),
            reliability=RELIABILITY, lift=LIFT, added=ADDED, periods=PERIODS, drift=DRIFT,
            notes=("A note on the score.",), proposed=CARD,
        )  # fmt: skip
        potential = PotentialHistory(
            method="quantile regression", accounts=365, starts=date(2024, 7, 1),
            ends=date(2025, 6, 30), levels=HELD, top_growth=18_000.0, mean_growth=-18_000.0,
            notes=("One year cannot show a season.",),
        )  # fmt: skip
        gaps = WhitespaceHistory(
            method="six parts", gaps=951, starts=date(2024, 7, 1), ends=date(2025, 6, 30),
            told=0.116, found=0.131, brier=0.117, brier_peers=0.262, worth=644_000.0,
            spent=506_000.0, reliability=RELIABILITY,
        )  # fmt: skip
    return MethodHistory(
        book_id="b" * 64, coverage_hash="c" * 64, as_of=date(2025, 9, 30), currency="USD",
        score=score, potential=potential, whitespace=gaps,
    )  # fmt: skip

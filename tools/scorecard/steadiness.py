"""What of a history still holds: how fast it ages, and which facts keep their promise later.

Both are judged by rolling origins inside the history: weights of the earlier part against the
outcomes of the part that follows.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from tools.scorecard.additive import LOG_ODDS_A_POINT, Strength, fit_weights
from tools.scorecard.auc import paired_gain
from tools.scorecard.binning import BinnedFact

ORIGINS = (0.55, 0.7, 0.85)
HALF_LIVES = (0.25, 0.1)  # as shares of the history
FEWEST = 400  # outcomes, below which nothing can be judged
FEWEST_A_PERIOD = 40  # of the rarer class
FEWEST_COUNTED = 25  # of the rarer class, by a half-life
MOST_ROWS = 15_000
SURE, WORTHWHILE = 0.8, 0.003  # of a gain in area, for old outcomes to count less
GIVE = 0.5  # standard deviation of a fact's scale around 1
DOUBT = 2.0  # standard errors by which one fact must fall short, for any to be scaled


@dataclass(frozen=True)
class Steadiness:
    """How the history is to be read.

    `half_life` is the share of the history after which an outcome counts half (None: all count
    alike); `scales` how much of each fact's weights to keep, 1 being all.
    """

    half_life: float | None
    scales: np.ndarray


def recency(rows: int, half_life: float | None) -> np.ndarray:
    """Return how much each of `rows` outcomes counts, the oldest first; the newest counts 1."""
    if half_life is None:
        return np.ones(rows)
    return np.asarray(0.5 ** (np.arange(rows)[::-1] / (half_life * rows)))


def steadiness(
    facts: Sequence[BinnedFact], won: np.ndarray, strength: Strength, *, seed: int = 0
) -> Steadiness:
    """Judge how fast a history ages and how far each fact can be trusted.

    A half-life is taken when it orders later outcomes better than equal weights, beyond doubt
    (paired bootstrap, 80 %) and by .003 of area at least. Scales are the non-negative weights,
    drawn to 1, by which the weights of earlier outcomes predict later ones; they are taken when
    at least one fact falls short by two standard errors, since otherwise they would
    only repeat noise.
    """
    plain = Steadiness(None, np.ones(len(facts)))
    if len(won) < FEWEST:
        return plain
    if len(won) > MOST_ROWS:
        rows = np.linspace(0, len(won) - 1, MOST_ROWS).astype(int)
        facts, won = [fact.take(rows) for fact in facts], won[rows]
    periods = _periods(won)
    if len(periods) < 2:
        return plain
    shares: dict[float | None, list[np.ndarray]] = {None: []}
    rarer = min(won.sum(), len(won) - won.sum())
    tried = [half_life for half_life in HALF_LIVES if half_life * rarer >= FEWEST_COUNTED]
    shares |= {half_life: [] for half_life in tried}
    for start, end in periods:
        before, after = [fact.take(slice(start)) for fact in facts], slice(start, end)
        for half_life, made in shares.items():
            counting = recency(start, half_life)
            weights = fit_weights(before, won[:start], counting, strength=strength)
            made.append(
                np.column_stack(
                    [
                        (part - LOG_ODDS_A_POINT * fact.hand)[fact.codes[after]]
                        for fact, part in zip(facts, weights.by_fact, strict=True)
                    ]
                )
            )
    hand = [
        sum(
            (LOG_ODDS_A_POINT * fact.hand[fact.codes[start:end]] for fact in facts),
            start=np.zeros(end - start),
        )
        for start, end in periods
    ]
    outcomes = [won[start:end] for start, end in periods]
    best, most = None, 0.0
    for half_life in tried:
        gain = paired_gain(
            [
                (seen, offset + one.sum(axis=1), offset + two.sum(axis=1))
                for seen, offset, one, two in zip(
                    outcomes, hand, shares[None], shares[half_life], strict=True
                )
            ],
            confidence=SURE,
            seed=seed,
        )
        if gain.low > 0 and gain.value > max(most, WORTHWHILE):
            best, most = half_life, gain.value
    return Steadiness(best, _scales(shares[best], hand, outcomes))


def _periods(won: np.ndarray) -> list[tuple[int, int]]:
    cuts = [int(len(won) * share) for share in (*ORIGINS, 1.0)]
    found = []
    for start, end in itertools.pairwise(cuts):
        wins = won[start:end].sum()
        before = won[:start].sum()
        rarer = min(wins, end - start - wins, before, start - before)
        if rarer >= FEWEST_A_PERIOD:
            found.append((start, end))
    return found


def _scales(
    shares: list[np.ndarray], hand: list[np.ndarray], outcomes: list[np.ndarray]
) -> np.ndarray:
    given = np.concatenate(shares)
    offset = np.concatenate(hand)
    seen = np.concatenate(outcomes)
    period = np.repeat(np.arange(len(shares)), [len(part) for part in outcomes])
    facts = given.shape[1]

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        scales, bases = values[:facts], values[facts:]
        linear = offset + given @ scales + bases[period]
        residual = 1 / (1 + np.exp(-linear)) - seen
        gap = scales - 1
        value = np.logaddexp(0, linear).sum() - seen @ linear + gap @ gap / (2 * GIVE**2)
        slope = given.T @ residual + gap / GIVE**2
        return float(value), np.concatenate((slope, np.bincount(period, residual, len(shares))))

    first = np.zeros(facts + len(shares))
    first[:facts] = 1
    bounds = [(0, 1.2)] * facts + [(-20, 20)] * len(shares)
    found = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds).x
    linear = offset + given @ found[:facts] + found[facts:][period]
    chance = 1 / (1 + np.exp(-linear))
    evidence = np.sqrt((chance * (1 - chance)) @ np.square(given))
    if ((1 - found[:facts]) * evidence).max(initial=0.0) < DOUBT:
        return np.ones(facts)
    return np.asarray(found[:facts])

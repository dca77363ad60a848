"""How far outcomes may bend a hand card: as far as what is left out of a fit bears them out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.scorecard.additive import LOG_ODDS_A_POINT, Strength, fit_weights
from tools.scorecard.auc import paired_gain
from tools.scorecard.binning import BinnedFact

FOLDS = 5
MOST_ROWS = 2_000  # outcomes from which later periods judge better than folds do


def trust(
    facts: Sequence[BinnedFact], won: np.ndarray, strength: Strength, *, seed: int = 0
) -> float:
    """Return which share of the bending to keep: 0 the hand card alone, 1 all of it.

    Five folds, each every fifth row; the fitted card is compared with the hand card on the rows
    left out. One standard error worse keeps nothing, one better keeps all, between in
    proportion.
    """
    if len(won) >= MOST_ROWS:
        return 1.0
    fold = folds(won)
    counting = np.ones(len(won))
    parts = []
    for left_out in range(FOLDS):
        rest, out = np.flatnonzero(fold != left_out), np.flatnonzero(fold == left_out)
        weights = fit_weights(
            [fact.take(rest) for fact in facts], won[rest], counting[rest], strength=strength
        )
        hand, bent = np.zeros(len(out)), np.zeros(len(out))
        for fact, part in zip(facts, weights.by_fact, strict=True):
            hand += LOG_ODDS_A_POINT * fact.hand[fact.codes[out]]
            bent += part[fact.codes[out]]
        parts.append((won[out], hand, bent))
    gain = paired_gain(parts, confidence=0.68, seed=seed)
    error = max((gain.high - gain.low) / 2, 1e-9)
    return float(np.clip((gain.value / error + 1) / 2, 0.0, 1.0))


def folds(won: np.ndarray) -> np.ndarray:
    """Number the fold of every row; wins are dealt out first, so that every fold has some."""
    fold = np.empty(len(won), dtype=int)
    fold[np.argsort(-won, kind="stable")] = np.arange(len(won)) % FOLDS
    return fold

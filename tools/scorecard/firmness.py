"""How firmly to believe in smooth, small effects where no hand card says anything."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.scorecard.additive import Strength, fit_weights
from tools.scorecard.binning import BinnedFact
from tools.scorecard.trust import FOLDS, folds

LOOSE = Strength(bin=0.3, step=0.3, trend=0.25, scale=0.3, belief=1.0)
FIRM = Strength(bin=0.2, step=0.2, trend=0.3, scale=0.3, belief=5.0)
MOST_ROWS = 10_000  # outcomes from which the two tell the same


def firmness(facts: Sequence[BinnedFact], won: np.ndarray) -> Strength:
    """Return the belief under which rows left out of a fit surprise less.

    Five folds; the mean log loss of each belief on the rows left out. Where signals are weak
    the firm one draws better lines through them, elsewhere it flattens what is there.
    """
    if len(won) >= MOST_ROWS or won.sum() < FOLDS or (1 - won).sum() < FOLDS:
        return LOOSE
    fold = folds(won)
    losses = {}
    for belief in (LOOSE, FIRM):
        surprise = 0.0
        for left_out in range(FOLDS):
            rest, out = np.flatnonzero(fold != left_out), np.flatnonzero(fold == left_out)
            weights = fit_weights(
                [fact.take(rest) for fact in facts],
                won[rest],
                np.ones(len(rest)),
                strength=belief,
            )
            linear = np.full(len(out), weights.base)
            for fact, part in zip(facts, weights.by_fact, strict=True):
                linear += part[fact.codes[out]]
            surprise += float((np.logaddexp(0, linear) - won[out] * linear).sum())
        losses[belief] = surprise
    return min(losses, key=lambda belief: losses[belief])

"""Moving the base so that probabilities match recent outcomes, where a backtest says it helps."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.scorecard.reliability import log_loss
from tools.scorecard.scoring import probability


@dataclass(frozen=True)
class Recalibration:
    """Whether moving the base to the outcomes of the period before would have helped.

    `before` and `after` are the mean log loss (nats) of the later periods as scored, and with
    the base moved by what the period before each of them asked for. `low` bounds the saving
    from below (one-sided 95 %, paired). `points` is the move that the last period asks for; it
    is made to the card in use only where `helps`.
    """

    points: int
    before: float
    after: float
    low: float
    helps: bool


def recalibration(periods: Sequence[tuple[np.ndarray, np.ndarray]]) -> Recalibration | None:
    """Test it on periods of outcomes and scores, the earliest first; None with fewer than two."""
    if len(periods) < 2:
        return None
    saved, before, after = [], [], []
    for (won, scores), (later, later_scores) in itertools.pairwise(periods):
        move = _move(won, scores)
        plain, moved = log_loss(later, later_scores), log_loss(later, later_scores + move)
        saved.append(plain - moved)
        before.append(plain)
        after.append(moved)
    gain = np.concatenate(saved)
    error = float(gain.std(ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else float("inf")
    low = float(gain.mean()) - 1.645 * error
    # One lucky period is no pattern: the saving must hold in most of them.
    most = sum(part.mean() > 0 for part in saved) > len(saved) / 2
    return Recalibration(
        points=_move(*periods[-1]),
        before=float(np.concatenate(before).mean()),
        after=float(np.concatenate(after).mean()),
        low=low,
        helps=low > 0 and most,
    )


def _move(won: np.ndarray, scores: np.ndarray) -> int:
    """Points to add so that the wins expected are those that happened, half a win added."""
    wins = float(won.sum()) + 0.5
    wins *= len(won) / (len(won) + 1)
    low, high = -2000, 2000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if probability(scores + middle).sum() < wins else (low, middle)
    return (
        low
        if abs(probability(scores + low).sum() - wins)
        < abs(probability(scores + high).sum() - wins)
        else high
    )

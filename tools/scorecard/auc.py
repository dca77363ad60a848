"""How well a score orders outcomes: the area under the curve, its interval, and differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

MOST_DRAWN = 1_000


@dataclass(frozen=True)
class Auc:
    """Chance that a won outcome has the higher score than a lost one; ties count half.

    `low` and `high` bound it with the confidence asked for. NaN where only one class is there.
    """

    value: float
    low: float
    high: float


def auc(won: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under the curve; NaN with one class only."""
    wins = int(won.sum())
    losses = len(won) - wins
    if not wins or not losses:
        return float("nan")
    ranks = rankdata(scores)
    return float((ranks[won > 0].sum() - wins * (wins + 1) / 2) / (wins * losses))


def auc_interval(won: np.ndarray, scores: np.ndarray, *, confidence: float = 0.99) -> Auc:
    """Return the area under the curve with its interval.

    Parameters
    ----------
    won
        1 where the outcome was won, 0 where lost.
    scores
        Any numbers; higher should mean likelier.
    confidence
        Share of intervals that hold the truth, both sides together.

    Notes
    -----
    Variance of DeLong, DeLong & Clarke-Pearson (1988) by the ranks of Sun & Xu (2014). The
    interval is taken on the log-odds of the area, which keeps it within 0 and 1; at an area of
    0 or 1, where the variance is 0, a half win is added, so that it never closes on a point.
    """
    return pooled_interval([(won, scores)], confidence=confidence)


def pooled_interval(parts: list[tuple[np.ndarray, np.ndarray]], *, confidence: float = 0.99) -> Auc:
    """Return the mean area within periods, weighted by their pairs of a win and a loss.

    Scores of different periods may come from different cards: only pairs within one count.
    """
    areas, variances, pairs = [], [], []
    for won, scores in parts:
        wins = int(won.sum())
        if not wins or wins == len(won):
            continue
        of_wins, of_losses = _placements(won, scores)
        areas.append(float(of_wins.mean()))
        variances.append(_variance(of_wins) + _variance(of_losses))
        # Harmonic: what a period tells is bounded by the rarer class.
        pairs.append(wins * (len(won) - wins) / len(won))
    if not areas:
        return Auc(float("nan"), float("nan"), float("nan"))
    share = np.array(pairs) / np.sum(pairs)
    value = float(share @ np.array(areas))
    error = float(np.sqrt(np.square(share) @ np.array(variances)))
    inside = float(np.clip(value, 0.5 / (1 + np.sum(pairs)), 1 - 0.5 / (1 + np.sum(pairs))))
    slope = inside * (1 - inside)
    error = max(error, float(np.sqrt(slope / (4 * np.sum(pairs)))) * (value != inside))
    reach = float(ndtri(0.5 + confidence / 2)) * error / slope
    middle = np.log(inside / (1 - inside))
    low, high = 1 / (1 + np.exp(-(middle + np.array([-reach, reach]))))
    return Auc(value, min(float(low), value), max(float(high), value))


def _placements(won: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of losses below each win, and of wins above each loss."""
    is_won = won > 0
    wins = int(is_won.sum())
    losses = len(won) - wins
    ranks = rankdata(scores)
    of_wins = (ranks[is_won] - rankdata(scores[is_won])) / losses
    of_losses = 1 - (ranks[~is_won] - rankdata(scores[~is_won])) / wins
    return of_wins, of_losses


def _variance(placements: np.ndarray) -> float:
    count = len(placements)
    return float(placements.var(ddof=1)) / count if count > 1 else 0.25


@dataclass(frozen=True)
class Gain:
    """How much one score orders better than another: `value`, and bounds by the bootstrap."""

    value: float
    low: float
    high: float


def paired_gain(
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
    *,
    confidence: float = 0.9,
    draws: int = 400,
    seed: int = 0,
) -> Gain:
    """Compare two scores on the same outcomes: area of the second less area of the first.

    Parameters
    ----------
    parts
        By period: outcomes, first scores, second scores.
    confidence
        Of the bounds, both sides together.
    draws
        Bootstrap samples. Both scores meet the same sample each time, drawn among the wins and
        among the losses of each period; above 1,000 of a class, by their normal limit.
    seed
        Of the draws.

    Returns
    -------
    Gain
        NaN where no period has both classes.
    """
    random = np.random.default_rng(seed)
    totals = np.zeros(draws)
    value, weight = 0.0, 0.0
    for won, first, second in parts:
        wins = int(won.sum())
        losses = len(won) - wins
        if not wins or not losses:
            continue
        pairs = wins * losses / len(won)
        # Placements make each draw a mean over drawn rows: linear, no sorting again.
        win_gain, loss_gain = (
            two - one
            for one, two in zip(_placements(won, first), _placements(won, second), strict=True)
        )
        centre = float(win_gain.mean())
        drawn = _drawn_means(win_gain, draws, random) + _drawn_means(loss_gain, draws, random)
        totals += pairs * (drawn - centre)
        value += pairs * centre
        weight += pairs
    if not weight:
        return Gain(float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(totals / weight, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Gain(value / weight, float(low), float(high))


def _drawn_means(values: np.ndarray, draws: int, random: np.random.Generator) -> np.ndarray:
    count = len(values)
    if count > MOST_DRAWN:
        return np.asarray(random.normal(values.mean(), values.std() / np.sqrt(count), draws))
    return np.asarray(random.multinomial(count, np.full(count, 1 / count), draws) @ values / count)

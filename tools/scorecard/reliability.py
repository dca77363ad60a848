"""What a score was worth on later outcomes: lift, reliability, and what each part adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain.card import Card
from tools.scorecard.auc import paired_gain
from tools.scorecard.scoring import Scored, probability
from tools.shares import wilson

DECILES = 10


@dataclass(frozen=True)
class Period:
    """Later outcomes, and the scores that a card fitted before them gave."""

    won: np.ndarray
    hand: Scored | None
    fitted: Scored

    def scored(self, *, by_hand: bool) -> Scored:
        """Return the scores of the one card or the other."""
        return self.hand if by_hand and self.hand is not None else self.fitted


def lift_by_decile(periods: Sequence[Period], *, by_hand: bool) -> pd.DataFrame:
    """Return the win rate of each tenth of the later outcomes, best scores first.

    Returns
    -------
    DataFrame
        Indexed by `decile` (1 holds the highest scores of each period): `n`, `wins`,
        `win_rate`, `lift` (win rate over that of all; NaN where nothing was won) and
        `wins_share` (share of all wins in this decile and those before it).
    """
    made = []
    for period in periods:
        scores = period.scored(by_hand=by_hand).table["score"].to_numpy()
        # Equal scores share their tenths, whatever the order of the rows.
        order = np.lexsort((np.arange(len(scores)), -scores))
        place = np.empty(len(scores), dtype=int)
        place[order] = np.arange(len(scores)) * DECILES // len(scores)
        level = np.unique(scores, return_inverse=True)[1]
        rate = np.bincount(level, period.won) / np.bincount(level)
        made.append(pd.DataFrame({"decile": place + 1, "wins": rate[level]}))
    rows = pd.concat(made, ignore_index=True)
    by_decile = rows.groupby("decile").agg(n=("wins", "size"), wins=("wins", "sum"))
    by_decile["win_rate"] = by_decile["wins"] / by_decile["n"]
    overall = by_decile["wins"].sum() / by_decile["n"].sum()
    by_decile["lift"] = by_decile["win_rate"] / overall if overall else float("nan")
    by_decile["wins_share"] = by_decile["wins"].cumsum() / by_decile["wins"].sum()
    return by_decile


def reliability(
    periods: Sequence[Period], *, by_hand: bool, confidence: float = 0.95
) -> pd.DataFrame:
    """Return what was promised against what happened, in ten groups of rising probability.

    Returns
    -------
    DataFrame
        Indexed by `group`: `n`, `wins`, `predicted` (mean probability), `observed` (share won),
        `low` and `high` (Wilson interval of the share).
    """
    chance = np.concatenate(
        [part.scored(by_hand=by_hand).table["probability"].to_numpy() for part in periods]
    )
    won = np.concatenate([part.won for part in periods])
    cuts = np.unique(np.quantile(chance, np.arange(1, DECILES) / DECILES))
    group = np.searchsorted(cuts, chance, side="right")
    n = np.bincount(group, minlength=len(cuts) + 1)
    wins = np.bincount(group, won, len(cuts) + 1)
    mean = np.bincount(group, chance, len(cuts) + 1)
    held = n > 0
    n, wins, mean = n[held], wins[held], mean[held]
    low, high = wilson(wins, n, confidence=confidence)
    return pd.DataFrame(
        {
            "n": n,
            "wins": wins.astype(int),
            "predicted": mean / n,
            "observed": wins / n,
            "low": low,
            "high": high,
        },
        index=pd.RangeIndex(1, len(n) + 1, name="group"),
    )


def what_each_adds(
    periods: Sequence[Period], card: Card, *, by_hand: bool, by: str, seed: int
) -> pd.DataFrame:
    """Return the area lost on later outcomes when one dimension, or fact, gives no points.

    Parameters
    ----------
    card
        Names the facts and their dimensions.
    by
        `dimension` or `fact`.

    Returns
    -------
    DataFrame
        Indexed by dimension or fact, most first: `auc_lost`, `low`, `high` (95 % bounds by a
        paired bootstrap; negative where the part did harm) and `spread` (points between its
        best and worst bin).
    """
    groups: dict[str, list[str]] = {}
    spread: dict[str, int] = {}
    for rule in card.rules:
        name = rule.dimension if by == "dimension" else rule.key
        groups.setdefault(name, []).append(rule.key)
        worth = [*(one.points for one in rule.bins), rule.missing if rule.missing_n else 0]
        spread[name] = spread.get(name, 0) + max(worth) - min(worth)
    lines = []
    for name, facts in groups.items():
        parts = []
        for period in periods:
            scored = period.scored(by_hand=by_hand)
            full = scored.table["score"].to_numpy()
            mine = [fact for fact in facts if fact in scored.points.columns]
            lesser = full - scored.points[mine].sum(axis=1).to_numpy()
            parts.append((period.won, lesser, full))
        gain = paired_gain(parts, confidence=0.95, seed=seed)
        lines.append((name, gain.value, gain.low, gain.high, spread[name]))
    columns = [by, "auc_lost", "low", "high", "spread"]
    made = pd.DataFrame(lines, columns=columns).set_index(by)
    return made.sort_values("auc_lost", ascending=False, kind="stable")


def log_loss(won: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the loss of each row: surprise at its outcome, in nats."""
    chance = np.clip(probability(points), 1e-9, 1 - 1e-9)
    return np.asarray(-np.log(np.where(won > 0, chance, 1 - chance)))

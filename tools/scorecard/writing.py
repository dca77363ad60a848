"""Writing fitted weights down as a card: integers, alike bins joined, counts beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from domain.card import Bin, Card, CardRule, Source
from tools.scorecard.additive import LOG_ODDS_A_POINT, Weights
from tools.scorecard.binning import MOST_BINS, BinnedFact, stretch
from tools.scorecard.scoring import probability

MOST_POINTS = 200


def written_card(
    facts: Sequence[BinnedFact],
    weights: Weights,
    won: np.ndarray,
    counting: np.ndarray,
    notes: Sequence[str],
    prior: Card | None,
) -> Card:
    """Turn weights into a card.

    Points of a fact that no prior card rates are centred on the history, so that 0 is the
    average row; a missing or unseen value that never occurred then says nothing. The base is
    set last, so that the expected wins of the integer card are those that happened.

    Parameters
    ----------
    facts, weights
        The fitted model.
    won, counting
        Outcomes, and how much each counts.
    notes
        What was left out so far.
    prior
        Its rules on facts that could not be used are kept as they are.
    """
    told = list(notes)
    rules: dict[str, CardRule] = {}
    total = np.zeros(len(won), dtype=np.int64)
    rated = {} if prior is None else {rule.fact: rule for rule in prior.rules}
    for fact, logodds in zip(facts, weights.by_fact, strict=True):
        by_hand = fact.rule.key in rated
        points = _points(fact, logodds, counting, centre=not by_hand)
        total += points[fact.codes]
        if not by_hand and not points.any():
            if fact.rule.beside is not None:
                continue
            told.append(f"{fact.rule.fact} carries no points: the history shows no effect.")
            continue
        rules[fact.rule.key] = _rule(fact, points, won, by_hand=by_hand)
    kept = {name: rules.get(name, rule) for name, rule in rated.items()}
    base = _base(total, won, counting)
    return Card(base=base, rules=tuple({**kept, **rules}.values()), notes=tuple(told))


def _points(
    fact: BinnedFact, logodds: np.ndarray, counting: np.ndarray, *, centre: bool
) -> np.ndarray:
    share = np.bincount(fact.codes, counting, fact.size)
    middle = float(share @ logodds / share.sum()) if centre else 0.0
    raw = (logodds - middle) / LOG_ODDS_A_POINT
    if centre:
        # A bin the history never met stands at the average, whatever its neighbours would say.
        unmet = share == 0
        unmet[:-1] &= not fact.ordered
        raw[unmet] = 0.0
    whole = np.clip(np.rint(raw), -MOST_POINTS, MOST_POINTS).astype(np.int64)
    return whole if fact.ordered or fact.rule.beside is not None else _few(whole, share)


def _few(points: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Pool levels of nearly equal points, until the bins of the card are few enough."""
    levels = points[:-2]
    found = np.unique(levels)
    while len(found) > MOST_BINS - 2:
        gaps = np.diff(found)
        join = int(np.argmin(gaps))
        pair = np.isin(levels, found[join : join + 2])
        weight = share[:-2][pair] + 1e-9
        middle = int(np.rint(weight @ levels[pair] / weight.sum()))
        levels[pair] = middle
        found = np.unique(levels)
    return points


def _rule(fact: BinnedFact, points: np.ndarray, won: np.ndarray, *, by_hand: bool) -> CardRule:
    n = np.bincount(fact.codes, minlength=fact.size)
    wins = np.bincount(fact.codes, won, fact.size).astype(np.int64)
    if fact.rule.beside is not None:
        # Cells without points are no bins: a value in none gets none.
        groups = [np.array([place]) for place in np.flatnonzero(points[:-1])]
    else:
        groups = _runs(points[:-1]) if fact.ordered else _alike(points[:-1])
    bins = []
    for group in groups:
        source: Source = "data"
        if by_hand:
            bent = points[group[0]] != fact.hand[group].round().astype(np.int64)
            source = "both" if bent.any() else "hand"
        joined = _joined([fact.rule.bins[place] for place in group], fact)
        bins.append(
            joined.model_copy(
                update={
                    "points": int(points[group[0]]),
                    "n": int(n[group].sum()),
                    "wins": int(wins[group].sum()),
                    "source": source,
                }
            )
        )
    return fact.rule.model_copy(
        update={
            "bins": tuple(bins),
            "missing": int(points[-1]),
            "missing_n": int(n[-1]) or None,
            "missing_wins": int(wins[-1]) if n[-1] else None,
        }
    )


def _runs(points: np.ndarray) -> list[np.ndarray]:
    cuts = np.flatnonzero(np.diff(points)) + 1
    return list(np.split(np.arange(len(points)), cuts))


def _alike(points: np.ndarray) -> list[np.ndarray]:
    """Levels of equal points together, in order of their first; the catch-all stays last."""
    levels = points[:-1]
    firsts = dict.fromkeys(levels.tolist())
    groups = [np.flatnonzero(levels == value) for value in firsts]
    return [*groups, np.array([len(points) - 1])]


def _joined(bins: Sequence[Bin], fact: BinnedFact) -> Bin:
    first, last = bins[0], bins[-1]
    if len(bins) == 1:
        return first
    if fact.ordered:
        label = stretch(first.at_least, last.below, whole=False)
        return first.model_copy(update={"label": label, "below": last.below})
    words = tuple(one.equals for one in bins if one.equals is not None)
    shown = ", ".join(words[:3])
    label = shown if len(words) <= 3 else f"{shown} and {len(words) - 3} more"
    return first.model_copy(update={"label": label, "equals": None, "one_of": words})


def _base(total: np.ndarray, won: np.ndarray, counting: np.ndarray) -> int:
    """Find the base under which the card expects the wins that happened."""
    scores, place = np.unique(total, return_inverse=True)
    share = np.bincount(place, counting)
    wins = float(counting @ won)
    low, high = -2000, 2000
    while high - low > 1:
        middle = (low + high) // 2
        expected = float(share @ probability(scores + middle))
        low, high = (middle, high) if expected < wins else (low, middle)
    gap = [abs(float(share @ probability(scores + base)) - wins) for base in (low, high)]
    return low if gap[0] <= gap[1] else high

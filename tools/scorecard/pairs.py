"""Pairs of facts that are worth more, or less, together than the two apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from domain.card import Bin, CardRule
from tools.scorecard.additive import Strength, Weights, fit_weights
from tools.scorecard.auc import paired_gain
from tools.scorecard.binning import BinnedFact, stretch

SIDE = 8  # groups of bins on each side of a pair
FEWEST = 1_000  # outcomes, below which no pair is looked for
MOST_ROWS = 20_000
JUDGED = 0.75  # share of the history that pairs are fitted on when they are judged
WORTHWHILE = 0.001
PSEUDO = 10.0


def pairs_worth_having(
    facts: Sequence[BinnedFact],
    won: np.ndarray,
    counting: np.ndarray,
    strength: Strength,
    *,
    most: int,
    seed: int = 0,
) -> list[BinnedFact]:
    """Find the pairs that what the facts say one by one leaves unexplained.

    Candidates are those of the largest score statistic on the residuals of the additive fit to
    the earlier three quarters. They are kept when, fitted there as well, they order the last
    quarter better beyond doubt (paired bootstrap, 90 %), and by .001 of area at least.

    Parameters
    ----------
    facts
        The facts, cut into bins.
    won, counting
        Outcomes in order of time, and how much each counts.
    most
        Pairs at most.

    Returns
    -------
    list of BinnedFact
        Each over the cells of two facts, for all rows; empty where nothing is gained.
    """
    if len(won) < FEWEST or most < 1 or len(facts) < 2:
        return []
    rows = np.arange(len(won))
    if len(won) > MOST_ROWS:
        rows = np.linspace(0, len(won) - 1, MOST_ROWS).astype(int)
    cut = int(len(rows) * JUDGED)
    before, after = rows[:cut], rows[cut:]
    if not 0 < won[after].sum() < len(after) or not 0 < won[before].sum() < len(before):
        return []
    early = [fact.take(before) for fact in facts]
    plain = fit_weights(early, won[before], counting[before], strength=strength)
    residual, curve = _left_over(early, plain, won[before], counting[before])
    sides = [_side(fact, counting[before]) for fact in early]
    found = []
    for one, two in combinations(range(len(facts)), 2):
        evidence = _evidence(early[one], sides[one], early[two], sides[two], residual, curve)
        if evidence > 0:
            found.append((evidence, one, two))
    found.sort(key=lambda item: (-item[0], item[1], item[2]))
    chosen = [
        _crossed(facts[one], sides[one], facts[two], sides[two]) for _, one, two in found[:most]
    ]
    if not chosen:
        return []
    both = [*early, *(pair.take(before) for pair in chosen)]
    paired = fit_weights(both, won[before], counting[before], strength=strength)
    gain = paired_gain(
        [(won[after], _linear(facts, plain, after), _linear([*facts, *chosen], paired, after))],
        seed=seed,
    )
    return chosen if gain.low > 0 and gain.value > WORTHWHILE else []


def _linear(facts: Sequence[BinnedFact], weights: Weights, rows: np.ndarray) -> np.ndarray:
    total = np.full(len(rows), weights.base)
    for fact, part in zip(facts, weights.by_fact, strict=True):
        total += part[fact.codes[rows]]
    return total


def _left_over(
    facts: Sequence[BinnedFact], weights: Weights, won: np.ndarray, counting: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    linear = _linear(facts, weights, np.arange(len(won)))
    chance = 1 / (1 + np.exp(-linear))
    return counting * (won - chance), counting * chance * (1 - chance)


def _side(fact: BinnedFact, counting: np.ndarray) -> np.ndarray:
    """Group of each bin, the missing one apart (-1): stretches of numbers, common levels."""
    share = np.bincount(fact.codes, counting, fact.size)[:-1]
    groups = np.full(fact.size, -1)
    if fact.ordered:
        middle = np.cumsum(share) - share / 2
        place = np.minimum(middle / max(share.sum(), 1e-9) * SIDE, SIDE - 1).astype(int)
        groups[:-1] = np.unique(place, return_inverse=True)[1]
    else:
        # Levels come in order of frequency; the rest, and those never seen, are one group.
        groups[:-1] = np.minimum(np.arange(len(share)), SIDE - 1)
    return groups


def _cells(
    one: BinnedFact, rows: np.ndarray, two: BinnedFact, columns: np.ndarray
) -> tuple[np.ndarray, int]:
    """Cell of every row, and the number of cells; it stands for a missing value as well."""
    wide = int(columns.max()) + 1
    count = (int(rows.max()) + 1) * wide
    first, second = rows[one.codes], columns[two.codes]
    cell = np.where((first < 0) | (second < 0), count, first * wide + second)
    return cell, count


def _evidence(
    one: BinnedFact,
    rows: np.ndarray,
    two: BinnedFact,
    columns: np.ndarray,
    residual: np.ndarray,
    curve: np.ndarray,
) -> float:
    """Shrunk score statistic beyond what chance gives, and three standard errors more."""
    cell, count = _cells(one, rows, two, columns)
    unexplained = np.bincount(cell, residual, count + 1)[:-1]
    spread = np.bincount(cell, curve, count + 1)[:-1]
    share = spread / (spread + PSEUDO)
    found = float((np.square(unexplained) / (spread + PSEUDO)).sum())
    return found - float(share.sum()) - 3 * float(np.sqrt(2 * np.square(share).sum()))


def _crossed(one: BinnedFact, rows: np.ndarray, two: BinnedFact, columns: np.ndarray) -> BinnedFact:
    cell, count = _cells(one, rows, two, columns)
    first = _groups(one, rows)
    second = _groups(two, columns)
    bins = tuple(
        Bin(
            label=f"{left.label} & {right.label}",
            points=0,
            at_least=left.at_least,
            below=left.below,
            one_of=left.one_of,
            beside_at_least=right.at_least,
            beside_below=right.below,
            beside_one_of=right.one_of,
        )
        for left in first
        for right in second
    )
    rule = CardRule(
        fact=one.rule.fact,
        beside=two.rule.fact,
        label=f"{one.rule.label} and {two.rule.label}",
        dimension=one.rule.dimension,
        bins=bins,
    )
    return BinnedFact(rule, cell.astype(np.int16), ordered=False, hand=np.zeros(count + 1))


def _groups(fact: BinnedFact, groups: np.ndarray) -> list[Bin]:
    """The bins of one side, each a stretch or some levels; the last of levels takes all others."""
    made = []
    last = int(groups.max())
    for group in range(last + 1):
        inside = [fact.rule.bins[place] for place in np.flatnonzero(groups[:-1] == group)]
        if fact.ordered:
            low, high = inside[0].at_least, inside[-1].below
            label = inside[0].label if len(inside) == 1 else stretch(low, high, whole=False)
            made.append(Bin(label=label, points=0, at_least=low, below=high))
        elif group == last:
            made.append(Bin(label="other", points=0))
        else:
            words = tuple(one.equals for one in inside if one.equals is not None)
            made.append(Bin(label=", ".join(words), points=0, one_of=words))
    return made

"""One weight a bin, fitted together: a penalised logistic model whose penalties the data set.

Neighbouring bins of a number are drawn to each other, every bin to the prior card; how strongly
is estimated for each fact from the outcomes themselves (approximate marginal likelihood).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.card import POINTS_THAT_DOUBLE_THE_ODDS
from tools.scorecard.binning import BinnedFact

LOG_ODDS_A_POINT = float(np.log(2)) / POINTS_THAT_DOUBLE_THE_ODDS
STEPS = 40


@dataclass(frozen=True)
class Strength:
    """What is believed before the outcomes speak, as standard deviations of log-odds.

    `bin` of one bin against its expectation, `step` between neighbouring bins, `trend` of a rise
    over one standard deviation of a number's ranks, `scale` of the factor on the points of a
    prior card, as a share. `belief` is how many bins' worth of evidence each of these beliefs
    counts.
    """

    bin: float
    step: float
    trend: float
    scale: float
    belief: float


@dataclass(frozen=True)
class Weights:
    """Log-odds: `base`, and one array for each fact, one value a bin (the missing one last)."""

    base: float
    by_fact: tuple[np.ndarray, ...]

    def scaled(self, facts: Sequence[BinnedFact], scales: np.ndarray) -> Weights:
        """Keep a share of what the outcomes added to the prior card, fact by fact."""
        parts = []
        for fact, part, scale in zip(facts, self.by_fact, scales, strict=True):
            hand = LOG_ODDS_A_POINT * fact.hand
            parts.append(hand + scale * (part - hand))
        return replace(self, by_fact=tuple(parts))


def fit_weights(
    facts: Sequence[BinnedFact],
    won: np.ndarray,
    weight: np.ndarray,
    *,
    strength: Strength,
) -> Weights:
    """Fit all bins of all facts together.

    Parameters
    ----------
    facts
        With the points of the prior card in `hand`.
    won
        1.0 where the outcome was won, 0.0 where lost; both occur.
    weight
        How much each outcome counts.
    strength
        Where the penalties start from, and how firmly.
    """
    design = _Design.of(facts)
    lam = goal = design.first_penalties(strength)
    beta = np.zeros(design.columns)
    rate = float(np.clip((weight * won).sum() / weight.sum(), 1e-4, 1 - 1e-4))
    offset = design.linear(design.hand)
    beta[0] = np.log(rate / (1 - rate)) - float((weight * offset).sum() / weight.sum())
    eta = offset + design.linear(design.spread(beta)) + beta[0]
    for step in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(eta, -30, 30)))
        curve = weight * chance * (1 - chance)
        hessian = design.gram(curve)
        gradient = design.gather(weight * (won - chance))
        penalty = design.penalty(lam)
        inverse = np.linalg.inv(hessian + penalty)
        move = inverse @ (gradient - penalty @ beta)
        size = np.abs(move).max()
        if size > 5:
            move *= 5 / size
        beta = beta + move
        eta = offset + design.linear(design.spread(beta)) + beta[0]
        change = np.abs(move[1:]).max(initial=0.0)
        moved = 0.0
        if step >= 1:
            new = design.new_penalties(lam, goal, beta, inverse, strength.belief)
            moved = float(np.abs(np.log(new / lam)).max(initial=0.0))
            lam = new
        if change < 2e-3 and moved < 0.1:
            break
    return Weights(
        float(beta[0]),
        tuple(
            LOG_ODDS_A_POINT * fact.hand + spread
            for fact, spread in zip(facts, design.by_fact(design.spread(beta)), strict=True)
        ),
    )


@dataclass(frozen=True)
class _Group:
    """Columns under one penalty, and its shape."""

    kind: str
    columns: slice
    shape: np.ndarray


@dataclass(frozen=True)
class _Design:
    """Columns of the model: the base, one a bin, then directions that many bins move along.

    `starts` is the place of each fact's first bin among the bins.
    """

    facts: Sequence[BinnedFact]
    starts: np.ndarray
    hand: np.ndarray
    directions: np.ndarray  # bins x directions
    groups: tuple[_Group, ...]

    @classmethod
    def of(cls, facts: Sequence[BinnedFact]) -> _Design:
        starts = np.concatenate(([0], np.cumsum([fact.size for fact in facts]))).astype(int)
        bins = int(starts[-1])
        hand = np.concatenate([LOG_ODDS_A_POINT * fact.hand for fact in facts])
        trends, scales, groups = [], [], []
        for place, fact in enumerate(facts):
            inside = slice(1 + int(starts[place]), 1 + int(starts[place + 1]))
            groups.append(_Group("bin", inside, np.eye(fact.size)))
            if np.any(fact.hand):
                scales.append(np.zeros(bins))
                scales[-1][starts[place] : starts[place + 1]] = LOG_ODDS_A_POINT * fact.hand
            if fact.ordered and fact.size > 2:
                steps = np.diff(np.eye(fact.size - 1, fact.size), axis=0)
                groups.append(_Group("step", inside, steps.T @ steps))
                trends.append(np.zeros(bins))
                trends[-1][starts[place] : starts[place + 1]] = _rise(fact)
        end = 1 + bins + len(trends)
        if trends:
            groups.append(_Group("trend", slice(1 + bins, end), np.eye(len(trends))))
        if scales:
            groups.append(_Group("scale", slice(end, end + len(scales)), np.eye(len(scales))))
        directions = np.array([*trends, *scales]).reshape(-1, bins).T
        return cls(facts, starts, hand, directions, tuple(groups))

    @property
    def columns(self) -> int:
        return 1 + len(self.hand) + int(self.directions.shape[1])

    def by_fact(self, bins: np.ndarray) -> list[np.ndarray]:
        return np.split(bins, self.starts[1:-1])

    def spread(self, beta: np.ndarray) -> np.ndarray:
        """Log-odds of each bin beside the prior card's."""
        end = 1 + len(self.hand)
        return np.asarray(beta[1:end] + self.directions @ beta[end:])

    def linear(self, bins: np.ndarray) -> np.ndarray:
        total = np.zeros(len(self.facts[0].codes))
        for fact, part in zip(self.facts, self.by_fact(bins), strict=True):
            total += part[fact.codes]
        return total

    def gather(self, residual: np.ndarray) -> np.ndarray:
        bins = np.concatenate([np.bincount(fact.codes, residual, fact.size) for fact in self.facts])
        return np.concatenate(([residual.sum()], bins, self.directions.T @ bins))

    def gram(self, curve: np.ndarray) -> np.ndarray:
        total = int(self.starts[-1])
        bins = np.zeros((total, total))
        for one, fact in enumerate(self.facts):
            rows = slice(self.starts[one], self.starts[one + 1])
            own = np.bincount(fact.codes, curve, fact.size)
            bins[rows, rows] = np.diag(own)
            for two in range(one):
                other = self.facts[two]
                both = fact.codes.astype(np.intp) * other.size + other.codes
                table = np.bincount(both, curve, fact.size * other.size)
                columns = slice(self.starts[two], self.starts[two + 1])
                bins[rows, columns] = table.reshape(fact.size, other.size)
                bins[columns, rows] = bins[rows, columns].T
        return self._with_base_and_directions(bins)

    def _with_base_and_directions(self, bins: np.ndarray) -> np.ndarray:
        """Border the table of bins by bins with the base, which every row has, and directions."""
        inside, beyond = slice(1, 1 + len(bins)), slice(1 + len(bins), None)
        every = slice(self.starts[0], self.starts[1])  # each row is in one bin of the first fact
        based = bins[:, every].sum(axis=1)
        along = bins @ self.directions
        whole = np.empty((self.columns, self.columns))
        whole[0, 0] = based[every].sum()
        whole[0, inside] = whole[inside, 0] = based
        whole[0, beyond] = whole[beyond, 0] = based @ self.directions
        whole[inside, inside] = bins
        whole[inside, beyond] = along
        whole[beyond, inside] = along.T
        whole[beyond, beyond] = self.directions.T @ along
        return whole

    def first_penalties(self, strength: Strength) -> np.ndarray:
        return np.array([getattr(strength, group.kind) ** -2.0 for group in self.groups])

    def penalty(self, lam: np.ndarray) -> np.ndarray:
        total = np.zeros((self.columns, self.columns))
        for strength, group in zip(lam, self.groups, strict=True):
            total[group.columns, group.columns] += strength * group.shape
        return total

    def new_penalties(
        self,
        lam: np.ndarray,
        goal: np.ndarray,
        beta: np.ndarray,
        inverse: np.ndarray,
        belief: float,
    ) -> np.ndarray:
        """One step of Fellner and Schall, held by the belief in `goal`."""
        penalty = self.penalty(lam)
        new = lam.copy()
        inverted: dict[tuple[int, int], np.ndarray] = {}
        for number, group in enumerate(self.groups):
            inside, matrix = group.columns, group.shape
            place = (inside.start, inside.stop)
            if place not in inverted:  # bins and steps of one fact share their columns
                inverted[place] = np.linalg.inv(penalty[inside, inside])
            own = inverted[place]
            spare = lam[number] * float(
                np.sum(own * matrix) - np.sum(inverse[inside, inside] * matrix)
            )
            found = float(beta[inside] @ matrix @ beta[inside])
            new[number] = (max(spare, 0.0) + belief) / (found + belief / goal[number])
        return np.asarray(np.clip(new, lam / 10, lam * 10))


def _rise(fact: BinnedFact) -> np.ndarray:
    """Place of each bin by the rank of its rows: mean 0, spread 1; missing in the middle."""
    counts = np.bincount(fact.codes, minlength=fact.size).astype(float)
    known = counts[:-1]
    middle = np.cumsum(known) - known / 2
    total = known.sum()
    if not total:  # nothing but missing values: there is no order to rise in
        return np.zeros(fact.size)
    centre = middle - (known * middle).sum() / total
    spread = np.sqrt((known * centre**2).sum() / total)
    return np.append(centre / spread if spread > 0 else 0 * centre, 0.0)

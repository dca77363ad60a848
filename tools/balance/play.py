"""A design being improved on a board, by shifts, exchanges and new splits of groups of reps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.random import Generator

from tools.balance.board import COST, LOADS, PAIR, POINT, RULES, STEEP, Board, stand
from tools.balance.engine import Engine
from tools.balance.kernels import TRIES
from tools.balance.problem import Floats, Ints
from tools.balance.undecided import desk

TURNS = 1 << 16
"""Annealing turns between two looks at the random numbers."""
BATCH = 64
"""Groups of reps between two looks at the caller."""


@dataclass(frozen=True, order=True)
class Worth:
    """How good a design is: first whether a rule is broken, then its points."""

    broken: bool
    points: float


class Play:
    """One position on one board, with its own random numbers."""

    def __init__(self, engine: Engine, board: Board, chosen: Ints, rng: Generator) -> None:
        self._engine, self._rng = engine, rng
        many = np.diff(board.first)
        self._open = np.flatnonzero(np.repeat(many, many) > 1)
        self.units, self.reps = len(chosen), int(round(len(board.shared_first) ** 0.5))
        self._table = board
        self._board = engine.held(board)
        self._desk = engine.held(desk(self.units, self.reps, len(board.caps)))
        self._stamp = 0
        shared = np.flatnonzero(np.diff(board.shared_first) >= 2)
        self._shared = np.stack([shared // self.reps, shared % self.reps], axis=1)
        cost = board.pair.reshape(-1, PAIR)[:, COST]
        self.place(chosen)
        self._jitter = 1 + int(np.abs(cost.astype(np.float64)).mean() * 1e-4)

    def place(self, chosen: Ints) -> None:
        """Take up another design."""
        self._position = self._engine.held(stand(self._table, chosen))
        self._engine.renew(self._board, self._position)

    @property
    def pairs(self) -> int:
        """Pairs of units that have a choice."""
        return len(self._open)

    @property
    def chosen(self) -> Ints:
        """The candidate pair of each unit."""
        return np.array(self._position.chosen, np.int64)

    def worth(self) -> Worth:
        """Judge the position as it stands."""
        board, position = self._table, self._position
        cost = int(board.pair.reshape(-1, PAIR)[self.chosen, COST].sum())
        points = cost * float(board.terms[POINT]) + float(sum(position.points))
        loads = np.array(position.loads, np.int64).reshape(-1, LOADS)
        rules = board.rules.reshape(-1, RULES)
        broken = (loads[:, 2:] > rules[:, :2]).any()
        broken |= (loads[:, 0] < rules[:, 2]).any() or (loads[:, 0] > rules[:, 3]).any()
        broken |= (loads[:, 1] < rules[:, 4]).any() or (loads[:, 1] > rules[:, 5]).any()
        spent = np.array(position.spent, np.int64)
        over = spent > board.caps
        if over.any():
            excess = 0.0001 + (spent - board.caps) * board.cap_rates
            points += float(board.terms[STEEP]) * float(excess[over].sum())
        return Worth(bool(broken or over.any()), points)

    def anneal(self, hot: float, cold: float, turns: int) -> Iterator[None]:
        """Anneal from one heat to another, in points; yields after every TURNS turns."""
        for begin in range(0, turns if len(self._open) else 0, TURNS):
            count = min(TURNS, turns - begin)
            heats = np.zeros(count)
            if hot > 0:
                passed = (begin + np.arange(count)) / turns
                heats = hot * (cold / hot) ** passed * self._rng.standard_exponential(count)
            picks = self._open[self._rng.integers(0, len(self._open), count)]
            partners = self._rng.integers(0, 1 << 31, TRIES * count, dtype=np.int32)
            row = self._engine.row
            self._engine.anneal(
                self._board, self._position, row(picks), row(partners), row(heats)
            )
            yield

    def polish(self, size: int, most: int, items: int, splits: int) -> Iterator[None]:
        """Share out anew between at most `most` groups of `size` reps; yields per BATCH."""
        noise = 1.0 + self._rng.choice([0.0, 1.0, 4.0]) * self._rng.random(self.units)
        groups = self._groups(size, most)
        row = self._engine.row
        for begin in range(0, len(groups), BATCH):
            batch = groups[begin : begin + BATCH]
            self._engine.polish(
                self._board, self._position, row(batch), row(noise), self._jitter,
                items, splits, self._stamp, self._desk,
            )  # fmt: skip
            self._stamp += len(batch)
            yield

    def _groups(self, size: int, most: int) -> Ints:
        """Draw groups of reps that share units, in random order."""
        rng, shared = self._rng, self._shared
        if not len(shared) or self.reps < size:
            return np.zeros((0, size), np.int64)
        if size == 2:
            return shared[rng.permutation(len(shared))[:most]]
        if self.reps <= 7:
            groups = np.array(list(combinations(range(self.reps), size)), np.int64)
            return groups[rng.permutation(len(groups))[:most]]
        drawn = []
        for _ in range(most):
            group = list(shared[rng.integers(len(shared))])
            for _ in range(2 * size):
                if len(group) == size:
                    drawn.append(group)
                    break
                rep = group[rng.integers(len(group))]
                near = self._neighbours(rep)
                other = near[rng.integers(len(near))]
                if other not in group:
                    group.append(other)
        return np.array(drawn, np.int64).reshape(-1, size)

    def _neighbours(self, rep: int) -> Ints:
        pairs = self._shared
        return np.concatenate([pairs[pairs[:, 0] == rep, 1], pairs[pairs[:, 1] == rep, 0]])


def run(steps: Iterator[None]) -> None:
    """Do all of it at once."""
    for _ in steps:
        pass


def spread(values: Floats) -> float:
    """Mean of the values, or 1 where that is nothing."""
    return float(values.mean()) or 1.0

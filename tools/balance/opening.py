"""The first designs: round by the prices, anneal over candidate pairs, polish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tools.balance.board import Board
from tools.balance.engine import Engine
from tools.balance.play import Play, Worth, run
from tools.balance.problem import Floats, Ints

HEATS = (0.03, 0.01)
"""Per lane: where annealing starts, in multiples of the mean sway of a unit."""
COLD = 3e-4
TURNS = 20
"""Annealing turns per candidate pair."""
SWEEPS = 3


KICK_TURNS = 1_000_000
"""Annealing turns spent on kicks, where the reps are few."""
FEW = 7


@dataclass
class Lane:
    """The best design of a lane so far."""

    chosen: Ints
    worth: Worth = Worth(True, np.inf)

    def note(self, play: Play) -> Worth:
        """Keep the play's position if it is the best one; returns its worth."""
        worth = play.worth()
        if worth < self.worth:
            self.worth, self.chosen = worth, play.chosen
        return worth


def opening(
    engine: Engine, board: Board, start: Ints, weight: Floats, lane: int, seed: int, warm: bool
) -> Iterator[Lane]:
    """Yield the best so far after every chunk of work; from `start`, gently if it is warm."""
    rng = np.random.default_rng((seed, lane))
    play = Play(engine, board, start, rng)
    best = Lane(start)
    heat = float(weight.mean()) or 1.0
    hot = HEATS[lane]
    if warm:
        hot = 0.0 if lane == 0 else 1e-3
    else:
        for _ in play.anneal(0.0, 0.0, 3 * play.pairs):
            best.note(play)
            yield best
    if hot > 0:
        for _ in play.anneal(hot * heat, COLD * heat, TURNS * play.pairs):
            yield best
    for _ in range(SWEEPS):
        for _ in play.polish(2, play.reps * play.reps, 24, 8192):
            yield best
        for _ in play.polish(3, 6 * play.reps, 24, 16384):
            yield best
        best.note(play)
    if play.reps <= FEW:
        yield from _kicks(play, board, best, weight, rng)


def _kicks(play: Play, board: Board, best: Lane, weight: Floats, rng: Generator) -> Iterator[Lane]:
    """Throw a few units, big ones most likely, to other reps; anneal briefly; keep or go back."""
    first = board.first
    weight = np.where(np.diff(first) > 1, weight, 0.0)
    if not play.pairs or weight.sum() <= 0:
        return
    likely = weight / weight.sum()
    heat = float(weight.mean())
    here, points = best.chosen.copy(), best.worth
    for number in range(max(1, KICK_TURNS // (5 * play.pairs))):
        thrown = here.copy()
        for unit in rng.choice(len(weight), rng.integers(1, 4), p=likely):
            thrown[unit] = rng.integers(first[unit], first[unit + 1])
        play.place(thrown)
        run(play.anneal(0.03 * heat, COLD * heat, 5 * play.pairs))
        run(play.polish(2, play.reps * play.reps, 24, 4096))
        now = best.note(play)
        bar = points.points + 0.003 * abs(best.worth.points) * rng.standard_exponential()
        if now < Worth(points.broken, bar):
            here, points = play.chosen, now
        if number % 16 == 15:
            yield best

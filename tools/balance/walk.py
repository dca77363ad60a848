"""A walk from design to design: turns of sharing at heats that fall.

Where there are many reps and nothing is counted over all of them, they are parted in two
halves that walk side by side. The halves are drawn anew each time, so that in the long run
all reps meet, and drawn the same whatever the number of threads.
"""

from __future__ import annotations

from concurrent.futures import Executor
from types import ModuleType

import numpy as np

from tools.balance import sharing_plain
from tools.balance.board import POINT, Position, keeps_rules, lay, stand
from tools.balance.certificate import reduced_costs
from tools.balance.dual_rows import rows_of
from tools.balance.problem import Floats, Ints, Problem
from tools.balance.sharing import SLOTS, desk_for
from tools.balance.solution import Prices

HOT, COLD = 0.12, 0.004
"""Where heats start and end, in parts of what a unit's second choice costs it, on average."""

REACH = 2.5
"""Regret, in middle units' sways, of the dearest pairs that are looked at."""

DEAR = 100.0
"""Regret, in middle units' sways, above which all pairs count as equally dear."""

STUBBORN = 12
"""How many times as long a walk without heat goes on where a rule is broken."""

APART = 12
"""Reps from which they are parted in two halves."""


def sharing_for(plain: bool) -> ModuleType:
    """The compiled turns, or numpy's where asked for or numba is missing."""
    if plain:
        return sharing_plain
    try:
        from tools.balance import sharing_fast
    except ImportError:
        return sharing_plain
    return sharing_fast


class Walk:
    """A design on a board that changes turn by turn."""

    def __init__(
        self, problem: Problem, prices: Prices, chosen: Ints, *, plain: bool, reach: float
    ) -> None:
        self._turns = sharing_for(plain).turns
        middle = float(np.median(rows_of(problem).sway))
        reduced = reduced_costs(problem, prices)
        least = np.minimum.reduceat(reduced, problem.first[:-1])
        near = reduced - least[problem.unit] <= reach * middle
        near[chosen] = True
        self._keep = np.flatnonzero(near)
        self._board = lay(problem, prices, self._keep, DEAR * middle)
        self._position = stand(self._board, np.searchsorted(self._keep, chosen))
        self._heat = _second(problem, reduced) * float(self._board.terms[POINT])
        self._reps, self._units = np.arange(problem.reps), np.arange(problem.units)
        self._apart = self.parts(problem)
        self._desks = [desk_for(self._board) for _ in range(1 + self._apart)]
        self._kin = _kin(problem, self._keep) if self._apart else np.zeros((0, 0))

    @staticmethod
    def parts(problem: Problem) -> bool:
        """Whether the reps of a problem walk in two halves."""
        return problem.reps >= APART and not problem.budgets

    @property
    def chosen(self) -> Ints:
        """The pair of the problem per unit."""
        return self._keep[self._position.chosen]

    def take(self, shares: Floats, begin: int, executor: Executor | None) -> None:
        """Take one turn for each of `shares`, its heat in parts of a mean second regret.

        `begin` numbers the turns: other numbers, other chance.
        """
        heats = np.rint(shares * self._heat).astype(np.int64)
        if not self._apart:
            self._lane(self._reps, self._units, heats, begin, 0)
            return
        half = self._half(begin)
        holder = self._board.rep[self._position.chosen]
        lanes = [
            (np.flatnonzero(side), np.flatnonzero(side[holder]), heats, begin, lane)
            for lane, side in enumerate((half, ~half))
        ]
        if executor is None:
            for lane in lanes:
                self._lane(*lane)
            return
        for done in [executor.submit(self._lane, *lane) for lane in lanes]:
            done.result()

    def quenched(self, turns: int, begin: int, executor: Executor | None) -> Ints:
        """What `turns` turns without heat make of the design, which itself stays.

        There are more where a hard rule is still broken.
        """
        warm = self._position
        chosen, loads, spent, stiff = warm
        self._position = Position(chosen.copy(), loads.copy(), spent.copy(), stiff.copy())
        for more in range(STUBBORN):
            self.take(np.zeros(turns), begin + more * turns, executor)
            if keeps_rules(self._board, self._position):
                break
        found = self.chosen
        self._position = warm
        return found

    def _lane(self, reps: Ints, units: Ints, heats: Ints, begin: int, lane: int) -> None:
        # Lanes number their turns apart, or they would draw the same noise.
        start = (2 * begin + lane * len(heats)) & 0x3FFFFFFF
        self._turns(
            self._board, self._position, reps, units, heats, start, SLOTS, self._desks[lane]
        )

    def _half(self, begin: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Grow half of the reps from one of them, kin first but not always."""
        rng = np.random.default_rng(begin)
        reps = len(self._reps)
        half = np.zeros(reps, dtype=bool)
        pull = np.zeros(reps)
        next_one = int(rng.integers(reps))
        for _ in range(reps // 2):
            half[next_one] = True
            pull = pull + self._kin[next_one]
            draw = np.where(half, -1.0, (pull + 1e-9) * rng.exponential(size=reps) ** 0.3)
            next_one = int(np.argmax(draw))
        return half


def _second(problem: Problem, reduced: Floats) -> float:
    """How much dearer, on average, a unit's second choice is than its first."""
    first = problem.first[:-1][np.diff(problem.first) > 1]
    if not len(first):
        return 1.0
    ranked = reduced[np.lexsort((reduced, problem.unit))]
    return float((ranked[first + 1] - ranked[first]).mean()) or 1.0


def _kin(problem: Problem, keep: Ints) -> Floats:
    """Per two reps: units that both could take, in parts of what the second could take."""
    from scipy import sparse

    shape = (problem.reps, problem.units)
    held = sparse.csr_array((np.ones(len(keep)), (problem.rep[keep], problem.unit[keep])), shape)
    both = (held @ held.T).toarray()
    np.fill_diagonal(both, 0.0)
    return np.asarray(both / np.maximum(held.sum(axis=1), 1.0))

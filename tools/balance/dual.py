"""Prices of every rule whose bound is close to the best that any prices give.

The best prices are those of the relaxed problem of `dual_rows`, in which units may split.
Its central path (`central_path`) is followed from hot to cold. At each temperature only
the pairs count that could have a share there, found by pricing all pairs at the prices
reached before (column generation; Dantzig & Wolfe 1960, doi:10.1287/opre.8.1.101).
A large problem starts from the prices of a sample of its units.
"""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from tools.balance import dual_plain
from tools.balance.central_path import Path
from tools.balance.certificate import admissible, bound
from tools.balance.dual_pairs import Pairs, charges_of, pairs_of
from tools.balance.dual_rows import KINDS, rows_of
from tools.balance.problem import Floats, Ints, Problem
from tools.balance.solution import Prices

HOT, WARM, COLD = 0.1, 0.004, 1.5e-6
"""Temperatures (parts of a unit's sway) to start from, to start from near prices, to end at."""

COOLER = 5.0
"""By how much each temperature is below the last."""

PRECISION = 2e-4
"""Part of the bound that may be missing from the best one."""

MOST, FAR, BLUR = 16, 2000.0, 20.0
"""Pairs a unit may keep; how far from the cheapest and with what noise, in temperatures."""

SUPPORT = 0.002
"""Share from which a pair is kept at the next temperature in any case."""

MANY, PART = 150_000, 4
"""Pairs from which one of `PART` units is priced first."""

ROUNDS, LEAST = 40, 1.2
"""Temperatures tried at most, and the smallest cooling worth another."""

FULL = 0.98
"""Share of a hard rule that the relaxed answer may use before the rule gets a price."""


def price(
    problem: Problem,
    *,
    start: Prices | None = None,
    precision: float = PRECISION,
    plain: bool = False,
) -> Prices:
    """Find prices whose `certificate.bound` is within `precision` of the best.

    Parameters
    ----------
    problem
        Every unit has a pair.
    start
        Prices of a similar problem; they save the hot part of the path.
    precision
        Relative to the bound. It is a goal, not a promise; the bound is true in any case.
    plain
        Use numpy alone; the answer is the same, to the byte.

    Returns
    -------
    Prices
        No worse than `start` and than prices of nothing.
    """
    pricing = _Pricing(problem, _kernels(plain))
    if start is not None:
        pricing.begin(start)
    elif problem.pairs > MANY:
        pricing.begin(_rough(problem, plain))
    pricing.cool(HOT if not pricing.begun else WARM, COLD, precision)
    return pricing.best


def _kernels(plain: bool) -> ModuleType:
    """The compiled sums, or numpy's where asked for or numba is missing."""
    if plain:
        return dual_plain
    try:
        from tools.balance import dual_kernels
    except ImportError:
        return dual_plain
    return dual_kernels


def _rough(problem: Problem, plain: bool) -> Prices:
    """Prices of a sample of units, each standing for `PART` of its kind."""
    sample = np.arange(0, problem.units, PART)
    part = problem.part(
        sample, np.arange(problem.reps), np.flatnonzero(np.isin(problem.unit, sample))
    )
    part = replace(
        part,
        hours=PART * part.hours,
        potential=PART * part.potential,
        accounts=PART * part.accounts,
        travel=PART * part.travel,
        disruption=PART * part.disruption,
        preference=PART * part.preference,
        budgets=tuple(replace(budget, use=PART * budget.use) for budget in part.budgets),
    )
    pricing = _Pricing(part, _kernels(plain))
    if part.pairs > MANY:
        pricing.begin(_rough(part, plain))
    pricing.cool(HOT if not pricing.begun else WARM, WARM, PRECISION)
    return pricing.last


class _Pricing:
    """The prices reached, the best of those met, and the pairs and rows that count."""

    def __init__(self, problem: Problem, kernels: ModuleType) -> None:
        self._problem, self._kernels = problem, kernels
        self._rows = rows_of(problem)
        self._y = np.zeros(len(self._rows.level))
        self._support = np.zeros(0, dtype=np.int64)
        self.begun = False
        self.best = self.last
        self._bound = bound(problem, self.best)
        self._priced = self._filled()

    @property
    def last(self) -> Prices:
        """The prices reached."""
        return admissible(self._problem, self._rows.prices(self._y))

    def begin(self, start: Prices) -> None:
        """Go on from other prices."""
        self._y = self._rows.vector(admissible(self._problem, start))
        self._note()
        self._priced |= self._y > 0
        self.begun = True

    def cool(self, hot: float, cold: float, precision: float) -> None:
        """Follow the path until the temperature, or what is missing from the bound, is low."""
        temperature, reached, cooler = hot, None, COOLER
        for salt in range(ROUNDS):
            pairs = self._pairs(temperature, salt)
            path = Path(self._kernels, pairs, self._rows)
            centre = path.centre(self._y[pairs.rows], temperature)
            if not centre.found:
                if reached is not None:
                    cooler **= 0.5
                    if cooler < LEAST:
                        return
                    temperature = reached / cooler
                    continue
                if temperature < HOT:
                    temperature = min(5.0 * temperature, HOT)
                    continue
            self._y = np.zeros_like(self._y)
            self._y[pairs.rows] = centre.y
            self._note()
            joining = self._joining(pairs, centre.x)
            self._priced |= joining
            self._support = pairs.pair[centre.x > SUPPORT]
            missing = temperature * path.weight
            if not joining.any() and (
                missing <= precision * abs(self._bound) or temperature <= cold
            ):
                return
            reached = temperature
            temperature = max(temperature / cooler, cold)

    def _note(self) -> None:
        prices = self.last
        proven = bound(self._problem, prices)
        if proven > self._bound:
            self.best, self._bound = prices, proven

    def _pairs(self, temperature: float, salt: int) -> Pairs:
        problem, rows = self._problem, self._rows
        table, budgets = charges_of(self._y, rows.rate)
        kept = self._kernels.promising(
            problem,
            problem.cost + rows.use @ budgets if len(budgets) else problem.cost,
            table,
            rows.sway,
            most=MOST,
            reach=FAR * temperature,
            blur=BLUR * temperature,
            salt=salt,
        )
        kept = np.union1d(kept, self._support)
        return pairs_of(problem, rows, kept, np.flatnonzero(self._priced))

    def _filled(self) -> NDArray[np.bool_]:
        """The rows to begin with: deviations, and hard rules that are half filled by all.

        Every further row makes each step dearer, and most hard rules never bind.
        """
        many = np.diff(self._problem.first)
        shares = self._shares(np.arange(self._problem.pairs), np.repeat(1.0 / many, many))
        filled = shares > 0.5 * self._rows.level
        filled[: KINDS * self._problem.reps].reshape(-1, KINDS)[:, :2] = True
        return filled & self._rows.needed

    def _joining(self, pairs: Pairs, x: Floats) -> NDArray[np.bool_]:
        """Hard rules without a price that the answer fills."""
        every = np.concatenate([pairs.pair, pairs.alone])
        shares = self._shares(every, np.concatenate([x, np.ones(len(pairs.alone))]))
        return (shares > FULL * self._rows.level) & self._rows.needed & ~self._priced

    def _shares(self, pair: Ints, x: Floats) -> Floats:
        """What shares `x` of some pairs take of every row."""
        problem, rows = self._problem, self._rows
        rep, unit = problem.rep[pair], problem.unit[pair]
        takes = (
            problem.hours[unit],
            problem.potential[unit],
            problem.hours[unit] + problem.travel[pair],
            problem.accounts[unit],
        )
        sums = [np.bincount(rep, x * take, problem.reps) for take in takes]
        table = np.stack(sums, axis=1) * rows.rate
        return np.concatenate([table.ravel(), x @ rows.use[pair]])

"""The central path of the relaxed problem, followed by its row prices alone.

At a temperature T every pair has a share x and an excess z over its unit's price with
x z = T sway, and every stretch of a row a use and a worth with product T `each`. Given row
prices y all of them have closed forms or one equation per unit, so the central point is
the maximum of a smooth concave function of y, which damped Newton finds. Products in
proportion to what units can sway let all units cool at one temperature, whatever their
size. Nesterov & Nemirovskii, *Interior-Point Polynomial Algorithms in Convex Programming*
(1994), chapters 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from tools.balance.dual_pairs import Pairs
from tools.balance.dual_rows import Rows
from tools.balance.problem import Floats

STEPS = 16
"""Newton steps at one temperature before it is given up as too far from the last."""

NEAR = 0.02
"""What a step may still gain, as a part of T times all weights, at the central point."""

BALANCE = 0.5
"""Weight of all stretches together, in relation to that of all pairs."""

EDGE = 1e-9
"""Distance kept from the lowest and highest price, in parts of what lies between."""


@dataclass(frozen=True)
class Centre:
    """Prices of `pairs.rows`, the pairs' shares at them, and whether the centre was found."""

    y: Floats
    x: Floats
    found: bool


@dataclass(frozen=True)
class _Point:
    y: Floats
    x: Floats
    d: Floats
    give: Floats
    missing: Floats


class Path:
    """The central path over some pairs and rows."""

    def __init__(self, kernels: ModuleType, pairs: Pairs, rows: Rows) -> None:
        self._kernels, self._pairs = kernels, pairs
        mine = np.flatnonzero(pairs.place[rows.row] >= 0)
        self._row = pairs.place[rows.row[mine]]
        self._sign, self._slope, self._width = rows.sign[mine], rows.slope[mine], rows.width[mine]
        capped = np.isfinite(self._width)
        self._level = rows.level[pairs.rows] - pairs.settled
        self._sway = rows.sway[pairs.units]
        spread = float(self._sway[pairs.unit].sum())
        self._each = BALANCE * max(spread, 1e-3 * float(rows.sway.sum())) / max(1, len(mine))
        self.weight = spread + self._each * (len(mine) + int(capped.sum()))
        self._low, self._high = self._limits(capped)

    def centre(self, y: Floats, temperature: float) -> Centre:
        """Find the central point at a temperature, starting from prices `y`."""
        point = self._at(self._inside(y, temperature), temperature)
        for _ in range(STEPS):
            move = self._newton(point)
            gain = -float(point.missing @ move)
            if gain <= NEAR * temperature * self.weight:
                return Centre(point.y, point.x, True)
            point = self._climb(point, move, gain, temperature)
        return Centre(point.y, point.x, False)

    def _limits(self, capped: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Prices beyond which a stretch without an end would pay for ever."""
        low, high = np.full(len(self._level), -np.inf), np.full(len(self._level), np.inf)
        over, under = ~capped & (self._sign > 0), ~capped & (self._sign < 0)
        np.minimum.at(high, self._row[over], self._slope[over])
        np.maximum.at(low, self._row[under], -self._slope[under])
        return low, high

    def _inside(self, y: Floats, temperature: float) -> Floats:
        edge = EDGE * (self._high - self._low)
        # A rule that costs nothing to keep half empty: its price cools down towards 0.
        resting = np.maximum(np.minimum(temperature * self._each, 0.1 * self._high), edge)
        low = np.where(self._low == 0.0, resting, self._low + edge)
        return np.clip(y, low, self._high - edge)

    def _at(self, y: Floats, temperature: float) -> _Point:
        pairs, kernels = self._pairs, self._kernels
        cost = pairs.cost + kernels.charges(pairs, *pairs.table(y))
        x, z = kernels.spread(pairs, cost, temperature * self._sway)
        each = temperature * self._each
        used, left = _central(self._slope - self._sign * y[self._row], self._width, each)
        give = 1.0 / (each / (used * used) + each / (left * left))
        loads = pairs.loads(*kernels.sums(pairs, x))
        missing = self._level - loads + self._total(self._sign * used)
        return _Point(y, x, x / z, give, missing)

    def _total(self, of_stretches: Floats) -> Floats:
        return np.bincount(self._row, of_stretches, len(self._level)).astype(np.float64)

    def _newton(self, point: _Point) -> Floats:
        kernels = self._kernels
        matrix = kernels.curvature(self._pairs, point.d, kernels.per_unit(self._pairs, point.d))
        matrix[np.diag_indices(len(matrix))] += self._total(point.give)
        return np.asarray(kernels.solve(kernels.factor(matrix), -point.missing))

    def _climb(self, point: _Point, move: Floats, gain: float, temperature: float) -> _Point:
        """Go along a move as far as the slope does not turn against it by much."""
        far = min(1.0, 0.95 * self._room(point.y, move))
        while True:
            there = self._at(point.y + far * move, temperature)
            slope = -float(there.missing @ move)
            if slope >= -0.7 * gain or far < 1e-6:
                return there
            far *= min(max(gain / (gain - slope), 0.1), 0.7)

    def _room(self, y: Floats, move: Floats) -> float:
        """How many times the move fits between the prices and their limits."""
        end = np.where(move > 0, self._high, self._low)
        some = (move != 0) & np.isfinite(end)
        return float(((end[some] - y[some]) / move[some]).min(initial=np.inf))


def _central(slope: Floats, width: Floats, each: float) -> tuple[Floats, Floats]:
    """Use of each stretch, and the rest of its width, at the central point.

    Use times worth is `each`, rest times rent too, and worth - rent is the slope. Where a
    stretch has no end the rest is infinite.
    """
    capped = np.isfinite(width)
    room = np.where(capped, width, 0.0)
    # The root in (0, width) of each / s - each / (width - s) = slope, without cancellation.
    root = np.sqrt((slope * room) ** 2 + 4 * each * each)
    near = 2 * each * room / (np.abs(slope) * room + 2 * each + root)
    used = np.where(slope >= 0, near, room - near)
    left = np.where(slope >= 0, room - near, near)
    endless = each / np.where(capped, 1.0, slope)
    return np.where(capped, used, endless), np.where(capped, left, np.inf)

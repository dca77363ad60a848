"""Prices of the relaxed problem by a primal-dual interior point method.

Mehrotra's predictor and corrector (1992, doi:10.1137/0802028) with Gondzio's centrality
corrections (1996, doi:10.1007/BF00249643). A unit's products are held in proportion to the
points it can sway, so that all units cool at one temperature, whatever their size; without
that it takes twice the steps. Eliminating the units leaves a dense system in the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from tools.balance.dual_pairs import Pairs
from tools.balance.dual_rows import Rows
from tools.balance.problem import Floats, Ints

STEPS = 60
CORRECTIONS = 2
NEAR_EDGE = 0.99
BALANCE = 0.5
"""Weight of all stretches together, in relation to that of all pairs."""


@dataclass(frozen=True)
class Relaxed:
    """Prices `y` of the rows, the shares `x` of the pairs and the rows' loads by them.

    `gap` bounds what the prices miss of the relaxed optimum, in points; `temperature` is
    that of the last step, to continue from.
    """

    y: Floats
    x: Floats
    load: Floats
    gap: float
    temperature: float
    steps: int = 0
    point: object = None
    pairs: object = None
    mine: object = None


@dataclass(frozen=True)
class _Point:
    """Row prices, unit prices; pairs (x, z); stretches (used, worth) and (left, rent)."""

    y: Floats
    unit: Floats
    x: Floats
    z: Floats
    used: Floats
    worth: Floats
    left: Floats
    rent: Floats

    def moved(self, move: _Point, primal: float, dual: float) -> _Point:
        return _Point(
            self.y + dual * move.y,
            self.unit + dual * move.unit,
            self.x + primal * move.x,
            self.z + dual * move.z,
            self.used + primal * move.used,
            self.worth + dual * move.worth,
            self.left + primal * move.left,
            self.rent + dual * move.rent,
        )

    def products(self) -> tuple[Floats, Floats, Floats]:
        return self.x * self.z, self.used * self.worth, self.left * self.rent


def relax(
    kernels: ModuleType,
    pairs: Pairs,
    rows: Rows,
    y: Floats,
    temperature: float,
    tolerance: float,
    stop: Callable[[], bool] | None = None,
    before=None,
) -> Relaxed:
    """Solve the relaxed problem of `dual_rows` over some pairs and rows.

    Parameters
    ----------
    kernels
        `dual_plain` or `dual_kernels`.
    y
        Prices of `pairs.rows` to start from.
    temperature
        To start from: 1 knows nothing, 1e-3 and less presumes that `y` is nearly right.
    tolerance
        Points between the prices' value and the optimum at which to stop.
    stop
        Asked before each step.
    """
    system = _System(kernels, pairs, rows)
    point = system.start(y, temperature)
    if before is not None: point = system.resume(point, before, temperature)
    weights = system.weights
    weight = sum(float(part.sum()) for part in weights)
    load = system.load(point)
    for step in range(STEPS):
        gap = sum(float(part.sum()) for part in point.products())
        missing = system.level - load + system.total(system.sign * point.used)
        if VERBOSE:
            print(
                f"  {step} gap {gap:.3e} miss {np.abs(missing).max():.1e} {float(np.abs(point.y * missing).sum()):.1e}"
            )
        if gap <= tolerance * weight and float(np.abs(point.y * missing).sum()) <= gap or (stop and stop()):
            break
        point = _step(system, point, missing, gap, weight)
        load = system.load(point)
    else:
        gap = sum(float(part.sum()) for part in point.products())
    return Relaxed(point.y, point.x, load, gap, gap / weight, step, point, pairs, system.mine)


VERBOSE = False
KEEP = 0.1


def _step(system: _System, point: _Point, missing: Floats, gap: float, weight: float) -> _Point:
    system.factor(point)
    old = point.products()
    move = system.direction(point, missing, tuple(-part for part in old))
    primal, dual = system.reach(point, move)
    after = sum(float(part.sum()) for part in point.moved(move, primal, dual).products())
    target = (after / gap) ** 3 * gap / weight
    second = (move.x * move.z, move.used * move.worth, move.left * move.rent)
    aim = tuple(target * w - a - b for w, a, b in zip(system.weights, old, second, strict=True))
    move = system.direction(point, missing, aim)
    primal, dual = system.reach(point, move)
    for _ in range(CORRECTIONS):
        if min(primal, dual) > 0.9:
            break
        tried = point.moved(move, min(1.0, primal + 0.3), min(1.0, dual + 0.3)).products()
        better = tuple(
            a + np.maximum(np.clip(p, 0.1 * target * w, 10 * target * w) - p, -10 * target * w)
            for a, p, w in zip(aim, tried, system.weights, strict=True)
        )
        other = system.direction(point, missing, better)
        longer = system.reach(point, other)
        if sum(longer) < primal + dual + 0.02 or min(longer) < 0.9 * min(primal, dual):
            break
        move, aim, (primal, dual) = other, better, longer
    return point.moved(move, min(1.0, NEAR_EDGE * primal), min(1.0, NEAR_EDGE * dual))


class _System:
    """The relaxed problem's matrices, and Newton's equations at a point."""

    def __init__(self, kernels: ModuleType, pairs: Pairs, rows: Rows) -> None:
        self.kernels, self.pairs = kernels, pairs
        self.curvature = kernels.Curvature(pairs)
        place = np.full(len(rows.level), -1)
        place[pairs.rows] = np.arange(len(pairs.rows))
        mine = np.flatnonzero(place[rows.row] >= 0)
        self.mine = mine
        self.row = place[rows.row[mine]]
        self.sign, self.slope, self.width = rows.sign[mine], rows.slope[mine], rows.width[mine]
        self.capped = np.isfinite(self.width)
        self.level = rows.level[pairs.rows]
        sway = rows.sway[pairs.units]
        self.sway = sway
        spread = sway[pairs.unit]
        each = BALANCE * max(float(spread.sum()), 1e-3 * float(rows.sway.sum())) / max(1, len(mine))
        self.weights = (spread, np.full(len(mine), each), np.where(self.capped, each, 0.0))

    def total(self, of_stretches: Floats) -> Floats:
        """Sum per row."""
        return np.bincount(self.row, of_stretches, len(self.level))

    def per_unit(self, of_pairs: Floats) -> Floats:
        """Sum per unit."""
        return np.add.reduceat(of_pairs, self.pairs.first[:-1]) if len(of_pairs) else of_pairs

    def load(self, point: _Point) -> Floats:
        """Load of each row."""
        return np.asarray(self.kernels.loads(self.pairs, point.x) + self.pairs.settled)

    def start(self, y: Floats, temperature: float) -> _Point:
        """The point that prices near `y` and a temperature call for; rows need not balance."""
        pairs, unit = self.pairs, self.pairs.unit
        low, high = np.full(len(self.level), -np.inf), np.full(len(self.level), np.inf)
        over, under = ~self.capped & (self.sign > 0), ~self.capped & (self.sign < 0)
        np.minimum.at(high, self.row[over], self.slope[over])
        np.maximum.at(low, self.row[under], -self.slope[under])
        y = np.clip(y, low + 1e-6 * (high - low), high - 1e-6 * (high - low))
        cost = pairs.cost + self.kernels.charges(pairs, y)
        heat = temperature * self.sway
        cheapest = np.minimum.reduceat(cost, pairs.first[:-1]) if len(cost) else self.sway
        price = cheapest - heat * np.diff(pairs.first)
        # Newton's method on 1 / (sum of x) = 1 per unit: concave, so it climbs from below.
        for _ in range(8):
            inverse = 1.0 / (cost - price[unit])
            chosen, steep = heat * self.per_unit(inverse), heat * self.per_unit(inverse * inverse)
            price = np.minimum(price + (chosen - chosen * chosen) / steep, cheapest - 0.999 * heat)
        z = cost - price[unit]
        x = heat[unit] / z
        x /= self.per_unit(x)[unit]
        each = temperature * self.weights[1]
        used = _central(self.slope - self.sign * y[self.row], self.width, each)
        left = np.where(self.capped, self.width - used, 1.0)
        rent = np.where(self.capped, each / left, 0.0)
        return _Point(y, price, x, z, used, each / used, left, rent)

    def resume(self, point, before, temperature):
        pairs, old, was = self.pairs, before.pairs, before.point
        # pairs
        at = np.minimum(np.searchsorted(old.pair, pairs.pair), len(old.pair) - 1)
        same = old.pair[at] == pairs.pair
        # units
        au = np.minimum(np.searchsorted(old.units, pairs.units), len(old.units) - 1)
        known = old.units[au] == pairs.units
        y = point.y
        cost = pairs.cost + self.kernels.charges(pairs, y)
        cheapest = np.minimum.reduceat(cost, pairs.first[:-1])
        heat = temperature * self.sway
        price = np.where(known, np.minimum(was.unit[au], cheapest - KEEP * heat), point.unit)
        z = cost - price[pairs.unit]
        x = np.where(same, was.x[at], heat[pairs.unit] / z)
        x = np.where(known[pairs.unit], x, point.x)
        return _Point(y, price, x, z, *(self.carry(new, getattr(was, name), before) for name, new in (('used', point.used), ('worth', point.worth), ('left', point.left), ('rent', point.rent))))

    def carry(self, new, old, before):
        mine, theirs = self.mine, before.mine
        at = np.minimum(np.searchsorted(theirs, mine), len(theirs) - 1)
        return np.where(theirs[at] == mine, old[at], new)

    def factor(self, point: _Point) -> None:
        """Prepare `direction` at this point."""
        self.d = point.x / point.z
        self.all = self.per_unit(self.d)
        self.share = self.d / self.all[self.pairs.unit]
        self.give = 1.0 / (point.worth / point.used + point.rent / point.left)
        matrix = self.curvature(self.d, self.all)
        matrix[np.diag_indices(len(matrix))] += self.total(self.give)
        self.factors = self.kernels.factor(matrix)

    def direction(self, point: _Point, missing: Floats, aim: tuple[Floats, ...]) -> _Point:
        """Newton's step that changes the products by `aim` and puts the rows right."""
        pairs, unit = self.pairs, self.pairs.unit
        off = self.slope - self.sign * point.y[self.row] - point.worth + point.rent
        short = 1.0 - self.per_unit(point.x)
        pull = aim[0] / point.z
        short = short - self.per_unit(pull)
        base = self.give * (aim[1] / point.used - aim[2] / point.left - off)
        right = self.kernels.loads(pairs, pull + self.share * short[unit])
        right = right - self.total(self.sign * base) - missing
        y = self.kernels.solve(self.factors, right)
        charge = self.kernels.charges(pairs, y)
        price = (short + self.per_unit(self.d * charge)) / self.all
        z = charge - price[unit]
        used = base + self.give * self.sign * y[self.row]
        return _Point(
            y,
            price,
            pull - self.d * z,
            z,
            used,
            (aim[1] - point.worth * used) / point.used,
            np.where(self.capped, -used, 0.0),
            (aim[2] + point.rent * used) / point.left,
        )

    def reach(self, point: _Point, move: _Point) -> tuple[float, float]:
        """How far (at most 1) the primal and the dual part can go before a sign changes."""
        primal = min(
            _longest(point.x, move.x),
            _longest(point.used, move.used),
            _longest(point.left, move.left),
        )
        dual = min(
            _longest(point.z, move.z),
            _longest(point.worth, move.worth),
            _longest(point.rent, move.rent),
        )
        return primal, dual


def _longest(value: Floats, move: Floats) -> float:
    down = move < 0
    return min(1.0, float((value[down] / -move[down]).min(initial=1.0)))


def _central(slope: Floats, width: Floats, each: Floats) -> Floats:
    """Use of a stretch at which use times worth and rest times rent are `each`."""
    capped = np.isfinite(width)
    room = np.where(capped, width, 0.0)
    # The root in (0, width) of each / s - each / (width - s) = slope, without cancellation.
    root = np.sqrt((slope * room) ** 2 + 4 * each * each)
    rising = 2 * each * room / (slope * room + 2 * each + root)
    falling = room - 2 * each * room / (-slope * room + 2 * each + root)
    bounded = np.where(slope >= 0, rising, falling)
    return np.where(capped, bounded, each / np.where(capped, 1.0, slope))

"""Designs by what they move and what all else costs, and which of them a weight can prefer.

At weight w of disruption a design costs 100 w value + rest, a line in w. The designs that
are best for some w are the lower hull of the points (value, rest).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tools.balance.problem import Floats, Ints

TIE = 1e-9
"""Points, or shares of relationship value, that count as the same."""


@dataclass(frozen=True)
class Found:
    """A feasible design: the share of value it moves, the points of all else.

    `balance` is the part of `rest` that workload and potential make.
    """

    chosen: Ints
    value: float
    rest: float
    balance: float

    def at(self, weight: float) -> float:
        """Objective at a weight of disruption."""
        return 100.0 * weight * self.value + self.rest


Pool = Mapping[bytes, Found]
"""Designs by a key that orders them the same way on every run."""


def lower_hull(pool: Pool) -> list[bytes]:
    """Return the designs that are best at some weight, by rising value and falling rest."""
    hull: list[bytes] = []
    for key in sorted(pool, key=lambda key: (pool[key].value, pool[key].rest, key)):
        new = pool[key]
        if hull and new.rest >= pool[hull[-1]].rest - TIE:
            continue
        while len(hull) >= 2 and _above(pool[hull[-2]], pool[hull[-1]], new):
            hull.pop()
        if not hull or new.value > pool[hull[-1]].value + TIE:
            hull.append(key)
    return hull


def tie(left: Found, right: Found) -> float:
    """Return the weight at which two neighbours of the hull cost the same."""
    return (left.rest - right.rest) / (100.0 * (right.value - left.value))


def undominated(hull: list[bytes], pool: Pool) -> list[bytes]:
    """Leave out what is less even than something that moves less; its travel paid for it."""
    kept: list[bytes] = []
    for key in hull:
        if all(pool[key].balance < pool[old].balance - TIE for old in kept):
            kept.append(key)
    return kept


def picture(row: list[Found]) -> Floats:
    """Return where the designs of a row stand: (n, 2), each axis from 0 to 1.

    Rest is drawn by its logarithm above the best: from 270 to 140 points is one step, as
    from 7 to 3 is, and most of the row would else be spent on designs nobody would take.
    """
    value = np.array([found.value for found in row])
    rest = np.array([found.rest for found in row])
    axes = np.stack([value - value.min(), np.log1p(rest - rest.min())], axis=1)
    return np.asarray(axes / np.maximum(axes.max(axis=0), TIE))


def thinned(row: list[bytes], pool: Pool, points: int) -> list[bytes]:
    """Drop the design nearest to its neighbours until `points` are left; keep both ends."""
    row = list(row)
    while len(row) > points:
        at = picture([pool[key] for key in row])
        room = np.square(at[2:] - at[:-2]).sum(axis=1)
        del row[1 + int(np.argmin(room))]
    return row


def _above(a: Found, b: Found, c: Found) -> bool:
    """Whether b lies on or above the line from a to c, so that no weight needs it."""
    return (b.rest - a.rest) * (c.value - a.value) >= (c.rest - a.rest) * (b.value - a.value) - TIE

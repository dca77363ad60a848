"""Which design of a row to look at first.

*Suggested* is the first design that meets every target, so the one that moves least.
Where none does it is the knee, and the rule whose price is highest is named. The knee is
the design furthest below the straight line between the ends of the row, in moved
relationship value against unevenness, each as a share of its own range (Satopaa et al.,
2011, doi:10.1109/ICDCSW.2011.20).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.assignment import DesignPoint


@dataclass(frozen=True)
class Suggestion:
    """Indexes of the suggested design and of the knee, and why the first is suggested."""

    suggested: int
    knee: int
    why: str


def suggest(points: Sequence[DesignPoint], *, spread_target: float = 0.15) -> Suggestion:
    """Choose among the designs of a row; the present assignment (index 0) is the last resort.

    Parameters
    ----------
    points
        The row, the present assignment first, then by rising disruption.
    spread_target
        Most that the spreads of potential and of workload may be, as a share.
    """
    proposals = [point for point in points if not point.broken]
    if not proposals:
        return Suggestion(0, 0, "No design was found; the present assignment stands.")
    knee = _knee(proposals)
    for point in proposals:
        six = point.figures
        if max(six.spread_potential, six.spread_workload) <= spread_target:
            why = (
                f"The first design with both spreads at most {spread_target:.0%}: potential "
                f"{six.spread_potential:.1%}, workload {six.spread_workload:.1%}, "
                f"{_moves(six.accounts_moved)}."
            )
            if point.index == 0:
                why = why.replace("The first design", "Today's assignment is a design", 1)
            return Suggestion(point.index, knee.index, why)
    six = knee.figures
    why = (
        f"No design has both spreads at most {spread_target:.0%}. This one is at the knee, beyond "
        f"which more moves win less: potential {six.spread_potential:.1%}, workload "
        f"{six.spread_workload:.1%}, {_moves(six.accounts_moved)}. {_binding(proposals[-1])}"
    )
    return Suggestion(knee.index, knee.index, why)


def _knee(points: Sequence[DesignPoint]) -> DesignPoint:
    """The design with the greatest distance below the line between the ends."""
    moved = np.array(_moved(points))
    uneven = np.array([point.work_points + point.potential_points for point in points])
    across, down = np.ptp(moved) or 1.0, np.ptp(uneven) or 1.0
    depth = 1.0 - (moved - moved.min()) / across - (uneven - uneven.min()) / down
    return points[int(np.argmax(depth))]


def _moved(points: Sequence[DesignPoint]) -> list[float]:
    """Share of relationship value that changes hands; of accounts where none is on record."""
    value = [sum(m.relationship_share for m in point.moves if m.from_rep) for point in points]
    return value if any(value) else [point.figures.accounts_moved_share for point in points]


def _binding(point: DesignPoint) -> str:
    """Name the rule with the highest price in the design that balances most."""
    dearest = max(point.rule_prices, key=lambda price: price.points, default=None)
    if dearest is None or dearest.points <= 0:
        return "No rule has a price: single accounts are too large to be shared evenly."
    return f"The rule that binds most: {dearest.told}"


def _moves(count: int) -> str:
    return "no account moves" if not count else f"{count} account{'s' * (count > 1)} move"

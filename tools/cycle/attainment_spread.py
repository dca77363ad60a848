"""How far attainment spreads over a team, and whether it falls into two groups."""

from __future__ import annotations

from collections.abc import Sequence

from domain.cycle import Figure
from domain.review import TerritoryRow
from tools.cycle.told import Teller, number
from tools.territory.bimodality import Bimodality, bimodality
from tools.territory.team_side import Spread


def attainment_spread(teller: Teller, rows: Sequence[TerritoryRow]) -> Figure:
    """Coefficient of variation of attainment, over reps with a quota; unknown of fewer than two.

    The deviation divides by the number of reps, as a whole team has no other members.
    """
    reached = {row.rep_id: one for row in rows if (one := _attained(row)) is not None}
    values = [float(number(one) or 0) for one in reached.values()]
    found = Spread.of(values)
    label = "Attainment spread"
    if len(values) < 2:
        note = "Attainment is known of fewer than two reps with a quota."
        return Figure.unknown("attainment_spread", label, "ratio", note)
    if found.variation is None or (found.mean or 0) <= 0:
        note = "Mean attainment is not above nought, so that no spread can be told."
        return Figure.unknown("attainment_spread", label, "ratio", note)
    return teller.tell(
        "attainment_spread", label, "ratio", found.variation, parents=tuple(reached.values())
    )


def attainment_groups(rows: Sequence[TerritoryRow]) -> Bimodality:
    """Test whether attainment falls into two groups, with what the territories hold."""
    attainment = {
        row.rep_id: float(number(one) or 0) for row in rows if (one := _attained(row)) is not None
    }
    potential, load = {}, {}
    for row in rows:
        quota = row.measure("bookings")
        asked = number(quota.plan) if quota is not None else None
        could = number(row.part("potential"))
        needed, selling = number(row.part("needed_hours")), number(row.part("selling_hours"))
        if could is not None and asked:
            potential[row.rep_id] = float(could / asked)
        if needed is not None and selling:
            load[row.rep_id] = float(needed / selling)
    return bimodality(attainment, potential, load)


def _attained(row: TerritoryRow) -> Figure | None:
    measure = row.measure("attainment")
    return measure.actual if measure is not None and measure.actual.value is not None else None

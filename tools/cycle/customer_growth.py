"""What a strategic customer is to grow by, and the share of it that each unit carries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.cycle import Figure
from tools.cycle.plan_cells import CENT, cents, shared_out
from tools.cycle.plan_ground import PlanGround
from tools.cycle.segments import Segmented

BY_OPEN = "No target is set in the coverage model: the open potential of the units counts."
REACHED = "The customer spends as much already."
YEAR = 365


@dataclass(frozen=True)
class Growth:
    """Spend now, spend wanted a year, the growth between them, and each unit's share of it.

    `quota` is the part of the spend wanted that falls to the days of the quarter.
    """

    spend: Figure
    wanted: Figure
    growth: Figure
    quota: Figure
    shares: dict[str, Figure]


def growth(ground: PlanGround, segmented: Segmented) -> Growth:
    """Work out the growth of a customer and share it among its units.

    The spend wanted is `territory_plan.customer_target_annual`, or spend now and open
    potential together where none is set. Units share the growth by open potential; without
    any by potential, then evenly. Shares add up to the cent. Unknown spend leaves all
    unknown.
    """
    cells, target = ground.cells, ground.side.coverage.territory_plan.customer_target_annual
    spend, open_ = cells.of(segmented.spend), cells.of(segmented.open_potential)
    labels = ("Wanted a year", "Growth wanted", "Wanted in the quarter", "Share of the growth")
    if spend is None or (target is None and open_ is None):
        why = segmented.spend.note if spend is None else segmented.open_potential.note
        return Growth(
            spend=segmented.spend,
            wanted=Figure.unknown("customer_target", labels[0], "money", why),
            growth=Figure.unknown("customer_growth", labels[1], "money", why),
            quota=Figure.unknown("quota_quarter", labels[2], "money", why),
            shares={
                unit: Figure.unknown("unit_target", labels[3], "money", why)
                for unit in ground.accounts
            },
        )
    if target is None:
        assert open_ is not None  # else returned above
        wanted = cells.worked("customer_target", "money", "sum", [spend, open_])
    else:
        wanted = cells.told("customer_target", "money", Decimal(repr(target)))
    more = Decimal(wanted.value) > Decimal(spend.value)
    grown = (
        cells.worked("customer_growth", "money", "difference", [wanted, spend])
        if more
        else cells.told("customer_growth", "money", Decimal(0), [wanted, spend])
    )
    days = ground.quarter.period.days
    quota = (Decimal(wanted.value) * days / YEAR).quantize(CENT)
    shares = shared_out(Decimal(grown.value), _weights(ground))
    return Growth(
        spend=segmented.spend,
        wanted=Figure.of(wanted, labels[0], BY_OPEN if target is None else ""),
        growth=Figure.of(grown, labels[1], "" if more else REACHED),
        quota=Figure.of(
            cells.told("quota_quarter", "money", quota, [wanted]),
            labels[2],
            "The spend wanted a year, by the days of the quarter.",
        ),
        shares={
            unit: Figure.of(
                cells.told("unit_target", "money", share, [grown], entity=f"account:{unit}"),
                labels[3],
            )
            for unit, share in shares.items()
        },
    )


def _weights(ground: PlanGround) -> dict[str, Decimal]:
    for column in ("open_potential", "potential_p50"):
        values = ground.table[column].fillna(0.0).clip(lower=0.0)
        weights = {
            unit: cents([value]) for unit, value in zip(ground.accounts, values, strict=True)
        }
        if any(weights.values()):
            return weights
    return dict.fromkeys(ground.accounts, Decimal(1))

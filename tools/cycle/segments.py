"""A territory by tier: how many accounts, what they could buy, what they buy."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from domain.cycle import Figure
from domain.territory_plan import SegmentRow
from tools.cycle.plan_cells import cents
from tools.cycle.plan_ground import PlanGround

NONE_COMPARE = "Too few comparable accounts to tell potential."
SOME_COMPARE = "Without accounts that too few others compare with."
NO_ORDERS = "The book holds no order lines."


@dataclass(frozen=True)
class Segmented:
    """Rows by tier, the highest first, and their sums."""

    rows: tuple[SegmentRow, ...]
    accounts: Figure
    potential: Figure
    open_potential: Figure
    spend: Figure

    def row(self, tier: str) -> SegmentRow:
        """Return the row of one tier."""
        return next(item for item in self.rows if item.tier == tier)


def segments(ground: PlanGround) -> Segmented:
    """Count the accounts of each tier and add up their potential, open potential and spend.

    Money is added up in whole cents. A tier without accounts has nought of everything; an
    account whose value is unknown is left out, and the note says so.
    """
    rows = []
    for tier in ground.side.coverage.tiers:
        table = ground.table[ground.table["tier"] == tier.key]
        part = f"tier:{tier.key}"
        rows.append(
            SegmentRow(
                tier=tier.key,
                label=tier.label,
                accounts=Figure.of(
                    ground.cells.told("tier_accounts", "count", len(table), part=part), "Accounts"
                ),
                potential=_money(ground, part, "tier_potential", "Potential", table, "p50"),
                open_potential=_money(
                    ground, part, "tier_open_potential", "Open potential", table, "open"
                ),
                spend=_money(ground, part, "tier_spend_12m", "Spend of 12 months", table, "spend"),
            )
        )
    cells = ground.cells
    year = ground.side.analyses.ranks.reading.period("year")

    def total(metric: str, label: str, figures: list[Figure]) -> Figure:
        return cells.sum(metric, label, "money", figures, period=year)

    return Segmented(
        rows=tuple(rows),
        accounts=cells.sum("plan_accounts", "Accounts", "count", [row.accounts for row in rows]),
        potential=total("plan_potential", "Potential", [row.potential for row in rows]),
        open_potential=total(
            "plan_open_potential", "Open potential", [row.open_potential for row in rows]
        ),
        spend=total("plan_spend_12m", "Spend of 12 months", [row.spend for row in rows]),
    )


_COLUMN = {"p50": "potential_p50", "open": "open_potential", "spend": "net_spend_12m"}


def _money(
    ground: PlanGround, part: str, metric: str, label: str, table: pd.DataFrame, what: str
) -> Figure:
    values = table[_COLUMN[what]]
    known = values.dropna()
    if len(table) and known.empty:
        return Figure.unknown(
            metric, label, "money", NO_ORDERS if what == "spend" else NONE_COMPARE
        )
    total = cents(known) if len(known) else Decimal(0)
    note = SOME_COMPARE if len(known) < len(values) else ""
    found = ground.cells.told(
        metric, "money", total, part=part, period=ground.side.analyses.ranks.reading.period("year")
    )
    return Figure.of(found, label, note)

"""New pipeline wanted from each tier: shares of the gap that add up to the cent."""

from __future__ import annotations

from decimal import Decimal

from domain.cycle import Figure
from domain.territory_plan import TargetRow, Targets
from tools.cycle.plan_cells import shared_out
from tools.cycle.plan_ground import PlanGround
from tools.cycle.segments import Segmented

LABEL = "New pipeline"
NOBODY = "No account is there to take it up."


def pipeline_targets(ground: PlanGround, segmented: Segmented, gap: Figure) -> Targets:
    """Share the gap to the coverage wanted among tiers, by their open potential.

    Tiers of personal coverage come first: an automated tier gets a target only where no
    other has anything to go by. Without open potential the potential counts, then the
    number of accounts. An unknown gap leaves every target unknown; without any account
    there is nothing to hand out to, and the total is nought.
    """
    cells = ground.cells
    total = cells.of(gap)
    tiers = ground.side.coverage.tiers
    if total is None:
        rows = tuple(
            TargetRow(
                tier=tier.key,
                label=tier.label,
                amount=Figure.unknown("pipeline_target", LABEL, "money", gap.note),
            )
            for tier in tiers
        )
        unknown = Figure.unknown("pipeline_target_total", "All tiers", "money", gap.note)
        return Targets(rows=rows, total=unknown)
    by, weights = _weights(ground, segmented)
    shares = shared_out(Decimal(total.value), weights)
    rows = tuple(
        TargetRow(
            tier=tier.key,
            label=tier.label,
            amount=Figure.of(
                cells.told(
                    "pipeline_target",
                    "money",
                    shares[tier.key],
                    [total, *(found for item in by if (found := cells.of(item)))],
                    part=f"tier:{tier.key}",
                ),
                LABEL,
            ),
        )
        for tier in tiers
    )
    summed = cells.sum("pipeline_target_total", "All tiers", "money", [row.amount for row in rows])
    if not any(weights.values()):
        summed = summed.model_copy(update={"note": NOBODY})
    return Targets(rows=rows, total=summed)


def _weights(ground: PlanGround, segmented: Segmented) -> tuple[list[Figure], dict[str, Decimal]]:
    """What the gap is shared by, and how much of it each tier has."""
    automated = {tier.key for tier in ground.side.coverage.tiers if tier.automated}
    for column in ("open_potential", "potential", "accounts"):
        figures: dict[str, Figure] = {row.tier: getattr(row, column) for row in segmented.rows}
        known = {tier: Decimal(figure.value or 0) for tier, figure in figures.items()}
        for left_out in (automated, set[str]()):
            weights = {tier: Decimal(0) if tier in left_out else known[tier] for tier in known}
            if any(weights.values()):
                return list(figures.values()), weights
    return [], {row.tier: Decimal(0) for row in segmented.rows}

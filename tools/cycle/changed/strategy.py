"""Another growth strategy, or other target segments."""

from __future__ import annotations

from domain.coverage import CoverageModel, TargetSegment
from domain.cycle import Figure
from domain.evidence import Evidence
from tools.cycle.changed.found import Found, found
from tools.cycle.changed.ground import Ground
from tools.facts import target_segments

NO_SEGMENTS = "none"
STRATEGY = "coverage:strategy"


def strategy_changed(ground: Ground) -> list[Found]:
    """Tell that statement or target segments of the two coverage models differ.

    At stake is the potential of the reps' accounts that are in another target segment than
    they would be under the earlier model.
    """
    was, now = ground.before.coverage, ground.after.coverage
    if was.strategy == now.strategy:
        return []
    entity = STRATEGY
    cited: list[Evidence] = []
    pair: list[Figure] = []
    for field, label in (("statement", "Strategy"), ("target_segments", "Target segments")):
        cells = [_told(ground, entity, field, earlier=earlier) for earlier in (True, False)]
        if getattr(was.strategy, field) == getattr(now.strategy, field):
            continue
        cited += cells
        # Where both changed, the statement heads the row and the segments are cited with it.
        pair = pair or [Figure.of(cell, label) for cell in cells]
    amount = _in_another_segment(ground, was)
    return [
        found(
            "strategy_changed", entity, rep=None, account=None, before=pair[0], after=pair[1],
            amount=None
            if amount is None
            else Figure.of(amount, "Potential (P50) of accounts it touches"),
            cited=[*cited, amount],
        )
    ]  # fmt: skip


def _told(ground: Ground, entity: str, field: str, *, earlier: bool) -> Evidence:
    coverage = ground.side(earlier=earlier).coverage
    value = coverage.strategy.statement
    if field == "target_segments":
        named = [_segment(segment) for segment in coverage.strategy.target_segments]
        value = "; ".join(named) or NO_SEGMENTS
    return ground.record(
        "coverage", coverage.hash[:16], field, value, "text", entity, "", earlier=earlier
    )


def _segment(segment: TargetSegment) -> str:
    """Tell a target segment with its points and what it asks for."""
    wanted = [
        f"{name.replace('_', ' ')} {value}"
        for name in (
            "industry", "segment", "product_focus", "country", "region", "employees_at_least"
        )
        if (value := getattr(segment, name)) is not None
    ]  # fmt: skip
    return f"{segment.name} ({', '.join([f'{segment.points:+d}', *wanted])})"


def _in_another_segment(ground: Ground, was: CoverageModel) -> Evidence | None:
    table = ground.after.analyses.facts.table
    before, now = target_segments(table, was), table["target_segment"]
    differs = (before != now) & ~(before.isna() & now.isna())
    held = differs & differs.index.isin(ground.holders)
    potential = ground.after.analyses.potential.table["potential_p50"].reindex(table.index)[held]
    if potential.empty or potential.isna().any():
        return None
    return ground.worked(
        STRATEGY, "potential_of_accounts", round(float(potential.sum()), 2), "money",
        ground.scope_of(ground.holders[str(account)] for account in potential.index),
    )  # fmt: skip

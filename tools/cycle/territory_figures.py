"""Every table of a rep's territory plan, each figure with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cycle import Figure
from domain.evidence import Evidence
from domain.plan import PlanVersion
from domain.quarter import Quarter
from domain.territory_plan import TerritoryTables
from tools.cycle.activities import activities, goals
from tools.cycle.focus import focus
from tools.cycle.health import health
from tools.cycle.overview import overview, rep_quota
from tools.cycle.pipeline_targets import pipeline_targets
from tools.cycle.plan_ground import PlanGround, rep_ground
from tools.cycle.plan_milestones import milestones
from tools.cycle.resources import resources
from tools.cycle.segments import segments
from tools.cycle.side import Side

NO_ACCOUNTS = "The rep owns no account: the plan has nothing to work on until one is assigned."
BELOW = "Accounts below the capacity line take no part in focus and help: the hours end before."
NOT_FULL = "Fewer accounts take personal coverage within the hours than the focus has places."


@dataclass(frozen=True)
class TerritoryFigures:
    """The tables of a plan, and the evidence of every figure in them with its ancestors."""

    tables: TerritoryTables
    evidence: tuple[Evidence, ...]


def territory_figures(
    side: Side, rep_id: str, quarter: Quarter, plans: Sequence[PlanVersion]
) -> TerritoryFigures:
    """Work out the figures of one rep's quarter.

    Parameters
    ----------
    side
        The book, its coverage model and the analyses of both.
    rep_id, quarter
        Whose plan, and for which quarter; its days up to the book's date lie behind.
    plans
        Approved account plans; a focus account that has one comes with it.

    Returns
    -------
    TerritoryFigures
        Seven steps of tables. A rep without accounts has a plan of noughts that says so;
        without a quota, or with one of nought, coverage, gaps and targets are unknown.
        The same for the same arguments, whatever the order of rows.

    Raises
    ------
    NotFound
        When the book has no such rep.
    NothingToPlan
        When the quarter is over by the book's date, or the rep has no hours left in it.

    Notes
    -----
    `docs/methodology.md#territory-plan` works an example by hand.
    """
    ground = rep_ground(side, rep_id, quarter)
    tables = tables_of(ground, rep_quota(ground), plans)
    return TerritoryFigures(tables, ground.cells.evidence)


def tables_of(ground: PlanGround, quota: Figure, plans: Sequence[PlanVersion]) -> TerritoryTables:
    """Fill the tables of a plan from its ground and what the quarter owes."""
    segmented = segments(ground)
    seen = overview(ground, quota)
    worked = activities(ground, segmented)
    chosen = focus(ground, plans)
    targets = pipeline_targets(ground, segmented, seen.gap)
    return TerritoryTables(
        overview=(*seen.told(segmented), worked.touches_week, worked.hours_week),
        segments=segmented.rows,
        focus=chosen,
        activities=worked.rows,
        goals=goals(ground),
        resources=resources(ground),
        targets=targets,
        scorecard=health(ground, seen),
        milestones=milestones(ground, chosen, targets),
        notes=_notes(ground, len(chosen)),
    )


def _notes(ground: PlanGround, chosen: int) -> tuple[str, ...]:
    notes = []
    if not ground.accounts:
        notes.append(NO_ACCOUNTS)
    elif not ground.team and chosen < ground.side.coverage.territory_plan.focus_accounts:
        notes.append(NOT_FULL)
    if set(ground.personal) - set(ground.reached):
        notes.append(BELOW)
    return tuple(notes)

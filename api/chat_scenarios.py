"""The figures of a scenario as evidence, for chat to cite."""

from __future__ import annotations

from domain.assignment import Frontier, ScenarioContent
from domain.errors import NotCitable
from domain.evidence import REPS_JOINED_BY, Evidence

METRICS = (
    "label",
    "spread_potential",
    "spread_workload",
    "heaviest_week",
    "accounts_moved",
    "accounts_moved_share",
    "revenue_moved",
    "revenue_moved_share",
    "relationships_kept",
    "relationships",
)
"""The six figures, the shares beside them, and the design's name."""


def scenario_cells(
    scenario_id: str, content: ScenarioContent, row: Frontier
) -> tuple[Evidence, ...]:
    """Cite the six figures of today and of the design proposed.

    They are the cells of the scenario's own ledger, for those who see all its reps. What a
    design does not have is left out.
    """
    from tools.territory.scenario_cells import ScenarioCells

    cells = ScenarioCells(row, scenario_id)
    scope = REPS_JOINED_BY.join(sorted(content.reps))
    found = []
    for design in dict.fromkeys((0, content.chosen)):
        for metric in METRICS:
            try:
                cell = cells.cite(f"scenario:{scenario_id}/design:{design}", metric)
            except NotCitable:
                continue
            found.append(cell.model_copy(update={"scope": scope}))
    return tuple(found)

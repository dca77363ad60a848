"""The embedded writer's sentences of a territory plan or a review."""

from __future__ import annotations

from agent.cycle.context import CycleContext, ReviewParts, TerritoryParts
from agent.cycle.territory_sentences import territory_draft
from domain.cycle import CycleDraft
from domain.evidence import Ledger


def own(context: CycleContext, parts: TerritoryParts | ReviewParts, ledger: Ledger) -> CycleDraft:
    """Write the sentences that need no language model."""
    if isinstance(parts, TerritoryParts):
        return territory_draft(context, parts, ledger)
    from agent.cycle.review_sentences import review_draft

    return review_draft(context, parts, ledger)

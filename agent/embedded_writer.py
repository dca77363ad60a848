"""The writer that needs no language model: it chooses, orders, quotes, and leaves out.

It reads the ledger as a planner would: what is at stake here, what is the reason to act
now, who decides, what could be sold besides, what speaks against. It writes a sentence
only where the ledger carries it.
"""

from __future__ import annotations

from agent import sections
from agent.case import Case
from agent.context import Brief, Written
from agent.objectives import objective, success
from agent.placing import weight
from agent.playbooks import main_motives, plays
from domain.plan import AccountPlanDraft, Claim, ProductRow, WriterNote

LISTS = (
    "unknowns",
    "where_we_stand",
    "competition",
    "buying_group",
    "why_now",
    "whitespace",
    "risks",
)
EXPENDABLE = (
    "unknown.margin",
    "now.intent",
    "now.last_order",
    "unknown.stance",
    "space.worth",
    "space.site",
    "space.relative",
    "now.deal",
    "stand.mix",
    "unknown.drop",
)


class EmbeddedWriter:
    """Deterministic and extractive. Implements `agent.context.Writer`."""

    def write(self, brief: Brief) -> Written:
        """Draft an account plan from the brief's ledger alone."""
        case = Case(brief)
        chosen = main_motives(case)
        planned = plays(case, chosen, ("objective",))
        draft = AccountPlanDraft(
            account_id=brief.account_id,
            objective=objective(case, chosen),
            where_we_stand=sections.where_we_stand(case),
            why_now=sections.why_now(case),
            buying_group=sections.buying_group(case),
            people=sections.people(case),
            whitespace=sections.whitespace(case),
            products=[ProductRow(gap=gap) for gap in case.gaps[: brief.coverage.whitespace.rows]],
            competition=sections.competition(case),
            plays=planned,
            milestones=sections.milestones(case, planned),
            success=success(case, chosen),
            risks=sections.risks(case),
            against=sections.against(case, chosen),
            unknowns=sections.unknowns(case),
        )
        return Written(_within_budget(case, draft), WriterNote(writer="embedded"))


def _within_budget(case: Case, draft: AccountPlanDraft) -> AccountPlanDraft:
    """Drop the least important sentences above the coverage model's number of bullets.

    What people said outranks what a table or the CRM shows anyway; of what they said,
    the sentence on which least hangs goes first, and the last of a section last.
    """
    expendable = list(EXPENDABLE)
    while len(draft.bullets()) > case.brief.coverage.planning.bullets:
        if expendable:
            draft = _without(draft, expendable.pop(0))
            continue
        quotes = [
            (len(listed) == 1, _weight(case, claim), -position, claim.key)
            for name in LISTS
            if name != "unknowns"
            for listed in (getattr(draft, name),)
            for position, claim in enumerate(listed)
            if claim.kind == "quote"
        ]
        longest = max(LISTS, key=lambda name: (len(getattr(draft, name)), LISTS.index(name)))
        draft = _without(draft, min(quotes)[-1] if quotes else getattr(draft, longest)[-1].key)
    return draft


def _weight(case: Case, claim: Claim) -> int:
    quoted = (case.ledger[citation.evidence_id] for citation in claim.citations if citation.quote)
    weights = (
        case.placed.weights.get(item.id, weight(item, case.brief.as_of, case.ledger.vocabulary))
        for item in quoted
    )
    return max(weights, default=0)


def _without(draft: AccountPlanDraft, key: str) -> AccountPlanDraft:
    kept = {name: [claim for claim in getattr(draft, name) if claim.key != key] for name in LISTS}
    return draft.model_copy(update=kept)

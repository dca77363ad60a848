"""The approved plan of an account for whoever owns the account now.

A plan falls under the scope of the rep it was drafted for, since it also tells of their
calendar and names other accounts of theirs. So after a change of hands the new owner does
not see it, and what was agreed about the account would be lost. This is the one door
around that: it asks whether the reader's scope covers the account's owner in the book,
and gives the plays and the facts about this account, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.book import Book
from domain.evidence import Evidence
from domain.handover import HandedPlan, HandedPlay
from domain.plan import PlanContent
from domain.principal import Principal
from store.database import Database
from store.documents import segment_of
from store.ledgers import facts_of
from store.plans import read_version
from store.schema import decisions, plan_versions, plans


class Handovers:
    """What approved plans leave to an account's next owner, over every workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last_approved(self, principal: Principal, book: Book, account_id: str) -> HandedPlan | None:
        """Return the plan version of the account approved last; None where there is none.

        NotFound when the account is missing, or its owner in the book is outside the scope.
        """
        segment_of(principal, book, account_id)
        workspace = principal.workspace
        with self._database.reading() as connection:
            row = connection.execute(_approved(workspace, account_id)).first()
            if row is None:
                return None
            content = read_version(row, newest=row.version).content
            facts = facts_of(connection, workspace, content.ledger_root)
        owner = book.owners[account_id] or ""
        return HandedPlan(
            plan_id=row.plan_id,
            version=row.version,
            in_force=row.approved_version == row.version,
            owner_id=content.owner_id,
            owner_name=content.owner_name,
            approved_by=row.decided_by,
            approved_on=date.fromisoformat(row.decided_at[:10]),
            period_end=content.period_end,
            currency=content.currency,
            plays=tuple(_plays(content)),
            evidence=tuple(_about(facts, account_id, content, owner)),
        )


def _plays(content: PlanContent) -> Iterable[HandedPlay]:
    dated = {item.key: item for item in content.schedule.plays}
    for play in content.draft.plays:
        when = dated.get(play.key)
        if when is not None:
            yield HandedPlay(
                key=play.key,
                kind=play.kind,
                what=play.what,
                done_when=play.done_when,
                starts=when.starts,
                due=when.due,
            )


def _about(
    facts: Iterable[Evidence], account_id: str, content: PlanContent, owner: str
) -> Iterable[Evidence]:
    """Yield what the plays cite of this account, under its present owner."""
    cited = {
        slot.evidence_id
        for play in content.draft.plays
        for claim in (play.what, play.done_when)
        for slot in claim.slots
    }
    for item in facts:
        # Other accounts close to this one were the former owner's.
        near = "/near:" in item.entity
        if item.id in cited and item.is_about(f"account:{account_id}") and not near:
            yield item.model_copy(update={"scope": owner})


def _approved(workspace: str, account_id: str) -> sa.Select[Any]:
    return (
        sa.select(
            plan_versions,
            plans.c.approved_version,
            decisions.c.verdict,
            decisions.c.decided_by,
            decisions.c.decided_at,
        )
        .select_from(
            plans.join(
                plan_versions,
                sa.and_(
                    plan_versions.c.workspace_id == plans.c.workspace_id,
                    plan_versions.c.plan_id == plans.c.plan_id,
                ),
            ).join(
                decisions,
                sa.and_(
                    decisions.c.workspace_id == plan_versions.c.workspace_id,
                    decisions.c.subject_kind == "plan",
                    decisions.c.subject_id == plan_versions.c.plan_id,
                    decisions.c.subject_version == plan_versions.c.version,
                    decisions.c.subject_hash == plan_versions.c.plan_hash,
                    decisions.c.verdict == "approved",
                ),
            )
        )
        .where(plans.c.workspace_id == workspace, plans.c.account_id == account_id)
        .order_by(decisions.c.sequence.desc())
        .limit(1)
    )

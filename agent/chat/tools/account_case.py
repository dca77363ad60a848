"""One account's evidence as a planner reads it: the sentences of plans, for answers."""

from __future__ import annotations

from collections.abc import Iterable

from agent.case import Case
from agent.chat.checking import ledger_of
from agent.chat.context import ChatContext
from agent.chat.tools.looked_up import LookedUp
from agent.context import Brief
from agent.gather import CONTACT_FIELDS, OPPORTUNITY_FIELDS
from domain.evidence import Evidence, Unit
from domain.period import planning_period


def case_of(context: ChatContext, account_id: str, evidence: Iterable[Evidence]) -> Case:
    """Read evidence about an account, with the people, deals and gaps that are in it."""
    owner = context.book.owners[account_id]
    tier = context.coverage.tier(context.analyses.tiers.of(account_id))
    return Case(
        Brief(
            account_id=account_id,
            account_name=str(context.book.account(account_id)["name"]),
            owner_id=owner or "",
            owner_name="",
            tier=tier.key,
            depth=tier.plan,
            period=planning_period(context.book.as_of, context.coverage.planning.period_days),
            as_of=context.book.as_of,
            currency=context.book.currency,
            ledger=ledger_of(context, evidence, {}),
            coverage=context.coverage,
        )
    )


def contacts_of(look: LookedUp, account_id: str) -> list[Evidence]:
    """Look the CRM fields of every contact up; those without a plain name are left out."""
    return _rows(look, account_id, "contacts", "contact", CONTACT_FIELDS)


def deals_of(look: LookedUp, account_id: str) -> list[Evidence]:
    """Look the CRM fields of every deal up, open and closed."""
    return _rows(look, account_id, "opportunities", "opportunity", OPPORTUNITY_FIELDS)


def _rows(
    look: LookedUp, account_id: str, table: str, kind: str, fields: tuple[tuple[str, Unit], ...]
) -> list[Evidence]:
    found: list[Evidence] = []
    for row_id in look.context.book.of_account(table, account_id):
        entity = f"account:{account_id}/{kind}:{row_id}"
        cells = [look.peek(table, row_id, entity, field, unit) for field, unit in fields]
        if cells[0] is not None:  # the name: without it nothing can be said of the row
            found += [cell for cell in cells if cell is not None]
    return found

"""Things to say next: choices of a clarifying question, and suggestions for an empty thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from agent.chat.context import ChatContext
from agent.chat.picker import known
from agent.chat.scope import accounts_in_scope
from domain.chat import Offer
from domain.errors import PlannerError

MOST = 4
_LOOKED_AT = 50
T = TypeVar("T")


def account_label(context: ChatContext, account_id: str) -> str:
    """Return an account's name with what tells it from its like: city, tier and owner."""
    row = context.book.rows("accounts")[account_id]
    parts = [str(row["name"])]
    if isinstance(row["city"], str):
        parts.append(row["city"])
    parts.append(str(context.analyses.tiers.table.at[account_id, "label"]))
    owner = context.book.owners[account_id]
    reps = context.book.rows("reps")
    parts.append(str(reps[owner]["name"]) if owner is not None and owner in reps else "no owner")
    return " · ".join(parts)


def called(context: ChatContext, account_id: str) -> str:
    """Return what to type for an account: its name, or its id where another has that name too."""
    accounts = known(context).accounts
    name = accounts.named[account_id].name
    plain = name.isprintable() and '"' not in name
    return name if plain and accounts.pick(name).key == account_id else account_id


def account_offers(
    context: ChatContext, accounts: Iterable[str], command: str, after: str = ""
) -> tuple[Offer, ...]:
    """Return a command for each account, by id: choosing one leaves nothing to ask."""
    return tuple(
        Offer(
            label=account_label(context, account),
            text=f"/{command} {account} {after}".strip(),
        )
        for account in list(dict.fromkeys(accounts))[:MOST]
    )


def best_accounts(context: ChatContext, most: int = 3) -> tuple[str, ...]:
    """Return the person's best accounts, the best first."""
    return tuple(accounts_in_scope(context)[:most])


def period_offers(days: Sequence[date], command: str) -> tuple[Offer, ...]:
    """Return the command once for each first day."""
    return tuple(
        Offer(label=f"Since {day.isoformat()}", text=f"{command} since {day.isoformat()}")
        for day in days[:MOST]
    )


def suggestions(context: ChatContext) -> tuple[Offer, ...]:
    """Return what an empty thread offers: what waits for the person, then what to begin with.

    Plans that came back come first, then the rest of the inbox, then the best account that
    has no plan, then the week. Empty for a person who sees no accounts and for whom
    nothing waits.
    """
    names = known(context).accounts.named
    plans = _rows(context.desk.plans)
    waiting = _rows(context.desk.waiting)
    of_plan = {row.plan_id: row for row in plans if row.account_id in names}
    found = [
        Offer(
            label=f"See why the plan of {row.account_name} came back",
            text=f"/plan {called(context, row.account_id)}",
        )
        for row in of_plan.values()
        if row.status == "returned"
    ]
    for item in sorted(waiting, key=lambda row: row.waiting == "await"):
        plan = of_plan.get(item.id)
        if plan is not None and plan.status != "returned":
            name = called(context, plan.account_id)
            found.append(Offer(label=f"Open the plan of {plan.account_name}", text=f"/plan {name}"))
    found = list({offer.text: offer for offer in found}.values())[: MOST - 2]
    if len(waiting) > len(found):
        found.append(Offer(label=f"See all {len(waiting)} that wait", text="/inbox"))
    planned = {row.account_id for row in plans}
    without = [key for key in accounts_in_scope(context)[:_LOOKED_AT] if key not in planned]
    for account in without[:1]:
        name = called(context, account)
        found.append(Offer(label=f"Draft the plan for {name}", text=f"/draft {name}"))
    if names:
        found.append(Offer(label="See which accounts deserve this week", text="/week"))
    return tuple(found)


def _rows(asked: Callable[[], Sequence[T]]) -> Sequence[T]:
    try:
        return asked()
    except PlannerError:
        return ()

"""Things to say next: choices of a clarifying question, and suggestions for an empty thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from agent.chat.context import ChatContext, WaitingRow
from agent.chat.picker import known
from agent.chat.scope import accounts_in_scope
from domain.chat import Offer
from domain.errors import PlannerError

MOST = 4
_RETURNED = ("returned", "changes_requested")


def account_label(context: ChatContext, account_id: str) -> str:
    """Return an account's name with what tells it from its like: city, tier and owner."""
    row = context.book.rows("accounts")[account_id]
    parts = [str(row["name"])]
    if isinstance(row["city"], str):
        parts.append(row["city"])
    parts.append(str(context.analyses.tiers.table.at[account_id, "label"]))
    owner = context.book.owners[account_id]
    reps = context.book.rows("reps")
    parts.append(str(reps[owner]["name"]) if owner in reps else "no owner")
    return " · ".join(parts)


def called(context: ChatContext, account_id: str) -> str:
    """Return what to type for an account: its name, or its id where another has that name too."""
    accounts = known(context).accounts
    name = accounts.named[account_id].name
    return name if accounts.pick(name).key == account_id and '"' not in name else account_id


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

    Plans that came back come first, then plans to decide on and whatever else waits, then
    the best account without a plan. Empty for a person who sees no accounts and for whom
    nothing waits.
    """
    found: list[Offer] = []
    plans = _plans(context)
    known_accounts = known(context).accounts.named
    for row in _waiting(context):
        offer = _of_waiting(context, row)
        if offer is not None:
            found.append(offer)
    mine = [row for row in plans if row.status == "returned"]
    for row in mine:
        if row.account_id in known_accounts:
            name = called(context, row.account_id)
            found.append(Offer(label=f"See why {row.account_name} came back", text=f"/plan {name}"))
    planned = {row.account_id for row in plans}
    without = [account for account in accounts_in_scope(context)[:50] if account not in planned]
    if without:
        name = known_accounts[without[0]].name
        found.append(
            Offer(label=f"Draft the plan for {name}", text=f"/draft {called(context, without[0])}")
        )
    if known_accounts:
        found.append(Offer(label="See which accounts deserve this week", text="/week"))
    unique = tuple({offer.text: offer for offer in found}.values())
    if len(unique) > MOST:
        # The draft and the week stay: an inbox of fifty rows is one question, not four.
        unique = (*unique[: MOST - 3], Offer(label="See what waits for you", text="/inbox"),
                  *unique[-2:])  # fmt: skip
    return unique


def _of_waiting(context: ChatContext, row: WaitingRow) -> Offer | None:
    """Offer to look at what waits: the plan of a known account, else the inbox."""
    title = "".join(letter for letter in row.title if letter.isprintable())[:80]
    for plan in _plans(context):
        if plan.plan_id == row.id and plan.account_id in known(context).accounts.named:
            verb = "See why it came back" if row.waiting in _RETURNED else "Open the plan"
            name = called(context, plan.account_id)
            return Offer(label=f"{verb}: {title}", text=f"/plan {name}")
    return Offer(label=f"See what waits: {title}", text="/inbox") if title else None


def _plans(context: ChatContext):  # type: ignore[no-untyped-def]
    try:
        return context.desk.plans()
    except PlannerError:
        return ()


def _waiting(context: ChatContext) -> Sequence[WaitingRow]:
    try:
        return context.desk.waiting()
    except PlannerError:
        return ()


def _blank(value: object) -> bool:
    return bool(pd.isna(value))

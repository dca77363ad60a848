"""Which accounts, reps and territories a person may ask about: the one place tools go through."""

from __future__ import annotations

from collections.abc import Sequence

from agent.chat.context import ChatContext
from domain.errors import NotFound


def accounts_in_scope(context: ChatContext) -> Sequence[str]:
    """Return the ids of the accounts in scope, best rank first."""
    found = context.kept.get("accounts_in_scope")
    if found is None:
        owners, scope = context.book.owners, context.principal.scope
        order = context.analyses.ranks.order
        found = tuple(account for account in order if scope.covers(owners[account]))
        context.kept["accounts_in_scope"] = found
    return tuple(found)


def reps_in_scope(context: ChatContext) -> Sequence[str]:
    """Return the ids of the book's reps whose rows the person may see, in the book's order."""
    reps = [str(rep) for rep in context.book["reps"]["rep_id"]]
    return [rep for rep in reps if context.principal.scope.covers(rep)]


def demand_account(context: ChatContext, account_id: str) -> str:
    """Return the account's id; NotFound, in the same words, where it is missing or foreign."""
    owners = context.book.owners
    if account_id not in owners or not context.principal.scope.covers(owners[account_id]):
        raise NotFound(
            f"There is no account {account_id!r} among those you see.",
            hint="Look for it with `/find`, or see the list with `/week`.",
        )
    return account_id


def demand_rep(context: ChatContext, rep_id: str) -> str:
    """Return the rep's id; NotFound, in the same words, where it is missing or foreign."""
    if rep_id not in reps_in_scope(context):
        raise NotFound(
            f"There is no rep {rep_id!r} among those you see.", hint="See the team with `/load`."
        )
    return rep_id

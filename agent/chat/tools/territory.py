"""Whose accounts a question about a territory is about, and the entity they stand under."""

from __future__ import annotations

from dataclasses import dataclass

from agent.chat.context import ChatContext
from agent.chat.scope import accounts_in_scope, demand_account, demand_rep, reps_in_scope
from agent.chat.tools.pieces import Pieces
from domain.errors import NotFound
from domain.evidence import Evidence

TEAM = "team"


@dataclass(frozen=True)
class Selection:
    """Accounts in scope, best rank first, and what they are together.

    `head` is an entity: `account:ID`, `rep:ID`, `territory:ID`, `rep:ID/territory:ID` or
    `team` for all that the person sees. `reps` are their owners, sorted.
    """

    head: str
    accounts: tuple[str, ...]
    reps: tuple[str, ...]
    rep_id: str = ""
    territory_id: str = ""

    def name(self, pieces: Pieces, context: ChatContext) -> Evidence | None:
        """Take the name of what is asked about; None for the whole team."""
        if self.head.startswith("account:"):
            return pieces.account(self.accounts[0])
        if self.rep_id:
            return pieces.rep(self.rep_id, self.head)
        if self.territory_id:
            return pieces.named("territories", self.territory_id, self.head, scope="")
        return None


def select(
    context: ChatContext,
    account_id: str | None = None,
    rep_id: str | None = None,
    territory_id: str | None = None,
) -> Selection:
    """Return the accounts a question is about; what is not named is all the person sees.

    NotFound, in the same words, for an account, rep or territory that is missing or
    foreign. A territory is named by id or, in any case, by name.
    """
    if account_id is not None:
        account = demand_account(context, account_id)
        return Selection(f"account:{account}", (account,), _owners(context, (account,)))
    accounts = tuple(accounts_in_scope(context))
    owners = context.book.owners
    reps = reps_in_scope(context)
    if rep_id is None and len(reps) == 1:
        rep_id = reps[0]
    head, rep, territory = TEAM, "", ""
    if rep_id is not None:
        rep = demand_rep(context, rep_id)
        accounts = tuple(account for account in accounts if owners[account] == rep)
        head = f"rep:{rep}"
    if territory_id is not None:
        territory = _demand_territory(context, territory_id)
        rows = context.book.rows("accounts")
        accounts = tuple(key for key in accounts if rows[key]["territory_id"] == territory)
        head = f"{head}/territory:{territory}" if rep else f"territory:{territory}"
    return Selection(head, accounts, _owners(context, accounts), rep, territory)


def _owners(context: ChatContext, accounts: tuple[str, ...]) -> tuple[str, ...]:
    owners = (context.book.owners[account] for account in accounts)
    return tuple(sorted({owner for owner in owners if owner is not None}))


def _demand_territory(context: ChatContext, named: str) -> str:
    rows = context.book.rows("accounts")
    inside = {rows[account]["territory_id"] for account in accounts_in_scope(context)}
    for key, row in context.book.rows("territories").items():
        same = named == key or named.casefold() == str(row["name"]).casefold()
        if same and key in inside:
            return key
    raise NotFound(
        f"There is no territory {named[:80]!r} with an account that you see.",
        hint="Leave it out to ask about everything you see.",
    )
